/* The third script, which calls a visitor back who does not look at the chat: fetched when the chat first asks for that. A chat
   goes on without it. */

/** Answers what takes the chat's messages to it. */
export const alerts = (chat, settings) => {
  let script;
  /* In order, once it is there. */
  const later = (act) => script?.then(act, () => {});
  const take = (message) => {
    script ??= import(new URL("alerts.js?" + ALERTS_VERSION, import.meta.url)).then((more) => more.default(chat, settings));
    later((more) => chat.host && more.take(message));
  };
  return {
    take,
    /* Who has left is told nothing any more. */
    leave: () => settings.worker && take({ asks: "end" }),
    forget: () => later((more) => more.forget()),
  };
};
