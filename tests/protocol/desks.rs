//! Of the desks of one agent one is connected, and another one takes over when a person says so.

use crate::world::{Customer, offer, ready_agent, set_state};
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, DeskClaim, Hello, ServerFrame, Welcome};
use portico_shared::ids::DeskId;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;

/// A desk that says hello; answers its welcome or the code that it is closed with.
async fn desk(relay: &Relay, token: &str, id: &str, take_over: bool) -> Result<(Socket, Welcome), u16> {
    let origin = relay.origin();
    let mut socket = Socket::open(relay.address, Some(&origin)).await.expect("a socket");
    let hello = Hello {
        token: token.to_owned(),
        client: None,
        desk: Some(DeskClaim {
            id: DeskId::new(id),
            take_over,
        }),
    };
    socket.send(&ClientFrame::Hello(hello)).await;
    match socket.next().await {
        Ok(ServerFrame::Welcome(welcome)) => Ok((socket, *welcome)),
        Ok(other) => panic!("{other:?}"),
        Err(code) => Err(code),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_rings_at_one_desk_and_passes_to_the_one_that_takes_over() {
    let relay = Relay::plain().await;
    let token = relay.sign_in("ann").await;
    let (mut office, _) = desk(&relay, &token, "office", false).await.expect("the only desk");
    set_state(&mut office, "READY").await;
    // Another session of the same agent, as on another computer.
    let elsewhere = relay.sign_in("ann").await;
    let refused = desk(&relay, &elsewhere, "home", false).await.map(drop);
    assert_eq!(refused, Err(CloseCode::DeskInUse.code()));

    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("Hello").await;
    let rings = offer(&mut office).await;
    let (mut home, welcome) = desk(&relay, &elsewhere, "home", true).await.expect("it takes over");
    assert_eq!(office.closed().await, CloseCode::Replaced.code());
    let taken = relay.command(&["audit", "list", "--action", "user.desk_taken_over"]);
    assert!(
        taken.lines().count() == 1 && taken.contains("ann") && taken.contains("office"),
        "{taken}"
    );
    // The state and what rings are the agent's.
    assert_eq!(
        welcome.agent_state.map(|state| state.as_str().to_owned()).as_deref(),
        Some("READY")
    );
    let offered: Vec<_> = welcome.offers.iter().map(|offer| &offer.task).collect();
    assert_eq!(offered, [&rings.task]);
    assert_eq!(
        desk(&relay, &token, "office", false).await.map(drop),
        Err(CloseCode::DeskInUse.code())
    );

    // A page that is loaded anew is the same desk, though its older socket is still there.
    let (reloaded, _) = desk(&relay, &elsewhere, "home", false).await.expect("the same desk");
    assert_eq!(home.closed().await, CloseCode::Replaced.code());
    let taken = relay.command(&["audit", "list", "--action", "user.desk_taken_over"]);
    assert_eq!(taken.lines().count(), 1, "its own place: {taken}");
    reloaded.close().await;
    portico_tests::eventually("the desk is gone", || async {
        desk(&relay, &token, "office", false).await.ok().map(drop)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_no_desk_keeps_its_socket() {
    let relay = Relay::plain().await;
    let mut program = ready_agent(&relay, "ben").await;
    let token = relay.sign_in("ben").await;
    let (first, _) = desk(&relay, &token, "d1", false).await.expect("the only desk");
    let (second, _) = desk(&relay, &token, "d2", true).await.expect("it takes over");
    set_state(&mut program, "NOT_READY").await;
    drop((first, second));
}
