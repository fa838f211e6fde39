//! The survey after a chat: a form that the relay sends when the chat ends, and that its customer answers once, in the
//! widget or later by a link.
//!
//! A link is signed and ends, and needs no token: it is for an e-mail, say, and opens the survey of one conversation and
//! nothing else. That it is good for one answer, the conversation says, which has the answer or not. The form and its answer
//! stand in the log (`conversation/transaction/survey.rs`). Start reading at [`Surveys::link`].

use crate::clock::DAY_MS;
use crate::config;
use crate::conversation::{Command, Refusal, Registry};
use crate::identity::{Principal, scope};
use crate::store::{AskedSurvey, ConversationRecord};
use hmac::{Hmac, Mac};
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form::{Answer, AttributeType, FormAttribute, FormSection, ValueType};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::ConversationId;
use serde_json::json;
use sha2::Sha256;

/// The names of its answers.
const CSAT: &str = "csat";
const NPS: &str = "nps";
const COMMENT: &str = "comment";

/// What a survey asks, as a form that waits to be filled.
pub fn form(survey: &config::Survey) -> FormDataBody {
    let asked = [
        (CSAT, &survey.csat, ValueType::FiveStarRating, AttributeType::Input),
        (NPS, &survey.nps, ValueType::Nps, AttributeType::Input),
        (COMMENT, &survey.comment, ValueType::Paragraph, AttributeType::TextArea),
    ];
    let asked = asked.into_iter().filter(|(_, label, ..)| !label.is_empty());
    let attributes = asked.map(|(key, label, value_type, attribute_type)| FormAttribute {
        id: Some(key.to_owned()),
        key: Some(key.to_owned()),
        label: Some(label.clone()),
        value_type: Some(value_type),
        attribute_type: Some(attribute_type),
        is_required: Some(key != COMMENT),
        ..FormAttribute::default()
    });
    FormDataBody {
        form_id: Some("survey".to_owned()),
        form_title: Some(survey.title.clone()),
        enable_sections: Some(false),
        enable_weightage: Some(false),
        additional_details: Some(json!({"status": "unfilled"})),
        sections: vec![FormSection {
            section_id: Some("survey".to_owned()),
            attributes: attributes.collect(),
            ..FormSection::default()
        }],
        ..FormDataBody::default()
    }
}

/// What a filled survey comes to, and the best there is: of the stars if they were asked for, else of the other scale.
pub(crate) fn score(filled: &FormDataBody) -> Option<(u64, u64)> {
    let rated = |key: &str, best: u64| {
        let mut questions = filled.sections.iter().flat_map(|section| &section.attributes);
        let question = questions.find(|question| question.key.as_deref() == Some(key))?;
        let answer = question.answer.iter().flatten().find_map(|answer| match answer {
            Answer::Text(text) => text.trim().parse().ok(),
            Answer::Option(option) => option.value.as_ref().and_then(|value| match value.as_str() {
                Some(text) => text.trim().parse().ok(),
                None => value.as_u64(),
            }),
            Answer::Other(value) => value.as_u64(),
            Answer::Category(_) => None,
        });
        Some((answer?, best))
    };
    rated(CSAT, 5).or_else(|| rated(NPS, 10))
}

/// Signs links to surveys. It never leaves the relay.
pub struct SurveyKey([u8; 32]);

impl SurveyKey {
    /// From the secret that the store keeps.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// What stands in the address of a conversation's survey that is good until then, in epoch seconds.
    fn token(&self, conversation: &ConversationId, until: i64) -> String {
        let mac = hex::encode(self.mac(conversation, until).finalize().into_bytes());
        format!("{conversation}.{until}.{mac}")
    }

    /// The conversation that a token was made for, if it was made here, and until when it is good.
    fn conversation(&self, token: &str) -> Option<(ConversationId, i64)> {
        let (rest, signature) = token.rsplit_once('.')?;
        let (conversation, until) = rest.rsplit_once('.')?;
        let (conversation, until) = (ConversationId::parse(conversation)?, until.parse().ok()?);
        let mut bytes = [0; 32];
        hex::decode_to_slice(signature, &mut bytes).ok()?;
        let is_ours = self.mac(&conversation, until).verify_slice(&bytes).is_ok();
        is_ours.then_some((conversation, until))
    }

    fn mac(&self, conversation: &ConversationId, until: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        // An id has no line break in it.
        mac.update(format!("{conversation}\n{until}").as_bytes());
        mac
    }
}

/// A link to a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyLink {
    /// The token that stands in its address.
    pub token: String,
    /// When it ends, in epoch seconds.
    pub until: i64,
}

/// What a link leads to.
#[derive(Debug, Clone)]
pub enum Survey {
    /// It waits to be filled; the channel says what its page says.
    Open {
        /// As it was sent.
        form: Box<FormDataBody>,
        /// The channel's id.
        channel: String,
    },
    /// It has its answer.
    Answered {
        /// The channel's id.
        channel: String,
    },
    /// Its time is over.
    Over {
        /// The channel's id.
        channel: String,
    },
}

/// The surveys of one relay.
pub struct Surveys {
    registry: Registry,
    key: SurveyKey,
}

impl Surveys {
    /// Over these; `key` signs links.
    pub fn new(registry: Registry, key: SurveyKey) -> Self {
        Self { registry, key }
    }

    /// A link to the survey of a conversation that is over: for its customer, and for a program that reports, which may send
    /// it on. Contact-centre users get none: they would rate themselves.
    pub async fn link(&self, who: &Principal, conversation: &ConversationId) -> Result<SurveyLink, Refusal> {
        let services = self.registry.services();
        let record = services.store.conversation(conversation).await?;
        let record = record.filter(|record| match who {
            Principal::Customer(customer) => customer.id == record.customer && customer.channel == record.channel,
            Principal::App(app) => {
                app.scopes.iter().any(|held| held == scope::REPORT) && app.may_act_on(&record.channel)
            }
            Principal::Staff(_) | Principal::Bot(_) => false,
        });
        let record = record.ok_or_else(Refusal::not_found)?;
        asked(&record)?;
        let days = services.config.channels.get(&record.channel);
        let days = days.and_then(|channel| Some(channel.survey.as_ref()?.link_days));
        let days = days.ok_or_else(no_survey)?;
        let ended = record.ended_at.ok_or_else(no_survey)?;
        let until = ended.saturating_add(i64::from(days).saturating_mul(DAY_MS)) / 1_000;
        if self.is_over(until) {
            return Err(no_survey());
        }
        Ok(SurveyLink {
            token: self.key.token(conversation, until),
            until,
        })
    }

    /// What a link leads to; not found if it is none.
    pub async fn show(&self, token: &str) -> Result<Survey, Refusal> {
        let (record, until) = self.of_link(token).await?;
        let (survey, channel) = (asked(&record)?.clone(), record.channel.clone());
        if record.answered.contains(&survey.seq) {
            return Ok(Survey::Answered { channel });
        }
        if self.is_over(until) {
            return Ok(Survey::Over { channel });
        }
        let form = self.registry.survey_form(&record.id, &survey).await?;
        Ok(Survey::Open {
            form: Box::new(form),
            channel,
        })
    }

    /// Answers a survey by a link.
    pub async fn answer(&self, token: &str, filled: FormDataBody) -> Result<(), Refusal> {
        let (record, until) = self.of_link(token).await?;
        if self.is_over(until) {
            return Err(no_survey());
        }
        let command = Command::AnswerSurvey {
            filled: Box::new(filled),
        };
        self.registry.call(&record.id, command).await.map(drop)
    }

    async fn of_link(&self, token: &str) -> Result<(ConversationRecord, i64), Refusal> {
        let (conversation, until) = self.key.conversation(token).ok_or_else(no_survey)?;
        let record = self.registry.services().store.conversation(&conversation).await?;
        Ok((record.ok_or_else(no_survey)?, until))
    }

    fn is_over(&self, until: i64) -> bool {
        until <= self.registry.services().clock.now_ms() / 1_000
    }
}

fn asked(record: &ConversationRecord) -> Result<&AskedSurvey, Refusal> {
    record.survey.as_ref().ok_or_else(no_survey)
}

/// There is no survey, or none any more, or none for this one.
pub(crate) fn no_survey() -> Refusal {
    Refusal::new(RefusalCode::NotFound, "no such survey")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_one_conversation_and_with_one_key() {
        let (key, id) = (SurveyKey::new([7; 32]), ConversationId::new("c-1"));
        let token = key.token(&id, 1_000);
        assert_eq!(key.conversation(&token), Some((id, 1_000)));
        assert_eq!(SurveyKey::new([8; 32]).conversation(&token), None);
        for forged in [
            token.replace("c-1", "c-2"),
            token.replace(".1000.", ".2000."),
            token[..token.len() - 2].to_owned(),
            format!("{token}00"),
            "..".to_owned(),
            String::new(),
        ] {
            assert_eq!(key.conversation(&forged), None, "{forged}");
        }
    }

    #[test]
    fn a_survey_asks_what_the_channel_has_words_for() {
        let survey: config::Survey =
            serde_json::from_value(json!({"title": "How was it?", "nps": "Recommend us?", "comment": "Why?"}))
                .expect("a survey");
        let form = form(&survey);
        let keys: Vec<_> = form.sections[0]
            .attributes
            .iter()
            .map(|question| (question.key.as_deref().unwrap_or_default(), question.is_required))
            .collect();
        assert_eq!(keys, [("nps", Some(true)), ("comment", Some(false))]);
        assert_eq!(score(&form), None);
    }
}
