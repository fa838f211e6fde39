/* Portico's chat as a component of React. */

import { createElement, useEffect, useId, useRef, useState } from "react";
import { chat, load } from "./index.js";

/* The component's properties that listen: `onOpen` hears `open`. */
const EVENTS = ["ready", "open", "close", "unread", "message", "messageSent", "conversationStarted", "conversationEnded", "connection", "error"];

const handler = (event) => "on" + event[0].toUpperCase() + event.slice(1);

/* Whether the chat knows a customer. It outlives the component, as the chat's knowledge does: the next one may be another person's. */
let isKnown = false;

/** The verbs, and what a page may want to show: whether the window is open, and how many messages are unread. */
export const usePortico = () => {
  const [state, setState] = useState({ isOpen: false, unread: 0 });
  useEffect(() => {
    const change = (some) => setState((before) => ({ ...before, ...some }));
    const stops = [
      chat.on("open", () => change({ isOpen: true })),
      chat.on("close", () => change({ isOpen: false })),
      chat.on("unread", ({ count }) => change({ unread: count })),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  return { ...state, chat };
};

/** The chat of the page, for as long as this is in it. With `inline` it is where the component stands, else it floats. */
export const Portico = (props) => {
  const { relay, nonce, inline, className, style, identity, attributes, conversationAttributes, ...rest } = props;
  const id = useId();
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  const options = Object.fromEntries(Object.entries(rest).filter(([name]) => !/^on[A-Z]/.test(name)));
  if (inline) options.container = `[id="${id}"]`;
  const said = JSON.stringify(options);

  useEffect(() => {
    const stops = EVENTS.map((event) => chat.on(event, (detail) => latest.current[handler(event)]?.(detail)));
    load({ relay, nonce, ...JSON.parse(said) });
    return () => {
      chat.destroy();
      stops.forEach((stop) => stop());
    };
  }, [relay, nonce, rest.channel]);

  /* The first time it says again what `boot` has said. */
  useEffect(() => {
    chat.update(JSON.parse(said));
  }, [said]);

  useEffect(() => {
    if (identity) chat.identify({ jwt: identity });
    else if (isKnown) chat.logout();
    isKnown = !!identity;
  }, [identity]);

  const ofVisitor = JSON.stringify(attributes);
  useEffect(() => {
    if (ofVisitor) chat.setAttributes(JSON.parse(ofVisitor));
  }, [ofVisitor]);

  const ofConversation = JSON.stringify(conversationAttributes);
  useEffect(() => {
    if (ofConversation) chat.setConversationAttributes(JSON.parse(ofConversation));
  }, [ofConversation]);

  return inline ? createElement("div", { id, className, style }) : null;
};
