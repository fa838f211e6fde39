/* The chat as a part of the page: in the element that the site's owner names, always open, without a launcher. On a page
   without that element it floats. */

import css from "./inline.css";

/** Answers where the chat belongs, if that is an element of the page, and how it looks there. */
export const inline = (chat, settings) => {
  const sheet = new CSSStyleSheet();
  /* It is fetched when a visitor can see it. */
  const watcher = new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting }) => isIntersecting) && chat.failed.hidden) chat.load();
  });

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
      if (!home && chat.inline) chat.opened = false;
      chat.inline = !!home;
      chat.opened ||= chat.inline;
      sheet.replaceSync(home ? css : "");
      watcher.disconnect();
      if (home) watcher.observe(home);
      return home;
    },
    forget() {
      watcher.disconnect();
      chat.inline = false;
    },
  };
};
