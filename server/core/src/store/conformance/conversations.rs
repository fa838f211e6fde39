//! What is known of conversations without reading their logs: [`ConversationStore`].
//!
//! [`ConversationStore`]: crate::store::ConversationStore

use crate::store::conformance::{World, conversation, conversation_id, step};
use crate::store::{Commit, ConversationRecord, ParticipantRecord, Store};
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::participant::{ParticipantRole, ParticipantType};
use portico_shared::ids::{CustomerId, ParticipantId};

async fn put(store: &dyn Store, conversation: ConversationRecord) {
    let commit = Commit {
        conversation,
        ..step("", 0, Vec::new())
    };
    store.commit(commit).await.expect("written");
}

fn ids(records: Vec<ConversationRecord>) -> Vec<String> {
    records.into_iter().map(|record| record.id.to_string()).collect()
}

fn participant(id: &str, kind: ParticipantType) -> ParticipantRecord {
    ParticipantRecord {
        id: ParticipantId::new(id),
        kind,
        role: ParticipantRole::Primary,
        name: id.to_owned(),
        joined_at: 1,
    }
}

pub async fn conversations_are_found_by_whom_they_concern(world: &impl World) {
    let store = world.open();
    let agent = ParticipantId::new("ann");
    for (id, started_at, state) in [
        ("c1", 30, ConversationState::Active),
        ("c2", 10, ConversationState::Active),
        ("c3", 20, ConversationState::Closed),
    ] {
        let participants = vec![
            participant("ann", ParticipantType::Agent),
            participant("bot", ParticipantType::Bot),
        ];
        let customer = CustomerId::new("k");
        put(
            &*store,
            ConversationRecord {
                started_at,
                state,
                participants,
                customer,
                ..conversation(id, 0)
            },
        )
        .await;
    }
    let customer = CustomerId::new("k");
    let all = store.conversations_of_customer(&customer, 10).await.expect("readable");
    assert_eq!(ids(all), ["c1", "c3", "c2"], "newest first, closed ones too");
    assert_eq!(
        ids(store.conversations_of_customer(&customer, 1).await.expect("readable")),
        ["c1"]
    );
    let earlier = async |of: &CustomerId, before: Option<&str>, limit| {
        let before = before.map(conversation_id);
        ids(store
            .earlier_conversations(of, before.as_ref(), limit)
            .await
            .expect("readable"))
    };
    assert_eq!(earlier(&customer, None, 2).await, ["c1", "c3"], "from the newest on");
    assert_eq!(earlier(&customer, Some("c3"), 2).await, ["c2"], "after the third");
    assert_eq!(earlier(&customer, Some("c2"), 2).await, [""; 0], "there is no more");
    let stranger = CustomerId::new("stranger");
    assert_eq!(
        earlier(&stranger, Some("c1"), 2).await,
        [""; 0],
        "it is not the stranger's"
    );
    let open = store.conversations_of_participant(&agent, 10).await.expect("readable");
    assert_eq!(ids(open), ["c1", "c2"], "newest first, no closed one");
    assert_eq!(
        ids(store.conversations_of_participant(&agent, 1).await.expect("readable")),
        ["c1"]
    );
    let of_agent = store.conversation_ids_of_participant(&agent).await.expect("readable");
    assert_eq!(of_agent, [conversation_id("c1"), conversation_id("c2")]);
    assert_eq!(
        store.conversation_of_session("s-c2").await.expect("readable"),
        Some(conversation_id("c2"))
    );
    assert_eq!(store.conversation_of_session("s-none").await.expect("readable"), None);

    let without = vec![
        participant("bot", ParticipantType::Bot),
        participant("eve", ParticipantType::Agent),
    ];
    put(
        &*store,
        ConversationRecord {
            participants: without,
            ..conversation("c1", 0)
        },
    )
    .await;
    assert_eq!(
        ids(store.conversations_of_participant(&agent, 10).await.expect("readable")),
        ["c2"],
        "it left c1"
    );
    assert_eq!(
        ids(store.conversations_of_customer(&customer, 10).await.expect("readable")),
        ["c3", "c2"],
        "it has another customer now"
    );
    let other = CustomerId::new("k-c1");
    assert_eq!(
        ids(store.conversations_of_customer(&other, 10).await.expect("readable")),
        ["c1"]
    );
    let eve = ParticipantId::new("eve");
    assert_eq!(
        ids(store.conversations_of_participant(&eve, 10).await.expect("readable")),
        ["c1"]
    );
}

pub async fn a_conversation_that_closes_is_no_longer_its_participants(world: &impl World) {
    let store = world.open();
    let agent = ParticipantId::new("ann");
    for (state, open) in [
        (ConversationState::WrapUp, 1),
        (ConversationState::Closed, 0),
        (ConversationState::Active, 1),
    ] {
        let participants = vec![participant("ann", ParticipantType::Agent)];
        put(
            &*store,
            ConversationRecord {
                state,
                participants,
                ..conversation("c", 0)
            },
        )
        .await;
        let found = store.conversations_of_participant(&agent, 10).await.expect("readable");
        assert_eq!(found.len(), open, "{found:?}");
    }
}
