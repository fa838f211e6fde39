/* Every verb and event, as a page without a framework uses them: that this compiles shows that the declarations hold. */

import { chat, load, type Events, type PorticoError } from "portico-chat";

export const begin = async (relay: string, jwt: string): Promise<string> => {
  load({ relay, nonce: "r4nd0m", channel: "shop", locale: "de-AT", preload: "idle", accent: "#1f6f54", radius: 4, zIndex: 9 });
  await chat.boot({ channel: "shop", launcher: "#help", container: "#chat" });
  await chat.update({ label: "Ask us", closeLabel: "Close", errorLabel: "Not there", retryLabel: "Again" });
  await chat.update({ alerts: "title sound", worker: "/portico-worker.js", proactive: "on", visits: 3, consent: 1 });
  await chat.identify({ jwt });
  await chat.setUser({ jwt });
  await chat.setAttributes({ plan: "gold", basket: 3, known: true, gone: null });
  await chat.setData({ plan: "gold" });
  await chat.setConversationAttributes({ order: 66 });
  await chat.setLocale("fr");
  await chat.setTheme("dark");
  await chat.setTheme({ theme: "auto", font: "Georgia, serif", side: "1rem", bottom: 40, position: "start", icon: "M4 4h16" });
  await chat.track("basket_opened", { items: 3 });
  await chat.pageView();
  await chat.show();
  await chat.open();
  await chat.toggle();
  await chat.close();
  await chat.hide();
  await chat.showNewMessage("A draft");
  const id: string = await chat.sendMessage("Hello").catch((error: PorticoError) => error.code);
  await chat.forgetMe();
  await chat.logout();
  await chat.reset();
  await chat.shutdown();
  await chat.destroy();
  return id;
};

export const listen = (): (() => void) => {
  const told = ({ count }: Events["unread"]): void => void count.toFixed();
  const stop: () => void = chat.on("unread", told);
  chat.once("message", ({ from, text }) => void (from + text));
  chat.on("connection", ({ state }) => void (state === "online"));
  chat.on("error", ({ reason, command }) => void [reason, command]);
  chat.off("unread", told);
  chat.off("ready");
  document.addEventListener("portico:messageSent", ({ detail }) => void detail.id.length);
  void window.Portico?.("showNewMessage", "By the global function");
  return stop;
};

export const mistakes = (): void => {
  // @ts-expect-error: there is no such verb
  void chat.noSuchVerb();
  // @ts-expect-error: there is no such event
  chat.on("noSuchEvent", () => {});
  // @ts-expect-error: a token is signed by the back end, and not made of a name
  void chat.identify({ name: "Maja" });
  // @ts-expect-error: a theme has a name
  void chat.setTheme("purple");
};
