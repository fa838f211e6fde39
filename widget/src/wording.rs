//! What the chat says about messages and events, in the document's language.

use crate::i18n::{Messages, bodies, t};

use portico_client::customer::TimelineMessage;
use portico_client::timeline::{CustomerNotice, TimelineEvent, Voice};
use portico_client::{SendState, plain_name};
use portico_shared::availability::Availability;
use portico_shared::cim::SenderType;
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::customer::CustomerBody;
use portico_shared::frame::{Person, QueuePosition, RefusalCode};
use portico_shared::json::Value;
use portico_shared::text::{parse, plain_text, says_nothing};
use portico_ui::body;

/// A notice in words.
pub(crate) fn notice(notice: &CustomerNotice, t: &'static Messages) -> String {
    let named = |name: &str| if name.is_empty() { t.somebody() } else { name }.to_owned();
    match notice {
        CustomerNotice::Joined(name) => t.joined(&named(name)),
        CustomerNotice::Left(name) => t.left(&named(name)),
        CustomerNotice::Enqueued => t.enqueued().to_owned(),
        CustomerNotice::NoAgent => t.no_agent().to_owned(),
        CustomerNotice::Paused => t.paused().to_owned(),
        CustomerNotice::Resumed => t.resumed().to_owned(),
        CustomerNotice::Ended(reason) => ended(reason.as_ref(), t).to_owned(),
    }
}

/// A notice in words, at its time: a request for a person that is made while the team is away is kept, and not looked after.
pub(crate) fn event(event: &TimelineEvent<CustomerNotice>, availability: Availability, t: &'static Messages) -> String {
    match event.what {
        CustomerNotice::Enqueued if availability.is_closed_since(event.at_ms) => t.kept().to_owned(),
        _ => notice(&event.what, t),
    }
}

fn ended(reason: Option<&ChannelSessionReason>, t: &'static Messages) -> &'static str {
    match reason {
        Some(ChannelSessionReason::Agent) => t.ended_by_agent(),
        Some(ChannelSessionReason::Customer) => t.ended_by_you(),
        Some(ChannelSessionReason::Inactivity) => t.ended_idle(),
        Some(ChannelSessionReason::Network) => t.ended_network(),
        _ => t.ended(),
    }
}

/// Longest wait that is told in minutes.
const MAX_WAIT_MINUTES: u32 = 60;

/// Where the visitor's request stands, and how long it usually takes if that is known.
pub(crate) fn queue(position: &QueuePosition, t: &'static Messages) -> String {
    let place = match position.position {
        0..=1 => t.queue_next().to_owned(),
        position => t.queue_before(position as usize - 1),
    };
    let wait = position.wait_minutes.map(|minutes| match minutes {
        0 => t.wait_short().to_owned(),
        1..=MAX_WAIT_MINUTES => t.wait_minutes(minutes as usize),
        _ => t.wait_long().to_owned(),
    });
    match wait {
        Some(wait) => [&place, " ", &wait].concat(),
        None => place,
    }
}

/// What the author of a message is called.
pub(crate) fn author(message: &TimelineMessage, t: &'static Messages) -> String {
    match (message.author.voice, message.author.name.as_str()) {
        (Voice::Own, _) => t.you().to_owned(),
        (Voice::Bot, "") => t.assistant().to_owned(),
        (_, "") => t.somebody().to_owned(),
        (_, name) => name.to_owned(),
    }
}

/// Name and role of a participant.
pub(crate) fn person(person: &Person, t: &'static Messages) -> (String, &'static str) {
    let (nameless, role) = match person.kind {
        SenderType::Bot => (t.assistant(), t.assistant_role()),
        _ => (t.somebody(), t.support_role()),
    };
    match plain_name(&person.name) {
        name if name.is_empty() => (nameless.to_owned(), role),
        name => (name, role),
    }
}

/// Who types, in a sentence.
pub(crate) fn types(typist: &Person, t: &'static Messages) -> String {
    t.types(&person(typist, t).0)
}

/// What became of a message after it was said.
pub(crate) fn change(message: &TimelineMessage, t: &'static Messages) -> String {
    let name = author(message, t);
    match message.deleted {
        true => t.took_back(&name),
        false => [&t.changed(&name), ": ", &spoken(message)].concat(),
    }
}

/// The message in words alone: its text without marks, or what it is.
pub(crate) fn spoken(message: &TimelineMessage) -> String {
    if message.deleted {
        return t().deleted().to_owned();
    }
    let text = message
        .text()
        .map(|text| plain_text(&parse(&text)))
        .filter(|text| !says_nothing(text));
    text.unwrap_or_else(|| named(message, bodies()))
}

/// What a message without a text is called: what stands on it, or what kind of thing it is.
fn named(message: &TimelineMessage, messages: &body::Messages) -> String {
    let mut words: Vec<String> = Vec::new();
    let kind = match message.body() {
        Some(CustomerBody::Button(body)) => {
            words.extend(body.buttons.iter().map(|button| button.title.clone()));
            messages.choices
        }
        Some(CustomerBody::Carousel(body)) => {
            collect(&body.value(), &["elements", "text"], &mut words);
            messages.cards
        }
        Some(CustomerBody::FormData(body)) => {
            let form = body.value();
            collect(&form, &["formTitle"], &mut words);
            if words.iter().all(|words| says_nothing(words)) {
                collect(&form, &["sections", "attributes", "label"], &mut words);
            }
            messages.unknown
        }
        Some(CustomerBody::Contact(body)) => {
            collect(&body.value(), &["contacts", "name", "formattedName"], &mut words);
            messages.unknown
        }
        Some(CustomerBody::Location(body)) => {
            collect(&body.value(), &["additionalDetails", "name"], &mut words);
            messages.open_map
        }
        Some(CustomerBody::Order(body)) => {
            collect(&body.value(), &["orderNumber"], &mut words);
            for number in &mut words {
                *number = [messages.order, " ", number].concat();
            }
            messages.order
        }
        Some(CustomerBody::Template(body)) => {
            words = body::template_words(&body.value());
            messages.unknown
        }
        Some(CustomerBody::Url(body)) => {
            words.push(body.media_url.clone());
            messages.open_link
        }
        Some(CustomerBody::Image(_) | CustomerBody::Sticker(_)) => messages.picture,
        Some(CustomerBody::Video(_)) => messages.video,
        Some(CustomerBody::Audio(_)) => messages.audio,
        Some(CustomerBody::File(_)) => messages.file,
        _ => messages.unknown,
    };
    words.retain(|words| !says_nothing(words));
    match words.is_empty() {
        true => kind.to_owned(),
        false => words.join(", "),
    }
}

/// The texts at the end of a path of members; each one of a list is gone through.
fn collect(value: &Value, path: &[&str], found: &mut Vec<String>) {
    match (value, path) {
        (Value::Array(items), _) => items.iter().for_each(|item| collect(item, path, found)),
        (Value::Object(members), [key, path @ ..]) => {
            if let Some(member) = members.get(*key) {
                collect(member, path, found);
            }
        }
        (Value::String(text), []) => found.push(text.clone()),
        _ => {}
    }
}

/// How far an own message has come, in a word.
pub(crate) fn send_state(state: &SendState, t: &'static Messages) -> &'static str {
    match state {
        SendState::Queued => t.queued(),
        SendState::AfterFile => t.after_file(),
        SendState::Sending => t.sending(),
        SendState::Stored => t.stored(),
        SendState::Delivered => t.delivered(),
        SendState::Read => t.read(),
        SendState::Failed { .. } => t.not_sent(),
    }
}

/// Why a message was not sent, and what sending it again is called.
pub(crate) fn failure(code: &RefusalCode, t: &'static Messages) -> (&'static str, &'static str) {
    match code {
        RefusalCode::InvalidBody | RefusalCode::Malformed => (t.refused_body(), t.retry()),
        RefusalCode::ConversationEnded => (t.refused_ended(), t.send_in_new()),
        _ => (t.not_sent(), t.retry()),
    }
}

#[cfg(test)]
mod tests {
    use super::{author, change, event, failure, notice, person, queue, send_state, spoken, types};
    use crate::fixtures::{bot_message, from, own_message, text, texts};
    use crate::i18n::t;

    use portico_client::timeline::{CustomerNotice, TimelineEvent};
    use portico_client::{Edited, SendState};
    use portico_shared::availability::Availability;
    use portico_shared::cim::SenderType;
    use portico_shared::cim::channel_session::ChannelSessionReason;
    use portico_shared::frame::{Person, QueuePosition, RefusalCode};
    use portico_shared::ids::ConversationId;
    use serde_json::json;

    #[test]
    fn notices_name_people_and_call_nameless_ones_support() {
        assert_eq!(
            notice(&CustomerNotice::Joined("Ada".into()), t()),
            "Ada joined the chat"
        );
        assert_eq!(
            notice(&CustomerNotice::Left(String::new()), t()),
            "Support left the chat"
        );
    }

    #[test]
    fn a_request_while_the_team_is_away_is_kept_and_promises_nothing() {
        let enqueued = |at_ms, availability| {
            let event_of = TimelineEvent {
                key: "#1".into(),
                seq: None,
                at_ms,
                what: CustomerNotice::Enqueued,
            };
            event(&event_of, availability, t())
        };
        let closed = Availability::Closed {
            since: Some(100),
            back_at: Some(900),
        };
        let kept = "Your request is kept. Someone will answer when we are back.";
        assert_eq!(enqueued(150, closed), kept);
        let sought = "We're finding someone to help you";
        assert_eq!(enqueued(50, closed), sought, "while the team was there");
        assert_eq!(enqueued(150, Availability::Open), sought);
    }

    #[test]
    fn a_name_of_another_direction_does_not_turn_a_notice() {
        let joined = |name: &str| notice(&CustomerNotice::Joined(name.into()), t());
        assert_eq!(joined("Ann\u{202e}"), "Ann joined the chat");
        assert_eq!(joined("שרה (נציגה)"), "\u{2068}שרה (נציגה)\u{2069} joined the chat");
    }

    #[test]
    fn the_end_of_a_chat_says_why() {
        let ended = |reason| notice(&CustomerNotice::Ended(reason), t());
        assert_eq!(ended(None), "This chat has ended");
        assert_eq!(ended(Some(ChannelSessionReason::Customer)), "You ended this chat");
        assert_eq!(
            ended(Some(ChannelSessionReason::Agent)),
            "This chat was closed by support"
        );
    }

    #[test]
    fn a_place_in_the_queue_is_told_in_words_and_the_wait_if_it_is_known() {
        let told = |position, wait_minutes| {
            let conversation = ConversationId::new("c-1");
            let position = QueuePosition {
                conversation,
                position,
                wait_minutes,
            };
            queue(&position, t())
        };
        assert_eq!(told(1, None), "You are next.");
        assert_eq!(told(2, None), "1 person is before you.");
        let wait = |minutes| told(1, Some(minutes)).replace("You are next. ", "");
        assert_eq!(
            told(4, Some(4)),
            "3 people are before you. The wait is usually about 4 minutes."
        );
        assert_eq!(wait(0), "The wait is usually less than a minute.");
        assert_eq!(wait(1), "The wait is usually about 1 minute.");
        assert_eq!(wait(61), "The wait is usually more than an hour.");
    }

    #[test]
    fn authors_have_names_or_are_called_what_they_are() {
        assert_eq!(author(&own_message("m-1", "Hi"), t()), "You");
        assert_eq!(author(&bot_message(text("Hi")), t()), "Assistant");
        assert_eq!(author(&from("AGENT", "Ada", text("Hi")), t()), "Ada");
        assert_eq!(author(&from("AGENT", "", text("Hi")), t()), "Support");
    }

    #[test]
    fn who_types_is_said_in_a_sentence() {
        let typist = |kind: SenderType, name: &str| Person {
            id: "p-1".into(),
            kind,
            name: name.into(),
            role: None,
        };
        assert_eq!(types(&typist(SenderType::Agent, "Ada"), t()), "Ada is typing");
        assert_eq!(types(&typist(SenderType::Bot, ""), t()), "Assistant is typing");
        assert_eq!(
            person(&typist(SenderType::Bot, "Robo"), t()),
            ("Robo".into(), "Automated assistant")
        );
    }

    #[test]
    fn a_text_is_spoken_without_its_marks() {
        assert_eq!(spoken(&bot_message(text("This is *important*"))), "This is important");
    }

    #[test]
    fn what_became_of_a_message_is_said_with_its_present_text() {
        let mut message = from("AGENT", "Ada", text("It costs 90"));
        message.edited = Some(Edited {
            text: "It costs *80*".into(),
            unsent: None,
        });
        assert_eq!(change(&message, t()), "Ada changed a message: It costs 80");
        message.deleted = true;
        assert_eq!(change(&message, t()), "Ada deleted a message");
        assert_eq!(
            spoken(&message),
            "This message was deleted",
            "nor is it repeated anywhere"
        );
    }

    #[test]
    fn whatever_is_typed_is_spoken_and_stands_in_previews() {
        for [source, plain, _] in texts() {
            assert_eq!(spoken(&bot_message(text(&source))), plain, "{source:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_spoken_as_what_stands_on_it_or_what_it_is() {
        let buttons = json!({
            "type": "BUTTON",
            "buttons": [
                { "type": "reply", "title": "Yes", "payload": "y" },
                { "type": "reply", "title": "No", "payload": "n" },
            ],
        });
        assert_eq!(spoken(&bot_message(buttons)), "Yes, No");
        let unseen = json!({ "type": "CAROUSEL", "markdownText": "\u{200b}", "elements": [{ "text": "\u{200b}" }] });
        assert_eq!(spoken(&bot_message(unseen)), "Cards, scroll sideways");
        let picture = json!({
            "type": "IMAGE",
            "attachment": { "mediaUrl": "https://files.example/1", "mimeType": "image/png", "size": 5 },
        });
        assert_eq!(spoken(&bot_message(picture)), "Picture");
        let of = |body| spoken(&bot_message(body));
        let question = json!([{ "attributes": [{ "key": "name", "label": "Your name" }, { "label": "Your town" }] }]);
        let titled = json!({ "type": "FORM_DATA", "formTitle": "About you", "sections": question });
        assert_eq!(of(titled), "About you");
        let untitled = json!({ "type": "FORM_DATA", "formTitle": "\u{200b}", "sections": question });
        assert_eq!(of(untitled), "Your name, Your town");
        let contact = json!({ "type": "CONTACT", "contacts": [{ "name": { "formattedName": "Ada Lovelace" } }] });
        assert_eq!(of(contact), "Ada Lovelace");
        let place = json!({ "type": "LOCATION", "location": { "latitude": 1, "longitude": 2 } });
        assert_eq!(of(place), "Open map");
        let address = json!({ "type": "URL", "mediaUrl": "https://example.org/" });
        assert_eq!(of(address), "https://example.org/");
        assert_eq!(of(json!({ "type": "RECEIPT", "orderNumber": "1001" })), "Order 1001");
        assert_eq!(of(json!({ "type": "RECEIPT", "markdownText": " " })), "Order");
        let value = |words| json!([{ "parameterType": "text", "additionalParameterDetails": { "text": words } }]);
        let filled = json!([
            { "type": "body", "parameters": value(json!({ "text": "1001" })) },
            { "type": "button", "parameters": value(json!("123456")) },
        ]);
        assert_eq!(of(json!({ "type": "TEMPLATE", "components": filled })), "1001");
        assert_eq!(
            of(json!({ "type": "SOMETHING_NEW" })),
            "This message can't be shown here."
        );
    }

    #[test]
    fn own_messages_say_how_far_they_have_come() {
        assert_eq!(send_state(&SendState::Queued, t()), "Waiting to be sent");
        assert_eq!(send_state(&SendState::Read, t()), "Read");
    }

    #[test]
    fn a_failed_message_says_why_and_offers_the_way_on() {
        let retry = "Retry";
        assert_eq!(failure(&RefusalCode::Forbidden, t()), ("Not sent.", retry));
        let body = ("This message can't be sent as it is.", retry);
        assert_eq!(failure(&RefusalCode::InvalidBody, t()), body);
        let ended = ("Not sent, the chat had ended.", "Send in a new chat");
        assert_eq!(failure(&RefusalCode::ConversationEnded, t()), ended);
    }
}
