//! The split points: one function for each part, with one named group for its file.
//!
//! Each is fallible, because a file may not come, and a split point that cannot fail would end the whole program. On
//! anything but a browser nothing is split, and the functions are called directly.
//!
//! Widget and desk call each of them: a split point is an export, so that a program which never calls it has what stands
//! behind it among what is fetched at once. What one of them alone draws has its split point there.

use crate::part::NotFetched;
use leptos::prelude::AnyView;
use leptos::wasm_split::wasm_split;
use portico_shared::customer::{CustomerBody, CustomerPreview};
use portico_ui::attachments::{self, Tray};
use portico_ui::body::{self, BodyContext};

#[wasm_split(forms, wasm_split_path = leptos::wasm_split, preload(fetch_forms), fallible)]
pub(crate) fn form(content: Box<CustomerBody>, context: Box<BodyContext>) -> Result<AnyView, NotFetched> {
    Ok(body::form(&content, &context))
}

#[wasm_split(rich, wasm_split_path = leptos::wasm_split, preload(fetch_rich), fallible)]
pub(crate) fn rich(content: Box<CustomerBody>, context: Box<BodyContext>) -> Result<AnyView, NotFetched> {
    Ok(body::rich(&content, &context))
}

#[wasm_split(rich, wasm_split_path = leptos::wasm_split, preload(fetch_preview), fallible)]
pub(crate) fn preview(preview: Box<CustomerPreview>) -> Result<AnyView, NotFetched> {
    Ok(body::preview(&preview))
}

#[wasm_split(attachments, wasm_split_path = leptos::wasm_split, preload(fetch_attachments), fallible)]
pub(crate) fn files(tray: Tray) -> Result<AnyView, NotFetched> {
    Ok(attachments::list(tray))
}
