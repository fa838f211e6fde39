//! Each verb, by each principal, with an id of its own, of another and of none. What is expected is told by the table of
//! permissions and by one more rule: whose a conversation, an offer or a file is.

pub(crate) mod client;
mod frames;
mod requests;
mod world;

use crate::relay::{Relay, body};
use portico::permissions::{self, Access, FrameVerb, VERBS};
use reqwest::Method;
use std::collections::BTreeSet;
use world::World;

/// Cases that the walk has at the least.
const LEAST_CASES: usize = 500;

/// Set to write `docs/permissions.md` anew.
const WRITE: &str = "PORTICO_WRITE_DOCUMENTS";

/// What was asked so far.
#[derive(Default)]
struct Walk {
    cases: usize,
    /// What was answered otherwise than the table says.
    wrong: Vec<String>,
}

impl Walk {
    fn note(&mut self, wrong: Option<String>) {
        self.cases += 1;
        self.wrong.extend(wrong);
    }
}

#[tokio::test]
async fn every_verb_takes_its_permission_and_ones_own_id() {
    let world = World::build().await;
    let mut walk = Walk::default();
    for verb in VERBS {
        requests::walk(&world, verb, &mut walk).await;
    }
    for verb in frames::in_order() {
        frames::walk(&world, verb, &mut walk).await;
    }
    assert!(
        walk.wrong.is_empty(),
        "{} are wrong:\n{}",
        walk.wrong.len(),
        walk.wrong.join("\n")
    );
    assert!(walk.cases >= LEAST_CASES, "{} cases", walk.cases);
    assert_eq!(frames::in_order().len(), FrameVerb::ALL.len());
}

#[tokio::test]
async fn every_request_stands_in_the_table_and_every_row_is_a_request() {
    let relay = Relay::start().await;
    let (_, document) = body(relay.get("/api/openapi.json").await).await;
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            let method = method.to_ascii_uppercase();
            let row = permissions::find(&method, path).unwrap_or_else(|| panic!("no row for {method} {path}"));
            assert_eq!(row.method, method, "{path}");
            let secured = item[method.to_ascii_lowercase()].get("security").is_some();
            let takes = matches!(row.access, Access::Requires(..)) || path == "/api/customer";
            assert_eq!(secured, takes, "{method} {path}: the description says otherwise");
            described.insert((method, path.clone()));
        }
    }
    assert!(described.len() > 20);
    for row in VERBS {
        // An address that has a route takes other methods; one that has none is nothing.
        let path = row.path.replace("{*path}", "x.js").replace(['{', '}'], "");
        let odd = Method::from_bytes(b"PURGE").expect("a method");
        let status = relay.request(odd, &path).send().await.expect("answered").status();
        assert_eq!(status, 405, "there is no route {}", row.path);
        let is_page = !row.path.starts_with("/api/") || row.method == "OPTIONS" || row.path == "/api/openapi.json";
        assert!(
            is_page || described.contains(&(row.method.to_owned(), row.path.to_owned())),
            "{} {}",
            row.method,
            row.path
        );
    }
}

#[test]
fn the_page_of_permissions_is_as_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/permissions.md");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(path, permissions::document()).expect("written");
    }
    let page = std::fs::read_to_string(path).expect("docs/permissions.md");
    let is_current = page == permissions::document();
    assert!(
        is_current,
        "docs/permissions.md is old: run this test once with {WRITE}=1"
    );
}
