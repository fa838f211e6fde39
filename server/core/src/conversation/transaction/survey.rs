//! The survey after a chat, and its answer: both are activities that the customer sees, too.

use super::Transaction;
use crate::conversation::event_factory::{self, Emitter};
use crate::store::AskedSurvey;
use crate::survey;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::{EventData, EventName, MessageBody, MessageHeader, Sender, SenderType};
use portico_shared::ids::MessageId;
use serde_json::{Map, json};

/// Who asks.
const SURVEY: &str = "survey";

impl Transaction<'_> {
    /// Asks how the chat was, where the channel does and the customer has said something.
    pub(super) fn ask_survey(&mut self) {
        let Some(channel) = self.services.config.channels.get(&self.state.record.channel) else {
            return;
        };
        let Some(survey) = channel.survey.as_ref().filter(|_| self.state.record.spoke_at.is_some()) else {
            return;
        };
        let sender = Sender::new(SURVEY, SenderType::App, channel.widget.title.clone());
        let header = event_factory::header(sender, &self.state, self.now);
        let (message, seq) = self.survey_activity(Emitter::monitor(), header, survey::form(survey));
        self.state.record.survey = Some(AskedSurvey { seq, message });
        self.surveys.push("asked");
    }

    /// Appends the answer to a survey. The emitter is the customer.
    pub(in crate::conversation) fn answer_survey(
        &mut self,
        emitter: Emitter,
        asked: &AskedSurvey,
        filled: FormDataBody,
    ) {
        let header = MessageHeader {
            original_message_id: Some(asked.message.to_string()),
            ..event_factory::header(event_factory::connector(), &self.state, self.now)
        };
        self.survey_activity(emitter, header, filled);
        self.surveys.push("answered");
    }

    fn survey_activity(
        &mut self,
        emitter: Emitter,
        header: MessageHeader,
        form: FormDataBody,
    ) -> (MessageId, portico_shared::ids::Seq) {
        let id = self.services.clock.uuid();
        let header = MessageHeader {
            additional_data: Some(Map::from_iter([("audience".to_owned(), json!("CUSTOMER"))])),
            ..header
        };
        let message = event_factory::message_with(id.clone(), header, MessageBody::FormData(Box::new(form)));
        let data = EventData::Message(Box::new(message));
        let seq = self.append(emitter, EventName::ThirdPartyActivity, data);
        (MessageId::new(id), seq)
    }
}
