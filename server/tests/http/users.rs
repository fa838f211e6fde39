//! Users as an administrator and an operator look after them, while they are connected.

use crate::authorisation::client::Client;
use crate::relay::{Relay, body, text};
use portico::admin::{AdminCommand, AdminReply, UserCommand, UserReply};
use portico_shared::close::CloseCode;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What docs/security.md promises.
const WITHIN: Duration = Duration::from_secs(5);

const ADA: &str =
    "[[users]]\nusername = \"ada\"\npassword = \"correct horse\"\nfirst_name = \"Ada\"\nroles = [\"administrator\"]";

/// A relay, the token of an administrator, and one of the agent `ann`.
async fn staffed() -> (Relay, String, String) {
    let relay = Relay::start_with(ADA).await;
    let credentials = json!({"username": "ada", "password": "correct horse"});
    let (_, ada) = body(relay.post("/api/login", None, &credentials).await).await;
    let (_, ann) = body(relay.login("correct horse").await).await;
    let tokens = [&ada, &ann].map(|answer| text(answer, "/token").to_owned());
    let [ada, ann] = tokens;
    (relay, ada, ann)
}

async fn ask(relay: &Relay, token: &str, method: Method, path: &str) -> Response {
    let request = relay.request(method, path).bearer_auth(token);
    request.send().await.expect("answered")
}

async fn change(relay: &Relay, token: &str, username: &str, change: Value) -> (u16, Value) {
    let request = relay.request(Method::PATCH, &format!("/api/v1/users/{username}"));
    let answer = request.bearer_auth(token).json(&change).send().await.expect("answered");
    body(answer).await
}

/// The code that a socket is closed with, within the time that is promised.
#[expect(clippy::disallowed_methods, reason = "the promise is one about time")]
async fn closed(socket: &mut Client) -> u16 {
    let began = Instant::now();
    loop {
        match socket.next().await {
            Ok(_) => {}
            Err(code) => {
                assert!(began.elapsed() <= WITHIN, "{:?}", began.elapsed());
                return code;
            }
        }
    }
}

#[tokio::test]
async fn sessions_are_listed_and_revoked_one_by_one_and_their_sockets_close() {
    let (relay, ada, ann) = staffed().await;
    let (_, second) = body(relay.login("correct horse").await).await;
    let second = text(&second, "/token");
    let path = "/api/v1/users/ann/sessions";
    let (status, listed) = body(ask(&relay, &ada, Method::GET, path).await).await;
    let listed = listed.as_array().expect("a list");
    assert_eq!((status, listed.len()), (200, 2));
    assert!(
        listed
            .iter()
            .all(|session| session["began_at"].is_i64() && session["ends_at"].is_i64())
    );
    let mut desks = [Client::hello(&relay, &ann).await, Client::hello(&relay, second).await];

    let newest = text(&listed[0], "/id");
    let of_another = format!("/api/v1/users/ada/sessions/{newest}");
    assert_eq!(ask(&relay, &ada, Method::DELETE, &of_another).await.status(), 404);
    let one = format!("{path}/{newest}");
    assert_eq!(ask(&relay, &ada, Method::DELETE, &one).await.status(), 204);
    let (revoked, kept) = match relay.me(&ann).await {
        401 => (0, second),
        _ => (1, &*ann),
    };
    assert_eq!(closed(&mut desks[revoked]).await, CloseCode::TokenRefused.code());
    assert_eq!(relay.me(kept).await, 200, "the other one goes on");

    let command = UserCommand::Revoke {
        username: "ann".into(),
        session: None,
    };
    let reply = relay.administer(AdminCommand::User(command)).await;
    assert!(matches!(reply, Ok(AdminReply::User(UserReply::Revoked))));
    assert_eq!(closed(&mut desks[1 - revoked]).await, CloseCode::TokenRefused.code());
    assert_eq!(body(ask(&relay, &ada, Method::GET, path).await).await.1, json!([]));
    assert_eq!(
        relay.login("correct horse").await.status(),
        200,
        "the password is as good as before"
    );
    assert_eq!(
        ask(&relay, &ada, Method::GET, "/api/v1/users/nobody/sessions")
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn a_user_who_is_disabled_is_out_and_stays_signed_out_when_it_is_enabled() {
    let (relay, ada, ann) = staffed().await;
    let mut desk = Client::hello(&relay, &ann).await;
    let (status, entry) = change(&relay, &ada, "ann", json!({"disabled": true})).await;
    assert_eq!((status, &entry["disabled"]), (200, &json!(true)));
    assert_eq!(closed(&mut desk).await, CloseCode::TokenRefused.code());
    assert_eq!(relay.login("correct horse").await.status(), 401);
    change(&relay, &ada, "ann", json!({"disabled": false})).await;
    assert_eq!(relay.me(&ann).await, 401, "its session is over");
    assert_eq!(relay.login("correct horse").await.status(), 200);

    let (status, problem) = change(&relay, &ada, "ada", json!({"disabled": true})).await;
    assert_eq!((status, text(&problem, "/code")), (409, "conflict"));
    for (username, wrong, status) in [
        ("nobody", json!({"disabled": true}), 404),
        ("ann", json!({"roles": []}), 400),
        ("ann", json!({"roles": ["king"]}), 400),
        ("ann", json!({"role": "agent"}), 400),
    ] {
        assert_eq!(change(&relay, &ada, username, wrong.clone()).await.0, status, "{wrong}");
    }
    let (_, users) = body(ask(&relay, &ada, Method::GET, "/api/v1/users").await).await;
    let names: Vec<_> = users
        .as_array()
        .expect("users")
        .iter()
        .map(|user| text(user, "/username"))
        .collect();
    assert_eq!(names, ["ada", "ann"]);
}

#[tokio::test]
async fn a_change_of_rights_reaches_those_who_are_connected() {
    let (relay, ada, ann) = staffed().await;
    let ready = json!({"type": "state", "state": "READY"});
    let mut desk = Client::hello(&relay, &ann).await;
    desk.send(&ready).await;
    assert_eq!(
        desk.expect(|frame| frame["type"] == "agent_state").await["state"],
        "READY"
    );
    let (status, entry) = change(&relay, &ada, "ann", json!({"roles": ["evaluator"]})).await;
    assert_eq!((status, &entry["roles"]), (200, &json!(["evaluator"])));
    assert!(
        !entry["permissions"].to_string().contains("conversations:serve"),
        "{entry}"
    );
    assert_eq!(closed(&mut desk).await, CloseCode::RightsChanged.code());

    // The same token opens the next socket, which has the new rights.
    let mut desk = Client::greet(&relay, &ann).await;
    let welcome = desk.expect(|frame| frame["type"] == "welcome").await;
    assert_eq!(welcome["agent_state"], "NOT_READY");
    desk.send(&ready).await;
    assert_eq!(
        desk.expect(|frame| frame["type"] == "refused").await["code"],
        "forbidden"
    );
    let command = UserCommand::SetRoles {
        username: "ann".into(),
        roles: vec!["agent".into()],
    };
    assert!(relay.administer(AdminCommand::User(command)).await.is_ok());
    assert_eq!(closed(&mut desk).await, CloseCode::RightsChanged.code());
    let mut desk = Client::hello(&relay, &ann).await;
    desk.send(&ready).await;
    desk.expect(|frame| frame["type"] == "agent_state" && frame["state"] == "READY")
        .await;
}

/// A socket keeps what it has joined with the rights of then, so a proof of other rights is none for this socket.
#[tokio::test]
async fn a_token_that_is_proven_again_does_not_keep_a_socket_open_whose_rights_have_changed() {
    let (relay, ada, ann) = staffed().await;
    change(&relay, &ada, "ann", json!({"roles": ["supervisor"]})).await;
    let mut desk = Client::hello(&relay, &ann).await;
    let auth = json!({"type": "auth", "token": ann});
    desk.send(&auth).await;
    desk.expect(|frame| frame["type"] == "authenticated").await;
    change(&relay, &ada, "ann", json!({"roles": ["agent"]})).await;
    desk.send(&auth).await;
    loop {
        match desk.next().await {
            Ok(frame) => assert_ne!(frame["type"], "authenticated"),
            Err(code) => return assert_eq!(code, CloseCode::RightsChanged.code()),
        }
    }
}

/// What is logged on this thread, on which the relay of a test runs.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn who_changes_a_user_stands_in_the_log() {
    let (relay, ada, _) = staffed().await;
    let logged = Logged::default();
    let writer = logged.clone();
    let log = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone());
    let log = tracing::subscriber::set_default(log.finish());
    // Another test, which nobody listens to, may be the first to say one of these at this moment.
    let listen = tracing::callsite::rebuild_interest_cache;
    listen();
    change(
        &relay,
        &ada,
        "ann",
        json!({"roles": ["administrator"], "disabled": true}),
    )
    .await;
    listen();
    change(&relay, &ada, "ann", json!({"disabled": false})).await;
    listen();
    ask(&relay, &ada, Method::DELETE, "/api/v1/users/ann/sessions").await;
    let command = UserCommand::SetRoles {
        username: "ann".into(),
        roles: vec!["agent".into()],
    };
    assert!(relay.administer(AdminCommand::User(command)).await.is_ok());
    change(&relay, &ada, "nobody", json!({"disabled": true})).await;
    drop(log);
    let text = String::from_utf8(logged.0.lock().expect("no panic").clone()).expect("text");
    for line in [
        "a user was given other roles user.name=ann roles=[\"administrator\"] by=ada",
        "a user was disabled user.name=ann by=ada",
        "a user was enabled user.name=ann by=ada",
        "all sessions of a user were ended user.name=ann by=ada",
        "a user was given other roles user.name=ann roles=[\"agent\"] by=\"the operator\"",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(
        !text.contains("nobody"),
        "what was not done is not told as done: {text}"
    );
}
