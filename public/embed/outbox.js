/* What the page asks the chat to do, kept until the chat has done it. */

import { post } from "./frame.js";
import { READY, chat, emit } from "./state.js";

/* A frame that never loads does not fill the page's memory. */
const MOST_COMMANDS = 100;

let crowded = false;

/* Later, so that a listener that tries again at once tries for ever without stopping the page. */
const refuse = (chat.refuse = ({ command, text }, reason) => setTimeout(emit, 0, "error", { reason, command, text }));

/** Said again to the next document in the frame, unless this one tells what has become of it. */
export const tell = (command, type, text) => {
  const message = { command, type, text, id: "" + Math.random() };
  if (chat.outbox.length >= MOST_COMMANDS) {
    if (!crowded) console.error("portico:", MOST_COMMANDS, "commands wait for the chat, later ones are refused");
    crowded = true;
    return refuse(message, "busy");
  }
  chat.outbox.push(message);
  if (chat.stage === READY) post(message);
};
