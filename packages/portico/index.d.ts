/** What the script tag takes as attributes and `boot` as options. Lengths are of CSS; numbers are pixels. */
export interface Options extends Theme {
  channel?: string;
  locale?: string;
  /** Loads the chat three seconds after the page. */
  preload?: "idle";
  /** A selector: what it finds on the page opens the chat. */
  launcher?: string;
  /** A selector: the chat is a part of the page, in the element that it finds. */
  container?: string;
  /** The site's own worker that shows notifications while no page is open: its address. */
  worker?: string;
  /** The page asks for messages that the chat offers by itself. */
  proactive?: "on";
  /** Which visit this is, where the site counts them itself. */
  visits?: number;
  /** How visitors are called back: any of `title`, `sound` and `desktop`, with spaces between, or `none`. */
  alerts?: string;
  /** Which version of the channel's terms the visitor has agreed to on the page. */
  consent?: number | string;
  closeLabel?: string;
  errorLabel?: string;
  retryLabel?: string;
}

/** How launcher and chat look. */
export interface Theme {
  theme?: ThemeName;
  /** `#rrggbb`. */
  accent?: string;
  font?: string;
  radius?: string | number;
  side?: string | number;
  bottom?: string | number;
  zIndex?: number | string;
  position?: "start" | "end";
  /** Path data of an SVG of 24 by 24. */
  icon?: string;
  label?: string;
}

export type ThemeName = "light" | "dark" | "auto";

/** What can be said of a visitor or a conversation; null takes a key back. */
export type Attributes = Record<string, string | number | boolean | null>;

/** Events, and what listeners are told. */
export interface Events {
  ready: null;
  open: null;
  close: null;
  unread: { count: number };
  message: { from: string; kind: string; text: string };
  messageSent: { id: string };
  conversationStarted: Record<string, never>;
  conversationEnded: Record<string, never>;
  connection: { state: "idle" | "connecting" | "online" | "waiting" | "offline" | "stopped" };
  error: { reason: string; command?: string; text?: string; at?: string };
}

/** The verbs. A promise is rejected with a `PorticoError`, and may be ignored. */
export interface Verbs {
  boot(options?: Options): Promise<void>;
  update(options: Options): Promise<void>;
  destroy(): Promise<void>;
  shutdown(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
  toggle(): Promise<void>;
  show(): Promise<void>;
  hide(): Promise<void>;
  showNewMessage(text: string): Promise<void>;
  /** Answers the message's id once the relay has it. */
  sendMessage(text: string): Promise<string>;
  /** `jwt` is signed by the site's back end. */
  identify(who: { jwt: string }): Promise<void>;
  setUser(who: { jwt: string }): Promise<void>;
  logout(): Promise<void>;
  reset(): Promise<void>;
  /** Has the relay erase all that it knows of the visitor. */
  forgetMe(): Promise<void>;
  setAttributes(attributes: Attributes): Promise<void>;
  setData(attributes: Attributes): Promise<void>;
  setConversationAttributes(attributes: Attributes): Promise<void>;
  setLocale(locale: string): Promise<void>;
  setTheme(theme: ThemeName | Theme): Promise<void>;
  pageView(): Promise<void>;
  track(event: string, details?: unknown): Promise<void>;
  /** Answers a function that stops it. */
  on<Name extends keyof Events>(name: Name, fn: (detail: Events[Name]) => void): () => void;
  once<Name extends keyof Events>(name: Name, fn: (detail: Events[Name]) => void): () => void;
  off<Name extends keyof Events>(name: Name, fn?: (detail: Events[Name]) => void): void;
}

/** Why something was not done. Other codes are the relay's. */
export interface PorticoError extends Error {
  name: "PorticoError";
  code: "empty" | "too_long" | "busy" | "consent" | "unavailable" | "left" | "destroyed" | "boot" | "channel" | "command" | "argument" | (string & {});
}

/** The verbs as functions. They work as soon as `load` was called. */
export declare const chat: Verbs;

/** Loads the script tag from a relay, once for the page, and boots the chat if a channel is named; answers `chat`. */
export declare function load(options: Options & { relay: string; nonce?: string }): Verbs;

declare global {
  interface Window {
    /** As the script tag has it: the verb's name first. */
    Portico?: <Name extends keyof Verbs>(verb: Name, ...args: Parameters<Verbs[Name]>) => ReturnType<Verbs[Name]>;
  }

  interface DocumentEventMap extends DomEvents {}
}

/** Each event is one of `document`, too. */
type DomEvents = { [Name in keyof Events as `portico:${Name}`]: CustomEvent<Events[Name]> };
