//! Text.

use super::Around;
use crate::text::text;
use leptos::prelude::*;

/// The text of any body; empty if it has none.
pub(super) fn view(around: &Around) -> AnyView {
    match around.text.as_deref().map(str::trim_end) {
        None | Some("") => ().into_any(),
        Some(words) => text(words),
    }
}
