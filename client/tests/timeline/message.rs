//! Who wrote a message, what it says, what it quotes, and when it looks another way.

use crate::world::{agents, customers, failed, messages, mine, said, text, unsent, with_event, with_message};
use portico_client::agent::LogEntry;
use portico_client::timeline::{Voice, one_line};
use portico_client::{Edited, SendState};
use portico_shared::cim::body::Media;
use portico_shared::cim::{EventName, Intent, MessageBody, SenderType, well_known};
use portico_shared::frame::Audience;
use portico_shared::ids::{ClientId, Seq};
use serde_json::json;

/// Voice and name of the author, as a customer and as an agent see it.
fn authors(entry: LogEntry) -> [(Voice, String); 2] {
    let entries = [entry];
    let (customers, agents) = (customers(&entries), agents(&entries));
    [&messages(&customers)[0].author, &messages(&agents)[0].author].map(|author| (author.voice, author.name.clone()))
}

fn texts(entry: LogEntry) -> [Option<String>; 2] {
    let entries = [entry];
    [
        messages(&customers(&entries))[0].text(),
        messages(&agents(&entries))[0].text(),
    ]
}

#[test]
fn an_agent_is_an_agent_to_others_and_own_to_itself() {
    let own = |name: &str| (Voice::Own, name.to_owned());
    let agent = |name: &str| (Voice::Agent, name.to_owned());
    assert_eq!(authors(text(1, 0, "bob")), [agent("bob"), agent("bob")]);
    assert_eq!(authors(text(1, 0, "ada")), [agent("ada"), own("Ada L.")]);
    let elsewhere = mine(text(1, 0, "bob"));
    assert_eq!(
        authors(elsewhere)[1],
        own("Ada L."),
        "sent from another tab, before the welcome"
    );
}

#[test]
fn a_customer_is_own_to_itself_and_called_what_the_desk_calls_it() {
    let entry = mine(text(1, 0, "carol"));
    assert_eq!(authors(entry)[0], (Voice::Own, String::new()));
    for kind in [SenderType::Customer, SenderType::Connector, SenderType::WebChannel] {
        let entry = with_event(text(1, 0, "carol"), |event| event.event_emitter.kind = kind);
        let items = agents(&[entry]);
        let author = &messages(&items)[0].author;
        let shown = (author.voice, author.name.as_str(), author.id.as_str());
        assert_eq!(shown, (Voice::Customer, "Carol", "c-1"));
    }
}

#[test]
fn a_bot_is_a_bot_and_the_conversation_monitor_is_the_platform() {
    assert_eq!(authors(text(1, 0, "robot")).map(|(voice, _)| voice), [Voice::Bot; 2]);
    let monitor = with_event(text(1, 0, "robot"), |event| {
        event.event_emitter.id = well_known::CONVERSATION_MONITOR_ID.to_owned();
    });
    assert_eq!(authors(monitor)[1].0, Voice::System);
    assert_eq!(authors(text(1, 0, "system"))[1].0, Voice::System);
}

#[test]
fn agents_read_the_full_name_of_a_colleague_where_the_event_has_it() {
    let named = |detail| {
        with_event(text(1, 0, "bob"), |event| {
            event.event_emitter.additional_detail = Some(detail);
        })
    };
    let name = |entry| authors(entry)[1].1.clone();
    assert_eq!(
        name(named(json!({ "firstName": "Bob", "lastName": "Ross " }))),
        "Bob Ross"
    );
    assert_eq!(name(named(json!({ "firstName": " " }))), "bob");
}

#[test]
fn an_unsent_message_is_the_readers_own() {
    let entry = unsent("p-1", 0, Audience::Everyone);
    assert_eq!(authors(entry).map(|(voice, _)| voice), [Voice::Own; 2]);
}

#[test]
fn the_text_is_the_newest_one() {
    let edited = LogEntry {
        edited: Some(Edited {
            text: "better".to_owned(),
            unsent: None,
        }),
        ..text(1, 0, "bob")
    };
    assert_eq!(texts(edited), ["better", "better"].map(|text| Some(text.to_owned())));
    let draft = unsent("p-1", 0, Audience::Everyone);
    assert_eq!(texts(draft), ["p-1", "p-1"].map(|text| Some(text.to_owned())));
}

#[test]
fn a_text_in_base64_is_decoded() {
    let encoded = with_message(said(1, 0, "bob", MessageBody::plain("aGVsbG8=")), |message| {
        let data = json!({ "isEncoded": true });
        message.header.additional_data = data.as_object().cloned();
    });
    assert_eq!(texts(encoded)[1].as_deref(), Some("hello"));
}

#[test]
fn a_blank_text_is_none() {
    assert_eq!(texts(said(1, 0, "bob", MessageBody::plain(" \n"))), [None, None]);
    assert_eq!(
        texts(said(1, 0, "bob", MessageBody::Image(Media::default()))),
        [None, None]
    );
}

#[test]
fn a_deleted_message_keeps_its_place_and_says_so() {
    let deleted = LogEntry {
        deleted: true,
        ..text(1, 0, "bob")
    };
    let items = customers(&[deleted]);
    assert!(messages(&items)[0].deleted);
}

#[test]
fn a_reply_quotes_the_message_that_it_names_on_one_line() {
    let original = said(1, 0, "carol", MessageBody::plain("*Where*\nis it?"));
    let about = |intent: Option<Intent>| {
        with_message(text(2, 0, "bob"), |message| {
            message.header.intent = intent;
            message.header.original_message_id = Some("m-1".to_owned());
        })
    };
    let quote = |entries: &[LogEntry]| {
        let items = agents(entries);
        let quote = messages(&items).last().and_then(|message| message.quote.clone());
        quote.map(|quote| one_line(&quote))
    };
    let reply = about(Some(Intent::ReplyTo));
    assert_eq!(
        quote(&[original.clone(), reply.clone()]).as_deref(),
        Some("Where is it?")
    );
    assert_eq!(quote(&[reply]), None, "not loaded");
    assert_eq!(quote(&[original.clone(), about(None)]), None, "an answer is no quote");
}

#[test]
fn a_quote_has_the_present_words_of_its_original_and_none_that_were_taken_back() {
    let reply = with_message(text(2, 0, "bob"), |message| {
        message.header.intent = Some(Intent::ReplyTo);
        message.header.original_message_id = Some("m-1".to_owned());
    });
    let quote = |original: LogEntry| {
        let items = customers(&[original, reply.clone()]);
        messages(&items)[1].quote.clone()
    };
    let edited = LogEntry {
        edited: Some(Edited {
            text: "It costs 80".to_owned(),
            unsent: None,
        }),
        ..text(1, 0, "bob")
    };
    assert_eq!(quote(edited.clone()).as_deref(), Some("It costs 80"));
    let deleted = LogEntry {
        deleted: true,
        ..edited
    };
    assert_eq!(quote(deleted), None);
}

#[test]
fn a_whisper_is_one_before_and_after_it_is_stored() {
    let stored = with_event(text(1, 0, "bob"), |event| event.name = EventName::WhisperMessage);
    let entries = [
        stored,
        unsent("p-1", 0, Audience::Agents),
        unsent("p-2", 0, Audience::Everyone),
    ];
    let items = agents(&entries);
    let whispers: Vec<bool> = messages(&items).iter().map(|message| message.whisper).collect();
    assert_eq!(whispers, [true, true, false]);
}

#[test]
fn the_key_stays_from_the_first_moment_on_and_the_look_does_not() {
    let before = agents(&[unsent("p-1", 0, Audience::Everyone)]);
    let stored = LogEntry {
        key: "p-1".to_owned(),
        seq: Some(Seq(1)),
        ..mine(text(1, 0, "ada"))
    };
    let read = LogEntry {
        state: Some(SendState::Read),
        ..stored.clone()
    };
    let (after, read) = (agents(std::slice::from_ref(&stored)), agents(&[read]));
    assert_eq!(before[1].key(), after[1].key());
    let looks_like = |one: &[_], other: &[_]| messages(one)[0].looks_like(messages(other)[0]);
    assert!(!looks_like(&before, &after));
    assert!(!looks_like(&after, &read));
    assert!(looks_like(&after, &agents(&[stored])));
}

#[test]
fn what_can_be_retried_is_the_post_or_its_change() {
    let entry = unsent("p-1", 0, Audience::Everyone);
    let changed = LogEntry {
        edited: Some(Edited {
            text: "better".to_owned(),
            unsent: Some((ClientId::new("p-2"), SendState::Queued)),
        }),
        ..text(1, 0, "ada")
    };
    let entries = [entry, changed, text(2, 0, "bob")];
    let items = agents(&entries);
    let ids: Vec<_> = messages(&items)
        .iter()
        .map(|message| message.unsent().map(ClientId::as_str))
        .collect();
    assert_eq!(ids, [Some("p-1"), Some("p-2"), None]);
}

#[test]
fn one_line_has_no_marks_and_no_breaks() {
    assert_eq!(one_line("*a*\n\nb _c_ "), "a b c");
    assert_eq!(
        one_line("*a*\n \n\tb   _c_ "),
        "a \tb   c",
        "blanks are as they were typed"
    );
    assert_eq!(one_line("a\n\u{200b}\nb"), "a b");
    assert_eq!(one_line("\u{200b}\n\u{2060}"), "");
}

#[test]
fn how_far_a_message_is_stands_under_the_last_one_of_a_run() {
    let read = |seq: u64| LogEntry {
        state: Some(SendState::Read),
        ..mine(text(seq, 0, "ada"))
    };
    let items = agents(&[read(1), read(2)]);
    let states: Vec<_> = messages(&items).iter().map(|message| message.shown_state()).collect();
    assert_eq!(states, [None, Some(&SendState::Read)]);
    let others = agents(&[text(1, 0, "carol")]);
    assert_eq!(messages(&others)[0].shown_state(), None);
}

#[test]
fn what_is_on_its_way_or_failed_is_said_of_each_message() {
    let sending = unsent("p-0", 0, Audience::Everyone);
    let refused = failed(unsent("p-1", 0, Audience::Everyone));
    let items = agents(&[sending, refused]);
    let shown = messages(&items);
    assert_eq!(shown[0].shown_state(), Some(&SendState::Sending));
    assert!(matches!(shown[1].shown_state(), Some(SendState::Failed { .. })));
    assert_eq!(shown[1].unsent(), Some(&ClientId::new("p-1")));
}

#[test]
fn the_state_of_a_change_goes_before_that_of_the_message() {
    let edited = LogEntry {
        state: Some(SendState::Read),
        edited: Some(Edited {
            text: "Hello".to_owned(),
            unsent: Some((ClientId::new("p-1"), SendState::Queued)),
        }),
        ..mine(text(1, 0, "ada"))
    };
    let items = agents(&[edited]);
    assert_eq!(messages(&items)[0].shown_state(), Some(&SendState::Queued));
}

#[test]
fn who_has_read_a_whisper_is_not_told() {
    let whispered = LogEntry {
        state: Some(SendState::Read),
        ..mine(with_event(text(1, 0, "ada"), |event| {
            event.name = EventName::WhisperMessage
        }))
    };
    let items = agents(&[whispered]);
    assert_eq!(messages(&items)[0].shown_state(), None);
}

/// The list, quotes and previews show the same table as bubbles do.
#[test]
fn whatever_is_typed_is_seen_on_one_line() {
    let table: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../shared/tests/texts.json")).expect("a table");
    for row in table {
        let (source, line) = (row["source"].as_str(), row["line"].as_str());
        let source = source.expect("a source");
        assert_eq!(Some(one_line(source).as_str()), line, "{source:?}");
    }
}
