/* What scripts of the page may ask for. */

import { describe, load, unload } from "./frame.js";
import { build, draw } from "./launcher.js";
import { style } from "./looks.js";
import { mark } from "./mark.js";
import { tell } from "./outbox.js";
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
const leave = (chat.leave = () => {
  chat.outbox = [];
  change({ identity: "", data: "", visit: "" + Math.random() });
});

/* Shown or not: told to the frame, and drawn. */
const turn = (opened) => {
  chat.opened = opened;
  if (opened) {
    chat.host.hidden = false;
    load();
  }
  change();
  chat.more?.cover();
  if (opened) chat.frame?.focus();
  emit(opened ? "open" : "close");
};

export const commands = (chat.commands = {
  __proto__: null,
  boot(options) {
    const { host } = chat;
    /* A widget that is there stays in its channel. */
    if (host) ignored(options?.channel, settings.channel);
    change(host ? { ...options, channel: settings.channel } : options);
    /* Throws what no address can have in it. */
    if (!encodeURIComponent(settings.channel || "")) throw new Error("which channel?");
    if (!host) {
      build();
      if (mark() === "live") load();
      else if (settings.preload === "idle") setTimeout(load, 3e3);
    }
    place();
  },
  open() {
    if (!chat.host) return console.warn("portico: there is nothing to open before a boot with a channel");
    place();
    if (!chat.opened) turn(true);
  },
  close() {
    if (chat.opened) turn(false);
  },
  toggle() {
    chat.opened ? commands.close() : commands.open();
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
    tell("showNewMessage", "compose", text);
  },
  sendMessage(text) {
    load();
    tell("sendMessage", "send", text);
  },
  identify(who) {
    change({ identity: who?.jwt || who });
  },
  logout() {
    mark("forget");
    leave();
  },
  setData(data) {
    change({ data: { ...settings.data, ...data } });
  },
  setLocale(locale) {
    change({ locale });
  },
  setTheme(theme) {
    change({ theme });
  },
  pageView() {
    change();
  },
  on(name, fn) {
    if (!fn?.call) throw new TypeError("no function");
    const heard = (event) => fn(event.detail);
    document.addEventListener("portico:" + name, heard);
    return () => document.removeEventListener("portico:" + name, heard);
  },
  destroy() {
    if (!chat.host) return;
    chat.opened = false;
    chat.more?.cover();
    unload();
    leavePage();
    chat.host = chat.host.remove();
    chat.outbox = [];
    chat.unread = 0;
    chat.more?.forget();
  },
});

/** Nothing that a page asks may throw into it. What it asks with is copied: that must fit into a message to the frame. */
export const obey = (args) => {
  try {
    const [name, ...rest] = args;
    return commands[name](...(name === "on" ? rest : JSON.parse(JSON.stringify(rest))));
  } catch (error) {
    console.error("portico:", args?.[0], error);
  }
};
