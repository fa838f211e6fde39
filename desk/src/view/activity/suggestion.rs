//! Answers that a bot suggested, kept in the timeline after they left the composer.

use crate::i18n::activity as messages;
use crate::view::components::clock;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::{Card, one_line};
use portico_shared::cim::{Suggestion, SuggestionMessage};
use portico_ui::icon::{CHEVRON_DOWN, SUGGEST, icon};

/// The suggestions: one line, because the composer shows them large while they are new.
pub(super) fn view(card: &Card, message: &SuggestionMessage) -> AnyView {
    let title = messages::suggested(&card.author.name, message.suggestions.len());
    let lines: Vec<_> = message.suggestions.iter().map(line).collect();
    html::details()
        .class("system")
        .child((
            html::summary().child((
                icon(SUGGEST),
                html::span().attr("dir", "auto").child(title),
                clock(card.at_ms()),
                html::span().class("fold-mark").child(icon(CHEVRON_DOWN)),
            )),
            html::ol().class("suggested").child(lines),
        ))
        .into_any()
}

fn line(suggestion: &Suggestion) -> AnyView {
    let body = &suggestion.message_body;
    let text = body
        .markdown_text()
        .map_or_else(|| messages::plain(body.type_name()), one_line);
    let sure = suggestion
        .confidence_level
        .as_ref()
        .and_then(serde_json::Number::as_f64)
        .filter(|sure| *sure > 0.0);
    let sure = sure.map(|sure| html::small().child(messages::sure((sure * 100.0).round() as u32)));
    html::li().attr("dir", "auto").child((text, sure)).into_any()
}
