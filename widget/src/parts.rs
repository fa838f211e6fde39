//! What is fetched after the first screen, if at all. Messages, in the log, to screen readers and in a transcript: who
//! comes for the first time has none, and writes the first one meanwhile. What reads the relay's frames: the relay sends none
//! before the visitor begins to write. And what most chats never need: the form before a
//! chat, emoji, what calls a visitor back, what comes after the end of a chat, earlier chats, what
//! records voice notes, what shares a place, a contact or a photo, and what copies messages that wait to be sent.
//!
//! What the library names itself is in the program from the beginning, so it is told by the program how to come by this: the
//! program has a split point before each function here, and before those of `portico-ui` that draw the others
//! (`widget/src/split.rs`).

use crate::i18n::t;
use crate::notifications::News;
use crate::state::{Chat, Instead};
pub use crate::unsent::{MoveCopies, MovedCopies, move_copies};
use crate::{alerts, notifications, recorder as voice, share as sharing_view, view};
use leptos::prelude::{AnyView, Callback};
use portico_client::Customer;
use portico_lazy::{NotFetched, Notices};
use portico_ui::alerts::{Alerts, Piece};
use portico_ui::attachments::Tray;
use portico_ui::body::PrechatForm;
use portico_ui::earlier::EarlierChats;
use portico_ui::ended::EndedPanel;
use portico_ui::net::{CopierSource, ReaderSource};
use portico_ui::transcript::{Format, Transcript};
use std::future::Future;
use std::pin::Pin;

/// What is done as soon as its part is there; an error if it does not come.
pub type Later<T> = Pin<Box<dyn Future<Output = Result<T, NotFetched>>>>;

/// How the program does what it may have to fetch first.
#[derive(Clone, Copy)]
pub struct Parts {
    /// Fetches what takes in the relay's frames, with the first token.
    pub reader: ReaderSource<Customer>,
    /// Fetches it in the background, for a connection that is about to begin.
    pub expect_reader: fn(),
    /// See [`messages`].
    pub messages: fn(Chat) -> AnyView,
    /// Fetches what messages need, before there are any, and says when it is there.
    pub expect_messages: fn() -> Later<()>,
    /// See [`tell`].
    pub tell: fn(Chat, News),
    /// See [`transcript`].
    pub transcript: fn(Chat) -> Later<Option<Transcript>>,
    /// Draws the form before a chat. What it is called stands there at once.
    pub prechat: fn(PrechatForm, String) -> AnyView,
    /// Draws a panel of emoji with that name, which tells what was chosen.
    pub emoji_picker: fn(&'static str, Callback<&'static str>) -> AnyView,
    /// See [`alerts()`]. Nothing stands in its place: a chat goes on without.
    pub alerts: fn(Chat, Alerts, Piece) -> AnyView,
    /// Draws what stands in the composer's place when a chat ends or has ended. Its sentence stands there at once.
    pub ended_panel: fn(EndedPanel) -> AnyView,
    /// Saves what was said as a file.
    pub save: fn(Transcript, Format) -> Later<()>,
    /// Draws the list of earlier chats. What it is called stands there at once.
    pub earlier_chats: fn(EarlierChats) -> AnyView,
    /// See [`recorder`].
    pub recorder: fn(Chat, Tray) -> AnyView,
    /// Fetches what files need, while there is a network.
    pub expect_files: fn(),
    /// See [`share`].
    pub share: fn(Chat, Tray) -> AnyView,
    /// See [`sharing`].
    pub sharing: fn(Chat, Instead) -> AnyView,
    /// Copies unsent messages (`portico_ui::net::copier`).
    pub copier: CopierSource<Customer>,
    /// See [`move_copies`].
    pub move_copies: MoveCopies,
}

/// The messages of a chat, and what else stands among them.
pub fn messages(chat: Chat) -> AnyView {
    view::items(chat)
}

/// Tells screen readers and the page what is new in the timeline.
pub fn tell(chat: Chat, news: &News) {
    notifications::tell(chat, news);
}

/// A piece of what calls the visitor back.
pub fn alerts(chat: Chat, alerts: Alerts, piece: Piece) -> AnyView {
    alerts::view(chat, alerts, piece)
}

/// What was said; `None` if the chat is gone.
pub fn transcript(chat: Chat) -> Option<Transcript> {
    chat.transcript()
}

/// What records a voice note, and gives it to those who upload files.
pub fn recorder(chat: Chat, files: Tray) -> AnyView {
    voice::recorder(chat, files)
}

/// The menu of what can be shared.
pub fn share(chat: Chat, files: Tray) -> AnyView {
    sharing_view::menu(chat, files)
}

/// What stands in the composer's place while something is shared.
pub fn sharing(chat: Chat, what: Instead) -> AnyView {
    sharing_view::dialog(chat, what)
}

/// What stands in the place of a part while it is on its way, and when it does not come.
pub fn notices() -> Notices {
    Notices {
        loading: t().part_loading(),
        failed: t().part_failed(),
        try_again: t().try_again(),
    }
}
