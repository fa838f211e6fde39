/* How the launcher looks: its words, its colours, and whether it is light or dark. */

import { chat } from "./state.js";
import css from "./launcher.css";
import { settings } from "./tag.js";

/** What a style sheet of the page says in `--portico-` and this name, or what goes before it: an attribute or a command. */
export const look = (name) => getComputedStyle(chat.host).getPropertyValue("--portico-" + name).trim();

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

/** The launcher, and the elements of the page that stand in for it. They may come and go. */
export const openers = () => {
  try {
    return [chat.launcher, ...document.querySelectorAll(settings.launcher)];
  } catch {
    return [chat.launcher];
  }
};

/** Draws by the settings. What the page says is put into a rule as a value, and can be nothing else. The text on the accent is black or white. The sum is WCAG's luminance, simplified: for each of all
    colours the choice has a contrast of 4.5 : 1 or more. */
export const style = (chat.style = () => {
  const rules = new CSSStyleSheet();
  rules.replaceSync(css);
  const { style } = rules.cssRules[0];
  const set = (name, value) => style.setProperty(name, value, "important");
  set("color-scheme", theme() || "light dark");
  for (const name of ["accent", "font", "radius", "side", "bottom"]) {
    const value = settings[name] ?? "";
    set("--portico-" + name, +value === parseFloat(value) ? value + "px" : value);
  }
  set("--z", Math.min(Math.trunc(settings.zIndex), 2147483647) || "var(--portico-z-index,2147483000)");
  chat.root.adoptedStyleSheets = [rules, ...(chat.more?.sheets || [])];
  const accent = /^#[0-9a-f]{6}$/i.test(look("accent")) ? look("accent") : "#4f46e5";
  const light = (at) => parseInt(accent.slice(at, at + 2), 16) ** 2.2;
  set("--accent", accent);
  set("--on", 3 * light(1) + 10 * light(3) + light(5) > 5e5 ? "#000" : "#fff");
});
