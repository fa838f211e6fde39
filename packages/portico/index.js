/* Portico's chat for pages that are built with a bundler: loads the script tag from the relay, and speaks to it. What each
   verb does stands in docs/embedding.md. Nothing happens when this is imported, also on a server. */

/** All verbs of the script tag but `on`, `once` and `off`; each answers a promise. */
const VERBS = [
  "boot",
  "update",
  "destroy",
  "shutdown",
  "open",
  "close",
  "toggle",
  "show",
  "hide",
  "showNewMessage",
  "sendMessage",
  "forgetMe",
  "identify",
  "setUser",
  "logout",
  "reset",
  "setAttributes",
  "setData",
  "setConversationAttributes",
  "setLocale",
  "setTheme",
  "pageView",
  "track",
];

/* What was asked for before the script is there, where it finds it; `done` answers the promises. */
const waiting = [];

const stand = (relay) => {
  const stub = (...args) => {
    const answer = new Promise((done) => waiting.push(Object.assign(args, { done })));
    answer.catch(() => {});
    return answer;
  };
  stub.q = waiting;
  stub.relay = relay;
  window.Portico = stub;
};

let policy;

/* Where a page's policy requires trusted types, an address is one by a policy with a name. A page that lets none of that name
   be made may let a text be one, by its default policy or as it requires nothing. */
const trusted = (address) => {
  try {
    policy ??= window.trustedTypes?.createPolicy("portico", { createScriptURL: (text) => text });
  } catch {}
  return policy ? policy.createScriptURL(address) : address;
};

/* Nothing that goes wrong may throw into the page: React would take all of it away. The next `load` tries again, and what
   waits is carried out then. */
const bring = (relay, nonce) => {
  try {
    const { origin } = new URL(relay, location.href);
    const script = document.createElement("script");
    script.async = true;
    if (nonce) script.nonce = nonce;
    script.src = trusted(origin + "/embed.js");
    script.onerror = () => {
      script.remove();
      delete window.Portico;
      console.error("portico:", script.src, "did not load");
    };
    document.head.append(script);
    stand(origin);
  } catch (error) {
    console.error("portico:", relay, error);
  }
};

const rejected = (why) => {
  const answer = Promise.reject(Object.assign(new Error(why), { name: "PorticoError", code: "boot" }));
  answer.catch(() => {});
  return answer;
};

let listeners = [];

/* An event of the chat is a DOM event, which can be listened to before there is a chat. */
const listen = (name, fn, isOnce) => {
  const heard = ({ detail }) => {
    if (isOnce) stop();
    fn(detail);
  };
  const stop = () => {
    document.removeEventListener("portico:" + name, heard);
    listeners = listeners.filter((one) => one.stop !== stop);
  };
  document.addEventListener("portico:" + name, heard);
  listeners.push({ name, fn, stop });
  return stop;
};

/** The verbs as functions. They work as soon as `load` was called; what they ask for before the script is there waits. */
export const chat = {
  on: (name, fn) => listen(name, fn, false),
  once: (name, fn) => listen(name, fn, true),
  off: (name, fn) => listeners.forEach((one) => one.name === name && (!fn || one.fn === fn) && one.stop()),
};

for (const verb of VERBS) {
  chat[verb] = (...args) =>
    typeof window !== "undefined" && window.Portico ? window.Portico(verb, ...args) : rejected("load() comes first");
}

/** Loads the script tag from a relay, once for the page, and boots the chat if a channel is named; answers `chat`. */
export const load = ({ relay, nonce, ...options }) => {
  if (!window.Portico) bring(relay, nonce);
  if (options.channel) chat.boot(options);
  return chat;
};
