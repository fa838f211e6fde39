/* For pages that were written for Intercom: `Intercom(verb, …)` and `intercomSettings`. What maps and what does not stands in
   docs/migration.md. */

import { channelOr, on, plain, portico, safely, start, unknown } from "./lib/start.js";

const queued = window.Intercom?.q || [];
let selector, isHidden = false, unread = 0;

/* The settings are options of the messenger, and attributes of the visitor. */
const boot = (command, settings) => {
  const { app_id, api_base, user_hash, intercom_user_jwt, session_duration, alignment, horizontal_padding, vertical_padding, hide_default_launcher, custom_launcher_selector, action_color, background_color, z_index, language_override, theme_mode, hide_notifications, ...attributes } = settings || {};
  const options = {};
  if (command === "boot") options.channel = channelOr(app_id);
  if (alignment) options.position = alignment === "left" ? "start" : "end";
  if (action_color || background_color) options.accent = action_color || background_color;
  if (z_index) options.zIndex = z_index;
  if (horizontal_padding) options.side = horizontal_padding;
  if (vertical_padding) options.bottom = vertical_padding;
  if (language_override) options.locale = language_override;
  if (theme_mode) options.theme = theme_mode === "system" ? "auto" : theme_mode;
  const answer = portico(command, options);
  if (intercom_user_jwt) portico("identify", { jwt: intercom_user_jwt });
  if (Object.keys(attributes).length) portico("setAttributes", plain(attributes));
  if (custom_launcher_selector) selector = custom_launcher_selector;
  if (hide_default_launcher !== undefined) {
    isHidden = !!hide_default_launcher;
    portico(isHidden ? "hide" : "show");
  }
  return answer;
};

const verbs = {
  __proto__: null,
  boot: (settings) => boot("boot", { ...window.intercomSettings, ...settings }),
  update: (settings) => boot("update", settings),
  shutdown: () => portico("shutdown"),
  show: () => portico("open"),
  hide: () => portico("close"),
  showMessages: () => portico("open"),
  showSpace: () => portico("open"),
  /* Its conversations stay there. */
  showConversation: () => portico("open"),
  startConversation(text) {
    portico("open");
    portico("sendMessage", text);
  },
  showNewMessage: (text) => (text ? portico("showNewMessage", text) : portico("open")),
  trackEvent: (name, details) => portico("track", name, details),
  onShow: (fn) => on("open", () => fn()),
  onHide: (fn) => on("close", () => fn()),
  onUnreadCountChange(fn) {
    on("unread", ({ count }) => fn(count));
    fn(unread);
  },
  reattach_activator() {},
};

const call = safely((verb, ...rest) => {
  if (!verbs[verb]) return void unknown("Intercom", verb);
  verbs[verb](...rest);
});

start();
window.Intercom = (...args) => call(...args);
window.Intercom.booted = true;
const press = safely((event) => {
  if (selector && event.target.closest?.(selector)) portico("open");
});
document.addEventListener("click", press);
on("unread", ({ count }) => (unread = count));
/* A launcher that the page hides is there only while the window is open. */
on("close", () => isHidden && portico("hide"));
if (window.intercomSettings) call("boot");
[...queued].forEach((args) => call(...args));
