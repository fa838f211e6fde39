/*! Portico chat. One async script tag: <script async src="https://RELAY/embed.js" data-channel="CHANNEL">
 *
 * Draws a launcher in a shadow root and, once the visitor shows intent, a frame from the relay's origin in which the
 * chat runs. Until then it requests nothing and stores nothing. No eval, no HTML strings, no style in markup: it
 * runs under a policy that allows this script and that frame, and nothing else. Commands given before it has loaded
 * wait in `Portico.q`, those given before the page has a body in `early`, and those given before the chat is ready in
 * `outbox`.
 */
(function () {
  const tag = document.currentScript;
  const waiting = window.Portico;
  // An element that a visitor's text has named "currentScript" stands in its place, and must not say who the relay is. For
  // a module there is none. In XHTML names are in lower case.
  const script = tag?.localName === "script" ? tag : [...document.querySelectorAll("script[type=module][data-channel]")].find(({ src }) => /\/embed\.js([?#]|$)/.test(src));
  const ignored = (asked, channel) =>
    asked && asked !== channel && console.warn(`portico: "${asked}" is ignored, this page has the channel "${channel}"`);
  if (waiting?.loaded) {
    ignored(script?.dataset.channel, waiting.loaded);
    return;
  }
  if (!script?.src) {
    console.error('portico: load it by its address: <script async src="https://RELAY/embed.js" data-channel="CHANNEL"><\/script>');
    return;
  }

  /* How far the frame has come: nothing is in it, a document that may be written in, a program that takes commands. */
  const EMPTY = 0, SHOWN = 1, READY = 2;
  const relay = new URL(script.src).origin;
  const settings = { ...script.dataset };
  const css = `
:host{all:initial!important;position:fixed!important;z-index:var(--z)!important}
*{font:14px/1.45 system-ui,sans-serif;box-sizing:border-box}
button{cursor:pointer;background:none;padding:0;border:0;color:inherit}
button:focus-visible{outline:2px solid #12161d;box-shadow:0 0 0 6px #fff;outline-offset:2px}
.dock,.panel{color:CanvasText;position:fixed;z-index:var(--z);bottom:20px;inset-inline-end:20px}
.dock{margin-bottom:env(safe-area-inset-bottom);display:flex;gap:12px;align-items:flex-end;flex-direction:row-reverse}
.start>*{flex-direction:row;inset-inline:20px auto}
.launcher{position:relative;min-width:56px;height:56px;padding:0 16px;border-radius:28px;background:var(--accent);color:var(--on);box-shadow:0 4px 16px #12161d33;display:grid;place-items:center}
i{margin-inline-start:8px;grid-column:2;max-width:min(240px,100vw - 140px);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.open i,i:empty{display:none}
svg{width:24px;height:24px;grid-area:1/1;stroke-width:2;stroke:currentColor;stroke-linecap:round;fill:none}
svg+svg,.open svg{scale:0}
.open svg+svg{scale:1}
.badge{line-height:22px;position:absolute;top:-4px;inset-inline-end:-4px;text-align:center;padding:0 6px;border-radius:12px;background:#c02626;color:#fff;min-width:22px}
.card,.panel{border-radius:12px;background:Canvas;box-shadow:0 0 0 1px #8883,0 8px 32px #12161d33}
.card{display:flex;gap:8px;align-items:start;padding:12px;max-width:min(280px,100vw - 120px)}
b,i{font-weight:600}
.card span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden;overflow-wrap:anywhere;white-space:pre-wrap}
.card button{text-align:start}
.card svg{margin:10px}
.panel{display:none;margin-bottom:68px;height:min(640px,100dvh - 104px);overflow:hidden;width:min(380px,100vw - 40px)}
.open .panel{display:block}
iframe{opacity:0;width:100%;height:100%;border:0}
b,iframe{display:block}
.failed{height:100%;display:grid;place-content:center;gap:12px;text-align:center;padding:24px}
.failed button{padding:12px;border-radius:6px;background:var(--accent);color:var(--on)}
:host([hidden]),[hidden]{display:none!important}
@media print{:host{display:none!important}}
@keyframes in{from{opacity:0;transform:translateY(12px)}}
@media(max-width:479px){.open .panel{border-radius:0;inset:var(--top) 0 auto;margin:0;width:100%;height:var(--high)}.open .dock,i{display:none}}
@media(prefers-reduced-motion:no-preference){svg{transition:.2s}.open .panel{animation:in .2s}}`;

  let host, root, box, launcher, badge, card, reader, author, words, dismiss, panel, frame, failed, retry, preview, timer, listening;
  let stage = EMPTY, greeted, opened = false, outbox = [], unread = 0, early = Array.isArray(waiting?.q) ? waiting.q : [];
  let covered = null, due = 0, returns = 0, returned = -1e3;
  let step = 0, from, going = 0;
  let crowded = false, looks = 0;
  const MOST_COMMANDS = 100;
  const phone = matchMedia("(max-width:479px)");

  const el = (name, parent, cls = "", text = "") => {
    const node = document.createElement(name);
    node.className = cls;
    node.textContent = text;
    parent.append(node);
    return node;
  };
  const shape = (name, parent) => parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
  const icon = (d, button) => shape("path", shape("svg", button)).setAttribute("d", d);
  /* What the site owner says in data-label and data-close-label, or English. */
  const ownLabel = () => (/[\p{L}\p{N}\p{P}\p{S}]/u.test(settings.label || "") ? settings.label : "");
  const label = () => ownLabel() || "Chat with us";
  const closeLabel = () => settings.closeLabel || "Close";
  /* On the way down, as a frame's `load` does not come up. */
  const on = (target, name, fn) => target.addEventListener(name, fn, { capture: true, signal: listening.signal });
  /* One mark for all pages of the site: "live" loads the chat ahead of a click, "forget" is a logout that no frame has
     carried out yet. Storage may be refused; the frame's is then, too. */
  const mark = (value) => {
    try {
      const key = "portico.live." + settings.channel;
      if (value == null) return localStorage[key];
      value ? (localStorage[key] = value) : delete localStorage[key];
    } catch {}
  };
  const leaving = () => mark() === "forget";

  /* Light or dark if the site owner says so, or else if the page is either whatever the visitor prefers: by its style, or
     by its meta element where the style says nothing. */
  const theme = () => {
    const page = getComputedStyle(document.documentElement || host).colorScheme;
    const meta = document.querySelector("meta[name=color-scheme]")?.content;
    const either = (schemes) => ("" + schemes).toLowerCase().match(/\b(light|dark)\b/g) || [];
    return [settings.theme, page === "normal" ? meta : page].map(either).find(({ length }) => length === 1)?.[0];
  };

  /* The text on the accent is black or white. The sum is WCAG's luminance, simplified: for each of all colours the choice
     has a contrast of 4.5 : 1 or more. An on-screen keyboard leaves less of the page to the panel; a page that is only enlarged leaves as much as before. */
  const style = () => {
    const accent = /^#[0-9a-f]{6}$/i.test(settings.accent) ? settings.accent : "#4f46e5";
    const light = (at) => parseInt(accent.slice(at, at + 2), 16) ** 2.2;
    const on = 3 * light(1) + 10 * light(3) + light(5) > 5e5 ? "#000" : "#fff";
    const { scale, height, offsetTop } = visualViewport;
    const rules = new CSSStyleSheet();
    rules.replaceSync(
      css +
        `:host{color-scheme:${theme() || "light dark"}!important;--accent:${accent};--on:${on};--z:${Math.min(Math.trunc(settings.zIndex) || 2147483000, 2147483647)};--high:${height * scale}px;--top:${scale > 1 ? 0 : offsetTop}px}`,
    );
    root.adoptedStyleSheets = [rules];
  };

  /* Every event is a DOM event too, and a listener that throws disturbs nobody. */
  const emit = (name, detail) => document.dispatchEvent(new CustomEvent("portico:" + name, { detail }));

  const post = (message) => {
    frame?.contentWindow?.postMessage({ portico: 1, ...message }, relay);
  };
  /* Later, so that a listener that tries again at once tries for ever without stopping the page. */
  const refuse = ({ command, text }, reason) => setTimeout(emit, 0, "error", { reason, command, text });
  /* Said again to the next document in the frame, unless this one tells what has become of it. A frame that never loads
     does not fill the page's memory. */
  const tell = (command, type, text) => {
    const message = { command, type, text, id: "" + Math.random() };
    if (outbox.length >= MOST_COMMANDS) {
      if (!crowded) console.error("portico:", MOST_COMMANDS, "commands wait for the chat, later ones are refused");
      crowded = true;
      return refuse(message, "busy");
    }
    outbox.push(message);
    if (stage === READY) post(message);
  };
  /* All that the chat is told about the page and the visitor, first and whenever something of it has changed. */
  const describe = () =>
    post({
      ...settings,
      theme: theme(),
      type: "init",
      page: { url: location.href.split("#")[0], title: document.title },
      open: opened,
      forget: leaving(),
    });

  const load = () => {
    if (frame || !host) return;
    failed.hidden = true;
    frame = el("iframe", panel);
    frame.title = label();
    frame.src = `${relay}/widget/frame/${encodeURIComponent(settings.channel)}?${new URLSearchParams({ locale: settings.locale || document.documentElement?.lang || navigator.languages })}`;
    turn(EMPTY);
    greeted = false;
  };
  /* Each frame begins with an empty document, before it is known here. */
  const loaded = () => {
    if (frame && !greeted) turn(EMPTY);
    greeted = false;
  };
  /* Each document in the frame, also one that the frame has loaded by itself, says `hello` before it is loaded, is shown, for
     it has a text box, and hears `init`. When its program runs, on a slow network seconds later, it answers `ready` and takes
     commands. A browser's error page says nothing, and is not shown. */
  const turn = (to) => {
    stage = to;
    clearTimeout(timer);
    if (to !== READY) timer = setTimeout(fail, to === SHOWN ? 6e4 : 15e3);
    frame.style.opacity = +(to !== EMPTY);
  };
  const unload = () => {
    if (!frame) return;
    turn(READY);
    stage = EMPTY;
    frame = frame.remove();
  };
  const fail = () => {
    const held = root.activeElement === frame;
    if (stage === SHOWN) console.error("portico:", frame.src, "came, and its program did not");
    else console.error("portico:", frame.src, "for", window.origin, "did not load: does the script come from the relay, is the channel served, and the origin on its list?");
    unload();
    failed.hidden = false;
    if (held) retry.focus();
    emit("error", { reason: "load" });
  };

  /* A mouse on its way to the launcher: the chat is there when it arrives. Looked at once a frame, and only until then. */
  const near = ({ clientX: x, clientY: y, pointerType }) => {
    if (frame || looks || !failed.hidden || pointerType === "touch") return;
    looks = requestAnimationFrame(() => {
      looks = 0;
      const { left, right, top, bottom, width } = launcher.getBoundingClientRect();
      if (width && Math.max(left - x, x - right, top - y, y - bottom) < 96) ahead();
    });
  };
  /* What says that the chat did not load stays until the visitor asks for the chat. */
  const ahead = () => failed.hidden && load();

  /* Where the keyboard was goes away with what is no longer shown: the launcher takes it then, and the page never does. */
  const draw = () => {
    const held = root.activeElement;
    box.className = (settings.position === "start" ? "start" : "") + (opened ? " open" : "");
    launcher.ariaExpanded = opened;
    launcher.ariaLabel = opened ? closeLabel() : label() + (unread ? ` (${unread})` : "");
    launcher.querySelector("i").textContent = ownLabel();
    badge.hidden = !unread || opened;
    badge.textContent = unread > 99 ? "99+" : unread;
    card.hidden = !preview || opened;
    if (held && !held.getClientRects().length) launcher.focus();
  };

  /* Where the chat fills the screen, nothing behind it can be reached, and Back closes the chat. */
  const cover = () => {
    const covers = opened && phone.matches;
    panel.role = covers ? "dialog" : null;
    panel.ariaModal = covers || null;
    panel.ariaLabel = covers ? label() : null;
    if (covered) covered.inert = false;
    const page = document.body || covered;
    covered = covers && page && !page.inert ? page : null;
    if (covered) covered.inert = true;
    setTimeout(settle);
  };
  /* Adds the entry that Back leaves, or goes back from it: later, so that what is asked for in one go counts by its end, and
     only from where the page has not gone on. Each opening has a number of its own, as old entries outlive the page. A
     state that is no plain object is kept as it is in another. */
  const settle = () => {
    const { state } = history;
    if (going) return;
    if (opened && phone.matches && !step) {
      step = Math.random();
      from = location.href;
      history.pushState({ ...(state && state.constructor !== Object ? { state } : state), portico: step }, "");
    } else if (!opened && step) {
      const ours = state?.portico === step && location.href === from;
      step = 0;
      if (!ours) return;
      going = setTimeout(arrive, 1e3);
      history.back();
    }
  };
  /* Our own way back has an end, also if the browser tells none. */
  const arrive = () => {
    clearTimeout(going);
    going = 0;
    settle();
  };
  /* The entry under ours has our address; a page that has gone on to a part of itself has another. What is about our entry
     alone is kept from the page's router, which would draw the page anew. */
  const back = (event) => {
    if (going) {
      event.stopImmediatePropagation();
      arrive();
    } else if (step && history.state?.portico !== step && location.href === from) {
      event.stopImmediatePropagation();
      step = 0;
      commands.close();
    }
    commands.pageView();
  };

  /* Beside the body: what a page does to its body, and to what is in it, does not reach the launcher. A page that throws it
     away, from wherever it has put it, gets it back; the document in the frame then begins anew, and the chat is what it was. */
  const keeper = new MutationObserver(() => keep());
  const keep = () => {
    for (let node = host; node; node = node.parentNode || node.host) keeper.observe(node, { childList: true });
    if (!host.isConnected) due ||= setTimeout(restore, 20);
    else if (covered && covered !== document.body) cover();
  };
  /* Not for ever against a page that takes it away each time; what asks for the launcher places it all the same. */
  const restore = () => {
    due = 0;
    if (!host || host.isConnected) return;
    returns = performance.now() - returned < 1e3 ? returns + 1 : 0;
    returned = performance.now();
    if (returns <= 20) return place();
    keeper.disconnect();
    console.error("portico: the page takes the launcher away again and again");
  };
  /* A page that is written anew, by `document.open`, has lost all listeners. One without a root waits for the next. */
  const place = () => {
    keeper.observe(document, { childList: true });
    if (host.isConnected || !document.documentElement) return;
    document.documentElement.append(host);
    listen();
    keep();
    cover();
  };
  const listen = () => {
    listening?.abort();
    listening = new AbortController();
    on(launcher, "click", commands.toggle);
    on(launcher, "pointerenter", ahead);
    on(window, "pointermove", near);
    on(launcher, "focus", ahead);
    on(reader, "click", commands.open);
    on(dismiss, "click", () => ((preview = null), draw()));
    on(retry, "click", () => (load(), frame.focus()));
    on(panel, "load", loaded);
    on(phone, "change", cover);
    on(window, "popstate", back);
    on(window, "message", hear);
    /* A logout on another page of the site, also while this one was kept for the way back. */
    on(window, "storage", (event) => event.newValue === "forget" && leaving() && leave());
    on(window, "pageshow", (event) => event.persisted && leaving() && leave());
    on(visualViewport, "resize", style);
    on(visualViewport, "scroll", style);
    on(window.navigation || window, "navigatesuccess", commands.pageView);
  };
  const build = () => {
    host = document.createElement("portico-chat");
    root = host.attachShadow({ mode: "open" });
    style();
    box = el("div", root);
    const dock = el("div", box, "dock");
    launcher = el("button", dock, "launcher");
    icon("M21 11.5a8.4 8.4 0 0 1-8.5 8.3 8.8 8.8 0 0 1-3.9-.9L3 21l1.9-5.4a8.1 8.1 0 0 1-.9-4.1 8.5 8.5 0 0 1 17 0Z", launcher);
    icon("M18 6 6 18M6 6l12 12", launcher);
    el("i", launcher);
    badge = el("span", launcher, "badge");
    const region = el("div", dock);
    region.role = "status";
    card = el("div", region, "card");
    reader = el("button", card);
    author = el("b", reader);
    words = el("span", reader);
    author.dir = words.dir = "auto";
    dismiss = el("button", card);
    dismiss.ariaLabel = closeLabel();
    icon("M18 6 6 18M6 6l12 12", dismiss);
    panel = el("div", box, "panel");
    failed = el("div", panel, "failed", settings.errorLabel || "The chat could not be loaded.");
    failed.hidden = true;
    retry = el("button", failed, "", settings.retryLabel || "Try again");
    draw();
    if (mark() === "live") load();
    else if (settings.preload === "idle") setTimeout(load, 3e3);
  };

  const hear = (event) => {
    const message = event.data;
    if (event.source !== frame?.contentWindow || event.origin !== relay || message?.portico !== 1) return;
    if (message.type === "broken") {
      /* It says in words what the browser lacks. */
      clearTimeout(timer);
      emit("error", { reason: "unsupported" });
    } else if (message.type === "failed") {
      fail();
    } else if (message.type === "hello") {
      greeted = true;
      turn(SHOWN);
      describe();
    } else if (message.type === "ready") {
      if (message.forgot) mark("");
      if (stage !== READY) {
        turn(READY);
        outbox.forEach(post);
        emit("ready");
      }
    } else if (message.type === "close") {
      commands.close();
    } else if (message.type === "left") {
      leave();
    } else if (message.type === "taken" || message.type === "refused") {
      const told = outbox.find(({ id }) => id === message.id);
      outbox = outbox.filter((other) => other !== told);
      if (told && message.reason) refuse(told, message.reason);
    } else if (message.type === "unread") {
      unread = message.count | 0;
      preview = message.preview;
      author.textContent = preview?.name;
      words.textContent = preview?.text;
      draw();
      emit("unread", { count: unread });
    } else {
      leaving() || mark({ conversationStarted: "live", conversationEnded: "" }[message.name]);
      emit(message.name, message.detail);
    }
  };

  const change = (options) => {
    Object.assign(settings, options);
    if (!host) return;
    style();
    draw();
    if (stage !== EMPTY) describe();
  };
  /* The chat begins anew when the number of the visit is another one. What was asked for in the one before is void. */
  const leave = () => {
    outbox = [];
    change({ identity: "", data: "", visit: "" + Math.random() });
  };

  const commands = {
    __proto__: null,
    boot(options) {
      /* A widget that is there stays in its channel. */
      if (host) ignored(options?.channel, settings.channel);
      change(host ? { ...options, channel: settings.channel } : options);
      /* Throws what no address can have in it. */
      if (!encodeURIComponent(settings.channel || "")) throw new Error("which channel?");
      if (!host) build();
      place();
    },
    open() {
      if (!host) return console.warn("portico: there is nothing to open before a boot with a channel");
      place();
      if (opened) return;
      opened = true;
      host.hidden = false;
      load();
      change();
      cover();
      frame?.focus();
      emit("open");
    },
    close() {
      if (!opened) return;
      opened = false;
      change();
      cover();
      emit("close");
    },
    toggle() {
      opened ? commands.close() : commands.open();
    },
    show() {
      if (!host) return;
      host.hidden = false;
      place();
    },
    hide() {
      commands.close();
      if (host) host.hidden = true;
    },
    showNewMessage(text) {
      commands.open();
      tell("showNewMessage", "compose", text);
    },
    sendMessage(text) {
      load();
      tell("sendMessage", "send", text);
    },
    identify(who) {
      change({ identity: who?.jwt || who });
    },
    logout() {
      mark("forget");
      leave();
    },
    setData(data) {
      change({ data: { ...settings.data, ...data } });
    },
    setLocale(locale) {
      change({ locale });
    },
    setTheme(theme) {
      change({ theme });
    },
    pageView() {
      change();
    },
    on(name, fn) {
      if (!fn?.call) throw new TypeError("no function");
      const heard = (event) => fn(event.detail);
      document.addEventListener("portico:" + name, heard);
      return () => document.removeEventListener("portico:" + name, heard);
    },
    destroy() {
      if (!host) return;
      opened = false;
      cover();
      unload();
      keeper.disconnect();
      listening.abort();
      host = host.remove();
      outbox = [];
      unread = 0;
      preview = null;
    },
  };

  /* Nothing that a page asks may throw into it. What it asks with is copied: that must fit into a message to the frame. */
  const obey = (args) => {
    try {
      const [name, ...rest] = args;
      return commands[name](...(name === "on" ? rest : JSON.parse(JSON.stringify(rest))));
    } catch (error) {
      console.error("portico:", args?.[0], error);
    }
  };
  /* To listen needs no launcher; everything else waits for it. */
  (window.Portico = (...args) => (early && args[0] !== "on" ? void early.push(args) : obey(args))).loaded = settings.channel || " ";

  const begin = () => {
    if (settings.channel) obey(["boot"]);
    const waited = early;
    early = null;
    waited.forEach(obey);
  };
  document.body ? begin() : addEventListener("DOMContentLoaded", begin);
})();
