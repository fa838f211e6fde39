//! What a message may say: which bodies and intents are open to whom, how long a text may be, where a link may lead.

use super::{bounds, shown};
use crate::config::Channel;
use crate::conversation::Refusal;
use crate::identity::Principal;
use portico_shared::cim::{Intent, MessageBody};
use portico_shared::frame::Draft;
use portico_shared::limits::MAX_TEXT_CHARS;
use portico_shared::text::is_safe_target;

/// Who writes, as far as it decides what may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// A customer.
    Customer,
    /// A contact-centre user.
    Staff,
    /// A bot.
    Bot,
    /// A third-party program.
    App,
}

impl Writer {
    pub(super) fn of(who: &Principal) -> Self {
        match who {
            Principal::Customer(_) => Self::Customer,
            Principal::Staff(_) => Self::Staff,
            Principal::Bot(_) => Self::Bot,
            Principal::App(_) => Self::App,
        }
    }
}

/// Checks a draft.
pub(super) fn check(writer: Writer, draft: &Draft) -> Result<(), Refusal> {
    check_body(writer, &draft.body)?;
    shown::check(&draft.body, draft.text().as_deref())?;
    bounds::check_draft(draft)?;
    check_intent(writer, draft)
}

/// Checks a body.
pub(super) fn check_body(writer: Writer, body: &MessageBody) -> Result<(), Refusal> {
    if !may_write(writer, body) {
        return Err(Refusal::invalid(format!(
            "body.type: {} is not open to this sender",
            body.type_name()
        )));
    }
    body.validate().map_err(|error| Refusal::invalid(error.to_string()))?;
    bounds::check_body(body)?;
    let text = body.markdown_text().unwrap_or_default();
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(Refusal::invalid(format!(
            "body.markdownText: more than {MAX_TEXT_CHARS} characters"
        )));
    }
    shown::check(body, Some(text))?;
    check_links(body)
}

/// Whether this kind of sender may write a body. Only programs may write types that this version does not know.
fn may_write(writer: Writer, body: &MessageBody) -> bool {
    match body {
        MessageBody::Plain(_)
        | MessageBody::Image(_)
        | MessageBody::Video(_)
        | MessageBody::Audio(_)
        | MessageBody::File(_)
        | MessageBody::Url(_)
        | MessageBody::Location(_)
        | MessageBody::Contact(_)
        | MessageBody::FormData(_) => true,
        MessageBody::Multimedia(_) | MessageBody::Sticker(_) | MessageBody::Button(_) | MessageBody::Carousel(_) => {
            writer != Writer::Customer
        }
        // A person's note; apps bring along those of other channels.
        MessageBody::WrapUp(_) => matches!(writer, Writer::Staff | Writer::App),
        MessageBody::Receipt(_)
        | MessageBody::Template(_)
        | MessageBody::Structured(_)
        | MessageBody::Custom(_)
        | MessageBody::Comment(_)
        | MessageBody::Email(_)
        | MessageBody::Other { .. } => matches!(writer, Writer::Bot | Writer::App),
        MessageBody::Action(_) => writer == Writer::Bot,
        // Calls belong to the voice channel, which reports them.
        MessageBody::Voice(_) | MessageBody::VoiceRecording(_) | MessageBody::IvrAggregated(_) => writer == Writer::App,
        // Of one's own messages, see `deletion`.
        MessageBody::DeletedNotification(_) => matches!(writer, Writer::Staff | Writer::Bot),
        // Only the relay writes these: receipts and typing have frames of their own.
        MessageBody::Notification(_) | MessageBody::DeliveryNotification(_) => false,
    }
}

/// Whether customers may write a body on their channel. One that is configured no more takes neither.
pub(super) fn check_channel(channel: Option<&Channel>, body: &MessageBody) -> Result<(), Refusal> {
    let composer = channel.map(|channel| &channel.composer);
    let is_taken = match body {
        MessageBody::Location(_) => composer.is_some_and(|composer| composer.location),
        MessageBody::Contact(_) => composer.is_some_and(|composer| composer.contact),
        _ => true,
    };
    match is_taken {
        true => Ok(()),
        false => Err(Refusal::invalid(format!(
            "body.type: {} is not open to customers of this channel",
            body.type_name()
        ))),
    }
}

/// Files and links are opened by other people's browsers: `http` and `https` only.
fn check_links(body: &MessageBody) -> Result<(), Refusal> {
    match body {
        MessageBody::Image(media)
        | MessageBody::Video(media)
        | MessageBody::Audio(media)
        | MessageBody::File(media)
        | MessageBody::Multimedia(media) => {
            check_link("body.attachment.mediaUrl", &media.attachment.media_url)?;
            media
                .attachment
                .thumbnail
                .as_deref()
                .map_or(Ok(()), |url| check_link("body.attachment.thumbnail", url))
        }
        MessageBody::Url(link) | MessageBody::VoiceRecording(link) => check_link("body.mediaUrl", &link.media_url),
        MessageBody::Sticker(sticker) => sticker
            .media_url
            .as_deref()
            .map_or(Ok(()), |url| check_link("body.mediaUrl", url)),
        _ => Ok(()),
    }
}

fn check_link(at: &str, url: &str) -> Result<(), Refusal> {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if web && is_safe_target(url) {
        Ok(())
    } else {
        Err(Refusal::invalid(format!("{at}: neither http nor https")))
    }
}

/// Intents that instruct the platform are no customer's and no agent's to give in a message: starting and ending have
/// frames of their own. Any other text is the payload of a button.
fn check_intent(writer: Writer, draft: &Draft) -> Result<(), Refusal> {
    let Some(intent) = draft.intent.as_deref().map(Intent::parse) else {
        return Ok(());
    };
    check_reference(writer, &intent, draft.original_message_id.is_some())?;
    match (&intent, writer) {
        (Intent::Other(_) | Intent::None | Intent::WidgetFormActivity | Intent::ReplyTo | Intent::Update, _)
        | (_, Writer::Bot | Writer::App) => Ok(()),
        (_, Writer::Customer | Writer::Staff) => Err(not_open(&intent)),
    }
}

/// A quote and an edit name a message, and an edit is a contact-centre user's or a bot's.
pub(super) fn check_reference(writer: Writer, intent: &Intent, has_original: bool) -> Result<(), Refusal> {
    match intent {
        Intent::Update if !matches!(writer, Writer::Staff | Writer::Bot) => Err(not_open(intent)),
        Intent::ReplyTo | Intent::Update if !has_original => Err(Refusal::invalid("header.originalMessageId: missing")),
        _ => Ok(()),
    }
}

fn not_open(intent: &Intent) -> Refusal {
    Refusal::invalid(format!("header.intent: {} is not open to this sender", intent.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::cim::body::{
        ActionBody, ButtonBody, CarouselBody, Media, NotificationBody, TemplateBody, UrlBody, VoiceBody, WrapUpBody,
    };
    use portico_shared::frame::RefusalCode;
    use serde_json::json;

    fn body(json: serde_json::Value) -> MessageBody {
        portico_shared::json::from_value::<MessageBody>(json).expect("a body that can be read")
    }

    fn image(url: &str) -> MessageBody {
        body(json!({"type": "IMAGE", "attachment": {"mediaUrl": url}}))
    }

    fn refused(writer: Writer, body: &MessageBody) -> bool {
        check_body(writer, body).is_err_and(|refusal| refusal.code == RefusalCode::InvalidBody)
    }

    #[test]
    fn a_customer_writes_chat_and_nothing_that_instructs_the_platform() {
        assert!(check_body(Writer::Customer, &MessageBody::plain("hello")).is_ok());
        for body in [
            MessageBody::Action(ActionBody::default()),
            MessageBody::WrapUp(WrapUpBody::default()),
            MessageBody::Notification(NotificationBody::default()),
            MessageBody::Voice(VoiceBody::default()),
            MessageBody::Template(TemplateBody::default()),
            MessageBody::Button(ButtonBody::default()),
            body(json!({"type": "SOMETHING_NEW"})),
        ] {
            assert!(!may_write(Writer::Customer, &body), "{body:?}");
        }
        let receipt = body(json!({"type": "DELIVERYNOTIFICATION", "messageId": "m", "status": "READ"}));
        for writer in [Writer::Customer, Writer::Staff, Writer::Bot, Writer::App] {
            assert!(refused(writer, &receipt), "{writer:?}");
        }
    }

    #[test]
    fn every_body_is_open_to_those_who_may_write_it() {
        let senders = |body: &MessageBody| {
            let of = |writer, letter| may_write(writer, body).then_some(letter);
            let all = [
                (Writer::Customer, 'c'),
                (Writer::Staff, 's'),
                (Writer::Bot, 'b'),
                (Writer::App, 'a'),
            ];
            all.into_iter()
                .filter_map(|(writer, letter)| of(writer, letter))
                .collect::<String>()
        };
        for (body, open_to) in [
            (MessageBody::plain("x"), "csba"),
            (MessageBody::FormData(Box::default()), "csba"),
            (MessageBody::Multimedia(Media::default()), "sba"),
            (MessageBody::Carousel(CarouselBody::default()), "sba"),
            (MessageBody::WrapUp(WrapUpBody::default()), "sa"),
            (MessageBody::Receipt(Box::default()), "ba"),
            (body(json!({"type": "SOMETHING_NEW"})), "ba"),
            (MessageBody::Action(ActionBody::default()), "b"),
            (MessageBody::Url(UrlBody::default()), "csba"),
            (MessageBody::VoiceRecording(UrlBody::default()), "a"),
            (MessageBody::IvrAggregated(Box::default()), "a"),
            (MessageBody::Notification(NotificationBody::default()), ""),
        ] {
            assert_eq!(senders(&body), open_to, "{body:?}");
        }
    }

    const WRITERS: [Writer; 4] = [Writer::Customer, Writer::Staff, Writer::Bot, Writer::App];

    /// How many types of bodies this version knows.
    const KNOWN_TYPES: usize = 27;

    /// The rows of the table of docs/protocol.md with this head: their cells.
    fn documented(head: &str) -> Vec<Vec<String>> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/protocol.md");
        let document = std::fs::read_to_string(file).expect("the protocol's document");
        let (_, table) = document.split_once(head).expect("the table");
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        let cells = |row: &str| {
            let cells = row.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().to_owned()).collect()
        };
        rows.map(cells).collect()
    }

    /// The names in code marks.
    fn quoted(cell: &str) -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_protocol_says_of_each_body_who_may_write_it() {
        let mut types = Vec::new();
        for row in documented("| type | what it adds | customers | staff | bots | apps |") {
            let mut named = quoted(&row[0]);
            named.extend(row[0].contains("unknown types").then(|| "SOMETHING_NEW".to_owned()));
            for name in named {
                let whatever = json!({"type": name, "attachment": {"mediaUrl": "https://a.example/b"},
                    "mediaUrl": "https://a.example/b", "location": {"latitude": 1, "longitude": 2},
                    "messageId": "m", "status": "READ", "notificationType": "TYPING_STARTED"});
                let body = body(whatever);
                assert_eq!(body.type_name(), name);
                for (writer, said) in WRITERS.iter().zip(&row[2..]) {
                    let may = if may_write(*writer, &body) { "yes" } else { "no" };
                    assert_eq!(said, may, "{writer:?} {name}");
                }
                types.push(name);
            }
        }
        let count = types.len();
        types.sort();
        types.dedup();
        assert_eq!(
            (types.len(), count),
            (KNOWN_TYPES + 1, KNOWN_TYPES + 1),
            "each type once: {types:?}"
        );
    }

    #[test]
    fn the_protocol_says_of_each_intent_who_may_give_it() {
        let rows = documented("| intent | from | meaning |");
        assert_eq!(rows.len(), 2);
        for row in rows {
            for intent in quoted(&row[0]) {
                let draft = Draft {
                    intent: Some(intent.clone()),
                    original_message_id: Some(portico_shared::ids::MessageId::new("m")),
                    ..Draft::new(MessageBody::plain("x"))
                };
                for writer in WRITERS {
                    let is_open = match row[1].as_str() {
                        "all" => true,
                        "staff, bots" => matches!(writer, Writer::Staff | Writer::Bot),
                        other => panic!("{other}"),
                    };
                    assert_eq!(check(writer, &draft).is_ok(), is_open, "{writer:?} {intent}");
                    let unnamed = Draft {
                        original_message_id: None,
                        ..draft.clone()
                    };
                    assert!(check(writer, &unnamed).is_err(), "{writer:?} {intent}");
                }
            }
        }
    }

    #[test]
    fn a_bot_may_write_bodies_that_this_relay_does_not_know() {
        assert!(check_body(Writer::Bot, &body(json!({"type": "SOMETHING_NEW", "x": 1}))).is_ok());
    }

    #[test]
    fn files_and_links_lead_to_the_web_only() {
        assert!(check_body(Writer::Customer, &image("https://files.example.org/a.png")).is_ok());
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//files.example.org/a.png",
            "ftp://x/y",
            "https:// x",
        ] {
            assert!(refused(Writer::Customer, &image(url)), "{url}");
            assert!(refused(Writer::Bot, &image(url)), "{url}");
        }
    }

    #[test]
    fn a_text_is_neither_blank_nor_longer_than_the_limit() {
        for unseen in [
            " \n",
            "\u{200b}",
            "\u{200d}\u{feff}",
            "\u{2800}\u{3164}",
            "\u{e0041}\u{fe0f}",
            "\u{ad} \u{34f}",
        ] {
            assert!(
                refused(Writer::Customer, &MessageBody::plain(unseen)),
                "{}",
                unseen.escape_unicode()
            );
        }
        assert!(refused(
            Writer::Customer,
            &MessageBody::plain("ü".repeat(MAX_TEXT_CHARS + 1))
        ));
        assert!(check_body(Writer::Customer, &MessageBody::plain("ü".repeat(MAX_TEXT_CHARS))).is_ok());
    }

    #[test]
    fn a_text_in_base64_is_not_blank_where_it_is_read() {
        let encoded = |text: &str| {
            let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
            let draft = Draft::new(MessageBody::plain(text));
            let additional_data = json!({"isEncoded": true}).as_object().cloned();
            Draft {
                additional_data,
                ..draft
            }
        };
        for writer in [Writer::Customer, Writer::Staff, Writer::Bot] {
            assert_eq!(check(writer, &encoded("hello")), Ok(()));
            for unseen in ["", " ", "\u{200b}", "\u{2060}\u{feff}"] {
                assert!(check(writer, &encoded(unseen)).is_err(), "{}", unseen.escape_unicode());
            }
        }
    }

    #[test]
    fn an_edit_is_staffs_or_a_bots_and_names_what_it_edits() {
        let draft = Draft {
            intent: Some("UPDATE".to_owned()),
            ..Draft::new(MessageBody::plain("new"))
        };
        assert!(check(Writer::Customer, &draft).is_err());
        assert!(check(Writer::Staff, &draft).is_err());
        let named = Draft {
            original_message_id: Some(portico_shared::ids::MessageId::new("m")),
            ..draft
        };
        assert!(check(Writer::Staff, &named).is_ok());
        assert!(check(Writer::Bot, &named).is_ok());
        assert!(check(Writer::Customer, &named).is_err());
        assert!(check(Writer::App, &named).is_err());
    }

    #[test]
    fn the_payload_of_a_button_is_any_text_but_no_instruction() {
        let with = |intent: &str| Draft {
            intent: Some(intent.to_owned()),
            ..Draft::new(MessageBody::plain("yes"))
        };
        assert!(check(Writer::Customer, &with("/order{\"id\": 1}")).is_ok());
        assert!(check(Writer::Customer, &with("END_CHAT")).is_err());
    }
}
