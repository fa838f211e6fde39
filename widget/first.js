/*! Portico chat: the first screen, until the program takes it over.
 *
 * The relay's page has a text box before it has a program. This tells the page around the frame that the document is there,
 * looks as that page wishes, and keeps what it says, what is typed and what is sent; what is sent is shown as waiting. The
 * program asks for all of it (`src/first_screen.rs`): for what is sent as soon as it runs, for the rest when it draws its own
 * window. In a page without a first screen this only keeps what is said.
 */
(() => {
  const root = document.documentElement;
  /* What is to be agreed to before anything is kept. Who has agreed, to this version, does not see it. */
  const asked = root.dataset.consent;
  const agreed = (version) => version == root.dataset.consent && delete root.dataset.consent;
  const touch = matchMedia("(pointer: coarse)").matches;
  const channel = location.pathname.split("/")[3];
  const COPY = `portico.${channel}`;
  const showing = new AbortController();
  const messages = [];
  const sent = [];
  let isHeard = false;
  let typed = "";
  let starters;
  let visitor;
  let isKept = false;
  let open = parent === window;
  let isMet = false;
  let forget;
  let origin;
  let take;
  let isLost = false;

  const find = (selector) => document.querySelector("#first-screen " + selector);
  const on = (target, name, act) => target.addEventListener(name, act, { signal: showing.signal });

  window.firstScreen = {
    composing: false,
    /* From here on the program listens to the page. While there is a first screen, this listens too. */
    heard() {
      isHeard = true;
      if (!find("textarea")) showing.abort();
      return messages;
    },
    /* From here on the program sends what is sent here, which stays on the screen until the program draws it. */
    sends(act) {
      take = act;
      sent.splice(0).forEach(take);
    },
    /* From here on the program is what is typed into, and sends what no chat was there for. */
    left() {
      showing.abort();
      return sent.splice(0);
    },
    /* The program did not come. */
    failed: () => miss(document.querySelector("script[type=module]"), true),
    /* The browser runs no program: the chat goes on in a page of the relay that needs none, and takes what is kept here. */
    refused: () => location.replace(`/widget/plain/${channel}${location.search}`),
    /* What is kept for the next document goes. */
    forget() {
      sessionStorage.removeItem(KEPT);
    },
    /* The copy of unsent messages (`ui/src/storage/copy`) goes. */
    uncopied: () =>
      new Promise((done) => {
        setTimeout(done, 5000);
        const request = indexedDB.deleteDatabase(COPY);
        request.onsuccess = request.onerror = done;
      }),
  };

  /* Whether there is such a copy: the program reads `copied`. A browser that does not tell has none. */
  const lookForCopy = async () => (firstScreen.copied = (await indexedDB.databases()).some(({ name }) => name === COPY));
  lookForCopy().catch(() => {});

  const focus = () => {
    if (open && !touch && !root.hasAttribute("data-inline")) find("textarea")?.focus();
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

  /* The page's font and rounding, and whether the chat is a part of the page: it then has nothing that closes it. The screen
     may be gone by then, and the program does not change this. */
  const look = ({ font, radius, inline }) => {
    const set = (name, value) => root.style.setProperty(name, value || "");
    set("--font", font);
    set("--radius-card", radius);
    set("--radius-bubble", radius && `calc(1.5*${radius})`);
    set("--radius-control", radius && `calc(.5*${radius})`);
    root.toggleAttribute("data-inline", !!inline);
  };

  /* A message that the visitor has answered by opening the chat goes before the channel's greeting. The document may be on its
     way still. */
  let greeting;
  const greet = (text) => {
    greeting = text;
    const heading = find(".welcome__greeting");
    if (heading && text) heading.textContent = text;
  };

  /* Who was here before goes on where it was, and is not greeted. */
  const returns = () => (root.dataset.returns = "");

  /* Who the visitor is: the page's name of the visit, which is another one after each logout, and the customer whom the
     proof names, or "". A proof that cannot be read names none; the relay refuses it. */
  const visitorIn = ({ visit, identity }) => {
    try {
      const claims = atob(identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
      return { visit: visit || "", customer: String(JSON.parse(claims).sub) };
    } catch {
      return { visit: visit || "", customer: "" };
    }
  };

  /* What one visitor has written is not the next one's. An unknown visitor who signs in is the same. */
  const meet = (message) => {
    const before = visitor;
    visitor = visitorIn(message);
    const isSame = !before || before.visit === visitor.visit;
    const isOther = before?.customer && visitor.customer && before.customer !== visitor.customer;
    if (isSame) visitor.customer ||= before?.customer || "";
    /* The program makes another chat, which asks for what is sent from here on. */
    if (message.forget || !isSame || before?.customer !== visitor.customer) take = undefined;
    if (!isSame) delete root.dataset.returns;
    if (asked && (message.forget || !isSame || isOther)) root.dataset.consent = asked;
    if (isSame && !isOther) return;
    clear();
    firstScreen.forget();
  };
  /* As `visitor.rs` marks them. */
  const inNames = (piece) => (/^(me|out|files|alerts)%*$/.test(piece) ? piece + "%" : piece);
  const hasAgreed = (customer) => {
    const name = customer.split(".").map(inNames).join(".");
    return agreed(JSON.parse(localStorage.getItem(`portico.${channel}.${name}.me.consent`))?.version);
  };

  /* Where the program does not come, what was written waits for the next document in its place: after the visitor's "Try
     again", say. The screen may be gone by then. */
  const KEPT = `portico.first.${channel}`;
  const keep = () => {
    const text = find("textarea")?.value ?? typed;
    if (root.dataset.consent || (!sent.length && !text)) return;
    sessionStorage.setItem(KEPT, JSON.stringify({ ...visitor, text, sent }));
    isKept = true;
  };
  /* What a known customer wrote waits until the page says that it is the same one. After a logout that no program has carried
     out, only what was written since then counts. */
  const restore = (forget) => {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    if (!kept || !find("textarea") || (kept.customer && !visitor.customer && !forget)) return;
    firstScreen.forget();
    const isOurs = forget ? kept.visit && kept.visit === visitor.visit : !kept.customer || kept.customer === visitor.customer;
    if (!isOurs) return;
    kept.sent.forEach(say);
    find("textarea").value ||= kept.text;
    draw();
  };
  /* The document that the browser has kept for the way back has what it left to the next one: it takes what is still there of
     that, as the next one may have sent it. */
  const comeBack = (event) => {
    if (!event.persisted || !isKept) return;
    isKept = false;
    clear();
    restore();
  };
  const clear = () => {
    sent.length = 0;
    typed = "";
    const area = find("textarea");
    if (!area) return;
    area.value = "";
    document.querySelectorAll("#first-screen .message").forEach((row) => row.remove());
    if (starters) find(".welcome").append(starters);
    draw();
  };

  /* A browser that refuses storage keeps nothing. */
  const ifStored = (act) => (about) => {
    try {
      act(about);
    } catch {}
  };

  const hear = (event) => {
    const message = event.data;
    if (!isOfPage(event)) return;
    if (!isHeard) messages.push(event);
    if (message.type !== "init") return;
    origin ??= event.origin;
    if (/^(light|dark)$/.test(message.theme)) root.dataset.theme = message.theme;
    else delete root.dataset.theme;
    colour(message.accent);
    greet(message.greeting);
    ifStored(meet)(message);
    if (message.identity) returns();
    if (message.consent) agreed(message.consent);
    if (visitor?.customer) ifStored(hasAgreed)(visitor.customer);
    isMet = true;
    forget = message.forget;
    ifStored(restore)(forget);
    open = message.open;
    focus();
  };

  const isOfPage = ({ source, data }) => parent !== window && source === parent && data?.portico === 1;

  addEventListener("message", (event) => {
    if (isOfPage(event) && event.data.type === "init") look(event.data);
  });

  const close = () => origin && parent.postMessage({ portico: 1, type: "close" }, origin);

  /* The send button is there when there is something to send. */
  const draw = () => {
    const area = find("textarea");
    if (!area) return;
    typed = area.value;
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
    starters ??= find(".welcome__starters");
    starters?.remove();
    find(".log").scrollTop = find(".log").scrollHeight;
    take ? take(text) : sent.push(text);
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

  /* When the team is back, in the visitor's time zone, which the relay does not know; as `ui/src/time.rs` writes it. */
  const writeBack = () => {
    const note = find("[data-back]");
    if (!note) return;
    const { back, sentence } = note.dataset;
    const at = new Date(+back);
    const day = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 864e5;
    const days = day(at) - day(new Date());
    const write = (options) => new Intl.DateTimeFormat(root.lang, options).format(at);
    const date = days < 7 ? { weekday: "long" } : { weekday: "long", day: "numeric", month: "long" };
    const which = days < 2 ? new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" }).format(days, "day") : write(date);
    const time = write({ hour: "numeric", minute: "2-digit" });
    note.append(" " + sentence.replace("{day}", () => which).replace("{time}", () => time));
    delete note.dataset.back;
    delete note.dataset.sentence;
  };

  /* A browser keeps a document for a minute, and an upgrade of the relay takes away the files that it names. Where the relay's
     document of today names others, that one takes the place of this one. A document that was loaded anew is today's: none is
     loaded twice. Otherwise the page around is told that the program did not come. */
  const isAnew = performance.getEntriesByType("navigation")[0]?.type === "reload";
  const fetchToday = async () => {
    const answer = await fetch(location.href, { cache: "reload", signal: AbortSignal.timeout?.(5000) });
    return answer.ok ? answer.text() : "";
  };
  let today;
  /* Asked once, and of no use to a document that is today's: an answer that names no program is none of a relay. */
  const isOld = async (name) => {
    if (isAnew || !name) return false;
    const text = await (today ??= fetchToday());
    return text.includes("/boot.js") && !text.includes(name);
  };
  const miss = async (file, isNeeded) => {
    const name = file?.getAttribute("src") || file?.getAttribute("href");
    const isReplaced = await isOld(name).catch(() => false);
    if (isLost || !(isReplaced || isNeeded)) return;
    isLost = true;
    if (isReplaced) location.reload();
    else parent.postMessage({ portico: 1, type: "failed" }, "*");
  };
  addEventListener("error", ({ target }) => target.matches?.("script, link") && miss(target, target.localName === "script"), true);

  on(window, "message", hear);
  on(window, "pagehide", ifStored(keep));
  on(window, "pageshow", ifStored(comeBack));
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
    /* On a slow machine the page has answered before the text box is there. */
    if (isMet) ifStored(restore)(forget);
    greet(greeting);
    focus();
    writeBack();
  });

  ifStored(hasAgreed)("");
  ifStored(() => localStorage.getItem(`portico.${channel}..me.refresh`) && returns())();
  if (parent !== window) parent.postMessage({ portico: 1, type: "hello" }, "*");
})();
