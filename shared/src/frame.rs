//! All that crosses the socket: JSON text frames of the `portico.v1` subprotocol, one object each, told apart by `type`.
//!
//! A client says `hello`, gets `welcome`, and from then on each conversation is a log that it reads by cursor: `join`
//! subscribes it to live `event`s and tells it the log's head, `page` pulls what it missed. Events and pages *cover* a
//! range `(after, through]` of the log, because a reader may not be allowed to see every event in it: a client
//! whose cursor is before `after` has a gap and asks for a page.
//!
//! Keys of the frame are snake_case; what is CIM inside it (`message`, `event`) keeps CIM's camelCase, so that a reader
//! of a capture sees where the vocabulary begins. `docs/protocol.md` has an example of every frame, which a test parses.

mod client;
mod codec;
mod draft;
mod event;
mod refusal;
mod server;
mod summary;

pub use client::{Audience, ClientFrame, DeskClaim, Hello, Join, PageRequest, Post, Range, ReadMarker, Start};
pub use codec::FrameError;
pub use draft::Draft;
pub use event::{Item, LiveEvent, Page};
pub use refusal::{RefusalCode, Refused};
pub use server::{Accepted, Joined, QueuePosition, ServerFrame, Welcome};
pub use summary::{Offer, Person, Summary};
