//! Sizes and rates that both ends enforce. The client refuses early, with words; the relay refuses for certain.

/// Largest frame that the relay reads, in bytes. A larger one closes the socket with [`crate::close::CloseCode::TooLarge`].
pub const MAX_FRAME_BYTES: usize = 64 * 1024;

/// Largest first frame, before the relay knows who speaks, in bytes.
pub const MAX_HELLO_BYTES: usize = 4 * 1024;

/// Longest text of one message, in Unicode scalar values. A longer one is refused as `invalid_body`.
pub const MAX_TEXT_CHARS: usize = 16_000;

/// Longest number of a member whose numbers the relay only passes on, in characters. A longer one is refused as `invalid_body`.
pub const MAX_NUMBER_CHARS: usize = 100;

/// From this many characters left the composer shows how many remain.
pub const TEXT_CHARS_SHOWN_FROM: usize = 500;

/// Most events in one page. A larger `limit` is lowered to it.
pub const MAX_PAGE: u32 = 100;

/// Events in a page when the client names no limit.
pub const DEFAULT_PAGE: u32 = 50;

/// Most bytes of JSON in one page, so that one page never fills a connection's queue.
pub const MAX_PAGE_BYTES: usize = 256 * 1024;

/// A client sends a typing frame at most this often, in milliseconds.
pub const TYPING_EVERY_MS: u64 = 3_000;

/// A typing indicator that is not renewed is taken down after this many milliseconds.
pub const TYPING_SHOWN_MS: u64 = 5_000;

/// A socket that says nothing for this long is pinged by its client, in milliseconds.
pub const HEARTBEAT_MS: u64 = 25_000;

/// A socket that answers nothing for this long is taken for dead by either end, in milliseconds.
pub const DEAD_AFTER_MS: u64 = 60_000;

/// The relay waits this long for the first frame, in milliseconds.
pub const HELLO_WITHIN_MS: u64 = 10_000;

/// The WebSocket subprotocol that both ends must name.
pub const SUBPROTOCOL: &str = "portico.v1";
