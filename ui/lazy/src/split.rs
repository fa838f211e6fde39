//! The split points: one function for each part, with one named group for its file.
//!
//! Each is fallible, because a file may not come, and a split point that cannot fail would end the whole program. On
//! anything but a browser nothing is split, and the functions are called directly.

use crate::part::NotFetched;
use leptos::prelude::{AnyView, Callback};
use leptos::wasm_split::wasm_split;
use portico_shared::customer::CustomerBody;
use portico_ui::alerts::{self, Alerts, Piece};
use portico_ui::attachments::{self, Tray};
use portico_ui::body::{self, BodyContext, PrechatForm};
use portico_ui::earlier::{self, EarlierChats};
use portico_ui::ended::{self, EndedPanel};
use portico_ui::transcript::{self, Format, Transcript};

#[wasm_split(forms, wasm_split_path = leptos::wasm_split, preload(fetch_forms), fallible)]
pub(crate) fn form(content: Box<CustomerBody>, context: Box<BodyContext>) -> Result<AnyView, NotFetched> {
    Ok(body::form(&content, &context))
}

#[wasm_split(forms, wasm_split_path = leptos::wasm_split, preload(fetch_prechat), fallible)]
pub(crate) fn prechat(form: Box<PrechatForm>) -> Result<AnyView, NotFetched> {
    Ok(body::prechat(&form))
}

#[wasm_split(rich, wasm_split_path = leptos::wasm_split, preload(fetch_rich), fallible)]
pub(crate) fn rich(content: Box<CustomerBody>, context: Box<BodyContext>) -> Result<AnyView, NotFetched> {
    Ok(body::rich(&content, &context))
}

#[wasm_split(emoji, wasm_split_path = leptos::wasm_split, preload(fetch_emoji), fallible)]
pub(crate) fn emoji_picker(name: &'static str, on_choose: Callback<&'static str>) -> Result<AnyView, NotFetched> {
    Ok(portico_ui::emoji::emoji_picker(name, on_choose))
}

#[wasm_split(attachments, wasm_split_path = leptos::wasm_split, preload(fetch_attachments), fallible)]
pub(crate) fn files(tray: Tray) -> Result<AnyView, NotFetched> {
    Ok(attachments::list(tray))
}

#[wasm_split(alerts, wasm_split_path = leptos::wasm_split, preload(fetch_alerts), fallible)]
pub(crate) fn alerts(alerts: Alerts, piece: Piece) -> Result<AnyView, NotFetched> {
    Ok(alerts::view(alerts, piece))
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
