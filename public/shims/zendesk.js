/* For pages that were written for Zendesk: `zE` of the messenger and of the older web widget, and `zESettings`. What maps and what
   does not stands in docs/migration.md. */

import { channelOr, on, plain, portico, safely, start, unknown } from "./lib/start.js";

const before = window.zE?._ || window.zE?.q || [];

/* The page is asked for another token when the one that it gave has ended, and not at once again where that is no good either. */
const AGAIN_MS = 5e3;

let ask, asked;

/* A token that comes after a logout, or after a later question, counts no more. */
const identify = (get) => {
  ask = get;
  const turn = (asked = { at: Date.now() });
  get((jwt) => asked === turn && portico("identify", { jwt }));
};

const leave = (verb) => {
  ask = asked = null;
  portico(verb);
};

/* Values of fields: a list of `{id, value}`. */
const fields = (list) => portico("setConversationAttributes", Object.fromEntries([list].flat().map(({ id, value }) => ["field_" + id, value])));

let tags;

const setTags = (...lists) => {
  tags = [...new Set(lists.flat())];
  portico("setConversationAttributes", { tags: tags.join(", ") });
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
  messenger: {
    ...windows,
    loginUser: identify,
    logoutUser: () => leave("logout"),
    /* There is one conversation, whichever is named. */
    sendMessage: (message, conversation, done = () => {}) => portico("sendMessage", message.content.text).then((id) => done(null, { id }), done),
  },
  "messenger:set": {
    locale: (locale) => portico("setLocale", locale),
    zIndex: (zIndex) => portico("update", { zIndex }),
    customization: ({ theme }) => portico("update", { accent: theme?.primary }),
    conversationFields: fields,
    conversationTags: setTags,
  },
  "messenger:on": {
    open: (fn) => on("open", () => fn()),
    close: (fn) => on("close", () => fn()),
    unreadMessages: (fn) => on("unread", ({ count }) => fn(count)),
  },
  webWidget: {
    ...windows,
    activate: windows.open,
    toggle: () => portico("toggle"),
    identify: (user) => portico("setAttributes", plain(user)),
    prefill: (values) => portico("setAttributes", plain(Object.fromEntries(Object.entries(values).map(([key, one]) => [key, one?.value])))),
    setLocale: (locale) => portico("setLocale", locale),
    updateSettings: update,
    updatePath: () => portico("pageView"),
    logout: () => leave("logout"),
    reset: () => leave("reset"),
    "chat:send": (text) => portico("sendMessage", text),
    "chat:addTags": (list) => setTags(tags || [], list),
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
  /* What listens is answered by what ends it, and nothing else by anything. */
  const stop = act(...rest);
  return stop?.call && stop;
});

/* The web widget's first version had its verbs as methods. */
for (const name in verbs.webWidget) zE[name] = (value) => zE("webWidget", name, value);

const key = document.getElementById("ze-snippet")?.src;
start();
on(
  "error",
  safely(({ reason }) => reason === "session" && asked && Date.now() - asked.at > AGAIN_MS && identify(ask)),
);
window.zE = window.zEmbed = zE;
portico("boot", { channel: channelOr(key && new URL(key).searchParams.get("key")) });
zE("webWidget", "updateSettings", window.zESettings);
[...before].forEach((args) => zE(...args));
