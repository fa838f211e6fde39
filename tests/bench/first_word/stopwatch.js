// Runs before every document of a page and of its frames, and takes the times of a visitor's first word: when the launcher is
// pressed, when a text box is on the screen, and when the page shows that what was typed into it and sent has arrived. Looks
// once a frame, as a visitor's screen does. All documents of a page read one clock.
(() => {
  const TEXT = "Which tent is light?";
  // What the other chats' back ends answer, and how Portico marks a message that is stored.
  const ANSWER = "ACK";
  const STORED = '.state[title="Sent"]';

  const now = () => performance.timeOrigin + performance.now();
  const everything = (root) =>
    [...root.querySelectorAll("*")].flatMap((el) => (el.shadowRoot ? [el, ...everything(el.shadowRoot)] : [el]));
  const isSeen = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && el.clientWidth > 0;
  const isBox = (el) =>
    el.matches("textarea, input[type=text], [contenteditable=true]") && !el.disabled && !el.readOnly && isSeen(el);
  const hasArrived = (el) => (!el.children.length && !el.shadowRoot && el.textContent === ANSWER) || el.matches(STORED);

  const write = () => {
    // The one of before may have been replaced.
    const box = everything(document).find(isBox);
    box.focus();
    if (box.isContentEditable) document.execCommand("insertText", false, TEXT);
    else {
      // The element's own setter: frameworks put one before it, and would not notice.
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set.call(box, TEXT);
      box.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    }
    const enter = { key: "Enter", code: "Enter", keyCode: 13, which: 13, bubbles: true, composed: true, cancelable: true };
    for (const kind of ["keydown", "keypress", "keyup"]) box.dispatchEvent(new KeyboardEvent(kind, enter));
  };

  // In a frame: tells the page, which says when to write, for it knows when the frame itself is on the screen.
  const tell = (what) => top.postMessage({ stopwatch: what, at: now() }, "*");
  let isShown = false;
  const look = () => {
    const all = everything(document);
    if (!isShown) {
      isShown = all.some(isBox);
      if (isShown) tell("box");
    } else if (all.some(hasArrived)) return tell("arrived");
    requestAnimationFrame(look);
  };
  addEventListener("message", ({ data }) => data?.stopwatch === "write" && write());
  requestAnimationFrame(look);
  if (top !== window) return;

  const times = {};
  let writer, finish, sends;
  const answer = () => {
    if (sends ? times.arrived : times.shown) finish([times.shown, times.arrived].map((at) => at && at - times.pressed));
  };
  // A frame of another origin does not know whether it is on the screen itself.
  const show = () => {
    const frame = everything(document).find((el) => el.matches("iframe"));
    if (frame && isSeen(frame)) times.frame ||= now();
    if (times.shown || !times.pressed || !times.box || (frame && !times.frame)) return;
    times.shown = Math.max(times.box, times.frame || 0);
    if (sends) writer.postMessage({ stopwatch: "write" }, "*");
    else answer();
  };
  const watch = () => {
    show();
    if (!times.shown) requestAnimationFrame(watch);
  };
  addEventListener("message", ({ data, source }) => {
    if (!data?.stopwatch || data.stopwatch === "write") return;
    times[data.stopwatch] = data.at;
    writer = source;
    if (times.arrived) answer();
    else show();
  });
  const launcher = () =>
    document.querySelector("#launcher") || document.querySelector("portico-chat")?.shadowRoot.querySelector(".launcher");

  window.stopwatch = {
    isReady: () => document.readyState === "complete" && !!launcher(),
    // A mouse comes near, as it does before it presses.
    near() {
      const { left, top } = launcher().getBoundingClientRect();
      dispatchEvent(new PointerEvent("pointermove", { clientX: left - 20, clientY: top - 20, pointerType: "mouse" }));
    },
    // Presses, and answers how many milliseconds later a text box was there and, of a chat that sends, how many later a
    // message had arrived.
    press(isSent, done) {
      [finish, sends] = [done, isSent];
      times.pressed = now();
      launcher().click();
      watch();
    },
  };
})();
