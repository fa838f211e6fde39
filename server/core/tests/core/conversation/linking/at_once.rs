//! A visitor is linked while a customer signs in, another tab writes, or an erasure goes on.

use super::{closed, principal, written};
use crate::conversation::commands::Commands;
use crate::conversation::world::{World, customer, post, start};
use futures_util::FutureExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use portico_core::clock::Clock;
use portico_core::config::{CustomerKey, KeyAlgorithm};
use portico_core::erasing;
use portico_core::identity::customer::CustomerTokenError;
use portico_core::identity::linking::{Link, LinkProof};
use portico_core::identity::visitor::{Purpose, VisitorTokens};
use portico_core::identity::visitor_session::{VisitorSessionError, VisitorSessionRequest, VisitorSessions};
use portico_core::store::ErasedBy;
use portico_shared::cim::Customer;
use portico_shared::close::CloseCode;
use portico_shared::frame::RefusalCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// A site signs its customers' tokens with this.
const SITE_KEY: &str = "thirty-two bytes of a site's own secret key";

/// What a tab asks for whose site has signed Mia in.
fn sign_in(name: &str, now: i64) -> VisitorSessionRequest {
    signed(&json!({ "sub": "mia", "name": name }), now)
}

/// The same with what a site's token says.
pub(in crate::conversation) fn signed(more: &Value, now: i64) -> VisitorSessionRequest {
    let mut claims = json!({ "iss": "site", "aud": "portico", "iat": now / 1_000, "exp": now / 1_000 + 300 });
    let all = claims.as_object_mut().expect("an object");
    all.extend(more.as_object().cloned().expect("an object"));
    let header = Header {
        kid: Some("site".to_owned()),
        ..Header::new(Algorithm::HS256)
    };
    let key = EncodingKey::from_secret(SITE_KEY.as_bytes());
    VisitorSessionRequest {
        channel: "plain".to_owned(),
        refresh: None,
        identity: Some(jsonwebtoken::encode(&header, &claims, &key).expect("encodes")),
        consent: None,
    }
}

pub(in crate::conversation) fn sessions(world: &World) -> VisitorSessions {
    let services = world.registry.services();
    let mut config = (*services.config).clone();
    let key = CustomerKey {
        kid: "site".to_owned(),
        algorithm: KeyAlgorithm::Hs256,
        key: SITE_KEY.into(),
        issuer: "site".to_owned(),
        audience: "portico".to_owned(),
    };
    config.channels.get_mut("plain").expect("a channel").keys.push(key);
    let tokens = Arc::new(VisitorTokens::new(&[7; 32]));
    VisitorSessions::new(&config, services.store.clone(), services.clock.clone(), tokens).expect("a good key")
}

/// A browser that hangs up in the middle leaves nothing half done.
#[tokio::test]
async fn a_link_that_nobody_waits_for_is_made_all_the_same() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mut idle = world.socket(&principal(&visitor));
    let mia = world.mia("plain").await;
    let proof = LinkProof::of(visitor, mia.clone()).expect("a visitor and a known customer");
    assert_eq!(world.registry.link(proof).now_or_never(), None);
    assert_eq!(closed(&mut idle).await, CloseCode::TokenRefused);
    let own = world.registry.start(&mia, start("own")).await.expect("a start");
    let live = world
        .store()
        .conversations_of_customer(&mia.id, 10)
        .await
        .expect("readable");
    assert!(live.iter().any(|record| record.id == own.conversation), "{live:?}");
    assert_eq!(live.len(), 1);
    assert_eq!(own.conversation, conversation);
}

/// Two browsers of one customer at the same time, and the customer who begins a chat by itself meanwhile.
#[tokio::test]
async fn whatever_comes_at_once_a_customer_has_one_live_chat() {
    for round in 0..20 {
        let world = World::new();
        let mia = world.mia("plain").await;
        let mut visitors = Vec::new();
        for name in ["one", "two", "three"] {
            let visitor = customer(name, "plain");
            world.registry.start(&visitor, start(name)).await.expect("a start");
            visitors.push(visitor);
        }
        let links = visitors.iter().map(|visitor| world.link(visitor, &mia));
        let (own, linked) = tokio::join!(
            world.registry.start(&mia, start("own")),
            futures_util::future::join_all(links)
        );
        own.expect("a start");
        let all = world
            .store()
            .conversations_of_customer(&mia.id, 10)
            .await
            .expect("readable");
        assert_eq!(all.len(), 1, "round {round}");
        assert!(linked.iter().flatten().count() <= 1, "round {round}: {linked:?}");
    }
}

/// What was sent while the chat changed hands is in the log once, whichever came first.
#[tokio::test]
async fn posts_beside_a_link_are_neither_lost_nor_doubled() {
    for round in 0..20 {
        let world = World::new();
        let (visitor, conversation) = world.started("plain").await;
        let mia = world.mia("plain").await;
        let who = principal(&visitor);
        let texts: Vec<_> = (0..10).map(|n| n.to_string()).collect();
        let posts = texts.iter().map(|text| {
            let (world, who, conversation) = (&world, &who, &conversation);
            async move { world.registry.post(who, post(conversation, text, text)).await.ok() }
        });
        let (_, linked) = tokio::join!(futures_util::future::join_all(posts), world.link(&visitor, &mia));
        assert_eq!(linked.as_ref(), Some(&conversation), "round {round}");
        for text in &texts {
            world.says(&principal(&mia), &conversation, text).await;
        }
        let log = world.log(&conversation).await;
        let mut said: Vec<_> = log
            .iter()
            .filter_map(|stored| stored.event.message().and_then(|message| message.body.markdown_text()))
            .collect();
        said.sort_unstable();
        assert_eq!(said, texts, "round {round}");
    }
}

/// One tab links the visitor's chat between the other's look at the customer and its write.
#[tokio::test]
async fn a_tab_that_signs_in_at_the_same_moment_keeps_what_was_merged() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mia = world.mia("plain").await;
    let link = Link {
        customer: mia.id.clone(),
        conversation,
    };
    let before = [world.stored(&visitor).await, world.stored(&mia).await];
    let (visitors, mias) = link.merge(before[0].clone(), before[1].clone());
    let [of_visitor, of_mia] = before;
    world.meanwhile(vec![written(Some(of_visitor), visitors), written(Some(of_mia), mias)]);
    let visit = sessions(&world)
        .open(sign_in("Mia M.", world.clock.now_ms()))
        .await
        .expect("a visit");
    assert_eq!(visit.customer.id, mia.id);
    let stored = world.stored(&mia).await;
    assert_eq!(stored.first_name.as_deref(), Some("Mia M."), "the newest description");
    let identities: Vec<_> = stored.identities("web").collect();
    assert_eq!(identities, [mia.identifier.as_str(), visitor.identifier.as_str()]);
    let found = world.store().customer_by_identity("web", &visitor.identifier).await;
    assert_eq!(found.expect("readable").expect("found").id, mia.id.as_str());
}

/// The other way round: a tab describes the customer anew while the visitor's chat is on its way to it.
#[tokio::test]
async fn a_link_keeps_what_a_tab_has_written_that_signs_in_at_the_same_moment() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mia = world.mia("plain").await;
    let before = world.stored(&mia).await;
    let renamed = Customer {
        first_name: Some("Mia M.".to_owned()),
        ..before.clone()
    };
    world.meanwhile(vec![written(Some(before), renamed)]);
    assert_eq!(world.link(&visitor, &mia).await, Some(conversation));
    let stored = world.stored(&mia).await;
    assert_eq!(stored.first_name.as_deref(), Some("Mia M."));
    assert_eq!(stored.identities("web").count(), 2);
}

/// Two tabs sign in the same customer at once, and the store has no record of that customer yet.
#[tokio::test]
async fn two_tabs_that_sign_a_new_customer_in_at_once_are_one_customer() {
    let world = World::new();
    let sessions = sessions(&world);
    let now = world.clock.now_ms();
    let (one, other) = tokio::join!(
        sessions.open(sign_in("Mia", now)),
        sessions.open(sign_in("Mia M.", now))
    );
    let (one, other) = (one.expect("a visit"), other.expect("a visit"));
    assert_eq!(one.customer.id, other.customer.id);
}

/// A page signs in again while its customer's data is erased: what the site says of it must not come back.
#[tokio::test]
async fn a_sign_in_beside_an_erasure_writes_nothing() {
    let world = World::new();
    let now = world.clock.now_ms();
    let visit = sessions(&world).open(sign_in("Mia", now)).await.expect("a visit");
    let mia = visit.customer.id;
    world.erased_meanwhile(erasing::new(mia.clone(), ErasedBy::Customer, now));
    let refused = sessions(&world).open(sign_in("Mia M.", now)).await.expect_err("erased");
    assert!(
        matches!(refused, VisitorSessionError::Identity(CustomerTokenError::Erased)),
        "{refused}"
    );
    world.store().erase_customer(&mia, now).await.expect("erased");
    let later = sign_in("Mia M.", now + 1_000);
    sessions(&world).open(later).await.expect("what is signed now is good");
    let stored = world.store().customer(&mia).await.expect("readable").expect("anew");
    assert_eq!(stored.first_name.as_deref(), Some("Mia M."));
}

/// An operator has asked for it, and the relay has not come to it yet.
#[tokio::test]
async fn a_visitor_that_is_to_be_erased_does_not_escape_by_signing_in() {
    let world = World::new();
    let (visitor, _) = world.started("plain").await;
    let now = world.clock.now_ms();
    let refresh = VisitorTokens::new(&[7; 32]).mint(Purpose::Refresh, &visitor, now, now + 60_000);
    let asked = VisitorSessionRequest {
        refresh: Some(refresh),
        ..sign_in("Mia", now)
    };
    let before = sessions(&world).open(asked.clone()).await.expect("a visit");
    let proof = before.proof.expect("a visitor and a known customer");
    let erasure = erasing::new(visitor.id.clone(), ErasedBy::Operator, now);
    world.store().begin_erasure(erasure).await.expect("begun");
    let visit = sessions(&world).open(asked).await.expect("a visit");
    assert_eq!(visit.proof, None);
    let refused = world.registry.link(proof).await.expect_err("it was proven before");
    assert_eq!(refused.code, RefusalCode::Unavailable);
}

/// It would be erased with what the customer has said, though the visitor did not ask for that.
#[tokio::test]
async fn a_chat_does_not_become_a_customers_that_is_being_erased() {
    let world = World::new();
    let (visitor, conversation) = world.started("plain").await;
    let mia = world.mia("plain").await;
    let erasure = erasing::new(mia.id.clone(), ErasedBy::Customer, world.clock.now_ms());
    world.store().begin_erasure(erasure).await.expect("begun");
    let proof = LinkProof::of(visitor.clone(), mia).expect("a visitor and a known customer");
    let refused = world.registry.link(proof).await.expect_err("not now");
    assert_eq!(refused.code, RefusalCode::Unavailable);
    assert_eq!(world.record(&conversation).await.customer, visitor.id);
}
