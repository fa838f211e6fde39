//! The split points: one function for each thing that a part does, with one named group for each file. They are fallible
//! like those of `portico-lazy`. A file with several points is fetched once, and yet each point has to be asked for.

use leptos::prelude::{AnyView, Callback};
use leptos::wasm_split::wasm_split;
use portico_client::{Customer, Session};
use portico_lazy::NotFetched;
use portico_ui::alerts::{Alerts, Piece};
use portico_ui::attachments::Tray;
use portico_ui::body::{self, PrechatForm};
use portico_ui::earlier::{self, EarlierChats};
use portico_ui::ended::{self, EndedPanel};
use portico_ui::net::{Copied, Copier, Reader, copier};
use portico_ui::transcript::{self, Format, Transcript};
use portico_widget::parts::MovedCopies;
use portico_widget::{Chat, Instead, News, parts};
use std::pin::Pin;

#[wasm_split(frames, wasm_split_path = leptos::wasm_split, preload(fetch_reader), fallible)]
pub(crate) fn reader() -> Result<Reader<Customer>, NotFetched> {
    Ok(Session::take_in)
}

#[wasm_split(messages, wasm_split_path = leptos::wasm_split, preload(fetch_messages), fallible)]
pub(crate) fn messages(chat: Box<Chat>) -> Result<AnyView, NotFetched> {
    Ok(parts::messages(*chat))
}

#[wasm_split(messages, wasm_split_path = leptos::wasm_split, preload(fetch_tell), fallible)]
pub(crate) fn tell(chat: Box<Chat>, news: Box<News>) -> Result<(), NotFetched> {
    parts::tell(*chat, &news);
    Ok(())
}

#[wasm_split(messages, wasm_split_path = leptos::wasm_split, fallible)]
pub(crate) fn transcript(chat: Box<Chat>) -> Result<Option<Transcript>, NotFetched> {
    Ok(parts::transcript(*chat))
}

#[wasm_split(forms, wasm_split_path = leptos::wasm_split, preload(fetch_prechat), fallible)]
pub(crate) fn prechat(form: Box<PrechatForm>) -> Result<AnyView, NotFetched> {
    Ok(body::prechat(&form))
}

#[wasm_split(emoji, wasm_split_path = leptos::wasm_split, preload(fetch_emoji), fallible)]
pub(crate) fn emoji_picker(name: &'static str, on_choose: Callback<&'static str>) -> Result<AnyView, NotFetched> {
    Ok(portico_ui::emoji::emoji_picker(name, on_choose))
}

#[wasm_split(alerts, wasm_split_path = leptos::wasm_split, preload(fetch_alerts), fallible)]
pub(crate) fn alerts(chat: Box<Chat>, alerts: Alerts, piece: Piece) -> Result<AnyView, NotFetched> {
    Ok(parts::alerts(*chat, alerts, piece))
}

#[wasm_split(ended, wasm_split_path = leptos::wasm_split, preload(fetch_ended), fallible)]
pub(crate) fn ended_panel(panel: EndedPanel) -> Result<AnyView, NotFetched> {
    Ok(ended::panel(panel))
}

#[wasm_split(ended, wasm_split_path = leptos::wasm_split, fallible)]
pub(crate) fn save(transcript: Box<Transcript>, format: Format) -> Result<(), NotFetched> {
    transcript::save(&transcript, format);
    Ok(())
}

#[wasm_split(earlier, wasm_split_path = leptos::wasm_split, preload(fetch_earlier), fallible)]
pub(crate) fn earlier_chats(chats: Box<EarlierChats>) -> Result<AnyView, NotFetched> {
    Ok(earlier::earlier_chats(&chats))
}

#[wasm_split(recorder, wasm_split_path = leptos::wasm_split, preload(fetch_recorder), fallible)]
pub(crate) fn recorder(chat: Box<Chat>, files: Tray) -> Result<AnyView, NotFetched> {
    Ok(parts::recorder(*chat, files))
}

#[wasm_split(share, wasm_split_path = leptos::wasm_split, preload(fetch_share), fallible)]
pub(crate) fn share(chat: Box<Chat>, files: Tray) -> Result<AnyView, NotFetched> {
    Ok(parts::share(*chat, files))
}

#[wasm_split(share, wasm_split_path = leptos::wasm_split, preload(fetch_sharing), fallible)]
pub(crate) fn sharing(chat: Box<Chat>, what: Instead) -> Result<AnyView, NotFetched> {
    Ok(parts::sharing(*chat, what))
}

/// A copier that is on its way.
pub(crate) type MakesCopier = Pin<Box<dyn Future<Output = Option<Box<dyn Copier>>>>>;

#[wasm_split(copy, wasm_split_path = leptos::wasm_split, fallible)]
pub(crate) fn copier(of: Copied<Customer>) -> Result<MakesCopier, NotFetched> {
    Ok(Box::pin(copier::begin(of)))
}

/// Copies that are on their way.
pub(crate) type MovesCopies = Pin<Box<dyn Future<Output = Option<()>>>>;

#[wasm_split(copy, wasm_split_path = leptos::wasm_split, fallible)]
pub(crate) fn move_copies(moved: MovedCopies) -> Result<MovesCopies, NotFetched> {
    Ok(Box::pin(parts::move_copies(moved)))
}
