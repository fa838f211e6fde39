//! Sockets that the relay closes, and proofs that it does not take: rights that are withdrawn while somebody is
//! connected, tokens that cannot be proven, and too many sockets of one customer.

use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, RefusalCode};
use portico_tests::provided;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

#[tokio::test]
async fn a_bots_key_that_is_revoked_closes_its_sockets() {
    let relay = Relay::plain().await;
    let shown = relay.command(&["key", "add", "--kind", "bot", "--subject", "robot", "--label", "test"]);
    let key = shown.split_whitespace().find(|word| word.starts_with("pk_"));
    let key = key.expect("the key is shown once");
    let (_, id) = shown.rsplit_once("--id ").expect("how to revoke it is shown");
    let (mut robot, _) = Socket::hello_at(relay.address, None, key).await;
    relay.command(&["key", "revoke", "--id", id]);
    assert_eq!(robot.closed().await, CloseCode::TokenRefused.code());
    assert_eq!(Socket::turned_away(&relay, key).await, CloseCode::TokenRefused.code());
}

#[tokio::test]
async fn a_user_who_is_disabled_is_signed_out_everywhere() {
    let relay = Relay::plain().await;
    let token = relay.sign_in("ann").await;
    let (mut desk, _) = Socket::hello(&relay, &token).await;
    let (mut other, _) = Socket::hello(&relay, &relay.sign_in("ann").await).await;
    let (mut ben, _) = Socket::hello(&relay, &relay.sign_in("ben").await).await;
    relay.command(&["user", "disable", "--username", "ann"]);
    for socket in [&mut desk, &mut other] {
        assert_eq!(socket.closed().await, CloseCode::TokenRefused.code());
    }
    assert_eq!(
        Socket::turned_away(&relay, &token).await,
        CloseCode::TokenRefused.code()
    );
    ben.round_trip().await;
}

#[tokio::test]
async fn another_password_ends_every_session_of_its_user() {
    let relay = Relay::plain().await;
    let token = relay.sign_in("ann").await;
    let (mut desk, _) = Socket::hello(&relay, &token).await;
    let change = ["user", "password", "--username", "ann", "--password-stdin"];
    command_with(&relay, &change, "another-password");
    assert_eq!(desk.closed().await, CloseCode::TokenRefused.code());
    assert_eq!(
        Socket::turned_away(&relay, &token).await,
        CloseCode::TokenRefused.code()
    );
}

#[tokio::test]
async fn one_socket_too_many_of_a_customer_replaces_the_oldest() {
    const MOST: usize = 10;
    let relay = Relay::plain().await;
    let visitor = relay.visitor("desk").await;
    let (mut oldest, _) = Socket::hello(&relay, &visitor.token).await;
    let (mut stranger, _) = Socket::hello(&relay, &relay.visitor("desk").await.token).await;
    let mut others = Vec::new();
    for _ in 0..MOST {
        others.push(Socket::hello(&relay, &visitor.token).await.0);
    }
    assert_eq!(oldest.closed().await, CloseCode::Replaced.code());
    for socket in others.iter_mut().chain([&mut stranger]) {
        socket.round_trip().await;
    }
}

/// A user whose record is damaged on disk cannot be asked about: a new socket is closed so that its client comes back,
/// and a socket that is open is told to try again and stays.
#[tokio::test]
async fn a_token_that_cannot_be_asked_about_is_neither_good_nor_refused() {
    let mut relay = Relay::plain().await;
    let add = [
        "user",
        "add",
        "--username",
        "zoe",
        "--first-name",
        "Zoe-unharmed",
        "--role",
        "agent",
    ];
    command_with(&relay, &[&add[..], &["--password-stdin"]].concat(), "zoe-password");
    let (zoe, ann) = (relay.sign_in("zoe").await, relay.sign_in("ann").await);
    assert!(relay.terminate().await, "{}", relay.log());
    damage(&relay.database(), b"\"Zoe-unharmed\"", b"'Zoe-damaged!'");
    relay.restart().await;

    assert_eq!(Socket::turned_away(&relay, &zoe).await, CloseCode::Internal.code());
    let (mut desk, _) = Socket::hello(&relay, &ann).await;
    desk.send(&ClientFrame::Auth { token: zoe }).await;
    let refused = desk.refusal().await;
    assert_eq!((refused.code, refused.retryable), (RefusalCode::Unavailable, true));
    assert!(refused.retry_after_ms.is_some());
    desk.round_trip().await;
}

/// A token that proves nothing, or somebody else, takes nothing away from the socket that sent it.
#[tokio::test]
async fn a_bad_token_is_refused_and_the_socket_goes_on_as_before() {
    let relay = Relay::plain().await;
    let visitor = relay.visitor("desk").await;
    let (mut socket, welcome) = Socket::hello(&relay, &visitor.token).await;
    let (stranger, agent) = (relay.visitor("desk").await, relay.sign_in("ann").await);
    for token in ["x".to_owned(), visitor.refresh.clone(), stranger.token, agent] {
        socket.send(&ClientFrame::Auth { token }).await;
        let refused = socket.refusal().await;
        assert_eq!((refused.code, refused.retryable), (RefusalCode::Forbidden, false));
    }
    let started = socket.start().await;
    socket.said(&started.conversation, "still me").await;
    let (_, again) = Socket::hello(&relay, &visitor.token).await;
    assert_eq!(again.me, welcome.me);
}

/// Replaces bytes of a store that nobody has open, wherever they stand.
fn damage(database: &Path, sound: &[u8], damaged: &[u8]) {
    assert_eq!(sound.len(), damaged.len(), "nothing else moves");
    let mut bytes = std::fs::read(database).expect("the store");
    let places: Vec<usize> = (0..bytes.len().saturating_sub(sound.len()))
        .filter(|at| bytes[*at..].starts_with(sound))
        .collect();
    assert!(!places.is_empty(), "it stands in the store");
    for at in places {
        bytes[at..at + damaged.len()].copy_from_slice(damaged);
    }
    std::fs::write(database, bytes).expect("the store");
}

/// Runs one of the relay's own commands with something at its standard input.
fn command_with(relay: &Relay, arguments: &[&str], input: &str) {
    let folder = relay.database();
    let folder = folder.parent().expect("the store is in a folder");
    let mut child = Command::new(provided("PORTICO_BIN"))
        .current_dir(folder)
        .args(arguments)
        .args(["--config", "portico.toml"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the relay's program starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    writeln!(stdin, "{input}").expect("it reads");
    drop(stdin);
    assert!(child.wait().expect("it ends").success(), "portico {arguments:?}");
}
