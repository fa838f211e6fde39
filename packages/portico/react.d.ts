import type { CSSProperties, ReactElement } from "react";
import type { Attributes, Events, Options, Verbs } from "./index.js";

/** `onOpen` hears the event `open`, and so on. */
export type Handlers = { [Name in keyof Events as `on${Capitalize<Name>}`]?: (detail: Events[Name]) => void };

export interface PorticoProps extends Omit<Options, "container" | "channel">, Handlers {
  /** Where the relay is. */
  relay: string;
  channel: string;
  /** Of the page's content security policy. */
  nonce?: string;
  /** The chat is where the component stands; `className` and `style` are of the element around it. */
  inline?: boolean;
  className?: string;
  style?: CSSProperties;
  /** The token that the site's back end has signed for the customer; without one after there was one, the customer is signed out. */
  identity?: string;
  attributes?: Attributes;
  conversationAttributes?: Attributes;
}

/** The chat of the page, for as long as this is in it. */
export declare function Portico(props: PorticoProps): ReactElement | null;

/** The verbs, and what a page may want to show. */
export declare function usePortico(): { isOpen: boolean; unread: number; chat: Verbs };
