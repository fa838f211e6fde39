/* What waits for the visitor while the window is closed: how many messages, and beside the launcher the newest of them. */

import css from "./card.css";
import { CROSS, el, icon } from "../dom.js";

export class Card {
  sheet = new CSSStyleSheet();

  constructor(chat) {
    this.chat = chat;
    this.sheet.replaceSync(css);
  }

  build() {
    const { dock, launcher, closeLabel } = this.chat;
    /* Long before something is told in it, as a live region has to be. */
    const region = el("div", dock);
    region.role = "status";
    this.badge = el("span", launcher, "badge");
    this.card = el("div", region, "card");
    this.reader = el("button", this.card);
    this.author = el("b", this.reader);
    this.words = el("span", this.reader);
    this.author.dir = this.words.dir = "auto";
    this.dismiss = el("button", this.card);
    this.dismiss.ariaLabel = closeLabel();
    icon(CROSS, this.dismiss);
  }

  listen() {
    this.chat.on(this.reader, "click", this.chat.commands.open);
    this.chat.on(this.dismiss, "click", () => {
      /* A message that the chat offers by itself is done with. */
      this.close?.();
      this.preview = null;
      this.chat.draw();
    });
  }

  draw() {
    const { unread, opened } = this.chat;
    this.badge.hidden = !unread || opened;
    this.badge.textContent = unread > 99 ? "99+" : unread;
    this.card.hidden = !this.preview || opened;
  }

  /** So many messages are unread, and this is the newest, if it is to be shown. */
  tell({ count, preview }) {
    this.chat.unread = count | 0;
    this.preview = preview;
    this.author.textContent = preview?.name;
    this.words.textContent = preview?.text;
    this.chat.draw();
    this.chat.emit("unread", { count: this.chat.unread });
  }

  forget() {
    this.preview = null;
  }
}
