//! Forms as administrators design them, in both generations, and the sections that filled forms share with them.

mod answer;
mod value_type;

use crate::cim::record::record;
use crate::json::{Number, Value};

pub use answer::{Answer, AnswerCategory, AnswerOption, Choice};
pub use value_type::{AttributeType, ValueType};

record! {
    /// A form's design. The older generation has its questions in `attributes`, the newer one in `sections`.
    pub struct FormDefinition {
        /// Which form.
        pub id: Option<String> = "id",
        /// Its title.
        pub form_title: Option<String> = "formTitle",
        /// What it is for.
        pub form_description: Option<String> = "formDescription",
        /// Whether its answers are weighed.
        pub enable_weightage: Option<bool> = "enableWeightage",
        /// What the whole form weighs.
        pub form_weightage: Option<Number> = "formWeightage",
        /// Questions of the newer generation.
        pub sections: Vec<FormSection> = "sections",
        /// Questions of the older generation.
        pub attributes: Vec<FormAttribute> = "attributes",
    }
}

impl FormDefinition {
    /// Every question in the order to ask it, whichever generation the form is of.
    pub fn questions(&self) -> impl Iterator<Item = &FormAttribute> {
        self.attributes
            .iter()
            .chain(self.sections.iter().flat_map(|section| &section.attributes))
    }
}

record! {
    /// A group of questions.
    pub struct FormSection {
        /// Its questions.
        pub attributes: Vec<FormAttribute> = "attributes" always,
        /// Its id in a design.
        pub id: Option<String> = "_id",
        /// Its id in a filled form.
        pub section_id: Option<String> = "sectionId",
        /// Its heading.
        pub section_name: Option<String> = "sectionName",
        /// What it is about.
        pub section_description: Option<String> = "sectionDescription",
        /// What it weighs.
        pub section_weightage: Option<Number> = "sectionWeightage",
        /// What was scored in it.
        pub section_score: Option<Number> = "sectionScore",
    }
}

record! {
    /// A question, with its answer in a filled form: object-model 1.21.1 `FormAttribute`.
    pub struct FormAttribute {
        /// The name of its answer.
        pub key: Option<String> = "key",
        /// The question.
        pub label: Option<String> = "label",
        /// How to answer it.
        pub help_text: Option<String> = "helpText",
        /// What an answer looks like.
        pub value_type: Option<ValueType> = "valueType",
        /// How it is asked.
        pub attribute_type: Option<AttributeType> = "attributeType",
        /// Whether it must be answered.
        pub is_required: Option<bool> = "isRequired",
        /// What to choose from, in the newer generation; read it with [`FormAttribute::choices`].
        pub attribute_options: Option<Value> = "attributeOptions",
        /// What to choose from, in the older generation.
        pub category_options: Option<CategoryOptions> = "categoryOptions",
        /// What was answered; absent in a design.
        pub answer: Option<Vec<Answer>> = "answer",
        /// Its id.
        pub id: Option<String> = "id",
        /// What it weighs.
        pub attribute_weightage: Option<Number> = "attributeWeightage",
        /// What was scored.
        pub attribute_score: Option<Number> = "attributeScore",
        /// When it may be skipped.
        pub skip_type: Option<Value> = "skipType",
        /// A file that goes with it.
        pub attribute_attachment: Option<Value> = "attributeAttachment",
    }
}

record! {
    /// What to choose from: object-model 1.21.1 `CategoryOptions`.
    pub struct CategoryOptions {
        /// Whether several may be chosen.
        pub is_multiple_choice: Option<bool> = "isMultipleChoice",
        /// The choices in groups.
        pub categories: Vec<Category> = "categories" always,
    }
}

record! {
    /// A group of choices: object-model 1.21.1 `Category`.
    pub struct Category {
        /// Its heading.
        pub category_name: Option<String> = "categoryName",
        /// Its choices, as a rule text.
        pub values: Vec<Value> = "values" always,
    }
}
