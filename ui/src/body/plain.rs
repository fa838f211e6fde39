//! Text.

use super::BodyContext;
use crate::text::text;
use leptos::prelude::AnyView;

/// The text of any body, if it has one.
pub(super) fn view(context: &BodyContext) -> Option<AnyView> {
    let source = context.text.as_deref().map(str::trim_end)?;
    (!source.is_empty()).then(|| text(source, context.links))
}
