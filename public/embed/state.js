/* The one chat of the page, as all parts know it. The second script is handed it, and may be of a newer relay than this one
   for as long as a browser keeps this one: members are added, and keep their meaning. */

/** How far the frame has come: nothing is in it, a document that may be written in, a program that takes commands. */
export const EMPTY = 0, SHOWN = 1, READY = 2;

/** Every event is a DOM event too, and a listener that throws disturbs nobody. */
export const emit = (name, detail) => document.dispatchEvent(new CustomEvent("portico:" + name, { detail }));

/* Beside what stands here: the elements of the launcher, while there is one (`host`, and in its shadow `root` the `box`, `dock`,
   `launcher`, `panel`, `frame`, `failed`, `retry`), `commands`, `attributes`, what the page says of the present conversation alone, and, once the second script
   is there, `more`, what that does, and whether the chat is `inline`, a part of the page, and then `unseen`, out of sight. */
export const chat = {
  stage: EMPTY,
  opened: false,
  /* Messages that the visitor has not seen. */
  unread: 0,
  /* What stands before the page's title. */
  badge: "",
  /* Commands that the frame has not carried out. */
  outbox: [],
  /* What they were promised, by the command's id: a message's promise is kept until the relay has it. */
  promises: {},
  emit,
};
