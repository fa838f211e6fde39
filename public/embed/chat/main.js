/* What hears the chat, once there is one: the second script, fetched beside the frame. It knows the first one by what that
   hands it, `chat` (see `../state.js`), and may be newer: a page that was open during an upgrade of the relay has the first
   script of before. What that lacks is asked for with `?.`, and what that calls stays. */

import { alerts } from "./alerts.js";
import { Card } from "./card.js";
import { hearing } from "./hear.js";
import { inline } from "./inline.js";
import { phone } from "./phone.js";

/** Answers what the first script calls when something happens. */
export default (chat, settings = {}) => {
  const screen = phone(chat);
  const part = inline(chat, settings);
  const card = new Card(chat);
  const moved = () => {
    chat.commands.pageView();
    chat.place?.();
  };
  const calls = alerts(chat, settings);
  /* The channel's own messages, once the page asks for them. A chat goes on without. */
  let offers;
  const offer = () => {
    if (settings.proactive)
      offers ??= import(new URL("proactive.js?" + PROACTIVE_VERSION, import.meta.url)).then((it) => it.default(chat, settings, card)).catch(() => {});
  };
  return {
    sheets: [card.sheet, screen.sheet, part.sheet],
    /* The launcher is made. */
    build: () => card.build(),
    /* Something of what is shown is different. */
    draw() {
      card.draw();
      offer();
    },
    /* The launcher is in the page. */
    listen() {
      card.listen();
      screen.listen();
      chat.on(window, "popstate", moved);
      chat.on(window.navigation || window, "navigatesuccess", moved);
    },
    /* The element of the page that the chat is a part of, if there is one. */
    home: part.home,
    /* The page has changed around the launcher. */
    keep() {
      screen.keep();
      chat.place?.();
    },
    /* The window is open or closed. */
    cover: screen.cover,
    /* The page goes a step back or on. */
    back: screen.back,
    /* The chat says something. */
    hear: hearing(chat, card, calls),
    /* The launcher is gone. */
    forget() {
      card.forget();
      part.forget();
      calls.forget();
    },
  };
};
