//! What the list shows of each conversation, and in which order.

use super::drafts::{ComposerDraft, Mode};
use super::names::{Identity, channel_name, customer_name, said_of};
use crate::i18n::{self, t};
use portico_client::agent::Session;
use portico_client::timeline::{AgentView, Voice, one_line};
use portico_shared::cim::participant::ParticipantRole;
use portico_shared::cim::{CimEvent, EventName, SenderType};
use portico_shared::frame::{Person, Summary};
use portico_shared::ids::ConversationId;

/// One conversation of the list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Preview {
    /// Which conversation.
    pub(crate) id: ConversationId,
    /// What the customer is called.
    pub(crate) name: String,
    /// What the colour of the picture follows from.
    pub(crate) picture: String,
    /// The newest line.
    pub(crate) last: LastMessage,
    /// When that was, in epoch milliseconds.
    pub(crate) at_ms: i64,
    /// Since when the customer has had no answer.
    pub(crate) waiting_since: Option<i64>,
    /// Messages that this agent has not seen.
    pub(crate) unread: u32,
    /// Where it came in.
    pub(crate) channel: Option<String>,
    /// Who is in charge.
    pub(crate) holder: String,
    /// Whether it goes on.
    pub(crate) live: bool,
    /// Whether the site vouches for who the customer is.
    pub(crate) identity: Identity,
}

/// The newest line of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LastMessage {
    /// Typed here and not sent.
    Draft(Mode, String),
    /// The customer's.
    Customer(String),
    /// An agent's or a bot's, with the name.
    Ours(String, String),
    /// Among agents.
    Whisper(String),
    /// Nothing yet.
    Nothing,
}

/// Those that go on stand first, and in each part those that wait longest or spoke last. The same ones stand in the same
/// order after a reload.
pub(super) fn in_order(mut previews: Vec<Preview>) -> Vec<Preview> {
    previews.sort_by(|one, other| rank(one).cmp(&rank(other)));
    previews
}

fn rank(preview: &Preview) -> (bool, i64, i64, &str) {
    let waiting_since = preview.waiting_since.unwrap_or(i64::MAX);
    (!preview.live, waiting_since, -preview.at_ms, preview.id.as_str())
}

/// The same ones in the order in which they stood before, so that a press hits what it was meant for. What is new stands
/// below the others.
pub(super) fn in_held_order(before: &[Preview], mut previews: Vec<Preview>) -> Vec<Preview> {
    let place = |preview: &Preview| before.iter().position(|known| known.id == preview.id);
    previews.sort_by_key(|preview| place(preview).unwrap_or(usize::MAX));
    previews
}

/// What the list shows of a conversation, if the agent takes part in it or looks at it.
pub(super) fn preview(
    session: &Session,
    id: ConversationId,
    open: Option<&ConversationId>,
    draft: &ComposerDraft,
) -> Option<Preview> {
    let conversation = session.conversation(&id)?;
    let summary = conversation.summary();
    let me = session.me().map(|me| me.id.as_str());
    if !takes_part(&summary.people, me) && open != Some(&id) {
        return None;
    }
    let (last, live) = (conversation.last(), conversation.is_live());
    let words = last.and_then(|last| match conversation.last_is_deleted() {
        true => Some((last, t().deleted().to_owned())),
        false => Some((last, changed_text(conversation.last_edit()).or_else(|| text_of(last))?)),
    });
    Some(Preview {
        name: customer_name(summary),
        picture: id.as_str().to_owned(),
        last: last_message(draft, words, &viewer(session, summary)),
        at_ms: last.map_or(summary.started_at, |event| event.timestamp.ms()),
        waiting_since: conversation.waiting_since().filter(|_| live),
        unread: conversation.unread(),
        channel: channel_name(conversation),
        holder: holder(&summary.people, me),
        live,
        identity: last.and_then(said_of).unwrap_or(Identity::Claimed),
        id,
    })
}

/// What is typed and not sent, or else the newest message.
fn last_message(draft: &ComposerDraft, last: Option<(&CimEvent, String)>, viewer: &AgentView) -> LastMessage {
    if let Some((mode, text)) = draft.waiting() {
        return LastMessage::Draft(mode, text.trim().to_owned());
    }
    let Some((event, text)) = last else {
        return LastMessage::Nothing;
    };
    if event.name == EventName::WhisperMessage {
        return LastMessage::Whisper(text);
    }
    let author = viewer.author_of(event);
    match author.voice {
        Voice::Customer => LastMessage::Customer(text),
        Voice::Own => LastMessage::Ours(t().you().to_owned(), text),
        Voice::Agent | Voice::Bot | Voice::System => LastMessage::Ours(author.name, text),
    }
}

/// What a message says since it was changed.
fn changed_text(edit: Option<&str>) -> Option<String> {
    edit.map(one_line).filter(|text| !text.is_empty())
}

/// The text of a message, or the kind of a message without one.
pub(super) fn text_of(event: &CimEvent) -> Option<String> {
    let message = event.message()?;
    let text = message.text().map(|text| one_line(&text));
    let kind = || i18n::activity::content(&message.body);
    Some(text.filter(|text| !text.is_empty()).unwrap_or_else(kind))
}

/// Who looks, for names.
pub(super) fn viewer(session: &Session, summary: &Summary) -> AgentView {
    AgentView {
        me: session.me().cloned(),
        customer_name: customer_name(summary),
        customer_picture: summary.conversation.to_string(),
        ..AgentView::default()
    }
}

/// Who is in charge: an agent, or else a bot.
fn holder(people: &[Person], me: Option<&str>) -> String {
    let primary = |kind: SenderType| {
        people
            .iter()
            .find(|person| person.kind == kind && person.role == Some(ParticipantRole::Primary))
    };
    match primary(SenderType::Agent).or_else(|| primary(SenderType::Bot)) {
        Some(person) if Some(person.id.as_str()) == me => t().you().to_owned(),
        Some(person) => person.name.clone(),
        None => t().nobody().to_owned(),
    }
}

/// Whether this agent is among them.
pub(super) fn takes_part(people: &[Person], me: Option<&str>) -> bool {
    people.iter().any(|person| Some(person.id.as_str()) == me)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{event, person, said, summary, text, texts, view, whisper};
    use portico_shared::cim::{EventData, MessageBody};
    use portico_shared::ids::MessageId;

    fn preview(id: &str, live: bool, waiting_since: Option<i64>, at_ms: i64) -> Preview {
        Preview {
            id: ConversationId::new(id),
            name: id.to_owned(),
            picture: id.to_owned(),
            last: LastMessage::Nothing,
            at_ms,
            waiting_since,
            unread: 0,
            channel: None,
            holder: String::new(),
            live,
            identity: Identity::Claimed,
        }
    }

    fn ids(previews: Vec<Preview>) -> Vec<String> {
        previews.into_iter().map(|preview| preview.id.to_string()).collect()
    }

    #[test]
    fn who_waits_longest_stands_first_then_who_spoke_last() {
        let sorted = in_order(vec![
            preview("answered long ago", true, None, 5),
            preview("waits briefly", true, Some(8), 8),
            preview("answered just now", true, None, 9),
            preview("waits long", true, Some(2), 2),
        ]);
        let expected = ["waits long", "waits briefly", "answered just now", "answered long ago"];
        assert_eq!(ids(sorted), expected);
    }

    #[test]
    fn those_that_are_alike_have_an_order_too() {
        let alike = |id| preview(id, true, None, 5);
        assert_eq!(ids(in_order(vec![alike("b"), alike("a")])), ["a", "b"]);
        assert_eq!(ids(in_order(vec![alike("a"), alike("b")])), ["a", "b"]);
    }

    #[test]
    fn while_the_order_is_held_nothing_moves_and_what_is_new_stands_below() {
        let before = in_order(vec![preview("a", true, Some(1), 1), preview("b", true, None, 2)]);
        let now = in_order(vec![
            preview("a", true, None, 9),
            preview("b", true, Some(3), 3),
            preview("new", true, Some(2), 2),
        ]);
        assert_eq!(ids(now.clone()), ["new", "b", "a"]);
        assert_eq!(ids(in_held_order(&before, now)), ["a", "b", "new"]);
        assert_eq!(ids(in_held_order(&before, vec![preview("b", true, None, 2)])), ["b"]);
    }

    #[test]
    fn a_chat_that_has_ended_stands_below_all_that_go_on() {
        let sorted = in_order(vec![
            preview("ended", false, None, 9),
            preview("goes on", true, None, 1),
        ]);
        assert_eq!(ids(sorted), ["goes on", "ended"]);
    }

    fn last(event: CimEvent) -> LastMessage {
        let words = text_of(&event).map(|text| (&event, text));
        last_message(&ComposerDraft::default(), words, &view())
    }

    #[test]
    fn the_last_message_names_who_of_us_wrote_it() {
        assert_eq!(
            last(text(0, "carol", "Hi *there*")),
            LastMessage::Customer("Hi there".to_owned())
        );
        assert_eq!(
            last(text(0, "bob", "Hi")),
            LastMessage::Ours("bob".to_owned(), "Hi".to_owned())
        );
        assert_eq!(
            last(text(0, "ada", "Hi")),
            LastMessage::Ours(t().you().to_owned(), "Hi".to_owned())
        );
        assert_eq!(last(whisper(0, "bob", "Hi")), LastMessage::Whisper("Hi".to_owned()));
    }

    #[test]
    fn whatever_is_typed_stands_in_the_list() {
        for [source, _, line] in texts() {
            let shown = last(text(0, "carol", &source));
            assert_eq!(shown, LastMessage::Customer(line), "{source:?}");
        }
    }

    #[test]
    fn a_message_without_a_text_is_named_by_its_kind_and_what_is_no_message_not_at_all() {
        assert_eq!(
            last(said(0, "carol", MessageBody::plain(" "))),
            LastMessage::Customer(t().content_message().to_owned())
        );
        let left = event(0, "carol", EventName::CustomerLeft, EventData::default());
        assert_eq!(last(left), LastMessage::Nothing);
        assert_eq!(
            last_message(&ComposerDraft::default(), None, &view()),
            LastMessage::Nothing
        );
    }

    #[test]
    fn what_is_typed_and_not_sent_stands_in_place_of_the_last_message() {
        let mut draft = ComposerDraft::default();
        draft.begin_edit(MessageId::new("m-1"), " Hello ".to_owned());
        let shown = last_message(&draft, Some((&text(0, "carol", "Hi"), "Hi".to_owned())), &view());
        assert_eq!(shown, LastMessage::Draft(Mode::Reply, "Hello".to_owned()));
    }

    #[test]
    fn an_agent_in_charge_goes_before_a_bot() {
        let (bot, bob) = (person("bot", "BOT", "PRIMARY"), person("bob", "AGENT", "PRIMARY"));
        assert_eq!(holder(&[bot.clone(), bob.clone()], Some("ada")), "bob");
        assert_eq!(holder(&[bot.clone(), bob], Some("bob")), t().you());
        assert_eq!(holder(&[bot, person("ada", "AGENT", "ASSISTANT")], Some("ada")), "bot");
        assert_eq!(holder(&[], Some("ada")), t().nobody());
    }

    #[test]
    fn only_who_is_among_the_people_takes_part() {
        assert!(takes_part(&summary().people, Some("ada")));
        assert!(!takes_part(&summary().people, Some("bob")));
        assert!(!takes_part(&summary().people, None));
    }
}
