/* What the playground's controls do. The chat's own script is the next one, from the line; until it has run, commands wait. */

const at = (id) => document.getElementById(id);
const { relay, channel } = document.body.dataset;
const form = at("options");

window.Portico = (...args) => {
  const answer = new Promise((done) => window.Portico.q.push(Object.assign(args, { done })));
  answer.catch(() => {});
  return answer;
};
window.Portico.q = [];

/* Events and answers: what happened last stands first. */

const MOST_LINES = 200;

const note = (name, detail, failed) => {
  const line = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = new Date().toLocaleTimeString("en-GB");
  const title = document.createElement("b");
  title.textContent = name;
  line.className = failed ? "failed" : "";
  line.append(time, title);
  if (detail !== undefined && detail !== null) {
    const what = document.createElement("code");
    what.textContent = typeof detail === "string" ? detail : JSON.stringify(detail);
    line.append(what);
  }
  at("events").prepend(line);
  while (at("events").childElementCount > MOST_LINES) at("events").lastElementChild.remove();
};

const EVENTS = ["ready", "open", "close", "unread", "message", "messageSent", "conversationStarted", "conversationEnded", "connection", "error"];
for (const name of EVENTS) document.addEventListener("portico:" + name, ({ detail }) => note(name, detail, name === "error"));

/** Gives a command, and notes what it is answered. */
const ask = (command, ...args) =>
  window.Portico(command, ...args).then(
    (answer) => note(command + "()", answer ?? "done"),
    (error) => note(command + "()", `${error.code}: ${error.message}`, true),
  );

/* Options. Those that were never touched are not named. */

const touched = new Set();

const options = () => Object.fromEntries([...touched].map((name) => [name, form.elements[name].value]));

const attribute = (name) => "data-" + name.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const drawSnippet = () => {
  const named = Object.entries({ channel, ...options() }).filter(([, value]) => value);
  const attributes = named.map(([name, value]) => `\n  ${attribute(name)}="${escaped(value)}"`);
  at("snippet").textContent = `<script async src="${relay}/embed.js"${attributes.join("")}></script>`;
};

const apply = () => {
  at("ask").hidden = form.elements.launcher.value !== "#ask";
  at("place").hidden = !form.elements.container.value;
  drawSnippet();
  ask("update", options());
};

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", ({ target }) => {
  touched.add(target.name);
  apply();
});
form.addEventListener("reset", () =>
  setTimeout(() => {
    const before = [...touched];
    touched.clear();
    at("ask").hidden = at("place").hidden = true;
    drawSnippet();
    ask("update", Object.fromEntries(before.map((name) => [name, ""])));
  }),
);

/* Commands. */

at("plain").addEventListener("click", ({ target }) => {
  const command = target.closest("button")?.textContent;
  if (command) command === "boot" ? ask("boot", { channel, ...options() }) : ask(command);
});

const read = ({ name, value }) => (name === "json" ? JSON.parse(value || "null") : name === "jwt" ? { jwt: value } : value);

for (const command of document.querySelectorAll(".command"))
  command.addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      ask(command.dataset.command, ...[...command.querySelectorAll("input")].map(read));
    } catch (error) {
      note(command.dataset.command + "()", "This is no JSON: " + error.message, true);
    }
  });

/* The line. */

const says = (text) => (at("line-says").textContent = text);

at("line").addEventListener("change", async ({ target }) => {
  const name = target.parentElement.querySelector("b").textContent;
  const set = { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(target.value) };
  const { ok } = await fetch("/line", set).catch(() => ({}));
  note("line", name, !ok);
  says(ok ? `The line is now: ${name.toLowerCase()}.` : "The playground's program does not answer. Start the demo again.");
});

const showLine = async () => {
  const fault = await (await fetch("/line")).json();
  at("line").querySelector(`[value="${fault}"]`).checked = true;
};

/* The rest. */

at("copy").addEventListener("click", async () => {
  const copied = await navigator.clipboard.writeText(at("snippet").textContent).then(() => true, () => false);
  at("copied").textContent = copied ? "Copied." : "The browser does not let this page copy. Mark the text instead.";
  if (!copied) getSelection().selectAllChildren(at("snippet"));
});
at("clear").addEventListener("click", () => at("events").replaceChildren());

drawSnippet();
showLine().catch(() => says("The playground's program does not answer. Start the demo again."));
addEventListener("load", () => {
  if (!window.Portico.loaded) note("embed.js", "The script did not come: is the line cut?", true);
});
ask("boot", { channel });
