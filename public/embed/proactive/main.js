/* Messages that the chat offers by itself, by the channel's rules: fetched where the page asks for them. One stands beside the
   launcher like a new message. Nothing is stored before the visitor has opened or closed one; from then on it is known which
   ones that were, and how often the visitor has come since. */

/* Longer between two pages, and the visitor has come anew, in milliseconds. */
const PAUSE_MS = 18e5;

/** Shows what is due, one at a time. `card` is what stands beside the launcher. */
export default (chat, settings, card) => {
  let rules = [];
  let host, channel, memory, visits, page, seconds, depth, shown, greeting;

  /* A page that has taken the launcher away may make another one, for another channel. */
  const meet = () => {
    const name = settings.channel;
    const asked = (host = chat.host);
    rules = [];
    import(new URL("proactive/" + encodeURIComponent(name), import.meta.url))
      .then((script) => {
        if (asked !== host) return;
        channel = script.default;
        memory = remembered("portico.proactive." + name);
        visits = memory.visit();
        rules = channel.rules.filter(({ id }) => !memory.has(id));
      })
      .catch(() => {});
  };

  /* A page that goes on without a reload is another page. */
  const arrive = () => {
    const here = location.href.split("#")[0];
    if (here === page) return;
    page = here;
    seconds = depth = 0;
    look();
  };

  /* How much of the page the visitor has had on the screen, in percent. */
  const look = () => {
    const { scrollHeight } = document.scrollingElement || document.documentElement;
    depth = Math.max(depth, (100 * (scrollY + innerHeight)) / Math.max(scrollHeight, 1));
  };

  const isOpen = () => !channel.hours || channel.hours.some(({ from, until }) => from <= Date.now() && Date.now() < until);
  const isDue = (rule) =>
    seconds >= rule.seconds &&
    depth >= rule.scroll - 1 &&
    (+settings.visits || visits) >= rule.visits &&
    (rule.closed || isOpen()) &&
    (!rule.pages.length || rule.pages.some((pattern) => fits(pattern, location))) &&
    Object.entries(rule.attributes).every(([key, value]) => `${{ ...settings.data, ...chat.attributes }[key]}` === value);

  /* One who talks, or has a message to read, is not spoken to. */
  const isFree = () => settings.proactive && chat.host?.isConnected && !chat.host.hidden && !chat.inline && !chat.opened && !chat.mark() && !card.preview;

  const show = (rule) => {
    shown = rule;
    rules = rules.filter((other) => other !== rule);
    card.author.textContent = "";
    card.words.textContent = rule.text;
    card.preview = rule;
    chat.draw();
  };

  /* The visitor has reacted: this one never comes again. */
  const close = (card.close = () => {
    if (is()) memory.add(shown.id);
    shown = null;
  });

  /* Whether one is shown: it goes with the launcher, too. */
  const is = () => shown && card.preview === shown;

  /* The chat begins with it: the visitor sees it as the greeting, and agents see it once there is an answer. */
  const open = () => {
    if (!is()) return;
    greeting ??= { page: settings.greeting, ours: shown.text };
    settings.greeting = greeting.ours = shown.text;
    chat.commands.setConversationAttributes({ proactive: shown.id });
    close();
    card.preview = null;
  };

  /* The next chat begins with the page's own greeting, and the next visitor's, too. */
  const restore = () => {
    if (greeting && settings.greeting === greeting.ours) settings.greeting = greeting.page ?? "";
    greeting = null;
  };
  const { leave } = chat;
  chat.leave = () => {
    restore();
    leave();
  };

  /* A frame that is loaded ahead has nothing to tell yet, and takes nothing away. */
  const tell = card.tell.bind(card);
  card.tell = (message) => {
    if (is() && !message.preview && !message.count) return;
    shown = null;
    tell(message);
  };

  document.addEventListener("portico:open", open);
  document.addEventListener("portico:conversationStarted", () => {
    restore();
    chat.commands.pageView();
  });
  addEventListener("scroll", look, { passive: true, capture: true });
  meet();
  arrive();
  setInterval(() => {
    if (chat.host && chat.host !== host) meet();
    arrive();
    if (document.hidden) return;
    seconds++;
    const due = isFree() && rules.find(isDue);
    if (due) show(due);
  }, 1e3);
};

/* A pattern is of a path, of a path with its query where it has a `?`, or of a whole address; `*` stands for anything. */
const fits = (pattern, { href, pathname, search }) => {
  const text = pattern.includes("://") ? href.split("#")[0] : pathname + (pattern.includes("?") ? search : "");
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
};

/* What is known of a visitor who has reacted. Storage may be refused: then nothing is. */
const remembered = (key) => {
  const read = () => {
    try {
      return JSON.parse(localStorage[key]);
    } catch {
      return null;
    }
  };
  const write = (kept) => {
    try {
      localStorage[key] = JSON.stringify({ ...kept, at: Date.now() });
    } catch {}
  };
  return {
    has: (id) => !!read()?.seen?.includes(id),
    add(id) {
      const kept = read() || { seen: [], visits: 1 };
      write({ ...kept, seen: [...kept.seen.filter((other) => other !== id), id] });
    },
    /* Which visit this is. */
    visit() {
      const kept = read();
      if (!kept) return 1;
      const visits = kept.visits + +(Date.now() - kept.at > PAUSE_MS);
      write({ ...kept, visits });
      return visits;
    },
  };
};
