/* Listeners to events, as scripts of the page add them and take them away. */

import { PorticoError } from "./error.js";

let listeners = [];

/** Calls `fn` at each event of this name; answers what stops that. */
export const on = (name, fn, isOnce) => {
  if (!fn?.call) throw new PorticoError("argument", "no function");
  const heard = ({ detail }) => {
    if (isOnce) stop();
    fn(detail);
  };
  const stop = () => {
    document.removeEventListener("portico:" + name, heard);
    listeners = listeners.filter((other) => other.stop !== stop);
  };
  document.addEventListener("portico:" + name, heard);
  listeners.push({ name, fn, stop });
  return stop;
};

/** Stops one listener, or without a function all those to this name. */
export const off = (name, fn) => listeners.forEach((one) => one.name === name && (!fn || one.fn === fn) && one.stop());
