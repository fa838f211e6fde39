/* Where the chat fills the screen: nothing behind it can be reached, an on-screen keyboard does not cover it, and Back closes it. */

/** Answers what follows the window and the page. */
export const phone = (chat) => {
  const small = matchMedia("(max-width:479px)");
  const sheet = new CSSStyleSheet();
  const fills = () => chat.opened && !chat.inline && small.matches;
  let covered, step, from, going;

  const cover = () => {
    const { panel } = chat;
    const covers = fills();
    /* The parts of the screen behind a notch or a bar. The frame is not told of them by all browsers, and is inside of them. */
    panel.style = covers ? "padding:env(safe-area-inset-top)0 env(safe-area-inset-bottom)" : "";
    panel.role = covers ? "dialog" : null;
    panel.ariaModal = covers || null;
    panel.ariaLabel = covers ? chat.label() : null;
    if (covered) covered.inert = false;
    const page = document.body || covered;
    covered = covers && !page?.inert && page;
    if (covered) covered.inert = true;
    setTimeout(settle);
  };

  /* Adds the entry that Back leaves, or goes back from it: later, so that what is asked for in one go counts by its end, and
     only from where the page has not gone on. Each opening has a number of its own, as old entries outlive the page. A
     state that is no plain object is kept as it is in another. */
  const settle = () => {
    const { state } = history;
    if (going) return;
    if (fills() && !step) {
      step = Math.random();
      from = location.href;
      history.pushState({ ...(state && state.constructor !== Object ? { state } : state), portico: step }, "");
    } else if (!chat.opened && step) {
      const ours = state?.portico === step && location.href === from;
      step = 0;
      if (ours) {
        going = setTimeout(arrive, 1e3);
        history.back();
      }
    }
  };

  /* Our own way back has an end, also if the browser tells none. */
  const arrive = () => {
    clearTimeout(going);
    going = 0;
    settle();
  };

  /* The entry under ours has our address; a page that has gone on to a part of itself has another. What is about our entry
     alone is kept from the page's router, which would draw the page anew. */
  const back = (event) => {
    if (going) {
      event.stopImmediatePropagation();
      arrive();
    } else if (step && history.state?.portico !== step && location.href === from) {
      event.stopImmediatePropagation();
      step = 0;
      chat.commands.close();
    }
  };

  /* An on-screen keyboard leaves less of the page to the window; a page that is only enlarged leaves as much as before. */
  const fit = () => {
    const { scale, height, offsetTop } = visualViewport;
    sheet.replaceSync(`:host{--high:${height * scale}px;--top:${scale > 1 ? 0 : offsetTop}px}`);
  };
  fit();

  return {
    sheet,
    cover,
    back,
    keep() {
      if (covered && covered !== document.body) cover();
    },
    listen() {
      chat.on(small, "change", cover);
      chat.on(visualViewport, "resize", fit);
      chat.on(visualViewport, "scroll", fit);
    },
  };
};
