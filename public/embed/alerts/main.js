/* What calls a visitor back who does not look at the chat: a number in the page's title, a sound, a notification of the desktop.
   The third script, fetched when the chat first asks for one of them. Of several pages with one chat, the chat itself says
   which one does it; what the site's owner and the visitor's browser allow is known here. */

import { desktop } from "./desktop.js";
import { sound } from "./sound.js";
import { title } from "./title.js";

/** Answers what the second script calls. */
export default (chat, settings) => {
  const allows = (way) => `${settings.alerts ?? "title sound desktop"}`.split(/[\s,]+/).includes(way);
  const badge = title(chat);
  const chime = sound(chat.on);
  const notes = desktop(chat, settings);
  /* The browser's subscription to notifications with no page open; null where the site has no worker for them. */
  let pushed = allows("desktop") && settings.worker && navigator.serviceWorker && window.PushManager ? "" : null;

  /* What there is to choose for the visitor. */
  const say = () =>
    chat.post({
      type: "alerts",
      sound: allows("sound") && chime.isPossible,
      desktop: allows("desktop") ? notes.state() : "off",
      push: pushed,
    });

  /* What subscribes is a script of its own, as most sites have no worker for it. */
  const subscribe = async (asks, key) => {
    if (pushed == null) return;
    try {
      const script = await import(new URL("subscribe.js?" + SUBSCRIBE_VERSION, import.meta.url));
      pushed = await script[asks](settings, key);
    } catch (error) {
      pushed = "";
      console.error("portico:", error);
    }
    say();
  };

  return {
    take({ count, sounds, from, text, asks, key }) {
      if (count != null) {
        badge.show(allows("title") ? count : 0);
        if (!count) notes.close();
      }
      if (sounds && allows("sound")) chime.play();
      if (from && allows("desktop")) notes.show(from, text);
      if (asks === "permission") notes.ask().then(say);
      else if (asks === "begin" || asks === "end") subscribe(asks, key);
      else if (asks) say();
    },
    /* The launcher is gone. */
    forget() {
      badge.show(0);
      notes.close();
    },
  };
};
