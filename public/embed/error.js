/* Why something that a script of the page asked for was not done. */

/** What such a promise is rejected with; `code` says why, for programs. */
export class PorticoError extends Error {
  name = "PorticoError";

  constructor(code, message = code) {
    super(message);
    this.code = code;
  }
}
