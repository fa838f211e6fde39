/* How the launcher looks: its words, its colours, and whether it is light or dark. */

import { chat } from "./state.js";
import css from "./launcher.css";
import { settings } from "./tag.js";

/** What the site owner says in data-label, if it shows anything. */
export const ownLabel = () => (/[\p{L}\p{N}\p{P}\p{S}]/u.test(settings.label || "") ? settings.label : "");

/** What the launcher is called: what the site owner says, or English. */
export const label = (chat.label = () => ownLabel() || "Chat with us");
export const closeLabel = (chat.closeLabel = () => settings.closeLabel || "Close");

/** Light or dark if the site owner says so, or else if the page is either whatever the visitor prefers: by its style, or
    by its meta element where the style says nothing. */
export const theme = () => {
  const page = getComputedStyle(document.documentElement || chat.host).colorScheme;
  const meta = document.querySelector("meta[name=color-scheme]")?.content;
  const either = (schemes) => ("" + schemes).toLowerCase().match(/\b(light|dark)\b/g) || [];
  return [settings.theme, page === "normal" ? meta : page].map(either).find(({ length }) => length === 1)?.[0];
};

/** Draws by the settings. The text on the accent is black or white. The sum is WCAG's luminance, simplified: for each of all
    colours the choice has a contrast of 4.5 : 1 or more. An on-screen keyboard leaves less of the page to the panel; a page
    that is only enlarged leaves as much as before. */
export const style = (chat.style = () => {
  const accent = /^#[0-9a-f]{6}$/i.test(settings.accent) ? settings.accent : "#4f46e5";
  const light = (at) => parseInt(accent.slice(at, at + 2), 16) ** 2.2;
  const on = 3 * light(1) + 10 * light(3) + light(5) > 5e5 ? "#000" : "#fff";
  const { scale, height, offsetTop } = visualViewport;
  const rules = new CSSStyleSheet();
  rules.replaceSync(
    css +
      `:host{color-scheme:${theme() || "light dark"}!important;--accent:${accent};--on:${on};--z:${Math.min(Math.trunc(settings.zIndex) || 2147483000, 2147483647)};--high:${height * scale}px;--top:${scale > 1 ? 0 : offsetTop}px}`,
  );
  chat.root.adoptedStyleSheets = [rules, ...(chat.more?.sheets || [])];
});
