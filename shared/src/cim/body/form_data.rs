//! Forms that were filled, or wait to be: before a chat, in it, after it.

use crate::cim::form::FormSection;
use crate::json::{Map, Number, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A form with or without its answers; pre-chat forms, forms in the chat, surveys, wrap-up and quality forms.
/// An answer in a chat has the form's message as `header.originalMessageId`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FormDataBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Blank as a rule.
    pub markdown_text: Option<String>,
    /// Its title.
    pub form_title: Option<String>,
    /// What it is for.
    pub form_description: Option<String>,
    /// Free; a form in the chat has `actionButtons`, `disableInteraction` and `status` (`unfilled`, `filled`,
    /// `cancelled`).
    pub additional_details: Option<Value>,
    /// Questions with their answers.
    #[serde(deserialize_with = "lenient::or_default")]
    pub sections: Vec<FormSection>,
    /// Which form.
    pub form_id: Option<String>,
    /// Whether its sections are shown as such.
    pub enable_sections: Option<bool>,
    /// Whether its answers are weighed.
    pub enable_weightage: Option<bool>,
    /// What the whole form weighs.
    pub form_weightage: Option<Number>,
    /// What was scored.
    pub form_score: Option<Number>,
    /// `{result, color}`.
    pub sentiment: Option<Value>,
    /// Who filled it, and where.
    pub additional_detail: Option<FormDetail>,
}

/// Who filled a form, and where.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FormDetail {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who.
    pub actor: Option<FormActor>,
    /// Where, as in `Pre-chat`, `Web PCS`, `Agent Wrapup`.
    pub submission_source: Option<String>,
    /// `{id}` of a quality review.
    pub review: Option<Value>,
    /// `{id, name}` of who reviews.
    pub reviewer: Option<Value>,
    /// `{id, name}` of whose work is reviewed.
    pub agent_reviewed: Option<Value>,
}

/// Who filled a form.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FormActor {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// `Customer`, `Agent`, `Supervisor`, `Evaluator`, `Quality Manager` or `UCCE Ivr Call`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The actor's id.
    pub id: Option<String>,
}
