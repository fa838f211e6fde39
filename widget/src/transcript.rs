//! What was said, for the visitor to keep.

use crate::i18n::{locale, t};
use crate::wording;
use portico_client::timeline::{CustomerItem, TimelineItem};
use portico_ui::time::{Style, machine_readable, write};
use portico_ui::transcript::{Line, Transcript};

/// What these items say. `site` is what the site calls its chat. Where the beginning is missing, the first line says so.
pub(crate) fn of(items: &[CustomerItem], is_whole: bool, site: Option<String>) -> Transcript {
    let cut = (!is_whole).then(|| Line::Notice(t().transcript_cut().to_owned()));
    let lines = lines(items, |at_ms| {
        let words = write(at_ms, Style::Exact, &locale().tag);
        (words, machine_readable(at_ms))
    });
    Transcript {
        title: site.unwrap_or_else(|| t().title().to_owned()),
        language: locale().tag.clone(),
        direction: locale().direction,
        lines: cut.into_iter().chain(lines).collect(),
    }
}

/// A line for each item. `written` writes a time, for people and for programs.
fn lines(items: &[CustomerItem], written: impl Fn(i64) -> (String, String)) -> Vec<Line> {
    let line = |item: &CustomerItem| match item {
        TimelineItem::Day { .. } => Line::Day,
        TimelineItem::Event(event) => Line::Notice(wording::notice(&event.what, t())),
        TimelineItem::Message(message) => {
            let (at, machine_readable_at) = written(message.at_ms);
            Line::Said {
                author: t().isolate(&wording::author(message, t())),
                at,
                machine_readable_at,
                quote: message
                    .quote
                    .as_deref()
                    .filter(|_| !message.deleted)
                    .map(portico_client::quote),
                text: wording::spoken(message),
            }
        }
    };
    items.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::fixtures::{bot_message, item, own_message, text, texts};
    use portico_client::timeline::{CustomerItem, CustomerNotice, TimelineEvent, TimelineItem};
    use portico_ui::transcript::Line;

    fn said(author: &str, text: &str) -> Line {
        Line::Said {
            author: author.into(),
            at: "12:00".into(),
            machine_readable_at: "2026".into(),
            quote: None,
            text: text.into(),
        }
    }

    fn noon(_: i64) -> (String, String) {
        ("12:00".into(), "2026".into())
    }

    #[test]
    fn a_transcript_says_who_said_what_and_when() {
        let items = [
            TimelineItem::Day { day: 1, at_ms: 0 },
            item(own_message("c-1", "Hello")),
            item(bot_message(text("How can I *help*?"))),
            TimelineItem::Event(TimelineEvent {
                key: "#3".into(),
                seq: None,
                at_ms: 0,
                what: CustomerNotice::Joined("Ada".into()),
            }),
        ];
        let expected = [
            Line::Day,
            said("You", "Hello"),
            said("Assistant", "How can I help?"),
            Line::Notice("Ada joined the chat".into()),
        ];
        assert_eq!(lines(&items, noon), expected);
    }

    #[test]
    fn a_quote_stands_over_its_answer_and_what_is_deleted_nowhere() {
        let mut answer = bot_message(text("Yes"));
        answer.quote = Some("Is it *here*?".into());
        let quoted = |items: &[CustomerItem]| match lines(items, noon).remove(0) {
            Line::Said { quote, text, .. } => (quote, text),
            other => panic!("{other:?}"),
        };
        let expected = (Some("Is it here?".to_owned()), "Yes".to_owned());
        assert_eq!(quoted(&[item(answer.clone())]), expected);
        answer.deleted = true;
        let expected = (None, "This message was deleted".to_owned());
        assert_eq!(quoted(&[item(answer)]), expected);
    }

    #[test]
    fn a_transcript_without_its_beginning_says_so() {
        let lines = |is_whole| super::of(&[], is_whole, Some("Tents".into())).lines;
        let cut = "The beginning of this conversation could not be fetched and is missing here.";
        assert_eq!(lines(false), [Line::Notice(cut.into())]);
        assert_eq!(lines(true), []);
    }

    #[test]
    fn whatever_is_typed_stands_in_a_transcript() {
        for [source, plain, _] in texts() {
            let lines = lines(&[item(bot_message(text(&source)))], noon);
            assert_eq!(lines, [said("Assistant", &plain)], "{source:?}");
        }
    }
}
