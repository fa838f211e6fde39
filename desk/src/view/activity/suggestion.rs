//! Answers that a bot suggested, kept in the timeline after they left the composer.

use crate::i18n::{activity as messages, t};
use crate::view::components::clock;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::{Card, one_line};
use portico_shared::cim::{Suggestion, SuggestionMessage};
use portico_shared::text::says_nothing;
use portico_ui::icon::{CHEVRON_DOWN, SUGGEST, icon};

/// The suggestions: one line, because the composer shows them large while they are new.
pub(super) fn view(card: &Card, message: &SuggestionMessage) -> AnyView {
    let title = t().suggested(message.suggestions.len(), &card.author.name);
    let lines: Vec<_> = message.suggestions.iter().map(line).collect();
    html::details()
        .class("system")
        .child(
            html::summary()
                .child(icon(SUGGEST))
                .child(html::span().attr("dir", "auto").child(title))
                .child(clock(card.at_ms()))
                .child(html::span().class("fold-mark").child(icon(CHEVRON_DOWN))),
        )
        .child(html::ol().class("suggested").child(lines))
        .into_any()
}

fn line(suggestion: &Suggestion) -> AnyView {
    let sure = percent_sure(suggestion).map(|percent| html::small().child(messages::sure(percent)));
    html::li()
        .attr("dir", "auto")
        .child(answer(suggestion))
        .child(sure)
        .into_any()
}

/// The text, or the kind of an answer without one.
fn answer(suggestion: &Suggestion) -> String {
    let body = &suggestion.message_body;
    let text = body.markdown_text().filter(|text| !says_nothing(text));
    text.map_or_else(|| messages::plain(body.type_name()), one_line)
}

/// How sure the bot is, if it says so.
fn percent_sure(suggestion: &Suggestion) -> Option<u32> {
    let sure = suggestion.confidence_level.as_ref()?.as_f64()?;
    (sure > 0.0).then(|| (sure * 100.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::cim::MessageBody;
    use serde_json::Number;

    fn suggestion(text: &str, sure: Option<f64>) -> Suggestion {
        Suggestion {
            message_body: MessageBody::plain(text),
            confidence_level: sure.and_then(Number::from_f64),
            ..Suggestion::default()
        }
    }

    #[test]
    fn an_answer_stands_on_one_line() {
        assert_eq!(answer(&suggestion("Try\n*this*", None)), "Try this");
        assert_eq!(answer(&suggestion("\u{200b}", None)), "Plain");
    }

    #[test]
    fn a_bot_that_is_not_sure_at_all_says_nothing() {
        let percents = [Some(0.874), Some(0.0), None].map(|sure| percent_sure(&suggestion("Well", sure)));
        assert_eq!(percents, [Some(87), None, None]);
    }
}
