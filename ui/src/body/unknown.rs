//! A type that this version does not know: its text, or a sentence that says so.

use super::{Around, plain};
use crate::el::words;
use leptos::prelude::AnyView;

pub(super) fn view(around: &Around) -> AnyView {
    match &around.text {
        Some(text) if !text.trim().is_empty() => plain::view(around),
        _ => words("body__note", around.words.unknown),
    }
}
