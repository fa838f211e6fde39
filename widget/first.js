/*! Portico chat: the first screen, until the program takes it over.
 *
 * The relay's page has a text box before it has a program. This tells the page around the frame that the document is there,
 * looks as that page wishes, and keeps what it says, what is typed and what is sent; what is sent is shown as waiting. The
 * program asks for all of it once (`src/first_screen.rs`). In a page without a first screen it only keeps what is said.
 */
(() => {
  const root = document.documentElement;
  const touch = matchMedia("(pointer: coarse)").matches;
  const channel = location.pathname.split("/")[3];
  const hearing = new AbortController();
  const showing = new AbortController();
  const messages = [];
  const sent = [];
  let open = parent === window;
  let origin;

  const find = (selector) => document.querySelector("#first-screen " + selector);
  const on = (target, name, act, { signal } = showing) => target.addEventListener(name, act, { signal });

  window.firstScreen = {
    composing: false,
    /* From here on the program listens to the page. */
    heard() {
      hearing.abort();
      return messages;
    },
    /* From here on the program is what is typed into. */
    sent() {
      showing.abort();
      return sent;
    },
  };

  const focus = () => {
    if (open && !touch) find("textarea")?.focus();
  };

  /* A page's accent goes before the channel's. The sum is that of the script tag. */
  const colour = (accent) => {
    if (!/^#[0-9a-f]{6}$/i.test(accent)) return;
    const light = (at) => parseInt(accent.slice(at, at + 2), 16) ** 2.2;
    const isLight = 3 * light(1) + 10 * light(3) + light(5) > 5e5;
    root.style.setProperty("--accent", accent);
    root.style.setProperty("--on-accent", isLight ? "#000" : "#fff");
    root.style.setProperty("--off-accent", isLight ? "#fff" : "#000");
  };

  /* Who was here before goes on where it was, and is not greeted. */
  const returns = () => (root.dataset.returns = "");

  /* A program that does not come ends with the page around the frame giving it up, and what was written with the next
     document in its place. Not after a logout: it is somebody else's then. */
  const KEPT = `portico.first.${channel}`;
  const keep = () => {
    const area = find("textarea");
    if (sent.length || area?.value) sessionStorage.setItem(KEPT, JSON.stringify([area.value, ...sent]));
  };
  const restore = (forget) => {
    try {
      if (!find("textarea")) return;
      const kept = sessionStorage.getItem(KEPT);
      sessionStorage.removeItem(KEPT);
      if (!kept || forget) return;
      const [text, ...said] = JSON.parse(kept);
      said.forEach(say);
      find("textarea").value ||= text;
      draw();
    } catch {
      /* Storage is refused: there is nothing. */
    }
  };

  const hear = (event) => {
    const message = event.data;
    if (parent === window || event.source !== parent || message?.portico !== 1) return;
    messages.push(event);
    if (message.type !== "init") return;
    origin ??= event.origin;
    if (/^(light|dark)$/.test(message.theme)) root.dataset.theme = message.theme;
    else delete root.dataset.theme;
    colour(message.accent);
    if (message.identity) returns();
    restore(message.forget);
    open = message.open;
    focus();
  };

  const close = () => origin && parent.postMessage({ portico: 1, type: "close" }, origin);

  /* The send button is there when there is something to send. */
  const draw = () => {
    const area = find("textarea");
    const send = find(".send");
    const idle = !/\S/.test(area.value);
    send.disabled = idle;
    send.classList.toggle("send--idle", idle);
    area.dir = area.value ? "auto" : root.dir;
  };

  const say = (text) => {
    const row = find("template").content.cloneNode(true);
    row.querySelector("p").textContent = text;
    find(".log__list").append(row);
    find(".welcome__starters")?.remove();
    find(".log").scrollTop = find(".log").scrollHeight;
    sent.push(text);
  };

  const send = () => {
    const area = find("textarea");
    if (/\S/.test(area.value)) {
      say(area.value.trimEnd());
      area.value = "";
      draw();
    }
    area.focus();
  };

  on(window, "message", hear, hearing);
  on(window, "pagehide", () => {
    try {
      keep();
    } catch {
      /* Storage is refused. */
    }
  });
  on(document, "input", draw);
  on(document, "compositionstart", () => (firstScreen.composing = true));
  on(document, "compositionend", () => (firstScreen.composing = false));
  on(document, "keydown", (event) => {
    /* An input method that chooses a word takes the key for itself. */
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") close();
    if (event.key !== "Enter" || event.shiftKey || touch || event.target !== find("textarea")) return;
    event.preventDefault();
    send();
  });
  on(document, "click", ({ target }) => {
    if (target.closest(".send")) send();
    else if (target.closest(".header .tool")) close();
    else if (target.closest(".choice")) {
      say(target.closest(".choice").textContent);
      focus();
    }
  });
  on(document, "DOMContentLoaded", () => {
    if (touch) find("textarea")?.setAttribute("enterkeyhint", "enter");
    focus();
  });

  try {
    if (localStorage.getItem(`portico.${channel}..me.refresh`)) returns();
  } catch {
    /* Storage is refused: nobody was here before. */
  }
  if (parent !== window) parent.postMessage({ portico: 1, type: "hello" }, "*");
})();
