/* The plain chat where scripts run: forms are sent in the background, answers are looked for, and the visitor is the one whom
   this browser knows. What is written waits in the same outbox as the widget's, under the same ids, until the relay has it.
   Where the channel asks for consent, nothing of this begins before it is given. */
(() => {
  const LOOK_EVERY = 5e3;
  const WITHIN = 15e3;
  const DAY = 864e5;
  const root = document.documentElement;
  const channel = location.pathname.split("/")[3];
  const FIRST = `portico.first.${channel}`;
  const TAB_DRAFT = `portico.${channel}.draft`;
  const find = (id) => document.getElementById(id);
  const form = find("form");
  const box = find("text");
  const framed = parent !== window;
  const touches = matchMedia("(pointer: coarse)").matches;
  let who;
  let origin = "*";
  let last = Promise.resolve();
  let isOpen = !framed;
  let isLooking = false;
  let isFlushing = false;
  let hasBegun = false;
  let waiting = [];
  let draft = "";
  let agreed;

  const say = (type, more) => framed && parent.postMessage({ portico: 1, type, ...more }, origin);

  /* A browser that refuses storage keeps nothing. */
  const stored = (act) => {
    try {
      return act();
    } catch {}
  };
  const inNames = (piece) => (/^(me|out|files|alerts)%*$/.test(piece) ? piece + "%" : piece);
  const scope = () => `portico.${channel}.${(who?.customer || "").split(".").map(inNames).join(".")}.`;
  const anonymous = `portico.${channel}..`;
  const read = (key) => stored(() => localStorage.getItem(key)) || undefined;
  const write = (key, text) => stored(() => (text ? localStorage.setItem(key, text) : localStorage.removeItem(key)));
  const parse = (text) => stored(() => JSON.parse(text)) ?? undefined;
  /* Who this browser was before: an unknown visitor's chat becomes the customer's. */
  const refresh = () => read(anonymous + "me.refresh") || read(scope() + "me.refresh");

  /* What is to be agreed to, and whether it was: here, in the widget, or on the page around. */
  const terms = () => find("terms")?.dataset;
  const given = () => agreed || parse(read(scope() + "me.consent"));
  const hasAgreed = () => !terms() || given()?.version === +terms().version;
  const agree = (language, by_page) => {
    agreed = { version: +terms().version, language, by_page };
    write(scope() + "me.consent", JSON.stringify(agreed));
  };
  /* An unknown visitor who signs in has agreed, if to no older terms than the customer. */
  const takeConsent = () => {
    const text = who.customer && read(anonymous + "me.consent");
    if (!text) return;
    write(anonymous + "me.consent");
    if (!(parse(read(scope() + "me.consent"))?.version >= parse(text)?.version)) write(scope() + "me.consent", text);
  };
  const drawTerms = () => {
    find("asks").hidden = hasAgreed();
    find("compose").hidden = !hasAgreed();
  };

  const clock = (page) => {
    const write = new Intl.DateTimeFormat(root.lang, { hour: "numeric", minute: "2-digit" });
    page.querySelectorAll("time").forEach((time) => (time.textContent = write.format(new Date(time.dateTime))));
  };
  const atEnd = (act, isForced) => {
    const log = find("log");
    const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    act();
    if (wasAtEnd || isForced) log.scrollTop = log.scrollHeight;
  };

  /* Each line stays the element that it was, so that what is new alone is read out. */
  const show = (page) => {
    clock(page);
    find("lines").dataset.mark = page.getElementById("lines").dataset.mark;
    atEnd(() =>
      page.querySelectorAll("#lines > li").forEach((line) => {
        const known = find(line.id);
        if (!known) find("lines").append(line);
        else if (known.textContent !== line.textContent) known.replaceWith(line);
      }),
    );
    const [choices, says, asks] = ["choices", "says", "asks"].map((id) => page.getElementById(id));
    if (find("choices").textContent !== choices.textContent) find("choices").replaceWith(choices);
    if (find("says").textContent !== says.textContent) find("says").textContent = says.textContent;
    if (asks.querySelector("#terms")?.dataset.version !== terms()?.version) find("asks").replaceWith(asks);
    for (const id of ["look", "end"]) find(id).hidden = page.getElementById(id).hidden;
    const next = page.getElementById("form").elements;
    form.elements.visit.value = next.visit.value;
    form.elements.id.value = next.id.value;
    drawTerms();
    return next.text.value ? "refused" : "done";
  };

  const fetchPage = (fields) =>
    new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open(fields ? "POST" : "GET", location.href);
      request.responseType = "document";
      request.timeout = WITHIN;
      request.onload = () => {
        const page = request.response;
        if (request.status === 204) return done({ isSame: true });
        done({ page: page?.getElementById("form") ? page : undefined, isLater: request.status >= 429 });
      };
      request.onerror = request.ontimeout = () => done({});
      request.send(fields && new URLSearchParams(fields));
    });

  /* One after the other. Answers what became of it: nothing, if it is to be tried again. A visit whose time is over is made
     anew, by what this browser knows. */
  const ask = (fields) => (last = last.then(() => carryOut(fields)).catch(() => undefined));
  const carryOut = async (fields) => {
    const token = form.elements.visit;
    const known = fields.wants === "look" ? { known: find("lines").dataset.mark } : {};
    const post = () => fetchPage({ part: 1, visit: token.value, id: form.elements.id.value, ...known, ...fields });
    if (!token.value && (fields.wants === "send" || who?.identity || refresh())) await visit();
    /* What the visitor before left is not this one's to send. */
    const isDropped = () => fields.wants === "send" && waiting.every(({ id }) => id !== fields.id);
    if (!token.value || isDropped()) return;
    let { page, isLater, isSame } = await post();
    if (isSame) return "done";
    if (page && !page.getElementById("form").elements.visit.value) {
      token.value = "";
      await visit();
      if (!token.value || isDropped()) return;
      ({ page, isLater } = await post());
    }
    if (!page) return;
    if (!isLater) return show(page);
    find("says").textContent = page.getElementById("says").textContent;
  };

  /* The same visit that the widget would make. Nobody visits who has not agreed. The relay alone says that it has forgotten the
     visitor: what a proxy answers, or a network that wants a login first, is tried again. */
  const visit = async () => {
    if (!hasAgreed()) return;
    const body = (refresh) => ({ channel, refresh, identity: who?.identity || undefined, consent: given() });
    const open = (body) =>
      fetch("/api/session", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout?.(WITHIN),
      });
    try {
      const proof = refresh();
      let answer = await open(body(proof));
      if (answer.status === 401 && proof && (await code(answer)) === "refresh_refused") {
        const newer = refresh() === proof ? undefined : refresh();
        if (!newer && !who?.customer) stored(partWithFormer);
        answer = await open(body(newer));
      }
      if (answer.status === 403 && (await code(answer)) === "consent_required") await asksAnew();
      const session = answer.ok && (await answer.json());
      if (!session?.token || !session.refresh) return;
      form.elements.visit.value = session.token;
      write(scope() + "me.refresh", session.refresh);
      if (session.linked && who?.customer) adopt();
    } catch {}
  };
  const code = async (answer) => parse(await answer.text())?.code;
  /* The terms are other ones by now. */
  const asksAnew = async () => {
    agreed = undefined;
    const { page } = await fetchPage();
    if (page) show(page);
  };

  /* The unknown visitor's chat is the customer's now, and what is unsent with it. */
  const adopt = () => {
    uncopy(anonymous);
    const keys = stored(() => Object.keys(localStorage).filter((key) => key.startsWith(anonymous))) || [];
    const own = draftOfTab(anonymous);
    for (const key of keys) {
      const text = read(key);
      write(key);
      const name = scope() + key.slice(anonymous.length);
      const marks = key === anonymous + "me.drafts" && read(name);
      if (!key.endsWith("me.refresh")) write(name, marks || text);
    }
    if (own !== undefined) keepInTab(own);
    takeOver();
  };

  /* The widget's copy of what is unsent, as far as the names there begin so, goes as `widget/first.js` has it go. */
  const COPY = `portico.${channel}`;
  const uncopy = (names) =>
    new Promise((done) => {
      setTimeout(done, 5e3);
      const request = stored(() => (names ? indexedDB.open(COPY) : indexedDB.deleteDatabase(COPY)));
      if (!request) return done();
      request.onupgradeneeded = () => request.transaction.abort();
      request.onerror = done;
      request.onsuccess = () => {
        const database = request.result;
        if (!database) return done();
        const work = database.transaction("unsent", "readwrite");
        work.objectStore("unsent").delete(IDBKeyRange.bound(names, names + "\uffff"));
        work.oncomplete = work.onabort = done;
        database.close();
      };
    });

  /* The outbox: the widget's records, as `client/src/outbox/record.rs` reads and writes them. */
  const name = ({ id }) => `${scope()}out.outbox.${id}`;
  const records = () => {
    const prefix = name({ id: "" });
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => ({ id: key.slice(prefix.length), ...parse(localStorage.getItem(key)) }))
      .filter(({ post, failed, version }) => version === 1 && post?.body.type === "PLAIN" && !failed)
      .filter(({ order }) => order > Date.now() - DAY)
      .map(({ id, order, post }) => ({ id, order, text: post.body.markdownText, isLeft: true }));
  };
  /* The relay has forgotten the visitor before: what that one left goes, sent or only begun, for the next one is not to read it. */
  const partWithFormer = () => {
    uncopy(name({ id: "" }));
    waiting = waiting.filter(({ isLeft }) => !isLeft);
    const own = waiting.map(name);
    const left = (key) => key.startsWith(name({ id: "" })) && !own.includes(key);
    for (const key of Object.keys(localStorage).filter(left)) write(key);
    write(scope() + "me.drafts");
    edit(box.value === draft ? "" : box.value);
    write(scope() + "me.prechat");
    drawWaiting();
  };
  const remember = (one) => {
    const post = { body: { type: "PLAIN", markdownText: one.text } };
    write(name(one), JSON.stringify({ version: 1, order: one.order, restarts: 0, post, whisper: false, at: one.order }));
  };
  const forget = (one) => {
    write(name(one));
    uncopy(name(one));
    waiting = waiting.filter(({ id }) => id !== one.id);
  };
  const drawWaiting = () =>
    atEnd(() => {
      const list = find("waiting");
      const row = ({ id, text }) => {
        const [li, p, small] = ["li", "p", "small"].map((name) => document.createElement(name));
        Object.assign(li, { id: "w" + id, className: "own" });
        Object.assign(p, { textContent: text, dir: "auto" });
        small.textContent = list.dataset.word;
        li.append(p, small);
        return li;
      };
      list.replaceChildren(...waiting.map(row));
    }, true);

  let count = 0;
  const post = (text) => {
    const id = crypto.randomUUID?.() || `${form.elements.id.value}-${Date.now()}-${++count}`;
    const one = { id, text, order: Math.max(Date.now(), ...waiting.map(({ order }) => order + 1)) };
    waiting.push(one);
    remember(one);
  };
  /* In their order, each until the relay has it or will never take it; that one is in the text box again. */
  const flush = async () => {
    if (isFlushing) return;
    isFlushing = true;
    for (let one; (one = waiting[0]); ) {
      const became = await ask({ wants: "send", id: one.id, text: one.text });
      if (!became) break;
      forget(one);
      if (became === "refused") edit([one.text, box.value].filter(Boolean).join("\n"));
      drawWaiting();
    }
    isFlushing = false;
  };
  const edit = (text) => {
    box.value = text;
    write(scope() + "me.draft", text);
    keepInTab(text);
  };
  /* The widget's draft of this tab, as `widget/src/visitor/draft.rs` reads and writes it: it counts only with a mark of its visitor. */
  const marksOf = (scope) => (read(scope + "me.drafts") || "").split("\n").filter(Boolean);
  const keepInTab = (text) => {
    const [mark] = marksOf(scope());
    stored(() => (mark ? sessionStorage.setItem(TAB_DRAFT, `${mark}\n${text}`) : sessionStorage.removeItem(TAB_DRAFT)));
  };
  const draftOfTab = (scope) => {
    const [mark, ...lines] = (stored(() => sessionStorage.getItem(TAB_DRAFT)) || "").split("\n");
    return marksOf(scope).includes(mark) ? lines.join("\n") : undefined;
  };

  /* What was written before this page took the widget's place: in its outbox and its text box, and on its first screen. That goes
     into the outbox before it goes from where it was, so that it is sent, and sent once. */
  const takeOver = () => {
    const isNew = ({ id }) => waiting.every((one) => one.id !== id);
    waiting.push(...(stored(records) || []).filter(isNew));
    waiting.sort((one, other) => one.order - other.order);
    draft = draftOfTab(scope()) ?? (read(scope() + "me.draft") || "");
    box.value ||= draft;
    const kept = parse(stored(() => sessionStorage.getItem(FIRST)));
    if (kept && (!kept.customer || kept.customer === who?.customer)) {
      kept.sent.forEach(post);
      edit([kept.text, box.value].filter(Boolean).join("\n"));
      stored(() => sessionStorage.removeItem(FIRST));
    }
    drawWaiting();
  };

  const customerIn = (identity) => {
    try {
      const claims = atob(identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
      const bytes = Uint8Array.from(claims, (byte) => byte.charCodeAt(0));
      const { sub } = JSON.parse(new TextDecoder().decode(bytes));
      return typeof sub === "string" ? sub : "";
    } catch {
      return "";
    }
  };

  let forgotten;
  const forgetAll = async ({ visit }) => {
    forgotten = visit;
    const ours = (key) => key.startsWith(`portico.${channel}.`);
    stored(() => Object.keys(localStorage).filter(ours).forEach((key) => localStorage.removeItem(key)));
    stored(() => sessionStorage.removeItem(TAB_DRAFT));
    const kept = parse(stored(() => sessionStorage.getItem(FIRST)));
    /* What was written since then is the next visitor's own. */
    if (!kept?.visit || kept.visit !== visit) stored(() => sessionStorage.removeItem(FIRST));
    stored(() => caches.delete(`portico.${channel}`).catch(() => {}));
    await uncopy();
    say("ready", { forgot: true });
  };

  /* The page around says who the visitor is. For another one, this page begins anew; what one who signs in has in the text box
     goes along. */
  const meet = (message) => {
    const before = who;
    who = { identity: message.identity, customer: customerIn(message.identity), visit: message.visit || "" };
    root.style.colorScheme = /^(light|dark)$/.test(message.theme) ? message.theme : "";
    /* The page says it again until it is told. */
    const forgets = message.forget && (!who.visit || forgotten !== who.visit);
    if (forgets) forgetAll(who);
    const isSame = before?.visit === who.visit && !forgets;
    const isOther = before && (!isSame || (who.customer && who.customer !== before.customer));
    if (isSame && !who.identity) who = before;
    takeConsent();
    if (!hasAgreed() && message.consent === +terms().version) agree(root.lang, true);
    if (!isOther) return begin();
    if (isSame && !before.customer && box.value) {
      const kept = { visit: who.visit, customer: "", text: box.value, sent: [] };
      stored(() => sessionStorage.setItem(FIRST, JSON.stringify(kept)));
    }
    location.reload();
  };

  const begin = () => {
    drawTerms();
    if (!hasAgreed()) return;
    if (!hasBegun) {
      hasBegun = true;
      takeOver();
      ask({ wants: "look" });
    }
    flush();
  };

  addEventListener("message", ({ source, data, origin: from }) => {
    if (!framed || source !== parent || data?.portico !== 1 || data.type !== "init") return;
    if (origin !== "*" && origin !== from) return;
    origin = from;
    find("close").hidden = !!data.inline;
    const wasOpen = isOpen;
    isOpen = !!(data.open || data.inline);
    meet(data);
    if (isOpen && !wasOpen && !data.inline && !touches) box.focus();
  });
  find("close").addEventListener("click", () => say("close"));
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") say("close");
    if (event.key !== "Enter" || event.shiftKey || event.target !== box || touches) return;
    event.preventDefault();
    form.requestSubmit();
  });
  box.addEventListener("input", () => hasAgreed() && edit(box.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { name, value } = event.submitter || {};
    if (value === "agree" && name === "wants") {
      agree(terms().language, false);
      begin();
    } else if (name === "wants" && value !== "send") {
      ask({ wants: value });
    } else {
      const text = name === "choice" ? value : box.value;
      if (name !== "choice") edit("");
      if (/\S/.test(text)) post(text);
      drawWaiting();
      flush();
    }
    if (name !== "choice") box.focus();
  });
  setInterval(() => {
    if (document.hidden || !isOpen || isLooking || !hasAgreed()) return;
    if (waiting.length) return flush();
    if (!form.elements.visit.value && !refresh() && !who?.identity) return;
    isLooking = true;
    ask({ wants: "look" }).then(() => (isLooking = false));
  }, LOOK_EVERY);

  clock(document);
  say("hello");
  say("broken");
  if (!framed) begin();
})();
