//! A type that this version does not know: its text, or a sentence that says so.

use super::{BodyContext, plain};
use crate::parts::auto_span;
use leptos::prelude::AnyView;

pub(super) fn view(context: &BodyContext) -> AnyView {
    plain::view(context).unwrap_or_else(|| auto_span("body__note", context.messages.unknown))
}
