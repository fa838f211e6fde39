//! A chat that begins with a message that the channel has offered by itself: it is said once the visitor has answered it.

use super::Transaction;
use crate::conversation::event_factory::{self, Emitter};
use portico_shared::cim::{EventData, EventName, MessageBody, Sender, SenderType};
use portico_shared::json::Map;
use serde_json::json;

/// The name among visitor data by which the page says which message it was.
const PROACTIVE: &str = "proactive";

impl Transaction<'_> {
    /// Says the message that the visitor has seen, if the channel has it: in the bot's name, or without a bot in the channel's.
    /// A page can name no other words than the operator's.
    pub(in crate::conversation) fn say_offered(&mut self, data: &Map) {
        let Some(channel) = self.services.config.channels.get(&self.state.record.channel) else {
            return;
        };
        let offered = data.get(PROACTIVE).and_then(|id| id.as_str());
        let Some(rule) = channel.proactive.iter().find(|rule| offered == Some(rule.id.as_str())) else {
            return;
        };
        let (emitter, name, addressed) = match self.state.bot() {
            Some(bot) => (Emitter::bot(bot, None), EventName::BotMessage, None),
            None => {
                let sender = Sender::new(PROACTIVE, SenderType::App, channel.widget.title.clone());
                let emitter = Emitter {
                    sender,
                    ..Emitter::monitor()
                };
                let addressed = Map::from_iter([("audience".to_owned(), json!("CUSTOMER"))]);
                (emitter, EventName::ThirdPartyActivity, Some(addressed))
            }
        };
        let mut header = event_factory::header(emitter.sender.clone(), &self.state, self.now);
        header.additional_data = addressed;
        let body = MessageBody::plain(rule.text.as_str());
        let message = event_factory::message_with(self.services.clock.uuid(), header, body);
        self.append(emitter, name, EventData::Message(Box::new(message)));
    }
}
