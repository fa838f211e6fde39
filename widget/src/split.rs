//! The split points: one function for each thing that the messages' part does. They are fallible like those of `portico-lazy`.
//! A file with several points is fetched once, and yet each point has to be asked for.

use leptos::prelude::AnyView;
use leptos::wasm_split::wasm_split;
use portico_lazy::NotFetched;
use portico_ui::transcript::Transcript;
use portico_widget::{Chat, parts};

#[wasm_split(messages, wasm_split_path = leptos::wasm_split, preload(fetch_messages), fallible)]
pub(crate) fn messages(chat: Box<Chat>) -> Result<AnyView, NotFetched> {
    Ok(parts::messages(*chat))
}

#[wasm_split(messages, wasm_split_path = leptos::wasm_split, preload(fetch_tell), fallible)]
pub(crate) fn tell(chat: Box<Chat>, keys: Vec<String>) -> Result<(), NotFetched> {
    parts::tell(*chat, &keys);
    Ok(())
}

#[wasm_split(messages, wasm_split_path = leptos::wasm_split, fallible)]
pub(crate) fn transcript(chat: Box<Chat>) -> Result<Option<Transcript>, NotFetched> {
    Ok(parts::transcript(*chat))
}
