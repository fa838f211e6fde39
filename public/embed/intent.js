/* What says that a visitor is about to open the chat: it is fetched then, and there when they do. */

import { chat } from "./state.js";
import { load } from "./frame.js";

let looks = 0;

/** What says that the chat did not load stays until the visitor asks for the chat. */
export const ahead = () => chat.failed.hidden && load();

/** A mouse on its way to the launcher. Looked at once a frame, and only until the chat is fetched. */
export const near = ({ clientX: x, clientY: y, pointerType }) => {
  if (chat.frame || looks || !chat.failed.hidden || pointerType === "touch") return;
  looks = requestAnimationFrame(() => {
    looks = 0;
    const { left, right, top, bottom, width } = chat.launcher.getBoundingClientRect();
    if (width && Math.max(left - x, x - right, top - y, y - bottom) < 96) ahead();
  });
};
