/* How many messages wait, before the page's own title: "(2) Shop". */

/* A page that sets its title has it with the number again; one that insists on another gets its way. */
const MOST_WRITES = 20;

export const title = (chat) => {
  let due = 0, writes = 0;

  /* The title as the page has it. A browser takes spaces off its end. */
  const own = () => {
    const shown = document.title + " ";
    return shown.startsWith(chat.badge) ? shown.slice(chat.badge.length).trim() : document.title;
  };

  const write = (badge) => {
    const to = (badge + own()).trim();
    chat.badge = badge;
    if (document.title !== to) document.title = to;
  };

  /* Later, as two that answer each other at once would stop the page. */
  const again = () => {
    due = 0;
    if ((document.title + " ").startsWith(chat.badge) || ++writes > MOST_WRITES) return;
    write(chat.badge);
  };
  const watcher = new MutationObserver(() => (due ||= setTimeout(again, 50)));

  return {
    show(count) {
      writes = 0;
      watcher.disconnect();
      write(count ? `(${count > 99 ? "99+" : count}) ` : "");
      if (count && document.head) watcher.observe(document.head, { childList: true, subtree: true, characterData: true });
    },
  };
};
