//! What an agent noted when the talk was over.

use super::facts::plain;
use super::frame::CardHead;
use crate::i18n::t;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::{Author, Card, Voice};
use portico_shared::cim::body::WrapUpBody;
use portico_shared::text::says_nothing;
use portico_ui::icon::TAG;
use serde_json::Value;

/// Codes and note.
pub(super) fn view(card: &Card, wrapup: &WrapUpBody) -> AnyView {
    let codes: Vec<_> = wrapup.wrapups.iter().map(code).collect();
    let note = wrapup.note.clone().filter(|note| !says_nothing(note));
    let line = if codes.is_empty() {
        t().wrap_up_no_codes().to_owned()
    } else {
        String::new()
    };
    let head = CardHead {
        picture: TAG,
        class: "card__icon--wrapup",
        title: t().wrapped_up_by(&author_name(&card.author)),
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
    let (category, value) = category_and_value(code);
    html::li()
        .class("chip")
        .attr("dir", "auto")
        .child(category.map(|category| html::small().child(category)))
        .child(value)
        .into_any()
}

/// Who wrapped up, within a sentence.
fn author_name(author: &Author) -> String {
    match author.voice {
        Voice::Own => t().you().to_lowercase(),
        Voice::Customer | Voice::Agent | Voice::Bot | Voice::System => author.name.clone(),
    }
}

/// A code of CIM, or whatever else stands in its place.
fn category_and_value(code: &Value) -> (Option<String>, String) {
    let said = |key: &str| code.get(key).map(plain);
    (said("categoryName"), said("value").unwrap_or_else(|| plain(code)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{text, view};
    use serde_json::json;

    #[test]
    fn a_code_stands_under_its_category_and_anything_else_as_it_is() {
        let sale = json!({ "categoryName": "Sales", "value": "Lead" });
        assert_eq!(category_and_value(&sale), (Some("Sales".to_owned()), "Lead".to_owned()));
        assert_eq!(category_and_value(&json!("Lead")), (None, "Lead".to_owned()));
    }

    #[test]
    fn the_agent_who_looks_is_you() {
        let name = |by: &str| author_name(&view().author_of(&text(0, by, "")));
        assert_eq!((name("ada"), name("bob")), (t().you().to_lowercase(), "bob".to_owned()));
    }
}
