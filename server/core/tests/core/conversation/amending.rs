//! What becomes of messages after they were said: their authors change and delete them.

use super::commands::Commands;
use super::world::{World, bot, code, id, post_of, whisper};
use portico_core::identity::Principal;
use portico_shared::cim::body::DeletedBody;
use portico_shared::cim::{EventName, MessageBody};
use portico_shared::frame::{Accepted, Audience, Draft, Post, RefusalCode, ServerFrame};
use portico_shared::ids::{ConversationId, MessageId};

fn deletion(of: &MessageId) -> Draft {
    Draft::new(MessageBody::DeletedNotification(DeletedBody {
        message_id: of.to_string(),
        ..DeletedBody::default()
    }))
}

fn edit(of: &MessageId) -> Draft {
    Draft {
        intent: Some("UPDATE".to_owned()),
        original_message_id: Some(of.clone()),
        ..Draft::new(MessageBody::plain("better"))
    }
}

/// Posts what must be taken.
async fn posts(world: &World, who: &Principal, conversation: &ConversationId, name: &str, draft: Draft) -> Accepted {
    let posted = world.registry.post(who, post_of(conversation, name, draft)).await;
    posted.expect("it is taken")
}

#[tokio::test]
async fn an_agent_deletes_its_own_messages_only_and_the_log_keeps_them() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let (customer, ann) = (Principal::Customer(customer), ann.principal());
    let theirs = world.says(&customer, &conversation, "hello").await;
    let first = world.says(&ann, &conversation, "for another customer").await;
    let last = world.says(&ann, &conversation, "me, too").await;
    let unread = async || world.registry.summaries(&customer).await.expect("a list")[0].clone();
    let before = unread().await;

    posts(&world, &ann, &conversation, "d1", deletion(&first.message_id)).await;
    let record = world.record(&conversation).await;
    assert_eq!(record.last_message, Some(last.seq), "lists show the newest message");
    let deleted = posts(&world, &ann, &conversation, "d2", deletion(&last.message_id)).await;
    let record = world.record(&conversation).await;
    assert_eq!(record.last_message, Some(deleted.seq), "or that it is gone");
    let log = world.log(&conversation).await;
    let newest = &log.last().expect("an event").event;
    assert_eq!(newest.name, EventName::AgentMessage);
    let body = newest.message().map(|message| &message.body);
    let Some(MessageBody::DeletedNotification(body)) = body else {
        panic!("{newest:?}")
    };
    assert_eq!(body.message_id, last.message_id.as_str());
    assert_eq!(body.timestamp, Some(newest.timestamp));
    assert_eq!(unread().await.unread, before.unread, "there is nothing to read in it");

    let refused = async |who: &Principal, draft: Draft| {
        let post = post_of(&conversation, "refused", draft);
        code(world.registry.post(who, post).await)
    };
    let nowhere = MessageId::new("nowhere");
    assert_eq!(
        refused(&ann, deletion(&theirs.message_id)).await,
        RefusalCode::Forbidden
    );
    assert_eq!(refused(&ann, deletion(&nowhere)).await, RefusalCode::InvalidBody);
    let of_deletion = deletion(&deleted.message_id);
    assert_eq!(refused(&ann, of_deletion).await, RefusalCode::InvalidBody);
    let own = deletion(&theirs.message_id);
    assert_eq!(refused(&customer, own).await, RefusalCode::InvalidBody);
}

#[tokio::test]
async fn lists_are_told_that_the_newest_message_is_gone_whose_words_were_edited() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let (customer, ann) = (Principal::Customer(customer), ann.principal());
    let first = world.says(&ann, &conversation, "hello").await;
    let last = world.says(&ann, &conversation, "for another customer").await;
    posts(&world, &ann, &conversation, "e1", edit(&last.message_id)).await;
    posts(&world, &ann, &conversation, "d1", deletion(&first.message_id)).await;
    let mut tab = world.socket(&customer);
    let deleted = posts(&world, &ann, &conversation, "d2", deletion(&last.message_id)).await;
    let told = tab.until(|frame| matches!(frame, ServerFrame::Conversation(_))).await;
    let ServerFrame::Conversation(summary) = told else {
        panic!("{told:?}")
    };
    assert_eq!(summary.last.map(|item| item.seq), Some(deleted.seq));
    let record = world.record(&conversation).await;
    assert_eq!(record.last_message, Some(deleted.seq));
}

#[tokio::test]
async fn what_is_deleted_is_neither_edited_nor_deleted_again() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let (customer, ann) = (Principal::Customer(customer), ann.principal());
    let said = world.says(&ann, &conversation, "for another customer").await;
    let other = world.says(&ann, &conversation, "helo").await;
    posts(&world, &ann, &conversation, "d1", deletion(&said.message_id)).await;
    for n in 0..120 {
        world.says(&customer, &conversation, &format!("{n}")).await;
    }
    for (name, draft) in [("e", edit(&said.message_id)), ("d", deletion(&said.message_id))] {
        let again = world.registry.post(&ann, post_of(&conversation, name, draft)).await;
        assert_eq!(code(again), RefusalCode::InvalidBody, "{name}");
    }
    posts(&world, &ann, &conversation, "e1", edit(&other.message_id)).await;
}

#[tokio::test]
async fn a_deletion_reaches_those_whom_the_message_reached() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    let ann = ann.principal();
    let aloud = world.says(&ann, &conversation, "hello").await;
    let whispered = world.registry.post(&ann, whisper(&conversation, "w", "psst")).await;
    let whispered = whispered.expect("a whisper");
    let among_agents = |name: &str, of: &MessageId| Post {
        client_id: id(name),
        audience: Audience::Agents,
        ..post_of(&conversation, name, deletion(of))
    };
    let hidden = world.registry.post(&ann, among_agents("a", &aloud.message_id)).await;
    assert_eq!(code(hidden), RefusalCode::InvalidBody, "the customer would keep it");
    let aloud = post_of(&conversation, "b", deletion(&whispered.message_id));
    assert_eq!(code(world.registry.post(&ann, aloud).await), RefusalCode::InvalidBody);
    let taken = world
        .registry
        .post(&ann, among_agents("c", &whispered.message_id))
        .await;
    taken.expect("a whisper is taken back among agents");
    let visible = world.registry.summaries(&Principal::Customer(customer)).await;
    let visible = visible.expect("a list")[0].last.clone().expect("a message");
    assert_eq!(
        visible.seq,
        world.record(&conversation).await.last_message.expect("one")
    );
}

#[tokio::test]
async fn a_bot_changes_and_deletes_its_own_messages_over_its_socket() {
    let world = World::new();
    let (customer, conversation) = world.started("hooked").await;
    let robot = bot("hook");
    let said = world.says(&robot, &conversation, "helo").await;
    let theirs = world.says(&Principal::Customer(customer), &conversation, "hello").await;
    let waiting = world.record(&conversation).await.waiting_since;
    assert!(waiting.is_some(), "the customer waits for an answer");
    let edited = posts(&world, &robot, &conversation, "e1", edit(&said.message_id)).await;
    posts(&world, &robot, &conversation, "d1", deletion(&said.message_id)).await;
    assert_eq!(
        world.record(&conversation).await.waiting_since,
        waiting,
        "neither is an answer"
    );
    for draft in [edit(&theirs.message_id), deletion(&theirs.message_id)] {
        let post = post_of(&conversation, "refused", draft);
        assert_eq!(code(world.registry.post(&robot, post).await), RefusalCode::Forbidden);
    }
    let of_edit = post_of(&conversation, "d2", deletion(&edited.message_id));
    assert_eq!(
        code(world.registry.post(&robot, of_edit).await),
        RefusalCode::InvalidBody
    );
}

#[tokio::test]
async fn a_bot_that_only_assists_changes_nothing_that_the_customer_reads_but_takes_back_what_it_said() {
    let world = World::new();
    let (_, conversation) = world.started("hooked").await;
    let robot = bot("hook");
    let said = world.says(&robot, &conversation, "the price is 90").await;
    world.handed_over(&robot, &conversation).await;
    let changed = post_of(&conversation, "e1", edit(&said.message_id));
    assert_eq!(code(world.registry.post(&robot, changed).await), RefusalCode::Forbidden);
    posts(&world, &robot, &conversation, "d1", deletion(&said.message_id)).await;
    let names = world.names(&conversation).await;
    assert_eq!(names.last().map(String::as_str), Some("BOT_MESSAGE"));
}
