/* What the document in the frame says once its program runs. */

const READY = 2;

/** Makes what takes its messages. */
export const hearing = (chat, card, calls) => {
  const heard = {
    __proto__: null,
    /* It says in words what the browser lacks. */
    broken() {
      chat.endWait();
      chat.emit("error", { reason: "unsupported" });
    },
    failed: chat.fail,
    ready({ forgot, other }) {
      if (forgot) chat.mark("");
      /* The one before is not told any more on this device. */
      if (forgot || other) calls.leave();
      if (chat.stage === READY) return;
      chat.turn(READY);
      chat.outbox.forEach(chat.post);
      chat.emit("ready");
    },
    close: chat.commands.close,
    left: () => chat.leave(),
    /* It has carried out a command, or never will. */
    taken: settle,
    refused: settle,
    /* The relay has a message, or refuses it for good. */
    settled({ id, message, reason }) {
      chat.settle(id, message, reason);
    },
    unread: (message) => card.tell(message),
    alert: calls.take,
    event({ name, detail }) {
      chat.leaving() || chat.mark({ conversationStarted: "live", conversationEnded: "" }[name]);
      chat.emit(name, detail);
      if (name !== "conversationEnded" || !chat.attributes) return;
      chat.attributes = undefined;
      chat.commands.pageView();
    },
  };
  function settle({ id, reason }) {
    const told = chat.outbox.find((command) => command.id === id);
    chat.outbox = chat.outbox.filter((other) => other !== told);
    if (told && reason) chat.refuse(told, reason);
    else if (told && told.type !== "send") chat.settle(id);
  }
  return (message) => heard[message.type]?.(message);
};
