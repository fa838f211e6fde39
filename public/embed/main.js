/*! Portico chat. One async script tag: <script async src="https://RELAY/embed.js" data-channel="CHANNEL">
 *
 * Draws a launcher in a shadow root and, once the visitor shows intent, a frame from the relay's origin in which the
 * chat runs. Until then it requests nothing and stores nothing. No eval, no HTML strings, no style in markup: it
 * runs under a policy that allows this script and that frame, and nothing else.
 *
 * This is the first of two scripts: it has what a page needs before intent, and what draws the frame. What hears the frame's
 * program, `chat/main.js`, is fetched beside the frame. Commands given before this has loaded wait in `Portico.q`, those given
 * before the page has a body in `early`, and those given before the chat is ready in the outbox.
 */

import { ignorable, isAtOnce, obey } from "./commands.js";
import { PorticoError } from "./error.js";
import { ignored, relay, settings, waiting } from "./tag.js";

const start = () => {
  let early = Array.isArray(waiting?.q) ? waiting.q : [];
  /* A call that waits is answered by a promise; one of before this script is answered if it has left a `done`. */
  const later = (args) => ignorable(new Promise((done) => early.push(Object.assign(args, { done }))));
  /* To listen needs no launcher; everything else waits for it. */
  window.Portico = (...args) => (early && !isAtOnce(args) ? later(args) : obey(args));
  window.Portico.loaded = settings.channel || " ";
  window.Portico.Error = PorticoError;
  const begin = () => {
    if (settings.channel) obey(["boot"]);
    const waited = early;
    early = null;
    waited.forEach((args) => {
      const answer = obey(args);
      if (args?.done?.call) args.done(answer);
    });
  };
  document.body ? begin() : addEventListener("DOMContentLoaded", begin);
};

if (waiting?.loaded) ignored(settings.channel, waiting.loaded);
else if (relay) start();
else console.error("portico: load it by its address: /embed.js");
