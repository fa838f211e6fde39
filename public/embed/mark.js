/* One mark for all pages of the site: "live" loads the chat ahead of a click, "forget" is a logout that no frame has
   carried out yet. Storage may be refused; the frame's is then, too. */

import { chat } from "./state.js";
import { settings } from "./tag.js";

/** Reads the mark, or sets it; an empty one is taken away. */
export const mark = (chat.mark = (value) => {
  try {
    const key = "portico.live." + settings.channel;
    if (value == null) return localStorage[key];
    value ? (localStorage[key] = value) : delete localStorage[key];
  } catch {}
});

/** Whether a logout must still reach the chat. */
export const leaving = (chat.leaving = () => mark() === "forget");
