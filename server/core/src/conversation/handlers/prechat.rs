//! The pre-chat form of a channel: a start brings it along, filled. What it says is the customer's claim.

use super::{bounds, forms};
use crate::config::Config;
use crate::conversation::Refusal;
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::forms::{blank, values};
use crate::identity::{CustomerPrincipal, Principal};
use portico_shared::cim::body::{FormActor, FormDataBody, FormDetail};
use portico_shared::cim::form::{FormAttribute, FormSection};
use portico_shared::cim::{
    Customer, EventData, EventName, Intent, MessageBody, MessageHeader, Sender, SenderType, well_known,
};
use portico_shared::text::says_nothing;
use portico_shared::vouched::is_name;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What a filled form adds to a start.
pub(super) struct Prechat {
    form: FormDataBody,
    /// What it says, by the names of its answers.
    data: Map<String, Value>,
}

/// The channel whose form is asked, the customer who answers, and what its token vouches for.
pub(super) struct Asked<'a> {
    pub(super) config: &'a Config,
    pub(super) who: &'a CustomerPrincipal,
    pub(super) known: Option<&'a Customer>,
}

impl Prechat {
    /// Checks the form that came with a start. What is asked says the configuration, and nothing that the browser repeats of
    /// it: a form on a channel that asks nothing is dropped, since agents would take its words for the channel's. A start
    /// without a form is one all the same: a page that was opened before there was one has none.
    pub(super) fn read(asked: &Asked<'_>, form: Option<&MessageBody>) -> Result<Option<Self>, Refusal> {
        let filled = match form {
            None => return Ok(None),
            Some(MessageBody::FormData(filled)) => filled,
            Some(_) => return Err(Refusal::invalid("form.type: only FORM_DATA is a form")),
        };
        let body = MessageBody::FormData(filled.clone());
        body.validate().map_err(|error| Refusal::invalid(error.to_string()))?;
        bounds::check_body(&body)?;
        let Some(asked) = asked.form() else {
            return Ok(None);
        };
        let form = answered(asked, filled);
        forms::check_form(&form, &form)?;
        let mut questions = form.sections.iter().flat_map(|section| &section.attributes);
        if !questions.any(forms::has_answer) {
            return Ok(None);
        }
        Ok(Some(Self {
            data: values(&form),
            form,
        }))
    }

    /// Puts what the form says over what the page says, whose word on the same is a guess at it. Answers the keys that are
    /// still the page's: it may change those later, and no other.
    pub(super) fn add_to(&self, data: &mut Map<String, Value>) -> BTreeSet<String> {
        data.retain(|key, _| !self.data.contains_key(key));
        let keys = data.keys().cloned().collect();
        let said = bounds::fitting(data, self.data.clone());
        data.extend(said);
        keys
    }

    /// Which form it is.
    pub(super) fn id(&self) -> &str {
        self.form.form_id.as_deref().unwrap_or_default()
    }

    /// Appends the activity that shows the form to agents, in the customer's name.
    pub(super) fn append_to(self, transaction: &mut Transaction<'_>, who: &CustomerPrincipal) {
        let emitter = Emitter::principal(&Principal::Customer(who.clone()), &transaction.state, None);
        let id = transaction.services.clock.uuid();
        let activity = self.activity(id, &transaction.state, transaction.now);
        transaction.append(emitter, EventName::ThirdPartyActivity, activity);
    }

    fn activity(self, id: String, state: &State, now: i64) -> EventData {
        let sender = Sender::new(
            well_known::WIDGET_PRECHAT_FORM_ID,
            SenderType::App,
            well_known::WIDGET_PRECHAT_FORM,
        );
        let header = MessageHeader {
            intent: Some(Intent::WidgetFormActivity),
            ..event_factory::header(sender, state, now)
        };
        let detail = FormDetail {
            actor: Some(FormActor {
                kind: Some("Customer".to_owned()),
                id: Some(state.record.customer.to_string()),
                ..FormActor::default()
            }),
            submission_source: Some("Pre-chat".to_owned()),
            ..FormDetail::default()
        };
        let body = FormDataBody {
            additional_detail: Some(detail),
            ..self.form
        };
        let body = MessageBody::FormData(Box::new(body));
        EventData::Message(Box::new(event_factory::message_with(id, header, body)))
    }
}

impl Asked<'_> {
    /// The channel's form. What a site's back end has vouched for need not be answered; where it is, the token at hand may say
    /// nothing of it any more, and the answer is kept as a claim beside what was vouched for.
    fn form(&self) -> Option<FormDataBody> {
        let channel = self.config.channels.get(&self.who.channel)?;
        let mut form = blank(channel.prechat.as_ref()?);
        for section in &mut form.sections {
            for question in &mut section.attributes {
                question.is_required = question.is_required.map(|is| is && !self.is_vouched_for(question));
            }
        }
        Some(form)
    }

    fn is_vouched_for(&self, question: &FormAttribute) -> bool {
        let (Some(known), Some(key), true) = (self.known, question.key.as_deref(), self.who.verified) else {
            return false;
        };
        let says = |text: &str| !says_nothing(text);
        match key {
            key if is_name(key) => known.first_name.as_deref().is_some_and(says),
            key => match known.extra.get(key) {
                Some(Value::String(text)) => says(text),
                Some(Value::Number(_) | Value::Bool(_)) => true,
                Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => false,
            },
        }
    }
}

/// The form that was asked for with the answers that were given: each under the key of its question.
pub(super) fn answered(mut asked: FormDataBody, filled: &FormDataBody) -> FormDataBody {
    let attributes = |sections: &'_ [FormSection]| -> Vec<FormAttribute> {
        sections.iter().flat_map(|section| section.attributes.clone()).collect()
    };
    let given = attributes(&filled.sections);
    for question in asked.sections.iter_mut().flat_map(|section| &mut section.attributes) {
        let answer = given.iter().find(|other| other.key == question.key);
        question.answer = answer.and_then(|other| other.answer.clone());
    }
    asked.additional_details = Some(serde_json::json!({"status": "filled"}));
    asked
}
