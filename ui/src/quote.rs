//! The words that a message answers, over its own.

use crate::parts::auto_span;
use leptos::html;
use leptos::prelude::*;

/// What a message quotes, in one short line; those who listen hear `heard` before it, so that they do not take it for the
/// answer.
pub fn quote(text: &str, heard: &'static str) -> AnyView {
    let words = html::blockquote()
        .class("message__quote")
        .attr("dir", "auto")
        .child(portico_client::quote(text));
    (auto_span("unseen", heard), words).into_any()
}
