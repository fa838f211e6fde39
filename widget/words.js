/* The language of the chat: what the page wishes, in the address after `#`, or else the browser, if there is a table of its
   words. The table comes while the program is still on its way, so that nobody waits for it. English needs none, and stands
   in where there is none, or where it does not come in time: the page gives up a chat that is silent for five seconds. */

const wishes = [location.hash.slice(1), ...navigator.languages];
const language = (tag) => tag.split(/[-_]/)[0].toLowerCase();
const file = (tag) => document.querySelector(`link[hreflang="${CSS.escape(language(tag))}"]`)?.href;
const locale = wishes.find((tag) => language(tag) === "en" || file(tag));

let words = "";
try {
  const answer = file(locale) && (await fetch(file(locale), { signal: AbortSignal.timeout(1500) }));
  if (answer?.ok) words = await answer.text();
} catch {}

/* The whole tag on the first line, then the table. */
export const spoken = () => locale + "\n" + words;
