//! One message: whose it is, what it says, and how far it has come. Whispers stand on a surface of their own.

use super::body;
use super::components::{clock, unseen};
use crate::i18n::t;
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::SendState;
use portico_client::agent::TimelineMessage;
use portico_client::timeline::{Author, Voice};
use portico_shared::cim::{EventData, MessageBody};
use portico_shared::customer::CustomerPreview;
use portico_shared::ids::{ClientId, ConversationId, MessageId};
use portico_ui::avatar::avatar;
use portico_ui::icon::{ALERT, LOCK, icon};
use portico_ui::quote::quote;
use portico_ui::send_state;

/// A message that the customer sees, or wrote.
pub(crate) fn view(desk: Desk, conversation: &ConversationId, message: &TimelineMessage) -> AnyView {
    let picture = message
        .first
        .then(|| html::span().class("message__avatar").child(picture(&message.author)));
    let bubble = html::div()
        .class(bubble_class(message))
        .child(message.quote.as_deref().map(|words| quote(words, t().in_answer())))
        .child(body::view(desk, message))
        .child(
            message
                .edited
                .is_some()
                .then(|| html::span().class("message__edited").child(t().edited())),
        );
    let line = html::div()
        .class("message__line")
        .child(bubble)
        .child(edit_button(desk, conversation, message));
    html::article()
        .class(class(message))
        .child(picture)
        .child(
            html::div()
                .class("message__main")
                .child(head(message))
                .child(line)
                .child(preview_of(message).map(portico_lazy::preview))
                .child(foot_state(desk, message)),
        )
        .into_any()
}

/// A message among agents.
pub(crate) fn whisper(desk: Desk, message: &TimelineMessage) -> AnyView {
    html::article()
        .class("whisper")
        .child(
            html::p()
                .class("whisper__head")
                .child(icon(LOCK))
                .child(html::span().child(t().whisper()))
                .child(
                    html::span()
                        .class("whisper__sender")
                        .child(html::span().attr("dir", "auto").child(name(message))),
                )
                .child(html::span().class("whisper__note").child(t().whisper_who()))
                .child(clock(message.at_ms)),
        )
        .child(html::div().class("whisper__text").child(body::view(desk, message)))
        .child(foot_state(desk, message))
        .into_any()
}

/// The author's picture; those of the platform, apps and phone menus are alike.
fn picture(author: &Author) -> AnyView {
    let kind = match author.voice {
        Voice::Customer => "CUSTOMER",
        Voice::Own | Voice::Agent => "AGENT",
        Voice::Bot => "BOT",
        Voice::System => "SYSTEM",
    };
    avatar(&author.id, kind, &author.name).into_any()
}

fn class(message: &TimelineMessage) -> String {
    let voice = match message.author.voice {
        Voice::Customer => "message--start",
        Voice::Own => "message--end message--own",
        Voice::Agent => "message--end message--colleague",
        Voice::Bot | Voice::System => "message--end message--bot",
    };
    let first = if message.first { " message--first" } else { "" };
    format!(
        "message {voice}{first}{}",
        if message.is_failed() { " message--failed" } else { "" }
    )
}

/// Text stands in a bubble; pictures and cards bring a surface of their own.
fn bubble_class(message: &TimelineMessage) -> &'static str {
    match message.body() {
        _ if message.deleted => "bubble bubble--deleted",
        None
        | Some(MessageBody::Plain(_) | MessageBody::Button(_) | MessageBody::Url(_) | MessageBody::Other { .. }) => {
            "bubble"
        }
        Some(_) => "bubble bubble--plain",
    }
}

fn name(message: &TimelineMessage) -> String {
    match message.author.voice {
        Voice::Own => t().you().to_owned(),
        Voice::Customer | Voice::Agent | Voice::Bot | Voice::System => message.author.name.clone(),
    }
}

fn head(message: &TimelineMessage) -> AnyView {
    if !message.first {
        return unseen(format!("{}:", t().isolate(&name(message))));
    }
    let role = role(message.author.voice);
    html::p()
        .class("message__head")
        .child(
            html::span()
                .class("message__sender")
                .attr("dir", "auto")
                .child(name(message)),
        )
        .child(role.map(|role| html::span().class("message__role").child(role)))
        .child(html::span().class("message__time").child(clock(message.at_ms)))
        .into_any()
}

/// What the page calls itself to which a message links.
fn preview_of(message: &TimelineMessage) -> Option<CustomerPreview> {
    let event = message.preview.as_ref().filter(|_| !message.deleted)?;
    match &event.data {
        EventData::LinkPreview(preview) => Some(CustomerPreview::from(&**preview)),
        _ => None,
    }
}

fn edit_button(desk: Desk, conversation: &ConversationId, message: &TimelineMessage) -> Option<AnyView> {
    let (id, text) = editable(message)?;
    let conversation = conversation.clone();
    let press = move |_| desk.edit(&conversation, id.clone(), text.clone());
    let button = html::button()
        .class("link-button")
        .attr("type", "button")
        .on(ev::click, press)
        .child(t().edit());
    Some(html::span().class("message__tools").child(button).into_any())
}

fn foot_state(desk: Desk, message: &TimelineMessage) -> Option<AnyView> {
    let state = message.shown_state()?;
    let Some((words, class)) = foot(state) else {
        return Some(failed(desk, message.unsent()?.clone()));
    };
    Some(
        html::div()
            .class(class)
            .child(icon(send_state::picture(state)))
            .child(html::span().child(words))
            .into_any(),
    )
}

/// What is said under a message, quietly; a failure says more.
fn foot(state: &SendState) -> Option<(&'static str, &'static str)> {
    match state {
        SendState::Failed { .. } => None,
        SendState::Queued => Some((t().sent_queued(), "message__foot")),
        SendState::AfterFile => Some((t().sent_after_file(), "message__foot")),
        SendState::Sending => Some((t().sent_sending(), "message__foot")),
        SendState::Stored => Some((t().sent_stored(), "message__foot")),
        SendState::Delivered => Some((t().sent_delivered(), "message__foot")),
        SendState::Read => Some((t().sent_read(), "message__foot message__foot--read")),
    }
}

fn failed(desk: Desk, client_id: ClientId) -> AnyView {
    let again = client_id.clone();
    html::div()
        .class("message__failed")
        .attr("role", "alert")
        .child(icon(ALERT))
        .child(html::span().child(t().sent_failed()))
        .child(
            html::button()
                .class("link-button")
                .attr("type", "button")
                .on(ev::click, move |_| desk.retry(again.clone()))
                .child(t().retry()),
        )
        .child(
            html::button()
                .class("link-button")
                .attr("type", "button")
                .on(ev::click, move |_| desk.delete(client_id.clone()))
                .child(t().delete()),
        )
        .into_any()
}

/// What stands beside an author's name.
fn role(voice: Voice) -> Option<&'static str> {
    match voice {
        Voice::Bot => Some(t().assistant()),
        Voice::Agent => Some(t().colleague()),
        Voice::Customer | Voice::Own | Voice::System => None,
    }
}

/// Own texts can be changed once they are stored: the message's id, and what it says.
fn editable(message: &TimelineMessage) -> Option<(MessageId, String)> {
    let is_text = matches!(message.body(), Some(MessageBody::Plain(_))) && !message.deleted;
    if message.author.voice != Voice::Own || message.seq.is_none() || !is_text {
        return None;
    }
    Some((MessageId::new(message.message_id()?), message.text()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{body, entry, mine, said, text, unsent, view};
    use portico_client::agent::LogEntry;
    use portico_client::timeline::{TimelineItem, agent_items};
    use portico_shared::cim::CimEvent;
    use portico_shared::frame::RefusalCode;
    use serde_json::json;

    fn shown(entries: &[LogEntry]) -> Vec<TimelineMessage> {
        let items = agent_items(entries, &view(), |_| 0);
        items.iter().filter_map(TimelineItem::message).cloned().collect()
    }

    fn one(entry: LogEntry) -> TimelineMessage {
        shown(&[entry]).remove(0)
    }

    fn own(event: CimEvent) -> TimelineMessage {
        one(mine(entry(1, event)))
    }

    #[test]
    fn the_voice_decides_side_and_surface() {
        let class_of = |by: &str| class(&one(entry(1, text(0, by, "Hi"))));
        assert_eq!(class_of("carol"), "message message--start message--first");
        assert_eq!(class_of("ada"), "message message--end message--own message--first");
        assert_eq!(
            class_of("bob"),
            "message message--end message--colleague message--first"
        );
        assert_eq!(class_of("bot"), "message message--end message--bot message--first");
    }

    #[test]
    fn a_run_begins_once_and_a_failed_message_is_marked() {
        let run = shown(&[entry(1, text(0, "carol", "Hi")), entry(2, text(1, "carol", "Hello?"))]);
        assert_eq!(class(&run[1]), "message message--start");
        let failed = LogEntry {
            state: Some(refused()),
            ..unsent("p-1", "Hi")
        };
        assert!(class(&one(failed)).ends_with(" message--failed"));
    }

    fn refused() -> SendState {
        SendState::Failed {
            code: RefusalCode::InvalidBody,
            message: String::new(),
        }
    }

    #[test]
    fn text_stands_in_a_bubble_and_a_card_on_its_own() {
        assert_eq!(bubble_class(&own(text(0, "ada", "Hi"))), "bubble");
        let location = body(json!({ "type": "LOCATION", "location": { "latitude": 1, "longitude": 2 } }));
        assert_eq!(
            bubble_class(&one(entry(1, said(0, "carol", location)))),
            "bubble bubble--plain"
        );
        let deleted = LogEntry {
            deleted: true,
            ..entry(1, text(0, "carol", "Hi"))
        };
        assert_eq!(bubble_class(&one(deleted)), "bubble bubble--deleted");
    }

    #[test]
    fn the_agent_who_looks_is_you_and_others_are_called_by_name() {
        assert_eq!(name(&own(text(0, "ada", "Hi"))), t().you());
        assert_eq!(name(&one(entry(1, text(0, "carol", "Hi")))), "Carol");
        assert_eq!(
            [Voice::Agent, Voice::Bot].map(role),
            [Some(t().colleague()), Some(t().assistant())]
        );
        assert_eq!([Voice::Own, Voice::Customer, Voice::System].map(role), [None; 3]);
    }

    #[test]
    fn an_own_text_can_be_changed_once_it_is_stored() {
        let stored = editable(&own(text(7, "ada", "Hi")));
        assert_eq!(stored, Some((MessageId::new("m-7"), "Hi".to_owned())));
        assert_eq!(editable(&one(unsent("p-1", "Hi"))), None);
        assert_eq!(editable(&one(entry(1, text(0, "bob", "Hi")))), None);
        let deleted = LogEntry {
            deleted: true,
            ..mine(entry(1, text(0, "ada", "Hi")))
        };
        assert_eq!(editable(&one(deleted)), None);
    }

    #[test]
    fn a_state_is_said_quietly_and_a_failure_says_more() {
        assert_eq!(foot(&SendState::Queued), Some((t().sent_queued(), "message__foot")));
        let read = Some((t().sent_read(), "message__foot message__foot--read"));
        assert_eq!(foot(&SendState::Read), read);
        assert_eq!(foot(&refused()), None);
    }
}
