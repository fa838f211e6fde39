//! Contact-centre users look customers up, and what is said of customers is noted.

use super::commands::Commands;
use super::world::{World, bot, code, customer, staff, start};
use portico_core::audit;
use portico_core::conversation::{Ack, Command, Refusal};
use portico_core::customers::Customers;
use portico_core::identity::linking::LinkProof;
use portico_core::identity::{AppPrincipal, CustomerPrincipal, Principal, StaffPrincipal};
use portico_core::store::{AuditAction, AuditQuery, Change, IdentitySource};
use portico_shared::cim::Customer;
use portico_shared::frame::{RefusalCode, Start};
use portico_shared::http::{CustomerAnswer, CustomerSearchBody, IdentityBody};
use portico_shared::ids::{ConversationId, CustomerId, ParticipantId};
use serde_json::{Value, json};

impl World {
    fn customers(&self) -> Customers {
        let services = self.registry.services();
        Customers::new(services.store.clone(), services.clock.clone(), services.config.clone())
    }

    /// A visitor who says something of itself when it begins.
    async fn saying(&self, id: &str, data: Value) -> (CustomerPrincipal, ConversationId) {
        let who = customer(id, "plain");
        let begun = Start {
            data: data.as_object().cloned().expect("an object"),
            ..start(&format!("start-{id}"))
        };
        let accepted = self.registry.start(&who, begun).await.expect("a start");
        (who, accepted.conversation)
    }

    async fn says_now(&self, who: &CustomerPrincipal, at: &ConversationId, data: Value) {
        let command = Command::UpdateVisitorData {
            who: who.clone(),
            data: data.as_object().cloned().expect("an object"),
        };
        assert!(matches!(self.registry.call(at, command).await, Ok(Ack::Done)));
    }

    /// A customer as a supervisor sees it.
    async fn seen(&self, id: &str) -> CustomerAnswer {
        let boss = staff("boss", "supervisor");
        let seen = self.customers().show(&boss, &CustomerId::new(id)).await;
        seen.expect("a customer")
    }

    /// Its birthday, as one sees it who asks for it.
    async fn birthday(&self, id: &str) -> String {
        let (boss, id, keys) = (staff("boss", "supervisor"), CustomerId::new(id), ["birthday".into()]);
        let revealed = self.customers().reveal(&boss, &id, &keys).await;
        revealed.expect("revealed").remove(0).value
    }

    /// The addresses and numbers of a customer.
    async fn contacts(&self, id: &str) -> Vec<String> {
        let identities = self.seen(id).await.identities.into_iter();
        let contacts = identities.filter(|identity| identity.channel != "web");
        contacts.map(|identity| identity.identifier).collect()
    }

    async fn finds(&self, text: &str) -> Vec<String> {
        let search = CustomerSearchBody {
            text: Some(text.to_owned()),
            identity: None,
            after: None,
        };
        let found = self.customers().search(&staff("boss", "supervisor"), &search).await;
        let found = found.expect("an answer").customers.into_iter();
        found.map(|customer| customer.id.to_string()).collect()
    }
}

fn body(channel: &str, identifier: &str) -> IdentityBody {
    IdentityBody {
        channel: channel.to_owned(),
        identifier: identifier.to_owned(),
    }
}

fn app(scopes: &[&str]) -> Principal {
    Principal::App(AppPrincipal {
        id: ParticipantId::new("crm"),
        name: "CRM".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        channels: Vec::new(),
    })
}

#[tokio::test]
async fn what_a_visitor_says_of_itself_labels_it_and_opens_nothing() {
    let world = World::new();
    let ann = json!({"first_name": "Ann", "email": "Ann@Example.org", "phone": "call me"});
    let (who, at) = world.saying("c1", ann.clone()).await;
    let (_, other) = world.saying("c2", ann).await;
    assert_ne!(at, other, "the same words are no proof");
    let seen = world.seen("c1").await;
    assert_eq!((seen.name.as_str(), seen.verified), ("Ann", false));
    let contacts: Vec<_> = seen.identities.iter().filter(|one| one.channel != "web").collect();
    assert_eq!(contacts.len(), 1, "what is no number is none: {contacts:?}");
    assert_eq!(contacts[0].identifier, "Ann@Example.org");
    assert_eq!(
        (contacts[0].verified, &contacts[0].said_by[..]),
        (false, &[IdentitySource::Customer][..])
    );
    assert_eq!(world.finds("ann@example.org").await, ["c1", "c2"]);

    world
        .says_now(&who, &at, json!({"email": "ann@work.example", "plan": "gold"}))
        .await;
    assert_eq!(world.contacts("c1").await, ["ann@work.example"], "what it says now");
    world.says_now(&who, &at, json!({"email": null})).await;
    assert_eq!(world.contacts("c1").await, [""; 0]);
    assert_eq!(world.contacts("c2").await, ["Ann@Example.org"]);
}

#[tokio::test]
async fn what_was_said_of_a_visitor_is_said_of_the_customer_that_it_became() {
    let world = World::new();
    let (visitor, _) = world.saying("c1", json!({"phone": "+1 555 0100"})).await;
    let mia = CustomerPrincipal {
        identifier: "site|mia".to_owned(),
        verified: true,
        ..customer("k-mia", "plain")
    };
    let mut record = Customer {
        id: "k-mia".to_owned(),
        first_name: Some("Mia".to_owned()),
        is_anonymous: Some(false),
        ..Customer::default()
    };
    record.extra.insert("web".to_owned(), json!(["site|mia"]));
    let known = Change::Customer {
        before: None,
        after: Box::new(record),
    };
    world.store().apply(vec![known]).await.expect("written");
    let proof = LinkProof::of(visitor, mia).expect("a visitor and a known customer");
    world.registry.link(proof).await.expect("linked");
    assert_eq!(world.contacts("k-mia").await, ["+1 555 0100"]);
    assert_eq!(world.contacts("c1").await, [""; 0]);
    let visitor = world.seen("c1").await;
    assert_eq!(visitor.linked_to, Some(CustomerId::new("k-mia")));
    // Who knows the visitor by its id means the customer.
    let boss = Principal::Staff(staff("boss", "supervisor"));
    let (customers, id) = (world.customers(), CustomerId::new("c1"));
    let said = customers.state(&boss, &id, &body("email", "mia@x.example")).await;
    said.expect("noted");
    assert_eq!(world.contacts("k-mia").await, ["mia@x.example", "+1 555 0100"]);
    assert_eq!(world.finds("mia@x").await, ["k-mia"]);
    assert_eq!(world.finds("site|mia").await, ["k-mia"]);
}

#[tokio::test]
async fn an_agent_says_what_its_own_customers_are_known_by() {
    let world = World::new();
    let (who, ann, at) = world.served().await;
    world.says_now(&who, &at, json!({"email": "carol@example.org"})).await;
    let (customers, id) = (world.customers(), CustomerId::new("c1"));
    let bob = staff("bob", "agent");
    let shown = async |to: &StaffPrincipal| {
        let seen = customers.show(to, &id).await.expect("a customer");
        let contact = seen.identities.into_iter().find(|one| one.channel == "email");
        contact
            .map(|contact| (contact.identifier, contact.masked))
            .expect("an address")
    };
    assert_eq!(shown(&ann.who).await, ("carol@example.org".to_owned(), false));
    assert_eq!(shown(&bob).await, ("c•••@example.org".to_owned(), true));
    assert_eq!(
        shown(&staff("boss", "admin")).await,
        ("carol@example.org".to_owned(), false)
    );

    let number = body("phone", "+1 555 0100");
    let others = customers.state(&Principal::Staff(bob.clone()), &id, &number).await;
    assert_eq!(code(others), RefusalCode::Forbidden);
    let others = customers.retract(&Principal::Staff(bob), &id, &number).await;
    assert_eq!(code(others), RefusalCode::Forbidden);
    customers.state(&ann.principal(), &id, &number).await.expect("noted");
    assert_eq!(world.contacts("c1").await, ["carol@example.org", "+1 555 0100"]);
    // What the customer says is not the agent's to take back.
    let address = body("email", "Carol@Example.org");
    customers
        .retract(&ann.principal(), &id, &address)
        .await
        .expect("nothing of an agent's");
    customers
        .retract(&ann.principal(), &id, &number)
        .await
        .expect("taken back");
    assert_eq!(world.contacts("c1").await, ["carol@example.org"]);
}

#[tokio::test]
async fn who_may_not_say_what_a_customer_is_known_by_is_refused() {
    let world = World::new();
    let (who, ann, _) = world.served().await;
    let (customers, id) = (world.customers(), CustomerId::new("c1"));
    let number = body("phone", "+1 555 0100");
    let own = Principal::Customer(who);
    for other in [own, bot("socket"), app(&[]), app(&["activities:write"])] {
        let refused = customers.state(&other, &id, &number).await;
        assert_eq!(code(refused), RefusalCode::Forbidden, "{other:?}");
        let refused = customers.retract(&other, &id, &number).await;
        assert_eq!(code(refused), RefusalCode::Forbidden, "{other:?}");
    }
    let crm = app(&["identities:write"]);
    let refusals: [(&Principal, IdentityBody, RefusalCode); 5] = [
        (&ann.principal(), body("email", "carol"), RefusalCode::Malformed),
        (&ann.principal(), body("telegram", "carol"), RefusalCode::Malformed),
        (&ann.principal(), body("web", "site|mia"), RefusalCode::Malformed),
        (&crm, body("web", "site|mia"), RefusalCode::Malformed),
        (&crm, body("Tele gram", "carol"), RefusalCode::Malformed),
    ];
    for (who, body, expected) in refusals {
        assert_eq!(
            code(customers.state(who, &id, &body).await),
            expected,
            "{}",
            body.channel
        );
    }
    let nobody = CustomerId::new("nobody");
    assert_eq!(
        code(customers.state(&crm, &nobody, &number).await),
        RefusalCode::NotFound
    );
    assert_eq!(code(customers.show(&ann.who, &nobody).await), RefusalCode::NotFound);

    customers
        .state(&crm, &id, &body("telegram", "carol_1"))
        .await
        .expect("noted");
    let seen = world.seen("c1").await;
    let vouched = seen
        .identities
        .iter()
        .find(|one| one.channel == "telegram")
        .expect("noted");
    assert_eq!((vouched.verified, vouched.said_by[0]), (true, IdentitySource::App));
    assert!(!seen.verified, "an app's word on an address makes no proven customer");
}

#[tokio::test]
async fn who_serves_a_customer_labels_it_and_so_does_an_app_with_the_scope() {
    let world = World::new();
    let (who, ann, _) = world.served().await;
    let (customers, id) = (world.customers(), CustomerId::new("c1"));
    let crm = app(&["labels:write"]);
    let (boss, bob) = (staff("boss", "supervisor"), staff("bob", "agent"));
    let (boss, bob) = (Principal::Staff(boss), Principal::Staff(bob));
    for may in [&ann.principal(), &boss, &crm] {
        customers.label(may, &id, "vip").await.expect("labelled");
        assert_eq!(world.seen("c1").await.labels, ["vip"]);
        customers.unlabel(may, &id, "vip").await.expect("taken away");
        customers.unlabel(may, &id, "vip").await.expect("it is gone already");
        assert_eq!(world.seen("c1").await.labels, [""; 0]);
    }
    customers.label(&crm, &id, "vip").await.expect("labelled");
    let own = Principal::Customer(who);
    for other in [&own, &bob, &bot("socket"), &app(&["identities:write"])] {
        let refused = customers.label(other, &id, "vip").await;
        assert_eq!(code(refused), RefusalCode::Forbidden, "{other:?}");
        let refused = customers.unlabel(other, &id, "vip").await;
        assert_eq!(code(refused), RefusalCode::Forbidden, "{other:?}");
    }
    assert_eq!(code(customers.label(&crm, &id, "gold").await), RefusalCode::NotFound);
    let nobody = CustomerId::new("nobody");
    assert_eq!(code(customers.label(&crm, &nobody, "vip").await), RefusalCode::NotFound);
    assert_eq!(world.finds("vip").await, ["c1"]);
    assert!(customers.labels().iter().any(|label| label.id == "vip"));
}

#[tokio::test]
async fn who_serves_a_customer_notes_what_the_configuration_has_and_others_see_nothing_personal() {
    let world = World::new();
    let (who, ann, _) = world.served().await;
    let (customers, id) = (world.customers(), CustomerId::new("c1"));
    let crm = app(&["attributes:write"]);
    let (boss, bob) = (staff("boss", "supervisor"), staff("bob", "agent"));
    for (may, day) in [
        (&Principal::Staff(boss), "1990-01-01"),
        (&crm, "1990-01-02"),
        (&ann.principal(), "1990-01-03"),
    ] {
        customers.set_attribute(may, &id, "birthday", day).await.expect("noted");
        assert_eq!(world.birthday("c1").await, day);
    }
    let birthday = ["birthday".to_owned()];
    let boss = staff("boss", "supervisor");
    for colleague in [&ann.who, &bob, &boss] {
        let seen = customers.show(colleague, &id).await.expect("a customer").attributes;
        assert_eq!((&*seen[0].value, seen[0].masked), ("", true), "{}", colleague.username);
    }
    for colleague in [&ann.who, &boss] {
        let seen = customers.reveal(colleague, &id, &birthday).await.expect("revealed");
        assert_eq!((&*seen[0].value, seen[0].masked), ("1990-01-03", false));
    }
    let refused = customers.reveal(&bob, &id, &birthday).await;
    assert_eq!(code(refused), RefusalCode::Forbidden);
    let unknown = ["height".to_owned()];
    let refused = customers.reveal(&ann.who, &id, &unknown).await;
    assert_eq!(code(refused), RefusalCode::NotFound);
    let refused = customers.reveal(&ann.who, &id, &[]).await;
    assert_eq!(code(refused), RefusalCode::Malformed);
    let bob = Principal::Staff(bob);
    for other in [&Principal::Customer(who), &bob, &bot("socket"), &app(&["labels:write"])] {
        let refused = customers.set_attribute(other, &id, "birthday", "1990-01-01").await;
        assert_eq!(code(refused), RefusalCode::Forbidden, "{other:?}");
        let refused = customers.unset_attribute(other, &id, "birthday").await;
        assert_eq!(code(refused), RefusalCode::Forbidden, "{other:?}");
    }
    for (key, value, expected) in [
        ("height", "2", RefusalCode::NotFound),
        ("birthday", "in spring", RefusalCode::Malformed),
    ] {
        assert_eq!(code(customers.set_attribute(&crm, &id, key, value).await), expected);
    }
    customers
        .unset_attribute(&crm, &id, "birthday")
        .await
        .expect("forgotten");
    assert_eq!(world.seen("c1").await.attributes, []);
}

/// What is looked at has a record, and what could not be seen has none.
#[tokio::test]
async fn a_look_at_what_is_personal_is_recorded_for_each_customer_whose_it_is() {
    let world = World::new();
    let (_, ann, _) = world.served().await;
    world.saying("c2", json!({})).await;
    let (customers, boss) = (world.customers(), staff("boss", "supervisor"));
    let [one, two] = ["c1", "c2"].map(CustomerId::new);
    let crm = app(&["attributes:write"]);
    customers
        .set_attribute(&crm, &two, "birthday", "1990-02-03")
        .await
        .expect("noted");
    customers.merge(&boss, &one, &two).await.expect("merged");
    let keys = ["birthday".to_owned(), "birthday".to_owned()];
    let revealed = customers.reveal(&ann.who, &one, &keys).await.expect("one is served");
    assert_eq!(revealed, [], "that one's is not");
    let revealed = customers.reveal(&boss, &one, &keys).await.expect("revealed");
    assert_eq!(revealed.len(), 1);
    let query = AuditQuery {
        action: Some(AuditAction::AttributesRevealed.name().to_owned()),
        limit: 10,
        ..AuditQuery::default()
    };
    let records = world.store().audit(query).await.expect("readable");
    let [record] = &*records else {
        panic!("{records:?}");
    };
    let meant = audit::customers(world.store(), &records).await.expect("readable");
    assert_eq!((&*record.actor_id, meant.get(&record.object_id)), ("boss", Some(&two)));
    assert_eq!(record.detail, r#"{"keys":"birthday"}"#);
}

/// A customer whom its site vouches for.
async fn knows(world: &World, id: &str, name: &str) {
    let record = Customer {
        id: id.to_owned(),
        first_name: Some(name.to_owned()),
        is_anonymous: Some(false),
        ..Customer::default()
    };
    let known = Change::Customer {
        before: None,
        after: Box::new(record),
    };
    world.store().apply(vec![known]).await.expect("written");
}

#[tokio::test]
async fn who_serves_a_customer_says_who_is_the_same_person_and_sees_no_more_of_that_one() {
    let world = World::new();
    let (who, ann, at) = world.served().await;
    let (_, other) = world.saying("c2", json!({"email": "carol@home.example"})).await;
    world.says_now(&who, &at, json!({"email": "carol@example.org"})).await;
    let customers = world.customers();
    let (one, two) = (CustomerId::new("c1"), CustomerId::new("c2"));
    let bob = staff("bob", "agent");
    assert_eq!(code(customers.merge(&bob, &one, &two).await), RefusalCode::Forbidden);
    customers.merge(&ann.who, &one, &two).await.expect("merged");
    customers
        .merge(&ann.who, &two, &one)
        .await
        .expect("they are one already");
    assert_eq!(world.contacts("c1").await, ["carol@example.org", "carol@home.example"]);
    assert_eq!(world.contacts("c2").await, world.contacts("c1").await);
    assert_eq!(world.seen("c2").await.id, one);
    assert_eq!(world.finds("carol@home").await, ["c1"]);
    let seen = customers.show(&ann.who, &one).await.expect("a customer");
    let masked: Vec<_> = (seen.identities.iter().filter(|one| one.masked))
        .map(|one| one.identifier.as_str())
        .collect();
    assert_eq!(masked, ["c•••@home.example"], "whom she does not serve");
    let record = world
        .store()
        .conversation(&other)
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(record.customer, two, "no conversation moves");
    assert!(record.participants.iter().all(|one| one.id != ann.who.id));

    // What is taken back is taken back of both.
    let boss = Principal::Staff(staff("boss", "supervisor"));
    let number = body("phone", "+1 555 0100");
    customers.state(&boss, &two, &number).await.expect("noted");
    customers.retract(&boss, &one, &number).await.expect("taken back");
    customers.label(&boss, &two, "vip").await.expect("labelled");
    customers.unlabel(&boss, &one, "vip").await.expect("taken away");
    assert_eq!(world.contacts("c1").await, ["carol@example.org", "carol@home.example"]);
    assert_eq!(world.seen("c1").await.labels, [""; 0]);

    assert_eq!(code(customers.split(&bob, &one, &two).await), RefusalCode::Forbidden);
    customers.split(&ann.who, &one, &two).await.expect("undone");
    customers
        .split(&ann.who, &one, &two)
        .await
        .expect("it is undone already");
    assert_eq!(world.contacts("c1").await, ["carol@example.org"]);
    assert_eq!(world.contacts("c2").await, ["carol@home.example"]);
    let told = customers.merges(&two).await.expect("a record").merges;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0].customer, &told[0].into), (&two, &one));
    assert_eq!(
        (told[0].by.as_str(), told[0].undone_by.as_deref()),
        ("ann", Some("ann"))
    );
    let nobody = CustomerId::new("nobody");
    assert_eq!(
        code(customers.merge(&ann.who, &one, &nobody).await),
        RefusalCode::NotFound
    );
    assert_eq!(
        code(customers.split(&ann.who, &one, &nobody).await),
        RefusalCode::NotFound
    );
    assert_eq!(code(customers.merges(&nobody).await), RefusalCode::NotFound);
}

#[tokio::test]
async fn who_serves_one_of_those_who_are_merged_writes_no_other() {
    let world = World::new();
    let (_, ann, _) = world.served().await;
    for stranger in ["c2", "c3"] {
        world.saying(stranger, json!({})).await;
    }
    let (customers, who) = (world.customers(), ann.principal());
    let boss = staff("boss", "supervisor");
    let [own, vip, third] = ["c1", "c2", "c3"].map(CustomerId::new);
    let (number, address) = (body("phone", "+1 555 0100"), body("email", "carol@example.org"));
    let supervisor = Principal::Staff(boss.clone());
    customers.state(&supervisor, &vip, &number).await.expect("noted");
    customers.label(&supervisor, &vip, "vip").await.expect("labelled");
    let noted = customers
        .set_attribute(&supervisor, &vip, "birthday", "1980-01-01")
        .await;
    noted.expect("noted");
    let of_vip = world.seen("c2").await;

    // Who serves a visitor may say that it is this one, which gives it nothing of this one.
    customers.merge(&ann.who, &vip, &own).await.expect("merged");
    customers.merge(&boss, &vip, &third).await.expect("merged");
    customers
        .retract(&who, &vip, &number)
        .await
        .expect("nothing of its own");
    customers.unlabel(&who, &vip, "vip").await.expect("nothing of its own");
    customers
        .unset_attribute(&who, &vip, "birthday")
        .await
        .expect("nothing of its own");
    customers.state(&who, &vip, &address).await.expect("noted");
    let noted = customers.set_attribute(&who, &vip, "birthday", "1990-02-03").await;
    noted.expect("noted");
    let seen = customers.show(&ann.who, &vip).await.expect("a customer");
    assert!(seen.attributes[0].masked);
    let revealed = customers.reveal(&ann.who, &vip, &["birthday".to_owned()]).await;
    assert_eq!(revealed.expect("revealed")[0].value, "1990-02-03");
    assert_eq!(world.birthday("c2").await, "1980-01-01");
    assert_eq!(seen.labels, ["vip"]);

    let refused = customers.split(&ann.who, &vip, &third).await;
    assert_eq!(code(refused), RefusalCode::Forbidden, "a merge of two strangers");
    customers.split(&boss, &vip, &third).await.expect("undone");
    customers.split(&ann.who, &vip, &own).await.expect("undone");
    assert_eq!(world.seen("c2").await, of_vip, "it has what it had");
    assert_eq!(world.contacts("c1").await, ["carol@example.org"]);
    assert_eq!(world.birthday("c1").await, "1990-02-03");
}

/// What is noted of one goes with that one.
#[tokio::test]
async fn what_is_noted_of_a_customer_who_is_merged_stays_its_own() {
    let world = World::new();
    for id in ["c1", "c2"] {
        world.saying(id, json!({})).await;
    }
    let (customers, boss) = (world.customers(), staff("boss", "supervisor"));
    let [one, two] = ["c1", "c2"].map(CustomerId::new);
    customers.merge(&boss, &one, &two).await.expect("merged");
    let crm = app(&["identities:write", "labels:write", "attributes:write"]);
    let address = body("email", "carol@example.org");
    customers.state(&crm, &two, &address).await.expect("noted");
    customers.label(&crm, &two, "vip").await.expect("labelled");
    let noted = customers.set_attribute(&crm, &two, "birthday", "1990-02-03").await;
    noted.expect("noted");
    assert_eq!(world.contacts("c1").await, ["carol@example.org"], "it is shown of both");
    customers.split(&boss, &one, &two).await.expect("undone");
    let (first, second) = (world.seen("c1").await, world.seen("c2").await);
    assert_eq!((first.labels.len(), first.attributes.len()), (0, 0));
    assert_eq!((second.labels.len(), second.attributes.len()), (1, 1));
    assert_eq!(world.contacts("c1").await, [""; 0]);
    assert_eq!(world.contacts("c2").await, ["carol@example.org"]);
}

#[tokio::test]
async fn whom_a_site_vouches_for_is_not_shown_as_a_visitor_and_few_are_shown_as_one() {
    let world = World::new();
    let (customers, boss) = (world.customers(), staff("boss", "supervisor"));
    world.saying("c1", json!({})).await;
    knows(&world, "k-0", "Mia").await;
    let (visitor, mia) = (CustomerId::new("c1"), CustomerId::new("k-0"));
    let refused = customers.merge(&boss, &visitor, &mia).await;
    assert_eq!(code(refused), RefusalCode::InvalidBody);
    customers.merge(&boss, &mia, &visitor).await.expect("merged");
    let seen = world.seen("c1").await;
    assert_eq!((seen.name.as_str(), seen.verified), ("Mia", true));
    for number in 1..19 {
        knows(&world, &format!("k-{number}"), "Mia").await;
        let other = CustomerId::new(format!("k-{number}"));
        customers.merge(&boss, &mia, &other).await.expect("merged");
    }
    knows(&world, "k-19", "Mia").await;
    let last = CustomerId::new("k-19");
    let refused = customers.merge(&boss, &last, &mia).await;
    assert_eq!(code(refused), RefusalCode::InvalidBody);
    assert_eq!(world.finds("mia").await, ["k-0", "k-19"]);
}

#[tokio::test]
async fn a_customer_has_so_many_addresses_and_no_more() {
    let world = World::new();
    let (_, ann, _) = world.served().await;
    let (customers, id) = (world.customers(), CustomerId::new("c1"));
    let states = async |n: usize| -> Result<(), Refusal> {
        let address = body("email", &format!("a{n}@example.org"));
        customers.state(&ann.principal(), &id, &address).await
    };
    for number in 0..10 {
        states(number).await.expect("noted");
    }
    assert_eq!(code(states(10).await), RefusalCode::InvalidBody);
    states(3).await.expect("it is known already");
    assert_eq!(world.contacts("c1").await.len(), 10);
    let crm = app(&["identities:write"]);
    let vouched = customers.state(&crm, &id, &body("email", "crm@example.org")).await;
    vouched.expect("claims take no room from an app");
    assert_eq!(world.contacts("c1").await.len(), 11);
}

#[tokio::test]
async fn a_search_goes_on_where_it_ended_and_says_what_is_no_search() {
    let world = World::new();
    for number in 0..25 {
        let said = json!({"first_name": "Sam", "email": "family@example.org"});
        world.saying(&format!("c{number:02}"), said).await;
    }
    let (customers, ann) = (world.customers(), staff("ann", "agent"));
    let by_text = |after: Option<&str>| CustomerSearchBody {
        text: Some("sam fam".to_owned()),
        identity: None,
        after: after.map(str::to_owned),
    };
    let by_identity = |after: Option<&str>| CustomerSearchBody {
        text: None,
        identity: Some(body("email", "Family@Example.org")),
        after: after.map(str::to_owned),
    };
    for search in [&by_text as &dyn Fn(Option<&str>) -> CustomerSearchBody, &by_identity] {
        let first = customers.search(&ann, &search(None)).await.expect("an answer");
        assert_eq!(first.customers.len(), 20);
        let rest = customers
            .search(&ann, &search(first.next.as_deref()))
            .await
            .expect("an answer");
        let ids = first
            .customers
            .iter()
            .chain(&rest.customers)
            .map(|one| one.id.to_string());
        let expected: Vec<String> = (0..25).map(|number| format!("c{number:02}")).collect();
        assert_eq!(ids.collect::<Vec<_>>(), expected);
        assert_eq!(rest.next, None);
        assert!(
            first
                .customers
                .iter()
                .all(|one| one.identities.iter().any(|identity| identity.masked))
        );
    }
    let mut both = by_text(None);
    both.identity = Some(body("email", "family@example.org"));
    let mut neither = by_text(None);
    neither.text = None;
    for bad in [both, neither, by_identity(Some("a b"))] {
        assert_eq!(code(customers.search(&ann, &bad).await), RefusalCode::Malformed);
    }
    let nowhere = customers.search(&ann, &by_text(Some("nowhere"))).await;
    assert_eq!(nowhere.expect("an answer").customers, []);
    for nothing in ["", "?!", "nobody here"] {
        assert_eq!(world.finds(nothing).await, [""; 0], "{nothing}");
    }
    assert_eq!(world.finds("c07").await, ["c07"], "by its id");
    assert_eq!(
        world.finds("visitor-c07").await,
        ["c07"],
        "by what its browser is called"
    );
}

#[tokio::test]
async fn what_a_site_vouches_for_follows_its_token() {
    let world = World::new();
    let sessions = super::linking::sessions(&world);
    let signs_in = async |claims: Value| {
        let request = super::linking::signed(&claims, world.registry.services().clock.now_ms());
        sessions.open(request).await.expect("a visit").customer.id.to_string()
    };
    let mia = signs_in(json!({"sub": "mia", "email": "mia@example.org", "phone_number": "+1 555 0100"})).await;
    assert_eq!(world.contacts(&mia).await, ["mia@example.org", "+1 555 0100"]);
    assert!(
        world
            .seen(&mia)
            .await
            .identities
            .iter()
            .all(|identity| identity.verified)
    );
    signs_in(json!({"sub": "mia", "email": "mia@work.example"})).await;
    assert_eq!(world.contacts(&mia).await, ["mia@work.example", "+1 555 0100"]);
    signs_in(json!({"sub": "mia", "email": "mia@new.example", "email_verified": false})).await;
    assert_eq!(
        world.contacts(&mia).await,
        ["+1 555 0100"],
        "the site does not vouch for it"
    );
}

#[tokio::test]
async fn who_may_be_the_same_person_is_suggested() {
    let world = World::new();
    world
        .saying("c1", json!({"email": "Ann@example.org", "phone": "+1 555 0100"}))
        .await;
    world
        .saying("c2", json!({"email": "ann@example.org", "phone": "001 555 0100"}))
        .await;
    world.saying("c3", json!({"phone": "+1 555 0100"})).await;
    world.saying("c4", json!({"email": "bob@example.org"})).await;
    let (customers, boss) = (world.customers(), staff("boss", "supervisor"));
    let suggested = async |id: &str| {
        let answer = customers
            .suggestions(&boss, &CustomerId::new(id))
            .await
            .expect("an answer");
        let all = answer.suggestions.into_iter();
        all.map(|one| (one.customer.id.to_string(), one.channels.join("+"), one.verified))
            .collect::<Vec<_>>()
    };
    let found = |id: &str, channels: &str, verified| (id.to_owned(), channels.to_owned(), verified);
    assert_eq!(
        suggested("c1").await,
        [found("c2", "email+phone", false), found("c3", "phone", false)]
    );
    assert_eq!(suggested("c4").await, []);

    let crm = app(&["identities:write"]);
    for id in ["c1", "c3"] {
        let (id, number) = (CustomerId::new(id), body("phone", "+1 (555) 0100"));
        customers.state(&crm, &id, &number).await.expect("noted");
    }
    assert_eq!(
        suggested("c1").await,
        [found("c3", "phone", true), found("c2", "email+phone", false)],
        "what is vouched for of both goes first"
    );
    let ann = staff("ann", "agent");
    let masked = customers
        .suggestions(&ann, &CustomerId::new("c1"))
        .await
        .expect("an answer");
    assert!(
        masked
            .suggestions
            .iter()
            .all(|one| one.customer.identities.iter().any(|known| known.masked))
    );
    let nobody = customers.suggestions(&ann, &CustomerId::new("nobody")).await;
    assert_eq!(code(nobody), RefusalCode::NotFound);
}
