//! Which pages may embed, visit and connect.

use crate::config;
use portico_core::identity::Origins;

fn origins() -> Origins {
    let config = config(include_str!("../../../config.demo.toml"));
    Origins::new(&config, "http://127.0.0.1:8080".parse().expect("an origin"))
}

#[test]
fn a_listed_page_may_visit_its_channel_only() {
    let origins = origins();
    for listed in [
        "http://127.0.0.1:8080",
        "http://127.0.0.1:8081",
        "http://localhost:8081",
    ] {
        assert!(
            origins.may_visit("demo", Some(listed)) && origins.may_connect(Some(listed)),
            "{listed}"
        );
    }
    assert!(!origins.may_visit("other", Some("http://127.0.0.1:8081")));
}

#[test]
fn what_is_not_exactly_listed_may_neither_connect_nor_visit() {
    let origins = origins();
    for other in [
        "null",
        "",
        "https://127.0.0.1:8081",
        "http://127.0.0.1",
        "http://127.0.0.1:80811",
        "http://127.0.0.1:8081/",
        "http://127.0.0.1.:8081",
        "http://www.localhost:8081",
        "http://LOCALHOST:8081",
        "http://localhost.:8081",
        "http://localhost:8081.evil.example",
        "http://evil-localhost:8081",
        "http://ann@localhost:8081",
        "http://localhost:8081@evil.example",
        "ws://localhost:8081",
    ] {
        assert!(
            !origins.may_connect(Some(other)) && !origins.may_visit("demo", Some(other)),
            "{other}"
        );
    }
}

#[test]
fn a_program_without_origin_may_connect_but_speaks_for_no_customer() {
    let origins = origins();
    assert!(origins.may_connect(None) && !origins.may_visit("demo", None) && !origins.is_own(None));
}
