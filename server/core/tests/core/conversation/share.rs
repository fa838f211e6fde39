//! Places and contacts: from customers only where their channel takes them.

use super::commands::Commands as _;
use super::world::{World, code, post_of};
use portico_core::identity::Principal;
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Draft, RefusalCode};
use serde_json::{Value, json};

fn place() -> Value {
    json!({ "type": "LOCATION", "location": { "latitude": 48.2, "longitude": 16.37 } })
}

fn contact() -> Value {
    json!({ "type": "CONTACT", "contacts": [{ "name": { "formattedName": "Ada" } }] })
}

#[tokio::test]
async fn a_customer_shares_what_its_channel_takes_and_others_what_they_like() {
    for (takes_places, takes_contacts) in [(false, false), (true, false), (false, true)] {
        let world = World::configured(|config| {
            let plain = config.channels.get_mut("plain").expect("a channel");
            plain.composer.location = takes_places;
            plain.composer.contact = takes_contacts;
        });
        let (who, conversation) = world.started("plain").await;
        let who = Principal::Customer(who);
        for (id, body, is_taken) in [("1", place(), takes_places), ("2", contact(), takes_contacts)] {
            let body: MessageBody = portico_shared::json::from_value(body).expect("a body");
            let post = post_of(&conversation, id, Draft::new(body));
            let posted = world.registry.post(&who, post).await;
            match is_taken {
                true => assert!(posted.is_ok(), "{posted:?}"),
                false => assert_eq!(code(posted), RefusalCode::InvalidBody),
            }
        }
    }
}
