/* Where the launcher stands: beside the body. What a page does to its body, and to what is in it, does not reach it. A page
   that throws it away, from wherever it has put it, gets it back; the document in the frame then begins anew, and the chat
   is what it was. */

import { chat } from "./state.js";
import { hear, load, loaded } from "./frame.js";
import { ahead, near } from "./intent.js";
import { leaving } from "./mark.js";

let due = 0, returns = 0, returned = -1e3, listening;

const keeper = new MutationObserver(() => keep());

const keep = () => {
  const { host } = chat;
  for (let node = host; node; node = node.parentNode || node.host) keeper.observe(node, { childList: true });
  if (!host.isConnected) due ||= setTimeout(restore, 20);
  else chat.more?.keep();
};

/* Not for ever against a page that takes it away each time; what asks for the launcher places it all the same. */
const restore = () => {
  due = 0;
  if (!chat.host || chat.host.isConnected) return;
  returns = performance.now() - returned < 1e3 ? returns + 1 : 0;
  returned = performance.now();
  if (returns <= 20) return place();
  keeper.disconnect();
  console.error("portico: the page takes the launcher away again and again");
};

/** Puts the launcher into the page, if it is not there. A page that is written anew, by `document.open`, has lost all
    listeners. One without a root waits for the next. */
export const place = () => {
  keeper.observe(document, { childList: true });
  if (chat.host.isConnected || !document.documentElement) return;
  document.documentElement.append(chat.host);
  listen();
  keep();
  chat.more?.cover();
};

/* On the way down, as a frame's `load` does not come up. */
const on = (chat.on = (target, name, fn) => target.addEventListener(name, fn, { capture: true, signal: listening.signal }));

const listen = () => {
  listening?.abort();
  listening = new AbortController();
  const { launcher, panel, retry } = chat;
  on(launcher, "click", () => chat.commands.toggle());
  on(launcher, "pointerenter", ahead);
  on(window, "pointermove", near);
  on(launcher, "focus", ahead);
  on(retry, "click", () => (load(), chat.frame.focus()));
  on(panel, "load", loaded);
  on(window, "message", hear);
  /* A logout on another page of the site, also while this one was kept for the way back. */
  on(window, "storage", (event) => event.newValue === "forget" && leaving() && chat.leave());
  on(window, "pageshow", (event) => event.persisted && leaving() && chat.leave());
  /* From the beginning, to hear of a step before the page's router does. */
  on(window, "popstate", (event) => {
    chat.more?.back(event);
    chat.commands.pageView();
  });
  on(window.navigation || window, "navigatesuccess", () => chat.commands.pageView());
  chat.more?.listen(on);
};

/** Leaves the page alone. */
export const leavePage = () => {
  keeper.disconnect();
  listening.abort();
};
