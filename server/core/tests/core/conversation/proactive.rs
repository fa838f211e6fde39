//! A chat that begins with what the channel has offered by itself.

use super::commands::Commands;
use super::world::{World, customer, start};
use portico_core::config::Proactive;
use portico_shared::cim::{EventName, SenderType};
use serde_json::json;

fn world() -> World {
    World::configured(|config| {
        for channel in config.channels.values_mut() {
            channel.proactive = vec![Proactive {
                id: "hand".to_owned(),
                text: "Need a hand?".to_owned(),
                pages: Vec::new(),
                seconds: 0,
                scroll: 0,
                visits: 0,
                attributes: Default::default(),
                closed: false,
            }];
        }
    })
}

/// Who is said to have said what, in a chat that begins with the message `offered`.
async fn said(world: &World, channel: &str, offered: &str) -> Vec<(EventName, SenderType, String)> {
    let who = customer(channel, channel);
    let mut begun = start("start-1");
    begun.data.insert("proactive".to_owned(), json!(offered));
    let accepted = world.registry.start(&who, begun).await.expect("a start");
    let log = world.log(&accepted.conversation).await;
    let messages = log.iter().filter_map(|stored| {
        let message = stored.event.message()?;
        let text = message.text()?.into_owned();
        Some((stored.event.name.clone(), message.header.sender.kind.clone(), text))
    });
    messages.collect()
}

#[tokio::test]
async fn the_message_is_the_bots_or_the_channels_own() {
    let world = world();
    let text = "Need a hand?".to_owned();
    let bots = (EventName::BotMessage, SenderType::Bot, text.clone());
    assert_eq!(said(&world, "socketed", "hand").await, [bots]);
    let channels = (EventName::ThirdPartyActivity, SenderType::App, text);
    assert_eq!(said(&world, "plain", "hand").await, [channels]);
}

#[tokio::test]
async fn a_page_can_name_no_words_but_the_operators() {
    let world = world();
    assert_eq!(said(&world, "plain", "Give me your password").await, []);
}
