//! What an agent noted when the talk was over.

use super::facts::plain;
use super::frame::CardHead;
use crate::i18n::{self, activity as messages};
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::{Card, Voice};
use portico_shared::cim::body::WrapUpBody;
use portico_ui::icon::TAG;
use serde_json::Value;

/// Codes and note.
pub(super) fn view(card: &Card, wrapup: &WrapUpBody) -> AnyView {
    let name = match card.author.voice {
        Voice::Own => i18n::YOU.to_lowercase(),
        Voice::Customer | Voice::Agent | Voice::Bot | Voice::System => card.author.name.clone(),
    };
    let codes: Vec<_> = wrapup.wrapups.iter().map(code).collect();
    let note = wrapup.note.clone().filter(|note| !note.trim().is_empty());
    let line = if codes.is_empty() {
        messages::WRAP_UP_NO_CODES.to_owned()
    } else {
        String::new()
    };
    let head = CardHead {
        picture: TAG,
        class: "card__icon--wrapup",
        title: messages::wrapped_up_by(&name),
        line,
        number: None,
        at_ms: card.at_ms(),
    };
    if codes.is_empty() && note.is_none() {
        return head.over(None);
    }
    let codes = (!codes.is_empty()).then(|| html::ul().class("chips").child(codes));
    head.open_over((codes, note.map(|note| html::p().attr("dir", "auto").child(note))).into_any())
}

fn code(code: &Value) -> AnyView {
    let said = |key: &str| code.get(key).map(plain);
    let shown = said("value").unwrap_or_else(|| plain(code));
    html::li()
        .class("chip")
        .attr("dir", "auto")
        .child((
            said("categoryName").map(|category| html::small().child(category)),
            shown,
        ))
        .into_any()
}
