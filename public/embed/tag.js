/* The script tag: where the relay is, and what the site's owner has said in the tag's attributes. */

const tag = document.currentScript;

/** What stands in the script's place: a queue of commands, an earlier script, or nothing. */
export const waiting = window.Portico;

/* An element that a visitor's text has named "currentScript" stands in its place, and must not say who the relay is. For
   a module there is none. In XHTML names are in lower case. */
const script =
  tag?.localName === "script"
    ? tag
    : [...document.querySelectorAll("script[type=module][data-channel]")].find(({ src }) => /\/embed\.js([?#]|$)/.test(src));

/* A script that loads this one says where it is, in a text; elements that are named so say nothing. */
const said = waiting?.relay?.trim ? waiting.relay : script?.src;

/** The relay's origin; undefined where the script does not come from one. */
export const relay = said && new URL(said).origin;

/** All that the page has set, as `boot` takes it: the tag's attributes first, changed by commands. */
export const settings = { ...script?.dataset };

/** Says that a page has one channel, if another one is asked for. */
export const ignored = (asked, channel) =>
  asked && asked !== channel && console.warn(`portico: "${asked}" is ignored, this page has the channel "${channel}"`);
