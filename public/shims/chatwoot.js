/* For pages that were written for Chatwoot: `chatwootSDK.run`, `chatwootSettings` and `$chatwoot`. What maps and what does not
   stands in docs/migration.md. */

import { channelOr, on, plain, portico, safely, start, unknown } from "./lib/start.js";

let isOpen = false;

const tell = (name, detail) => window.dispatchEvent(new CustomEvent("chatwoot:" + name, { detail }));

const nulls = (key) => ({ [key]: null });

const api = {
  hasLoaded: false,
  get isOpen() {
    return isOpen;
  },
  toggle: (state) => portico(state === "open" || state === "close" ? state : "toggle"),
  toggleBubbleVisibility: (visibility) => portico(visibility === "hide" ? "hide" : "show"),
  /* The hash proves the customer to Chatwoot, and is nobody else's to see. */
  setUser(identifier, user) {
    const { identifier_hash, ...known } = user || {};
    return portico("setAttributes", { ...plain(known), customer_id: String(identifier) });
  },
  setCustomAttributes: (attributes) => portico("setAttributes", plain(attributes)),
  deleteCustomAttribute: (key) => portico("setAttributes", nulls(key)),
  setConversationCustomAttributes: (attributes) => portico("setConversationAttributes", plain(attributes)),
  deleteConversationCustomAttribute: (key) => portico("setConversationAttributes", nulls(key)),
  setLabel: (label) => portico("setConversationAttributes", { ["label_" + label]: true }),
  removeLabel: (label) => portico("setConversationAttributes", nulls("label_" + label)),
  setLocale: (locale) => portico("setLocale", locale),
  setColorScheme: (scheme) => portico("setTheme", scheme),
  popoutChatWindow: () => unknown("popoutChatWindow"),
  reset: () => portico("reset"),
};

for (const [name, act] of Object.entries(api)) if (act.call) api[name] = safely(act);

const run = ({ websiteToken } = {}) => {
  if (window.$chatwoot) return;
  window.$chatwoot = api;
  start();
  const { position, locale, useBrowserLanguage, darkMode, hideMessageBubble, type, launcherTitle } = window.chatwootSettings || {};
  on("open", () => ((isOpen = true), tell("opened")));
  on("close", () => ((isOpen = false), tell("closed")));
  on("message", (message) => tell("on-message", { ...message, content: message.text, message_type: 1 }));
  on("conversationStarted", () => tell("on-start-conversation"));
  on("error", (error) => tell("error", error));
  portico("boot", {
    channel: channelOr(websiteToken),
    position: position === "left" ? "start" : "end",
    ...(type === "expanded_bubble" && { label: launcherTitle || "Chat with us" }),
    ...(locale && !useBrowserLanguage && { locale }),
    /* Chatwoot is light where the page does not say otherwise. */
    theme: darkMode || "light",
  }).then(() => {
    if (hideMessageBubble) portico("hide");
    api.hasLoaded = true;
    tell("ready");
  }, () => {});
};

window.chatwootSDK = { run: safely(run) };
