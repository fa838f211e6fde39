/*! Portico chat. One async script tag: <script async src="https://RELAY/embed.js" data-channel="CHANNEL"></script>
 *
 * Draws a launcher in a shadow root and, once the visitor shows intent, a frame from the relay's origin in which the
 * chat runs. Until then it requests nothing and stores nothing. No eval, no HTML strings, no style attributes: it
 * runs under a policy that allows this script and that frame, and nothing else. Commands given before it
 * has loaded wait in `Portico.q`; those given before the chat is ready wait here.
 */
(function () {
  "use strict";

  const script = document.currentScript;
  const waiting = window.Portico;
  // An element that a visitor's text has named "currentScript" stands in its place, and must not say who the relay is.
  if (!script || script.tagName !== "SCRIPT" || waiting?.loaded) return;

  const relay = new URL(script.src).origin;
  const settings = { ...script.dataset };
  const css = `
:host{all:initial}
*{box-sizing:border-box;font:500 14px/1.45 system-ui,sans-serif}
button{border:0;cursor:pointer;color:inherit;padding:0;background:none}
button:focus-visible{outline:2px solid var(--ring);outline-offset:2px}
.dock,.panel{position:fixed;bottom:20px;inset-inline-end:20px;z-index:var(--z);color:var(--text)}
.dock{margin-bottom:env(safe-area-inset-bottom);display:flex;gap:12px;align-items:flex-end;flex-direction:row-reverse}
.start>*{inset-inline:20px auto;flex-direction:row}
.launcher{position:relative;width:56px;height:56px;border-radius:50%;background:var(--accent);color:var(--on);box-shadow:0 4px 16px #12161d33;display:grid;place-items:center}
svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;grid-area:1/1;transition:.2s ease-out}
.x,.open .bubble{opacity:0;transform:rotate(-45deg)}
.open .x{opacity:1;transform:none}
.badge{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:#c02626;color:#fff;font-size:12px;line-height:22px;text-align:center}
.card,.panel{border-radius:12px;background:var(--surface);box-shadow:0 8px 32px #12161d33}
.card{display:flex;gap:8px;align-items:start;max-width:min(280px,calc(100vw - 120px));padding:12px 8px 12px 16px}
b{display:block;font-weight:600}
.card span{display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden;font-weight:400;overflow-wrap:anywhere}
.card button{text-align:start}
.dismiss{padding:6px}
.dismiss svg{width:16px;height:16px}
.panel{margin-bottom:68px;width:min(380px,calc(100vw - 40px));height:min(640px,calc(100dvh - 104px));overflow:hidden;display:none}
.open .panel{display:block;animation:in .2s ease-out}
iframe{border:0;width:100%;height:100%;display:block;opacity:0}
.failed{height:100%;display:grid;place-content:center;gap:12px;padding:24px;text-align:center}
.failed button{min-height:44px;padding:0 16px;border-radius:6px;background:var(--accent);color:var(--on)}
:host([hidden]),[hidden]{display:none!important}
@keyframes in{from{opacity:0;transform:translateY(12px)}}
@media(max-width:479px){.open .panel{inset:0;margin:0;width:100%;height:100%;border-radius:0}.open .dock{display:none}}
@media(prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}`;

  let host, root, box, launcher, badge, card, author, words, panel, frame, failed, timer;
  let ready = false, opened = false, listening, outbox = [], unread = 0, preview;

  const el = (name, cls, parent, text) => {
    const node = document.createElement(name);
    node.className = cls;
    if (text) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  };
  const shape = (name, attributes, parent) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    parent.append(node);
    return node;
  };
  const icon = (cls, d, button) => shape("path", { d }, shape("svg", { viewBox: "0 0 24 24", class: cls }, button));
  /* What the site owner says in data-label and data-close-label, or English. */
  const label = () => settings.label || "Chat with us";
  const closeLabel = () => settings.closeLabel || "Close";
  const on = (target, name, fn) => target.addEventListener(name, fn, { signal: listening.signal });
  /* One mark for all pages of the site: "live" loads the chat ahead of a click, "forget" is a logout that the frame has
     not heard yet. Storage may be refused; the frame's is then, too. */
  const mark = (value) => {
    try {
      const key = "portico.live." + settings.channel;
      if (value == null) return localStorage[key];
      value ? (localStorage[key] = value) : delete localStorage[key];
    } catch {}
  };

  /* The accent, and by WCAG contrast the text colour on it. */
  const colours = () => {
    const accent = /^#[0-9a-f]{6}$/i.test(settings.accent) ? settings.accent : "#4f46e5";
    const part = (at) => {
      const value = parseInt(accent.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    const light = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    return [accent, light > 0.183 ? "#12161d" : "#fff"];
  };
  const style = () => {
    const [accent, text] = colours();
    const z = parseInt(settings.zIndex) || 2147483000;
    const tones = (dark) => (dark ? "--surface:#20252e;--text:#eceef2;--ring:#c7d2fe" : "--surface:#fff;--text:#1c212b;--ring:" + accent);
    const theme = settings.theme;
    let sheet = `:host{--accent:${accent};--on:${text};--z:${z};${tones(theme === "dark")}}`;
    if (theme !== "dark" && theme !== "light") sheet += `@media(prefers-color-scheme:dark){:host{${tones(true)}}}`;
    const rules = new CSSStyleSheet();
    rules.replaceSync(css + sheet);
    root.adoptedStyleSheets = [rules];
  };

  /* Every event is a DOM event too, and a listener that throws disturbs nobody. */
  const emit = (name, detail) => document.dispatchEvent(new CustomEvent("portico:" + name, { detail }));

  const post = (message) => {
    frame?.contentWindow?.postMessage({ portico: 1, ...message }, relay);
  };
  const tell = (message) => (ready ? post(message) : outbox.push(message));
  const page = () => ({ url: location.href, title: document.title });

  const load = () => {
    if (frame || !host) return;
    failed.hidden = true;
    frame = el("iframe", "", panel);
    frame.title = label();
    frame.src = relay + "/widget/frame/" + encodeURIComponent(settings.channel);
    timer = setTimeout(fail, 20000);
    on(frame, "load", greet);
  };
  /* Each document in the frame, also one that the frame has loaded by itself, answers `ready` to the first `init` that it
     hears. A browser's error page never does, and is not shown. */
  const greet = () => {
    let tries = 0;
    const init = () =>
      ++tries > 25
        ? fail()
        : post({
            type: "init",
            locale: settings.locale || document.documentElement.lang,
            theme: settings.theme,
            accent: settings.accent,
            page: page(),
            identity: settings.identity,
            forget: mark() === "forget",
            open: opened,
          });
    turn(false);
    timer = setInterval(init, 200);
    init();
  };
  const turn = (to) => {
    ready = to;
    clearTimeout(timer);
    frame.style.opacity = +to;
  };
  const unload = () => {
    if (!frame) return;
    turn(false);
    frame.remove();
    frame = null;
  };
  const fail = () => {
    unload();
    failed.hidden = false;
    console.error(`portico: ${relay} does not serve channel "${settings.channel}" to ${location.origin}`);
    emit("error", { reason: "load" });
  };

  const draw = () => {
    box.className = (settings.position || "") + (opened ? " open" : "");
    launcher.setAttribute("aria-expanded", opened);
    launcher.setAttribute("aria-label", opened ? closeLabel() : label() + (unread ? ` (${unread})` : ""));
    badge.hidden = !unread || opened;
    badge.textContent = unread > 99 ? "99+" : unread;
    card.hidden = !preview || opened;
    if (preview) {
      author.textContent = preview.name;
      words.textContent = preview.text;
    }
  };

  const build = () => {
    listening = new AbortController();
    host = el("portico-chat", "");
    root = host.attachShadow({ mode: "open" });
    style();
    box = el("div", "", root);
    const dock = el("div", "dock", box);
    launcher = el("button", "launcher", dock);
    icon("bubble", "M21 11.5a8.4 8.4 0 0 1-8.5 8.3 8.8 8.8 0 0 1-3.9-.9L3 21l1.9-5.4a8.1 8.1 0 0 1-.9-4.1 8.5 8.5 0 0 1 17 0Z", launcher);
    icon("x", "M18 6 6 18M6 6l12 12", launcher);
    badge = el("span", "badge", launcher);
    card = el("div", "card", dock);
    const read = el("button", "", card);
    author = el("b", "", read);
    words = el("span", "", read);
    const dismiss = el("button", "dismiss", card);
    dismiss.setAttribute("aria-label", closeLabel());
    icon("", "M18 6 6 18M6 6l12 12", dismiss);
    panel = el("div", "panel", box);
    failed = el("div", "failed", panel, settings.errorLabel || "The chat could not be loaded.");
    failed.hidden = true;
    const retry = el("button", "", failed, settings.retryLabel || "Try again");

    on(launcher, "click", commands.toggle);
    on(read, "click", commands.open);
    on(dismiss, "click", () => ((preview = null), draw()));
    on(retry, "click", load);
    on(launcher, "pointerenter", load);
    on(launcher, "focus", load);
    on(window, "message", hear);
    on(window, "popstate", commands.pageView);
    if (window.navigation) on(navigation, "navigatesuccess", commands.pageView);
    draw();
    document.body.append(host);
    if (mark() === "live") load();
    else if (settings.preload === "idle") setTimeout(load, 3000);
  };

  const hear = (event) => {
    const message = event.data;
    if (!frame || event.source !== frame.contentWindow || event.origin !== relay) return;
    if (message?.portico !== 1) return;
    if (message.type === "ready" && !ready) {
      turn(true);
      if (mark() === "forget") mark("");
      outbox.splice(0).forEach(post);
      emit("ready");
    } else if (message.type === "close") {
      commands.close();
    } else if (message.type === "unread") {
      unread = message.count | 0;
      preview = message.preview;
      draw();
      emit("unread", { count: unread });
    } else if (message.type === "event") {
      if (message.name === "conversationStarted") mark("live");
      if (message.name === "conversationEnded") mark("");
      emit(String(message.name), message.detail);
    }
  };

  const commands = {
    __proto__: null,
    boot(options) {
      Object.assign(settings, options);
      if (!host) build();
    },
    open() {
      if (!host || opened) return;
      opened = true;
      host.hidden = false;
      load();
      draw();
      frame?.focus();
      tell({ type: "open" });
      emit("open");
    },
    close() {
      if (!opened) return;
      opened = false;
      draw();
      launcher.focus();
      tell({ type: "close" });
      emit("close");
    },
    toggle: () => (opened ? commands.close() : commands.open()),
    show: () => host && (host.hidden = false),
    hide() {
      commands.close();
      if (host) host.hidden = true;
    },
    showNewMessage(text) {
      commands.open();
      tell({ type: "compose", text: String(text || "") });
    },
    sendMessage(text) {
      load();
      tell({ type: "send", text: String(text) });
    },
    identify(who) {
      settings.identity = who?.jwt || who;
      if (frame) tell({ type: "identify", jwt: settings.identity });
    },
    logout() {
      delete settings.identity;
      mark(ready ? "" : "forget");
      if (frame) tell({ type: "logout" });
    },
    setLocale(value) {
      settings.locale = value;
      if (host) draw();
      if (frame) tell({ type: "locale", value });
    },
    setTheme(value) {
      settings.theme = value;
      if (host) style();
      if (frame) tell({ type: "theme", value });
    },
    pageView() {
      if (frame) tell({ type: "page", ...page() });
    },
    on(name, fn) {
      const heard = new AbortController();
      document.addEventListener("portico:" + name, (event) => fn(event.detail), { signal: heard.signal });
      return () => heard.abort();
    },
    destroy() {
      if (!host) return;
      unload();
      listening.abort();
      host.remove();
      host = null;
      opened = false;
      outbox = [];
      unread = 0;
      preview = null;
    },
  };

  const Portico = (name, ...args) => {
    if (commands[name]) return commands[name](...args);
    console.error("portico: no command", name);
  };
  Object.assign(Portico, commands);
  Portico.loaded = true;
  window.Portico = Portico;

  const begin = () => {
    if (settings.channel) build();
    waiting?.q?.forEach((args) => Portico(...args));
  };
  document.body ? begin() : addEventListener("DOMContentLoaded", begin);
})();
