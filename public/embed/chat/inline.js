/* The chat as a part of the page: in the element that the site's owner names, always open, without a launcher. On a page
   without that element it floats. */

import css from "./inline.css";

/** Answers where the chat belongs, if that is an element of the page, and how it looks there. */
export const inline = (chat, settings) => {
  const sheet = new CSSStyleSheet();
  /* It is fetched when a visitor can see it. A chat that is out of sight or hidden is told so: nothing in it is read then. */
  const watcher = new IntersectionObserver((seen) => {
    chat.unseen = chat.inline && !seen.at(-1).isIntersecting;
    if (!chat.unseen && chat.failed.hidden) chat.load();
    chat.commands.pageView();
  });

  /* An element that comes later, as routers draw, is looked for when the page changes, five times a second at most. */
  let due = 0;
  const seeker = new MutationObserver(() => {
    due ||= setTimeout(() => {
      due = 0;
      chat.place?.();
    }, 200);
  });

  const rest = () => {
    watcher.disconnect();
    seeker.disconnect();
    chat.inline = chat.unseen = false;
  };

  const container = () => {
    try {
      return document.querySelector(settings.container);
    } catch {
      return null;
    }
  };

  return {
    sheet,
    home() {
      const home = container();
      sheet.replaceSync(home ? css : "");
      if (home) {
        seeker.disconnect();
        /* Once: what is watched already is not watched anew. */
        watcher.observe(chat.host);
        chat.inline = chat.opened = true;
      } else {
        if (chat.inline) chat.opened = false;
        rest();
        if (settings.container) seeker.observe(document, { childList: true, subtree: true });
      }
      return home;
    },
    forget: rest,
  };
};
