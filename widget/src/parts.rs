//! What is fetched after the first screen: messages, in the log, to screen readers and in a transcript. Who comes for the
//! first time has none, and writes the first one meanwhile.
//!
//! What the library names itself is in the program from the beginning, so it is told by the program how to come by this: the
//! program has a split point before each function here (`widget/src/split.rs`).

use crate::i18n::t;
use crate::state::Chat;
use crate::{notifications, view};
use leptos::prelude::AnyView;
use portico_lazy::{NotFetched, Notices};
use portico_ui::transcript::Transcript;
use std::future::Future;
use std::pin::Pin;

/// What is done as soon as its part is there; an error if it does not come.
pub type Later<T> = Pin<Box<dyn Future<Output = Result<T, NotFetched>>>>;

/// How the program does what it may have to fetch first.
#[derive(Clone, Copy)]
pub struct Parts {
    /// See [`messages`].
    pub messages: fn(Chat) -> AnyView,
    /// Fetches what messages need, before there are any, and says when it is there.
    pub expect_messages: fn() -> Later<()>,
    /// See [`tell`].
    pub tell: fn(Chat, Vec<String>),
    /// See [`transcript`].
    pub transcript: fn(Chat) -> Later<Option<Transcript>>,
}

/// The messages of a chat, and what else stands among them.
pub fn messages(chat: Chat) -> AnyView {
    view::items(chat)
}

/// Tells screen readers and the page of items that are new, by their keys in the timeline.
pub fn tell(chat: Chat, keys: &[String]) {
    notifications::tell(chat, keys);
}

/// What was said; `None` if the chat is gone.
pub fn transcript(chat: Chat) -> Option<Transcript> {
    chat.transcript()
}

/// What stands in the place of a part while it is on its way, and when it does not come.
pub fn notices() -> Notices {
    Notices {
        loading: t().part_loading(),
        failed: t().part_failed(),
        try_again: t().try_again(),
    }
}
