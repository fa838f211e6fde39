/* What all shims have in common: they load the script tag from where they come from themselves, and speak to it. */

const tag = document.currentScript;

/* An element that a visitor's text has named "currentScript" is no script. */
const address = tag?.localName === "script" && tag.src ? new URL(tag.src) : undefined;

/** The channel that the shim's address names, `?channel=shop`, or what the page's own settings call theirs. */
export const channelOr = (id) => address?.searchParams.get("channel") || (id && String(id));

/** Gives a command to the chat. Where there is none, as `start` has said, nothing answers. */
export const portico = (...args) => (window.Portico?.call ? window.Portico(...args) : new Promise(() => {}));

/** What a page calls: nothing that is wrong with a call is thrown into it. */
export const safely =
  (act) =>
  (...args) => {
    try {
      return act(...args);
    } catch (error) {
      console.error("portico:", error);
    }
  };

/** Calls `fn` on an event of the chat; answers what stops that, also before the chat has come. */
export const on = (name, fn) => {
  portico("on", name, fn);
  return () => portico("off", name, fn);
};

/** The chat, which comes later and finds what was asked for until then. */
export const start = () => {
  const { Portico } = window;
  if (Portico?.loaded || Portico?.relay) return;
  if (!address) return console.error("portico: load the shim by its address");
  const stub = (...args) => {
    const answer = new Promise((done) => stub.q.push(Object.assign(args, { done })));
    answer.catch(() => {});
    return answer;
  };
  stub.q = Array.isArray(Portico?.q) ? Portico.q : [];
  stub.relay = address.origin;
  window.Portico = stub;
  import(`${address.origin}/embed.js`).catch((error) => console.error("portico:", error));
};

/** What of an object a chat is told: texts, numbers and flags. */
export const plain = (object) =>
  Object.fromEntries(Object.entries(object || {}).filter(([, value]) => value === null || /^(string|number|boolean)$/.test(typeof value)));

/** Says in the console that a call has no counterpart. */
export const unknown = (...what) => console.warn("portico: no counterpart, ignored:", ...what);
