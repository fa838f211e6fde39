//! The frames of a socket.

use super::Walk;
use super::client::Client;
use super::world::{Kind, Person, Things, WHOSE, Whose, World};
use portico::permissions::FrameVerb;
use portico_shared::close::CloseCode;
use serde_json::{Value, json};

/// All frames; those last that end what others are asked for.
pub(super) fn in_order() -> Vec<FrameVerb> {
    let rank = |verb: &FrameVerb| match verb {
        FrameVerb::Accept => 1,
        FrameVerb::NotReady => 2,
        FrameVerb::Leave => 3,
        FrameVerb::End => 4,
        _ => 0,
    };
    let mut all = FrameVerb::ALL.to_vec();
    all.sort_by_key(rank);
    all
}

/// What becomes of a frame.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// It does what it is for, or is refused for something else than who asks.
    Let,
    /// Refused by this code.
    Refused(&'static str),
    /// Nothing happens.
    Silence,
}

/// Sends one frame in everyone's name.
pub(super) async fn walk(world: &World, verb: FrameVerb, walk: &mut Walk) {
    for person in &world.people {
        for (at, whose) in whose(verb).iter().enumerate() {
            let things = world.things(person, *whose);
            let frame = frame(verb, &things, person, &format!("{verb:?}-{at}"));
            let what = format!("{} by {}, {whose:?}", verb.name(), person.name);
            let told = match &person.socket {
                Some(socket) if verb != FrameVerb::Hello => {
                    let expected = expected(verb, person, *whose);
                    tell(&mut *socket.lock().await, verb, &frame, &expected).await
                }
                Some(socket) => {
                    *socket.lock().await = greet(world, person, &frame, &what).await;
                    Ok(())
                }
                None => {
                    greet(world, person, &frame, &what).await;
                    Ok(())
                }
            };
            walk.note(told.err().map(|told| format!("{what}: {told}")));
        }
    }
}

/// Who has no permission to have a socket is shown out, whatever comes after hello.
async fn greet(world: &World, person: &Person, frame: &Value, what: &str) -> Client {
    let mut socket = Client::greet(&world.relay, &person.token).await;
    let code = match person.kind {
        Kind::Expired => CloseCode::TokenExpired,
        _ => CloseCode::TokenRefused,
    };
    match socket.next().await {
        Ok(welcome) if person.may(FrameVerb::Hello.permission()) => assert_eq!(welcome["type"], "welcome", "{what}"),
        Ok(told) => panic!("{what}: {told}"),
        Err(closed) => {
            assert!(!person.may(FrameVerb::Hello.permission()), "{what}: {closed}");
            assert_eq!(closed, code.code(), "{what}");
            socket.send(frame).await;
            assert!(socket.next().await.is_err(), "{what}");
        }
    }
    socket
}

fn whose(verb: FrameVerb) -> &'static [Whose] {
    match verb {
        FrameVerb::Hello
        | FrameVerb::Auth
        | FrameVerb::Ping
        | FrameVerb::Start
        | FrameVerb::Ready
        | FrameVerb::NotReady => &WHOSE[..1],
        FrameVerb::Join
        | FrameVerb::Page
        | FrameVerb::Delivered
        | FrameVerb::Read
        | FrameVerb::Post
        | FrameVerb::Typing
        | FrameVerb::Describe
        | FrameVerb::End
        | FrameVerb::Accept
        | FrameVerb::Leave => &WHOSE,
    }
}

/// What the table says, and then whose it is.
fn expected(verb: FrameVerb, person: &Person, whose: Whose) -> Expected {
    if !person.may(verb.permission()) {
        return Expected::Refused("forbidden");
    }
    match verb {
        FrameVerb::Hello
        | FrameVerb::Auth
        | FrameVerb::Ping
        | FrameVerb::Start
        | FrameVerb::Ready
        | FrameVerb::NotReady => Expected::Let,
        FrameVerb::Accept if whose == Whose::Own => Expected::Let,
        FrameVerb::Accept => Expected::Refused("offer_gone"),
        _ if person.reaches(whose) => Expected::Let,
        FrameVerb::Typing => Expected::Silence,
        _ => Expected::Refused("not_found"),
    }
}

fn frame(verb: FrameVerb, things: &Things, person: &Person, id: &str) -> Value {
    let conversation = &things.conversation;
    match verb {
        FrameVerb::Hello | FrameVerb::Ping => json!({"type": "ping"}),
        FrameVerb::Auth => json!({"type": "auth", "token": person.token}),
        FrameVerb::Start => json!({"type": "start", "client_id": id}),
        FrameVerb::Join => json!({"type": "join", "conversation": conversation}),
        FrameVerb::Page => json!({"type": "page", "conversation": conversation, "after": 0}),
        FrameVerb::Delivered => json!({"type": "delivered", "conversation": conversation, "up_to": 1}),
        FrameVerb::Read => json!({"type": "read", "conversation": conversation, "up_to": 1}),
        FrameVerb::Post => json!({
            "type": "post", "conversation": conversation, "client_id": id,
            "message": {"body": {"type": "PLAIN", "markdownText": "Hello"}},
            // Who does not take part writes to those who do.
            "audience": (person.kind == Kind::User).then_some("agents"),
        }),
        FrameVerb::Typing => json!({"type": "typing", "conversation": conversation, "on": true}),
        FrameVerb::Describe => {
            json!({"type": "describe", "conversation": conversation, "data": {"page_title": "Tents"}})
        }
        FrameVerb::End => json!({"type": "end", "conversation": conversation, "client_id": id}),
        FrameVerb::Ready => json!({"type": "state", "state": "READY"}),
        FrameVerb::NotReady => json!({"type": "state", "state": "NOT_READY"}),
        FrameVerb::Accept => json!({"type": "accept", "task": things.task, "client_id": id}),
        FrameVerb::Leave => json!({"type": "leave", "conversation": things.left, "client_id": id}),
    }
}

/// Sends a frame and waits for what is expected of it; answers what came instead.
async fn tell(socket: &mut Client, verb: FrameVerb, frame: &Value, expected: &Expected) -> Result<(), Value> {
    socket.send(frame).await;
    if *expected == Expected::Let && is_unanswered(verb) {
        // The conversation takes frames in their order, so what refuses the first one comes before the answer to the next.
        socket
            .send(&json!({"type": "join", "conversation": frame["conversation"]}))
            .await;
    }
    if *expected == Expected::Silence {
        socket.send(&json!({"type": "ping"})).await;
    }
    loop {
        let answer = socket.next().await.expect("the socket is open");
        match (answer["type"].as_str().unwrap_or_default(), expected) {
            ("refused", Expected::Refused(code)) if answer["code"] == *code => return Ok(()),
            ("refused", Expected::Let)
                if !["forbidden", "not_found"].contains(&answer["code"].as_str().unwrap_or_default()) =>
            {
                return Ok(());
            }
            ("refused", _) => return Err(answer),
            ("pong", Expected::Silence) => return Ok(()),
            (kind, Expected::Let) if kind == answered_by(verb) => return Ok(()),
            (kind, Expected::Refused(_)) if kind == answered_by(verb) && !is_unanswered(verb) => return Err(answer),
            _ => {}
        }
    }
}

fn is_unanswered(verb: FrameVerb) -> bool {
    matches!(
        verb,
        FrameVerb::Delivered | FrameVerb::Read | FrameVerb::Typing | FrameVerb::Describe
    )
}

fn answered_by(verb: FrameVerb) -> &'static str {
    match verb {
        FrameVerb::Hello | FrameVerb::Ping => "pong",
        FrameVerb::Auth => "authenticated",
        FrameVerb::Join | FrameVerb::Delivered | FrameVerb::Read | FrameVerb::Typing | FrameVerb::Describe => "joined",
        FrameVerb::Page => "page",
        FrameVerb::Ready | FrameVerb::NotReady => "agent_state",
        FrameVerb::Start | FrameVerb::Post | FrameVerb::End | FrameVerb::Accept | FrameVerb::Leave => "accepted",
    }
}
