//! What a customer has agreed to stands in the log before the first thing that it says from then on.

use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::transaction::Transaction;
use crate::identity::{Consent, CustomerPrincipal, Principal};
use portico_shared::cim::body::{FormActor, FormDataBody, FormDetail};
use portico_shared::cim::form::{Answer, FormAttribute, FormSection, ValueType};
use portico_shared::cim::{EventData, EventName, Intent, MessageBody, MessageHeader, Sender, SenderType, Timestamp};
use portico_shared::http::ConsentText;

/// Who says so, and which form it is.
const CONSENT: &str = "consent";

/// Appends what the customer has agreed to, once for each version of the channel's terms.
pub(super) fn note(transaction: &mut Transaction<'_>, who: &CustomerPrincipal) {
    let channel = transaction.services.config.channels.get(&who.channel);
    let (Some(given), Some(terms)) = (&who.consent, channel.and_then(|channel| channel.consent.as_ref())) else {
        return;
    };
    if transaction.state.record.consent == Some(given.version) {
        return;
    }
    let terms = terms.terms();
    // The words of a page are its own; those of another version are not known any more.
    let read = terms
        .text_for(&given.language)
        .filter(|_| !given.by_page && terms.version == given.version);
    let form = form(who, given, read, &terms.policy);
    let header = MessageHeader {
        intent: Some(Intent::WidgetFormActivity),
        ..event_factory::header(sender(), &transaction.state, transaction.now)
    };
    let id = transaction.services.clock.uuid();
    let message = event_factory::message_with(id, header, MessageBody::FormData(Box::new(form)));
    let emitter = Emitter::principal(&Principal::Customer(who.clone()), &transaction.state, None);
    let data = EventData::Message(Box::new(message));
    transaction.append(emitter, EventName::ThirdPartyActivity, data);
    transaction.state.record.consent = Some(given.version);
}

fn sender() -> Sender {
    Sender::new(CONSENT, SenderType::App, "Consent")
}

/// The record as a form: what was asked and answered, and in which version, language and when.
fn form(who: &CustomerPrincipal, given: &Consent, read: Option<&ConsentText>, policy: &str) -> FormDataBody {
    let line = |key: &str, label: Option<&str>, answer: &str| FormAttribute {
        key: Some(key.to_owned()),
        label: label.map(str::to_owned),
        value_type: Some(ValueType::ShortAnswer),
        answer: Some(vec![Answer::Text(answer.to_owned())]),
        ..FormAttribute::default()
    };
    let language = read.map_or(&given.language, |read| &read.language);
    let mut attributes = vec![
        line(CONSENT, read.map(|read| read.text.as_str()), "yes"),
        line("version", None, &given.version.to_string()),
        line("language", None, language),
        line("time", None, &Timestamp::from_ms(given.at).to_string()),
    ];
    if read.is_some() && !policy.is_empty() {
        attributes.push(line("policy", None, policy));
    }
    let detail = FormDetail {
        actor: Some(FormActor {
            kind: Some("Customer".to_owned()),
            id: Some(who.id.to_string()),
            ..FormActor::default()
        }),
        submission_source: Some(if given.by_page { "Page" } else { "Widget" }.to_owned()),
        ..FormDetail::default()
    };
    FormDataBody {
        form_id: Some(CONSENT.to_owned()),
        form_title: Some("Consent".to_owned()),
        sections: vec![FormSection {
            attributes,
            ..FormSection::default()
        }],
        additional_details: Some(serde_json::json!({"status": "filled"})),
        additional_detail: Some(detail),
        ..FormDataBody::default()
    }
}
