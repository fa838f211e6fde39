//! The split points: one function for each area, with one named group for each file. They are fallible like those of
//! `portico-lazy`. A file with several points is fetched once, and yet each point has to be asked for.

use leptos::prelude::AnyView;
use leptos::wasm_split::wasm_split;
use portico_desk::parts;
use portico_desk::{Desk, Dialog};
use portico_lazy::NotFetched;
use portico_shared::ids::ConversationId;

#[wasm_split(conversation, wasm_split_path = leptos::wasm_split, preload(fetch_conversation), fallible)]
pub(crate) fn conversation(desk: Box<Desk>, id: ConversationId) -> Result<AnyView, NotFetched> {
    Ok(parts::conversation(*desk, id))
}

#[wasm_split(conversation, wasm_split_path = leptos::wasm_split, preload(fetch_panel), fallible)]
pub(crate) fn panel(desk: Box<Desk>) -> Result<AnyView, NotFetched> {
    Ok(parts::panel(*desk))
}

#[wasm_split(dialogs, wasm_split_path = leptos::wasm_split, preload(fetch_dialogs), fallible)]
pub(crate) fn dialog(desk: Box<Desk>, dialog: Dialog) -> Result<AnyView, NotFetched> {
    Ok(parts::dialog(*desk, dialog))
}
