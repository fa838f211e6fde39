/* The launcher and the empty window beside it. */

import { CROSS, el, icon } from "./dom.js";
import { closeLabel, label, openers, ownLabel } from "./looks.js";
import { chat } from "./state.js";
import { settings } from "./tag.js";

const BUBBLE = "M21 11.5a8.4 8.4 0 0 1-8.5 8.3 8.8 8.8 0 0 1-3.9-.9L3 21l1.9-5.4a8.1 8.1 0 0 1-.9-4.1 8.5 8.5 0 0 1 17 0Z";

/** Makes the elements, which are nowhere yet. */
export const build = () => {
  chat.host = document.createElement("portico-chat");
  chat.root = chat.host.attachShadow({ mode: "open" });
  chat.box = el("div", chat.root);
  chat.dock = el("div", chat.box, "dock");
  chat.launcher = el("button", chat.dock, "launcher");
  icon("", chat.launcher);
  icon(CROSS, chat.launcher);
  el("i", chat.launcher);
  chat.panel = el("div", chat.box, "panel");
  chat.failed = el("div", chat.panel, "failed", settings.errorLabel || "The chat could not be loaded.");
  chat.failed.hidden = true;
  chat.retry = el("button", chat.failed, "", settings.retryLabel || "Try again");
  chat.more?.build();
};

/** Shows what is the case. Where the keyboard was goes away with what is no longer shown: the launcher takes it then, and the
    page never does. */
export const draw = (chat.draw = () => {
  const { root, box, launcher, opened, unread } = chat;
  const held = root.activeElement;
  box.className = (settings.position === "start" ? "start" : "") + (opened ? " open" : "") + (settings.launcher ? " bare" : "");
  launcher.ariaLabel = opened ? closeLabel() : label() + (unread ? ` (${unread})` : "");
  openers().forEach((opener) => (opener.ariaExpanded = opened));
  launcher.querySelector("path").setAttribute("d", settings.icon || BUBBLE);
  launcher.querySelector("i").textContent = ownLabel();
  chat.more?.draw();
  if (held && !held.getClientRects().length) openers().find((one) => one.getClientRects().length)?.focus();
});
