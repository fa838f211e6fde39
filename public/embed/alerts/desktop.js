/* A notification of the desktop, in the name of the page's site. The frame cannot show one: browsers refuse it to documents
   of other origins. */

export const desktop = (chat, settings) => {
  let shown;

  return {
    /* `default` before the visitor was asked, `granted`, `denied`, or `off` where a page cannot show any. */
    state: () => window.Notification?.permission ?? "off",

    /* Asks the visitor. A press in the frame counts as one on the page around it. */
    ask: async () => {
      try {
        await Notification.requestPermission();
      } catch {
        /* What the browser refuses is told by its state. */
      }
    },

    /* The newest takes the place of the one before. It makes no sound of its own: the chat has one, and a switch for it. */
    show(from, text) {
      if (window.Notification?.permission !== "granted") return;
      try {
        shown = new Notification(from, { body: text, tag: "portico-" + settings.channel, silent: true, renotify: true });
      } catch {
        /* Browsers of phones show those of service workers alone. */
        return;
      }
      shown.onclick = () => {
        focus();
        chat.commands.open();
        shown?.close();
      };
    },

    close() {
      shown?.close();
      shown = null;
    },
  };
};
