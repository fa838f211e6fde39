/* What the page asks the chat to do, kept until the chat has done it. */

import { PorticoError } from "./error.js";
import { post } from "./frame.js";
import { READY, chat, emit } from "./state.js";

/* A frame that never loads does not fill the page's memory. */
const MOST_COMMANDS = 100;

let crowded = false;

/** Ends the promise of a command: by an answer, or with the code of an error. */
const settle = (chat.settle = (id, answer, code) => {
  const promise = chat.promises[id];
  delete chat.promises[id];
  code ? promise?.fail(new PorticoError(code)) : promise?.done(answer);
});

/** Told later, so that a listener that tries again at once tries for ever without stopping the page. */
const refuse = (chat.refuse = ({ id, command, text }, reason) => {
  settle(id, 0, reason);
  setTimeout(emit, 0, "error", { reason, command, text });
});

/** Said again to the next document in the frame, unless this one tells what has become of it. */
export const tell = (command, type, text) =>
  new Promise((done, fail) => {
    const message = { command, type, text, id: "" + Math.random() };
    chat.promises[message.id] = { done, fail };
    if (chat.outbox.length >= MOST_COMMANDS) {
      if (!crowded) console.error("portico: commands are refused");
      crowded = true;
      return refuse(message, "busy");
    }
    chat.outbox.push(message);
    if (chat.stage === READY) post(message);
  });

/** What was asked for is void: the visitor has left, or the launcher is gone. */
export const empty = (code) => {
  chat.outbox = [];
  Object.keys(chat.promises).forEach((id) => settle(id, 0, code));
};
