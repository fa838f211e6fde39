//! Forms as administrators design them, in both generations, and the sections that filled forms share with them.

use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
mod answer;
mod value_type;

use crate::json::{Map, Number, Value};

pub(crate) use answer::choices_in;
pub use answer::{Answer, AnswerCategory, AnswerOption, Choice};
pub use value_type::{AttributeType, ValueType};

/// A form's design. The older generation has its questions in `attributes`, the newer one in `sections`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FormDefinition {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which form.
    pub id: Option<String>,
    /// Its title.
    pub form_title: Option<String>,
    /// What it is for.
    pub form_description: Option<String>,
    /// Whether its answers are weighed.
    pub enable_weightage: Option<bool>,
    /// What the whole form weighs.
    pub form_weightage: Option<Number>,
    /// Questions of the newer generation.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<FormSection>,
    /// Questions of the older generation.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<FormAttribute>,
}

impl FormDefinition {
    /// Every question in the order to ask it, whichever generation the form is of.
    pub fn questions(&self) -> impl Iterator<Item = &FormAttribute> {
        self.attributes
            .iter()
            .chain(self.sections.iter().flat_map(|section| &section.attributes))
    }
}

/// A group of questions.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FormSection {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its questions.
    #[serde(deserialize_with = "lenient::or_default")]
    pub attributes: Vec<FormAttribute>,
    /// Its id in a design.
    #[serde(rename = "_id")]
    pub id: Option<String>,
    /// Its id in a filled form.
    pub section_id: Option<String>,
    /// Its heading.
    pub section_name: Option<String>,
    /// What it is about.
    pub section_description: Option<String>,
    /// What it weighs.
    pub section_weightage: Option<Number>,
    /// What was scored in it.
    pub section_score: Option<Number>,
}

/// A question, with its answer in a filled form: object-model 1.21.1 `FormAttribute`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FormAttribute {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The name of its answer.
    pub key: Option<String>,
    /// The question.
    pub label: Option<String>,
    /// How to answer it.
    pub help_text: Option<String>,
    /// What an answer looks like.
    pub value_type: Option<ValueType>,
    /// How it is asked.
    pub attribute_type: Option<AttributeType>,
    /// Whether it must be answered.
    pub is_required: Option<bool>,
    /// What to choose from, in the newer generation; read it with [`FormAttribute::choices`].
    pub attribute_options: Option<Value>,
    /// What to choose from, in the older generation.
    pub category_options: Option<CategoryOptions>,
    /// What was answered; absent in a design.
    pub answer: Option<Vec<Answer>>,
    /// Its id.
    pub id: Option<String>,
    /// What it weighs.
    pub attribute_weightage: Option<Number>,
    /// What was scored.
    pub attribute_score: Option<Number>,
    /// When it may be skipped.
    pub skip_type: Option<Value>,
    /// A file that goes with it.
    pub attribute_attachment: Option<Value>,
}

/// What to choose from: object-model 1.21.1 `CategoryOptions`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CategoryOptions {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Whether several may be chosen.
    pub is_multiple_choice: Option<bool>,
    /// The choices in groups.
    #[serde(deserialize_with = "lenient::or_default")]
    pub categories: Vec<Category>,
}

/// A group of choices: object-model 1.21.1 `Category`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Category {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its heading.
    pub category_name: Option<String>,
    /// Its choices, as a rule text.
    #[serde(deserialize_with = "lenient::or_default")]
    pub values: Vec<Value>,
}
