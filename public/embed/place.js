/* Where the launcher stands: beside the body. What a page does to its body, and to what is in it, does not reach it. A page
   that throws it away, from wherever it has put it, gets it back; the document in the frame then begins anew, and the chat
   is what it was. */

import { chat } from "./state.js";
import { fetchMore, hear, load, loaded } from "./frame.js";
import { ahead, near } from "./intent.js";
import { draw } from "./launcher.js";
import { openers, style } from "./looks.js";
import { leaving } from "./mark.js";
import { settings } from "./tag.js";

let due = 0, returns = 0, returned = -1e3, listening, home;

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
  console.error("portico:", chat.host, "is taken away");
  keeper.disconnect();
};

/** Puts the launcher into the page, if it is not there, or the chat into the element of the page that it is to be a part of,
    which the second script knows. A page that is written anew, by `document.open`, has lost all listeners. One without a root
    waits for the next. */
export const place = (chat.place = () => {
  if (!chat.host) return;
  keeper.observe(document, { childList: true });
  if (!chat.more && (settings.container || settings.proactive)) {
    fetchMore();
    if (settings.container) return;
  }
  const before = home;
  home = chat.more?.home() || document.documentElement;
  if ((chat.host.isConnected && home === before) || !home) return;
  home.append(chat.host);
  style();
  draw();
  listen();
  keep();
  chat.more?.cover();
});

/* On the way down, as a frame's `load` does not come up. */
const on = (chat.on = (target, name, fn) => target.addEventListener(name, fn, { capture: true, signal: listening.signal }));

const listen = () => {
  listening?.abort();
  listening = new AbortController();
  const { panel, retry } = chat;
  const used = (act) => (event) => {
    if (openers().some((one) => event.composedPath().includes(one))) act(event);
  };
  on(window, "pointermove", near);
  on(window, "pointerover", used(ahead));
  on(window, "focusin", used(ahead));
  on(
    window,
    "click",
    used((event) => {
      /* A link in a new tab or window is what was asked for. */
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      chat.commands.toggle();
    }),
  );
  on(retry, "click", () => (load(), chat.frame.focus()));
  on(panel, "load", loaded);
  on(window, "message", hear);
  /* A logout on another page of the site, also while this one was kept for the way back. */
  on(window, "storage", (event) => event.newValue === "forget" && leaving() && chat.leave());
  on(window, "pageshow", (event) => event.persisted && leaving() && chat.leave());
  /* From the beginning, to hear of a step before the page's router does: the window's listeners are called in their order. */
  on(window, "popstate", (event) => chat.more?.back(event));
  chat.more?.listen(on);
};

/** Leaves the page alone. */
export const leavePage = () => {
  keeper.disconnect();
  listening.abort();
};
