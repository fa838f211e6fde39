/* For pages that were written for Zendesk: `zE` of the messenger and of the older web widget, and `zESettings`. What maps and what
   does not stands in docs/migration.md. */

import { channelOr, on, plain, portico, safely, start, unknown } from "./lib/start.js";

const before = window.zE?._ || window.zE?.q || [];

const identify = (get) => typeof get === "function" && get((jwt) => portico("identify", { jwt }));

/* Values of fields: a list of `{id, value}`. */
const fields = (list) => portico("setConversationAttributes", Object.fromEntries([list].flat().map(({ id, value }) => ["field_" + id, value])));

let tags;

const setTags = (list) => {
  tags = [...new Set(list)];
  return portico("setConversationAttributes", { tags: tags.join(", ") });
};

const update = ({ webWidget } = {}) => {
  const { color, position, offset, zIndex, launcher } = webWidget || {};
  /* What is undefined is left as it is. */
  portico("update", {
    accent: color?.theme,
    position: position?.horizontal && (position.horizontal === "left" ? "start" : "end"),
    side: offset?.horizontal,
    bottom: offset?.vertical,
    zIndex,
    label: launcher?.chatLabel?.["*"] || launcher?.label?.["*"],
  });
};

const windows = {
  open: () => portico("open"),
  close: () => portico("close"),
  show: () => portico("show"),
  hide: () => portico("hide"),
};

const verbs = {
  messenger: { ...windows, loginUser: identify, logoutUser: () => portico("logout") },
  "messenger:set": {
    locale: (locale) => portico("setLocale", locale),
    zIndex: (zIndex) => portico("update", { zIndex }),
    conversationFields: fields,
    conversationTags: (list) => setTags([list].flat()),
  },
  "messenger:on": {
    open: (fn) => on("open", () => fn()),
    close: (fn) => on("close", () => fn()),
    unreadMessages: (fn) => on("unread", ({ count }) => fn(count)),
  },
  webWidget: {
    ...windows,
    toggle: () => portico("toggle"),
    identify: (user) => portico("setAttributes", plain(user)),
    prefill: (values) => portico("setAttributes", plain(Object.fromEntries(Object.entries(values).map(([key, one]) => [key, one?.value])))),
    setLocale: (locale) => portico("setLocale", locale),
    updateSettings: update,
    updatePath: () => portico("pageView"),
    logout: () => portico("logout"),
    reset: () => portico("reset"),
    "chat:send": (text) => portico("sendMessage", text),
    "chat:addTags": (list) => setTags([tags || [], list].flat()),
  },
  "webWidget:on": {
    open: (fn) => on("open", () => fn()),
    close: (fn) => on("close", () => fn()),
    "chat:start": (fn) => on("conversationStarted", () => fn()),
    "chat:end": (fn) => on("conversationEnded", () => fn()),
    "chat:unreadMessages": (fn) => on("unread", ({ count }) => fn(count)),
  },
};

const zE = safely((widget, verb, ...rest) => {
  if (typeof widget === "function") return void widget();
  const act = verbs[widget]?.[verb];
  if (!act) return void unknown("zE", widget, verb);
  act(...rest);
});

/* As the web widget's first version had it. */
const old = { activate: "open", hide: "hide", show: "show", logout: "logout" };
for (const [name, verb] of Object.entries(old)) zE[name] = () => portico(verb);
zE.identify = (user) => zE("webWidget", "identify", user);
zE.setLocale = (locale) => zE("webWidget", "setLocale", locale);

const key = document.getElementById("ze-snippet")?.src;
start();
window.zE = window.zEmbed = zE;
portico("boot", { channel: channelOr(key && new URL(key).searchParams.get("key")) });
zE("webWidget", "updateSettings", window.zESettings);
[...before].forEach((args) => zE(...args));
