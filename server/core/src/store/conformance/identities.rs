//! What is said of customers, and how they are looked up.

use crate::customers::named::NamedIdentity;
use crate::customers::words::sought;
use crate::store::conformance::World;
use crate::store::{
    Change, FoundProfiles, Identity, IdentitySource, MOST_IDENTITIES, MOST_IDENTITIES_IN_ALL, Profile, Store,
    WordSearch,
};
use portico_shared::cim::Customer;
use portico_shared::ids::CustomerId;
use serde_json::json;

pub(super) fn id(id: &str) -> CustomerId {
    CustomerId::new(id)
}

/// Writes a customer that was not there.
pub(super) async fn known(store: &dyn Store, id: &str, name: &str) -> Customer {
    let mut after = Customer {
        id: id.to_owned(),
        first_name: Some(name.to_owned()),
        ..Customer::default()
    };
    after.extra.insert("web".to_owned(), json!([format!("site|{id}")]));
    let change = Change::Customer {
        before: None,
        after: Box::new(after.clone()),
    };
    store.apply(vec![change]).await.expect("written");
    after
}

fn said(channel: &str, identifier: &str, said_by: IdentitySource) -> Identity {
    let named = NamedIdentity::read(channel, identifier).expect("an identity");
    named.said(said_by, 7)
}

pub(super) fn states(of: &str, channel: &str, identifier: &str, said_by: IdentitySource) -> Change {
    Change::StateIdentity {
        customer: id(of),
        identity: said(channel, identifier, said_by),
    }
}

fn retracts(of: &str, channel: &str, key: Option<&str>, said_by: IdentitySource) -> Change {
    Change::RetractIdentities {
        customer: id(of),
        channel: channel.to_owned(),
        said_by,
        key: key.map(str::to_owned),
    }
}

pub(super) async fn identities(store: &dyn Store, of: &str) -> Vec<Identity> {
    let profile = store.profile(&id(of)).await.expect("readable");
    profile.map(|profile| profile.identities).unwrap_or_default()
}

pub(super) async fn with(store: &dyn Store, channel: &str, key: &str) -> Vec<String> {
    let profiles = store.profiles_with(channel, key, None, 10).await.expect("readable");
    ids(profiles)
}

fn ids(profiles: Vec<Profile>) -> Vec<String> {
    profiles.into_iter().map(|profile| profile.customer.id).collect()
}

async fn part(store: &dyn Store, text: &str, after: Option<String>, limit: u32) -> FoundProfiles {
    let words = sought(text);
    let search = WordSearch { words, after, limit };
    store.search_profiles(search).await.expect("readable")
}

pub(super) async fn found(store: &dyn Store, text: &str) -> Vec<String> {
    ids(part(store, text, None, 10).await.profiles)
}

pub async fn what_is_said_of_a_customer_stands_beside_it_and_proves_nothing(world: &impl World) {
    let store = world.open();
    let ann = known(&*store, "ann", "Ann").await;
    let first = states("ann", "email", "ann@Example.org", IdentitySource::Agent);
    let again = states("ann", "email", "Ann@example.org", IdentitySource::Agent);
    let number = states("ann", "phone", "+1 555 0100", IdentitySource::Customer);
    let nobody = states("nobody", "phone", "+1 555 0100", IdentitySource::Agent);
    store.apply(vec![number, first, again, nobody]).await.expect("written");
    drop(store);

    let store = world.open();
    let profile = store.profile(&id("ann")).await.expect("readable").expect("known");
    assert_eq!(profile.customer, ann, "its record is as it was");
    assert_eq!(
        profile.identities,
        [
            said("email", "Ann@example.org", IdentitySource::Agent),
            said("phone", "+1 555 0100", IdentitySource::Customer),
        ],
        "the newest spelling"
    );
    for (channel, identifier) in [("email", "ann@example.org"), ("phone", "15550100")] {
        let opened = store.customer_by_identity(channel, identifier).await;
        assert_eq!(opened.expect("readable"), None, "{channel}");
    }
    assert_eq!(store.profile(&id("nobody")).await.expect("readable"), None);
}

pub async fn the_same_may_be_said_of_several_customers(world: &impl World) {
    let store = world.open();
    for name in ["ann", "bob", "cat"] {
        known(&*store, name, name).await;
        let shared = states(name, "email", "family@example.org", IdentitySource::Site);
        store.apply(vec![shared]).await.expect("nothing that must be unique");
    }
    let of_two = states("ann", "email", "Family@example.org", IdentitySource::Agent);
    store.apply(vec![of_two]).await.expect("written");
    assert_eq!(
        with(&*store, "email", "family@example.org").await,
        ["ann", "bob", "cat"]
    );
    let after = id("ann");
    let rest = store
        .profiles_with("email", "family@example.org", Some(&after), 1)
        .await;
    assert_eq!(ids(rest.expect("readable")), ["bob"]);
    assert_eq!(with(&*store, "phone", "family@example.org").await, [""; 0]);
}

pub async fn a_source_takes_back_its_own_word_alone(world: &impl World) {
    let store = world.open();
    known(&*store, "ann", "Ann").await;
    let changes = vec![
        states("ann", "email", "a@example.org", IdentitySource::Agent),
        states("ann", "email", "a@example.org", IdentitySource::Site),
        states("ann", "email", "b@example.org", IdentitySource::Site),
        states("ann", "phone", "+1 555 0100", IdentitySource::Site),
    ];
    store.apply(changes).await.expect("written");
    let one = retracts("ann", "email", Some("a@example.org"), IdentitySource::Agent);
    store.apply(vec![one.clone(), one]).await.expect("also a second time");
    assert_eq!(
        identities(&*store, "ann").await,
        [
            said("email", "a@example.org", IdentitySource::Site),
            said("email", "b@example.org", IdentitySource::Site),
            said("phone", "+1 555 0100", IdentitySource::Site),
        ]
    );
    let all = retracts("ann", "email", None, IdentitySource::Site);
    store.apply(vec![all]).await.expect("written");
    assert_eq!(
        identities(&*store, "ann").await,
        [said("phone", "+1 555 0100", IdentitySource::Site)]
    );
    assert_eq!(found(&*store, "a@example").await, [""; 0], "its words are gone as well");
}

pub async fn so_many_are_said_of_a_customer_and_no_more(world: &impl World) {
    let store = world.open();
    known(&*store, "ann", "Ann").await;
    let address = |number: u32| format!("a{number}@example.org");
    let changes = (0..=MOST_IDENTITIES).map(|n| states("ann", "email", &address(n), IdentitySource::Agent));
    store.apply(changes.collect()).await.expect("written");
    let known = states("ann", "email", &address(0), IdentitySource::Customer);
    let number = states("ann", "phone", "+1 555 0100", IdentitySource::Agent);
    store.apply(vec![known, number]).await.expect("written");
    let identities = identities(&*store, "ann").await;
    assert_eq!(
        identities.len(),
        MOST_IDENTITIES as usize + 2,
        "one said by two, and a number"
    );
    assert_eq!(with(&*store, "email", &address(MOST_IDENTITIES)).await, [""; 0]);
    for (vouched, source) in [
        ("app@example.org", IdentitySource::App),
        ("site@example.org", IdentitySource::Site),
    ] {
        let change = states("ann", "email", vouched, source);
        store.apply(vec![change]).await.expect("written");
        assert_eq!(
            with(&*store, "email", vouched).await,
            ["ann"],
            "claims take no room from it"
        );
    }
    for channel in 0..MOST_IDENTITIES {
        let names =
            (0..MOST_IDENTITIES).map(|n| states("ann", &format!("app-{channel}"), &n.to_string(), IdentitySource::App));
        store.apply(names.collect()).await.expect("written");
    }
    let known = states("ann", "email", "A0@example.org", IdentitySource::Agent);
    store.apply(vec![known]).await.expect("in another spelling");
    let identities = self::identities(&*store, "ann").await;
    assert_eq!(identities.len(), MOST_IDENTITIES_IN_ALL as usize);
    assert_eq!(
        identities
            .iter()
            .filter(|identity| identity.identifier == "A0@example.org")
            .count(),
        1
    );
    let vouched = states("ann", "phone", "+1 555 0199", IdentitySource::Site);
    store.apply(vec![vouched]).await.expect("written");
    assert_eq!(
        with(&*store, "phone", "15550199").await,
        ["ann"],
        "a site always has room"
    );
}

pub async fn what_is_said_of_one_customer_is_said_of_another(world: &impl World) {
    let store = world.open();
    known(&*store, "visitor", "Visitor").await;
    known(&*store, "ann", "Ann").await;
    let changes = vec![
        states("visitor", "email", "A@example.org", IdentitySource::Customer),
        states("visitor", "phone", "+1 555 0100", IdentitySource::Customer),
        states("ann", "email", "a@example.org", IdentitySource::Customer),
        Change::MoveIdentities {
            from: id("visitor"),
            to: id("ann"),
        },
    ];
    store.apply(changes).await.expect("written");
    assert_eq!(identities(&*store, "visitor").await, []);
    assert_eq!(
        identities(&*store, "ann").await,
        [
            said("email", "a@example.org", IdentitySource::Customer),
            said("phone", "+1 555 0100", IdentitySource::Customer),
        ]
    );
    assert_eq!(found(&*store, "0100").await, ["ann"]);
}

pub async fn a_customer_is_found_by_the_beginnings_of_its_words(world: &impl World) {
    let store = world.open();
    known(&*store, "c-1", "Zoë Müller").await;
    known(&*store, "c-2", "Ann Lee").await;
    known(&*store, "c-3", "Anna Muller-Lee").await;
    let changes = vec![
        states("c-2", "email", "a.lee@mail.example", IdentitySource::Site),
        states("c-1", "phone", "+43 664 1234567", IdentitySource::Customer),
    ];
    store.apply(changes).await.expect("written");
    for (text, expected) in [
        ("an", &["c-2", "c-3"][..]),
        ("MULLER", &["c-1", "c-3"]),
        ("lee an", &["c-2", "c-3"]),
        ("Müller zo", &["c-1"]),
        ("lee@mail", &["c-2"]),
        ("0664 / 123 45 67", &["c-1"]),
        ("0664 1234567", &["c-1"]),
        ("1234567", &["c-1"]),
        ("ann zoe", &[]),
        ("nobody", &[]),
    ] {
        assert_eq!(found(&*store, text).await, expected, "{text}");
    }
    let ann = store.customer(&id("c-2")).await.expect("readable").expect("known");
    let renamed = Customer {
        first_name: Some("Berta".to_owned()),
        ..ann.clone()
    };
    let change = Change::Customer {
        before: Some(Box::new(ann)),
        after: Box::new(renamed),
    };
    store.apply(vec![change]).await.expect("written");
    assert_eq!(found(&*store, "an").await, ["c-3"]);
    assert_eq!(found(&*store, "berta lee").await, ["c-2"]);
}

pub async fn what_a_search_finds_comes_in_parts(world: &impl World) {
    let store = world.open();
    for number in 0..25 {
        known(&*store, &format!("c-{number:02}"), &format!("Sam Samson{}", number % 3)).await;
    }
    known(&*store, "d-1", "Samuel Other").await;
    let (mut all, mut after) = (Vec::new(), None);
    for _ in 0..10 {
        let part = part(&*store, "sam s", after, 10).await;
        assert!(part.profiles.len() <= 10);
        all.extend(ids(part.profiles));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(after, None, "it ends");
    let expected: Vec<String> = (0..25).map(|number| format!("c-{number:02}")).collect();
    assert_eq!(
        all,
        [&expected[..], &["d-1".to_owned()]].concat(),
        "each once, by the first word"
    );
    let foreign = "nowhere".to_owned();
    assert_eq!(part(&*store, "sam", Some(foreign), 10).await, FoundProfiles::default());
}

pub async fn any_text_may_be_looked_for(world: &impl World) {
    let store = world.open();
    known(&*store, "c-1", "100% \"Sure\"").await;
    for text in [
        "%",
        "_",
        "*",
        "\"",
        "'",
        "sure*",
        "\\",
        "a OR b",
        "NEAR(",
        "\u{0}",
        "\u{10ffff}",
        "😀",
        "-",
        "''; --",
    ] {
        let words = sought(text);
        if words.is_empty() {
            continue;
        }
        let expected: &[&str] = if text == "sure*" { &["c-1"] } else { &[] };
        assert_eq!(found(&*store, text).await, expected, "{text:?}");
    }
    assert_eq!(found(&*store, "100%").await, ["c-1"]);
    let nothing = WordSearch {
        words: Vec::new(),
        after: None,
        limit: 10,
    };
    assert_eq!(
        store.search_profiles(nothing).await.expect("readable"),
        FoundProfiles::default()
    );
}
