/* What hears the chat, once there is one: the second script, fetched beside the frame. It knows the first one by what that
   hands it, `chat` (see `../state.js`), and may be newer. */

import { Card } from "./card.js";
import { hearing } from "./hear.js";
import { phone } from "./phone.js";

/** Answers what the first script calls when something happens. */
export default (chat) => {
  const { keep, cover, back, listen } = phone(chat);
  const card = new Card(chat);
  return {
    sheets: [card.sheet],
    /* The launcher is made. */
    build: () => card.build(),
    /* Something of what is shown is different. */
    draw: () => card.draw(),
    /* The launcher is in the page. */
    listen() {
      card.listen();
      listen();
      chat.on(visualViewport, "resize", chat.style);
      chat.on(visualViewport, "scroll", chat.style);
    },
    /* The page has changed around the launcher. */
    keep,
    /* The window is open or closed. */
    cover,
    /* The page is at another entry of its history. */
    back,
    /* The chat says something. */
    hear: hearing(chat, card),
    /* The launcher is gone. */
    forget: () => card.forget(),
  };
};
