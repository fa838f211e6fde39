//! Text.

use super::BodyContext;
use crate::text::text;
use leptos::prelude::AnyView;
use portico_shared::text::says_nothing;

/// The text of any body, if it has one.
pub(super) fn view(context: &BodyContext) -> Option<AnyView> {
    let source = context.text.as_deref().filter(|text| !says_nothing(text))?;
    Some(text(source.trim_end(), context.links))
}
