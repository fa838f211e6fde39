/* The frame in which the chat runs, and how far it has come. */

import { draw } from "./launcher.js";
import { label, look, style, theme } from "./looks.js";
import { leaving } from "./mark.js";
import { EMPTY, READY, SHOWN, chat, emit } from "./state.js";
import { relay, settings } from "./tag.js";

let timer, greeted, tries = 0;
/* What the frame says before the second script is there to hear it. */
let early = [];

/** Says something to the document in the frame. */
export const post = (chat.post = (message) => {
  chat.frame?.contentWindow?.postMessage({ portico: 1, ...message }, relay);
});

/** All that the chat is told about the page and the visitor, first and whenever something of it has changed. */
export const describe = () =>
  post({
    ...settings,
    data: { ...settings.data, ...chat.attributes },
    theme: theme(),
    accent: look("accent"),
    font: look("font"),
    radius: look("radius"),
    inline: chat.inline,
    type: "init",
    page: { url: location.href.split("#")[0], title: document.title.replace(chat.badge, "") },
    open: chat.opened && !chat.unseen,
    forget: leaving(),
  });

/** Puts the frame into the window. What hears it is fetched beside it: a document is shown without that. */
export const load = (chat.load = () => {
  if (chat.frame || !chat.host) return;
  chat.failed.hidden = true;
  /* One that is put into the page without an address loads an empty document first. */
  chat.frame = document.createElement("iframe");
  chat.frame.title = label();
  /* What the channel does not need, the document itself forgoes. */
  chat.frame.allow = "geolocation;microphone";
  chat.frame.src = `${relay}/widget/frame/${encodeURIComponent(settings.channel)}?${new URLSearchParams({ locale: settings.locale || document.documentElement?.lang || navigator.languages })}`;
  turn(EMPTY);
  greeted = false;
  chat.panel.append(chat.frame);
  if (!chat.more) fetchMore();
});

/* By `import`, a page's policy that lets this script in, by its origin or a nonce, lets that one in. The build puts a hash of
   that script into its address: no cache answers with an older one. What did not come is asked for by another address, as some
   browsers remember that it did not. A chat that was to be a part of the page then floats. */
export const fetchMore = () => {
  const { frame } = chat;
  import(`${relay}/embed/chat.js?${CHAT_VERSION}` + (tries ? "&" + tries : ""))
    .then(attach, () => {
      tries++;
      settings.container = settings.proactive = "";
      if (frame && chat.frame === frame) fail();
      chat.place();
    })
    .catch(console.error);
};

const attach = (script) => {
  if (chat.more) return;
  chat.more = script.default(chat, settings);
  if (!chat.host) return;
  chat.more.build();
  if (chat.host.isConnected) chat.more.listen(chat.on);
  style();
  draw();
  chat.place();
  chat.more.cover();
  early.splice(0).forEach(chat.more.hear);
};

/** Each document in the frame, also one that the frame has loaded by itself, says `hello` before it is loaded, is shown, for
    it has a text box, and hears `init`. When its program runs, on a slow network seconds later, it answers `ready` and takes
    commands. A browser's error page says nothing, and is not shown. */
const turn = (chat.turn = (to) => {
  chat.stage = to;
  chat.endWait();
  if (to !== READY) timer = setTimeout(fail, to === SHOWN ? 6e4 : 15e3);
  chat.frame.style.opacity = +(to !== EMPTY);
});

/* Nothing more is waited for. */
chat.endWait = () => clearTimeout(timer);

/** A document that has not said `hello` is none of ours. */
export const loaded = () => {
  if (chat.frame && !greeted) turn(EMPTY);
  greeted = false;
};

/** Takes a message to the page, if it is the frame's. */
export const hear = (event) => {
  const message = event.data;
  if (event.source !== chat.frame?.contentWindow || event.origin !== relay || message?.portico !== 1) return;
  if (message.type === "hello") {
    greeted = true;
    turn(SHOWN);
    describe();
  } else if (chat.more) chat.more.hear(message);
  else early.push(message);
};

/** Takes the frame away. */
export const unload = () => {
  if (!chat.frame) return;
  chat.endWait();
  early = [];
  chat.stage = EMPTY;
  chat.frame = chat.frame.remove();
};

/** Says in the window that the chat did not load, and to the site's owner what may be wrong. */
const fail = (chat.fail = () => {
  const { frame, root, failed, retry } = chat;
  const held = root.activeElement === frame;
  console.error("portico:", frame?.src, "for", window.origin, chat.stage === SHOWN ? "has no program" : "did not load: channel or origin not listed?");
  unload();
  failed.hidden = false;
  if (held) retry.focus();
  emit("error", { reason: "load" });
});
