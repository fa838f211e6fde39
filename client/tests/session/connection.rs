use crate::host::{Host, summary};
use portico_client::{
    Change, Connection, Effect, Input, Options, Saved, Session, SessionRole, StopReason, TokenError, Trouble,
};
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, DeskClaim, Hello, ServerFrame, Welcome};
use portico_shared::ids::DeskId;

fn closed<R: SessionRole>(code: CloseCode) -> Input<R> {
    Input::SocketClosed { code: code.code() }
}

fn retry_at(host: &Host) -> i64 {
    match host.session.connection() {
        Connection::Waiting { retry_at } => *retry_at,
        other => panic!("{other:?}"),
    }
}

fn expires_in(host: &Host, ms: i64) -> ServerFrame {
    let welcome = host.welcome_frame(Vec::new());
    // The relay's clock is a minute ahead of the host's.
    let now = host.now + 60_000;
    ServerFrame::Welcome(Box::new(Welcome {
        now,
        expires_at: Some(now + ms),
        ..welcome
    }))
}

#[test]
fn a_start_asks_for_a_token_then_for_a_socket_then_says_hello() {
    let mut host = Host::customer();
    host.input(Input::Start);
    let connecting = Effect::Changed(Change::Connection);
    assert_eq!(host.look(), [Effect::GetToken { refresh: false }, connecting]);
    host.input(Input::Token(Ok("token".to_owned())));
    assert_eq!(host.look(), [Effect::Connect]);
    host.input(Input::SocketOpened);
    let hello = Hello {
        token: "token".to_owned(),
        client: Some("test/1".to_owned()),
        desk: None,
    };
    assert_eq!(host.sent(), [ClientFrame::Hello(hello)]);
    assert_eq!(*host.session.connection(), Connection::Connecting);
    host.welcome(Vec::new());
    assert_eq!(*host.session.connection(), Connection::Online);
    assert_eq!(host.session.me().map(|me| me.id.as_str()), Some("customer-1"));
}

#[test]
fn a_lost_link_is_tried_again_after_a_random_share_of_a_growing_delay() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    for delay in [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000] {
        host.input(Input::SocketClosed { code: 1006 });
        assert_eq!(retry_at(&host), host.now + delay);
        host.look();
        host.pass(delay);
        assert!(host.look().contains(&Effect::Connect));
        host.input(Input::SocketOpened);
        host.welcome(Vec::new());
    }
    host.pass(29_999);
    assert_eq!(host.sent_names(), ["hello", "ping"]);
    host.hears(&ServerFrame::Pong);
    host.pass(1);
    host.input(Input::SocketClosed { code: 1006 });
    assert_eq!(
        retry_at(&host),
        host.now + 250,
        "half a minute online counts as success"
    );
}

#[test]
fn a_relay_that_says_goodbye_is_left_alone_for_as_long_as_it_said() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.hears(&ServerFrame::Goodbye { retry_after_ms: 7_000 });
    host.pass(1_000);
    host.input(closed(CloseCode::Draining));
    assert_eq!(retry_at(&host), host.now + 6_000);
}

#[test]
fn a_token_that_has_ended_is_replaced_at_once() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.look();
    host.input(closed(CloseCode::TokenExpired));
    assert_eq!(host.look()[0], Effect::GetToken { refresh: true });
    host.input(Input::Token(Ok("newer".to_owned())));
    host.input(Input::SocketOpened);
    let hello = Hello {
        token: "newer".to_owned(),
        client: Some("test/1".to_owned()),
        desk: None,
    };
    assert_eq!(host.sent(), [ClientFrame::Hello(hello)]);
}

#[test]
fn a_relay_that_refuses_every_token_is_asked_less_and_less_and_then_no_more() {
    let mut host = Host::customer();
    host.open_socket();
    host.input(closed(CloseCode::TokenRefused));
    let mut waits = 0;
    while !matches!(host.session.connection(), Connection::Stopped { .. }) {
        if let Connection::Waiting { retry_at } = *host.session.connection() {
            host.pass(retry_at - host.now);
            waits += 1;
        }
        host.input(Input::Token(Ok("another".to_owned())));
        host.input(Input::SocketOpened);
        host.input(closed(CloseCode::TokenRefused));
    }
    assert_eq!(waits, 2);
    assert_eq!(
        *host.session.connection(),
        Connection::Stopped {
            why: StopReason::NoToken
        }
    );
}

#[test]
fn a_missing_token_is_asked_for_again_but_a_refused_one_stops() {
    let mut host = Host::customer();
    host.input(Input::Start);
    host.input(Input::Token(Err(TokenError::Unavailable {
        retry_after_ms: Some(9_000),
    })));
    assert_eq!(retry_at(&host), host.now + 9_000);
    host.look();
    host.pass(9_000);
    assert_eq!(host.look()[0], Effect::GetToken { refresh: false });
    host.input(Input::Token(Err(TokenError::Refused)));
    assert_eq!(
        *host.session.connection(),
        Connection::Stopped {
            why: StopReason::NoToken
        }
    );
    assert_eq!(host.timer, None);
}

/// A closed chat has no button to try again with.
#[test]
fn a_customer_who_was_refused_a_token_asks_again_when_the_page_wakes_or_has_a_network() {
    for input in [Input::Woke, Input::Online] {
        let mut host = Host::customer();
        host.input(Input::Start);
        host.input(Input::Token(Err(TokenError::Refused)));
        host.pass(3_600_000);
        host.look();
        host.input(input);
        assert_eq!(host.look()[0], Effect::GetToken { refresh: true });
        host.input(Input::Token(Ok("good".to_owned())));
        assert_eq!(host.look()[0], Effect::Connect);
        host.input(Input::Stop);
        host.input(Input::Woke);
        assert!(!host.look().contains(&Effect::Connect), "not wanted");
    }
}

#[test]
fn an_agent_whose_login_ended_is_left_alone() {
    let mut host = Host::agent();
    host.input(Input::Start);
    host.input(Input::Token(Err(TokenError::Refused)));
    host.look();
    for input in [Input::Woke, Input::Online] {
        host.input(input);
        assert_eq!(host.look(), []);
    }
}

#[test]
fn a_program_that_lacks_a_part_says_so_and_keeps_what_is_unsent() {
    let mut host = Host::customer();
    host.input(Input::Start);
    host.post("p-1");
    host.input(Input::Token(Err(TokenError::Outdated)));
    let why = StopReason::Outdated;
    assert_eq!(*host.session.connection(), Connection::Stopped { why });
    let trouble = Trouble::of(host.session.connection(), false, None);
    assert_eq!(trouble, Some(Trouble::Outdated));
    assert_eq!((host.session.unsent(), host.storage.len()), (1, 1));
}

#[test]
fn a_replaced_client_stops_until_it_is_started_again() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.input(closed(CloseCode::Replaced));
    assert_eq!(
        *host.session.connection(),
        Connection::Stopped {
            why: StopReason::Replaced
        }
    );
    host.look();
    for input in [Input::Online, Input::Woke, Input::Timer] {
        host.input(input);
    }
    assert_eq!(host.look(), []);
    host.input(Input::Start);
    assert_eq!(host.look()[0], Effect::Connect);
}

#[test]
fn a_token_is_renewed_on_the_same_socket_before_it_ends() {
    let mut host = Host::customer();
    host.open_socket();
    host.hears(&expires_in(&host, 600_000));
    host.look();
    while host.now < 1_000_000 + 540_000 {
        host.pass(10_000);
        host.hears(&ServerFrame::Pong);
    }
    let effects = host.look();
    assert_eq!(
        effects
            .iter()
            .filter(|effect| **effect == Effect::GetToken { refresh: true })
            .count(),
        1
    );
    host.input(Input::Token(Ok("newer".to_owned())));
    assert_eq!(
        host.sent(),
        [ClientFrame::Auth {
            token: "newer".to_owned()
        }]
    );
    host.hears(&ServerFrame::Authenticated {
        expires_at: Some(host.session.relay_time(host.now) + 600_000),
    });
    host.pass(20_000);
    assert!(!host.look().contains(&Effect::GetToken { refresh: true }));
    assert_eq!(*host.session.connection(), Connection::Online);
}

#[test]
fn a_new_proof_is_used_at_once_and_the_connection_stays() {
    let mut host = Host::customer_in_chat(0);
    host.input(Input::Renew);
    assert_eq!(host.look(), [Effect::GetToken { refresh: true }]);
    host.input(Input::Token(Ok("newer".to_owned())));
    let token = "newer".to_owned();
    assert_eq!(host.sent(), [ClientFrame::Auth { token }]);
    assert_eq!(*host.session.connection(), Connection::Online);
}

#[test]
fn a_token_that_comes_for_an_old_proof_is_void_and_a_session_that_had_none_begins_again() {
    let mut host = Host::customer();
    host.input(Input::Start);
    host.look();
    host.input(Input::Renew);
    host.input(Input::Token(Err(TokenError::Refused)));
    assert!(host.look().contains(&Effect::GetToken { refresh: true }));
    host.input(Input::Token(Err(TokenError::Refused)));
    let why = StopReason::NoToken;
    assert_eq!(*host.session.connection(), Connection::Stopped { why });
    host.look();
    host.input(Input::Renew);
    assert!(host.look().contains(&Effect::GetToken { refresh: true }));
}

#[test]
fn a_token_that_is_over_when_it_comes_is_not_renewed_in_a_tight_loop() {
    let mut host = Host::customer();
    host.open_socket();
    host.hears(&expires_in(&host, 0));
    let mut asked = 0;
    for _ in 0..100 {
        host.pass(100);
        if host.look().contains(&Effect::GetToken { refresh: true }) {
            asked += 1;
            host.input(Input::Token(Ok("short".to_owned())));
            host.hears(&ServerFrame::Authenticated { expires_at: Some(0) });
        }
    }
    assert!((5..=10).contains(&asked), "{asked} in ten seconds");
}

#[test]
fn a_quiet_socket_is_pinged_and_given_up_after_a_minute_without_an_answer() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.look();
    host.pass(25_000);
    assert_eq!(host.sent(), [ClientFrame::Ping]);
    host.hears(&ServerFrame::Pong);
    host.pass(25_000);
    assert_eq!(host.sent(), [ClientFrame::Ping]);
    host.pass(34_999);
    assert_eq!(*host.session.connection(), Connection::Online);
    host.look();
    host.pass(1);
    assert_eq!(host.look()[0], Effect::Close);
    assert_eq!(retry_at(&host), host.now + 250);
}

#[test]
fn a_late_timer_alone_does_not_kill_a_socket() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.look();
    // Browsers let timers of hidden tabs wait for a minute.
    host.now += 61_000;
    host.input(Input::Timer);
    assert_eq!(host.sent(), [ClientFrame::Ping]);
    assert_eq!(*host.session.connection(), Connection::Online);
}

#[test]
fn waking_up_asks_for_a_sign_of_life_within_five_seconds() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.look();
    host.pass(10_000);
    host.input(Input::Woke);
    assert_eq!(host.sent(), [ClientFrame::Ping]);
    host.pass(5_000);
    assert_eq!(host.look()[0], Effect::Close);
    assert_eq!(retry_at(&host), host.now + 250);
}

#[test]
fn waking_up_after_a_long_sleep_or_during_a_wait_connects_at_once() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.look();
    host.now += 600_000;
    host.input(Input::Woke);
    assert_eq!(host.look()[..2], [Effect::Close, Effect::Connect]);
    host.input(Input::SocketClosed { code: 1006 });
    host.input(Input::Woke);
    assert!(host.look().contains(&Effect::Connect));
}

#[test]
fn without_a_network_the_session_says_so_and_comes_back_with_it() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.look();
    host.input(Input::Offline);
    assert_eq!(
        host.sent(),
        [ClientFrame::Ping],
        "platforms err: the socket is probed, not dropped"
    );
    assert_eq!(*host.session.connection(), Connection::Online);
    host.input(Input::SocketClosed { code: 1006 });
    assert_eq!(*host.session.connection(), Connection::Offline);
    host.look();
    host.pass(29_000);
    assert_eq!(host.look(), []);
    host.pass(1_000);
    assert_eq!(
        host.look()[0],
        Effect::Connect,
        "platforms err, so it is tried all the same"
    );
    host.input(Input::SocketClosed { code: 1006 });
    assert_eq!(*host.session.connection(), Connection::Offline);
    host.input(Input::Online);
    assert!(host.look().contains(&Effect::Connect));
}

#[test]
fn a_socket_or_a_welcome_that_never_comes_is_given_up() {
    let mut host = Host::customer();
    host.input(Input::Start);
    host.input(Input::Token(Ok("token".to_owned())));
    host.pass(15_000);
    assert!(host.look().contains(&Effect::Close));
    host.pass(250);
    host.input(Input::SocketOpened);
    host.pass(10_000);
    assert!(host.look().contains(&Effect::Close));
}

#[test]
fn stopping_closes_the_socket_and_nothing_happens_after() {
    let mut host = Host::customer();
    host.go_online(vec![summary("c-1", 0)]);
    host.look();
    host.input(Input::Stop);
    assert_eq!(host.look()[0], Effect::Close);
    assert_eq!(*host.session.connection(), Connection::Idle);
    assert_eq!(host.timer, None);
    host.post("p-1");
    assert_eq!(host.sent(), []);
}

#[test]
fn what_a_newer_relay_says_is_ignored_and_what_is_broken_is_reported_without_its_text() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.look();
    host.receive("{\"type\":\"horoscope\",\"text\":\"secret\"}");
    assert_eq!(host.look(), []);
    for broken in ["{\"type\":\"event\",\"text\":\"secret\"}", "secret", "[]"] {
        host.receive(broken);
        let [Effect::Warn(warning)] = &host.look()[..] else {
            panic!("{broken} should be reported")
        };
        assert!(!warning.contains("secret"), "{warning}");
    }
}

#[test]
fn a_clock_that_is_set_back_delays_nothing() {
    let mut host = Host::customer();
    host.go_online(Vec::new());
    host.random = 1.0;
    host.input(Input::SocketClosed { code: 1006 });
    host.pass(100);
    host.input(Input::Timer);
    host.now -= 3_600_000;
    host.input(Input::Timer);
    assert_eq!(host.timer, Some(host.now + 400));
    host.look();
    host.pass(400);
    assert_eq!(host.look()[0], Effect::Connect);
}

#[test]
fn a_desk_takes_over_from_another_one_when_a_person_says_so_and_not_before() {
    let mut host = Host::agent();
    let desk = DeskId::new("desk-1");
    host.session = Session::new(
        Options {
            client: None,
            desk: Some(desk.clone()),
        },
        Saved::default(),
    );
    let hello = |take_over| {
        ClientFrame::Hello(Hello {
            token: "token".to_owned(),
            client: None,
            desk: Some(DeskClaim {
                id: desk.clone(),
                take_over,
            }),
        })
    };
    host.open_socket();
    assert_eq!(host.sent(), [hello(false)]);
    for code in [CloseCode::DeskInUse, CloseCode::Replaced] {
        host.input(closed(code));
        let why = StopReason::Replaced;
        assert_eq!(*host.session.connection(), Connection::Stopped { why });
        host.look();
        host.input(Input::Start);
        host.input(Input::SocketOpened);
        assert_eq!(host.sent(), [hello(true)]);
        // The wish stays until it is fulfilled.
        host.input(Input::SocketClosed { code: 1006 });
        host.pass(2_500);
        host.input(Input::SocketOpened);
        assert_eq!(host.sent(), [hello(true)]);
        host.welcome(Vec::new());
        host.input(Input::SocketClosed { code: 1006 });
        host.pass(2_500);
        host.input(Input::SocketOpened);
        assert_eq!(host.sent(), [hello(false)]);
        host.welcome(Vec::new());
    }
}
