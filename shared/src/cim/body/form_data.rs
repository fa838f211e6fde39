//! Forms that were filled, or wait to be: before a chat, in it, after it.

use crate::cim::form::FormSection;
use crate::cim::record::record;
use crate::json::{Number, Value};

record! {
    /// A form with or without its answers; pre-chat forms, forms in the chat, surveys, wrap-up and quality forms.
    /// An answer in a chat has the form's message as `header.originalMessageId`.
    pub struct FormDataBody {
        /// Blank as a rule.
        pub markdown_text: Option<String> = "markdownText",
        /// Its title.
        pub form_title: Option<String> = "formTitle",
        /// What it is for.
        pub form_description: Option<String> = "formDescription",
        /// Free; a form in the chat has `actionButtons`, `disableInteraction` and `status` (`unfilled`, `filled`,
        /// `cancelled`).
        pub additional_details: Option<Value> = "additionalDetails",
        /// Questions with their answers.
        pub sections: Vec<FormSection> = "sections" always,
        /// Which form.
        pub form_id: Option<String> = "formId",
        /// Whether its sections are shown as such.
        pub enable_sections: Option<bool> = "enableSections",
        /// Whether its answers are weighed.
        pub enable_weightage: Option<bool> = "enableWeightage",
        /// What the whole form weighs.
        pub form_weightage: Option<Number> = "formWeightage",
        /// What was scored.
        pub form_score: Option<Number> = "formScore",
        /// `{result, color}`.
        pub sentiment: Option<Value> = "sentiment",
        /// Who filled it, and where.
        pub additional_detail: Option<FormDetail> = "additionalDetail",
    }
}

record! {
    /// Who filled a form, and where.
    pub struct FormDetail {
        /// Who.
        pub actor: Option<FormActor> = "actor",
        /// Where, as in `Pre-chat`, `Web PCS`, `Agent Wrapup`.
        pub submission_source: Option<String> = "submissionSource",
        /// `{id}` of a quality review.
        pub review: Option<Value> = "review",
        /// `{id, name}` of who reviews.
        pub reviewer: Option<Value> = "reviewer",
        /// `{id, name}` of whose work is reviewed.
        pub agent_reviewed: Option<Value> = "agentReviewed",
    }
}

record! {
    /// Who filled a form.
    pub struct FormActor {
        /// `Customer`, `Agent`, `Supervisor`, `Evaluator`, `Quality Manager` or `UCCE Ivr Call`.
        pub kind: Option<String> = "type",
        /// The actor's id.
        pub id: Option<String> = "id",
    }
}
