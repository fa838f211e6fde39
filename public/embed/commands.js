/* What scripts of the page may ask for. */

import { PorticoError } from "./error.js";
import { describe, load, unload } from "./frame.js";
import { build, draw } from "./launcher.js";
import { off, on } from "./listeners.js";
import { style } from "./looks.js";
import { mark } from "./mark.js";
import { empty, tell } from "./outbox.js";
import { leavePage, place } from "./place.js";
import { EMPTY, chat, emit } from "./state.js";
import { ignored, settings } from "./tag.js";

const change = (options) => {
  Object.assign(settings, options);
  if (!chat.host) return;
  style();
  draw();
  if (chat.stage !== EMPTY) describe();
};

/* The chat begins anew when the number of the visit is another one. What was asked for in the one before is void. */
chat.leave = () => {
  empty("left");
  chat.attributes = undefined;
  change({ identity: "", data: "", consent: "", visit: "" + Math.random() });
};

/* Shown or not: told to the frame, and drawn. */
const turn = (opened) => {
  chat.opened = opened;
  if (opened) {
    chat.host.hidden = false;
    load();
  }
  chat.more?.cover();
  change();
  if (opened) chat.frame?.focus();
  emit(opened ? "open" : "close");
};

/* What is asked of a chat that is not there is not kept for another one, which may be another visitor's. */
const demand = () => {
  if (!chat.host) throw new PorticoError("boot", "boot first");
};

/* Asked of the frame, which need not be open for it. */
const ask = (...command) => {
  demand();
  load();
  return tell(...command);
};

/* Whether there is something to close: a part of the page is open for good. */
const closes = () => chat.opened && !chat.inline;

export const commands = (chat.commands = {
  __proto__: null,
  update(options) {
    const { host } = chat;
    /* A widget that is there stays in its channel. */
    if (host) ignored(options?.channel, settings.channel);
    change(host ? { ...options, channel: settings.channel } : options);
    place();
  },
  boot(options) {
    const { host } = chat;
    commands.update(options);
    /* Throws what no address can have in it. */
    if (!encodeURIComponent(settings.channel || "")) throw new PorticoError("channel", "which channel?");
    if (!host) {
      build();
      if (mark() === "live") load();
      else if (settings.preload === "idle") setTimeout(load, 3e3);
    }
    place();
  },
  open() {
    demand();
    place();
    if (!closes()) turn(true);
  },
  close() {
    if (closes()) turn(false);
  },
  toggle() {
    closes() ? commands.close() : commands.open();
  },
  show() {
    if (!chat.host) return;
    chat.host.hidden = false;
    place();
  },
  hide() {
    commands.close();
    if (chat.host) chat.host.hidden = true;
  },
  showNewMessage(text) {
    commands.open();
    return tell("showNewMessage", "compose", text);
  },
  sendMessage(text) {
    return ask("sendMessage", "send", text);
  },
  forgetMe() {
    return ask("forgetMe", "erase");
  },
  identify(who) {
    change({ identity: who?.jwt || who });
  },
  logout() {
    mark("forget");
    chat.leave();
  },
  reset() {
    commands.close();
    commands.logout();
  },
  shutdown() {
    commands.logout();
    commands.destroy();
  },
  setData(data) {
    change({ data: { ...settings.data, ...data } });
  },
  setConversationAttributes(data) {
    chat.attributes = { ...chat.attributes, ...data };
    change();
  },
  track(event, details) {
    commands.setConversationAttributes({ last_event: event, last_event_details: details ? JSON.stringify(details) : null });
  },
  setLocale(locale) {
    change({ locale });
  },
  setTheme(theme) {
    commands.update(theme?.trim ? { theme } : theme);
  },
  pageView() {
    change();
  },
  destroy() {
    if (!chat.host) return;
    commands.close();
    chat.opened = false;
    chat.more?.cover();
    unload();
    leavePage();
    chat.host = chat.host.remove();
    empty("destroyed");
    chat.unread = 0;
    chat.more?.forget();
  },
});

commands.setUser = commands.identify;
commands.setAttributes = commands.setData;

/* What needs no launcher, and is answered at once. */
const listening = { __proto__: null, on, once: (name, fn) => on(name, fn, true), off };

/** Whether a call waits for nothing. */
export const isAtOnce = (args) => typeof args?.[0] === "string" && args[0] in listening;

/** A promise that may be ignored: no rejection of it is told to the page as one that is not handled. */
export const ignorable = (promise) => {
  promise.catch(() => {});
  return promise;
};

const carryOut = (name, ...rest) => {
  if (!commands[name]) throw new PorticoError("command", name);
  /* What it asks with is copied: that must fit into a message to the frame. */
  return commands[name](...JSON.parse(JSON.stringify(rest)));
};

/** Carries a call out, and answers a promise, or what listeners are answered. Nothing that a page asks may throw into it. */
export const obey = (args) => {
  const atOnce = isAtOnce(args);
  try {
    return atOnce ? listening[args[0]](...[...args].slice(1)) : ignorable(Promise.resolve(carryOut(...args)));
  } catch (error) {
    console.error("portico:", args?.[0], error);
    return atOnce ? () => {} : ignorable(Promise.reject(error instanceof PorticoError ? error : new PorticoError("argument", error.message)));
  }
};
