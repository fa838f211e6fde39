//! Message templates of WhatsApp, for campaigns.

use crate::cim::open_enum::open_enum;
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A template and what to fill in: object-model 1.21.1 `TemplateMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TemplateBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with it.
    pub markdown_text: Option<String>,
    /// Whose template.
    #[serde(deserialize_with = "lenient::or_default")]
    pub namespace: String,
    /// Which template.
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: String,
    /// In which language.
    #[serde(deserialize_with = "lenient::or_default")]
    pub language: TemplateLanguage,
    /// What to fill in.
    #[serde(deserialize_with = "lenient::or_default")]
    pub components: Vec<TemplateComponent>,
    /// Free.
    pub additional_details: Option<Value>,
}

/// A template's language: object-model 1.21.1 `Language`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateLanguage {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// For example `en`.
    #[serde(deserialize_with = "lenient::or_default")]
    pub code: String,
    /// For example `deterministic`.
    #[serde(deserialize_with = "lenient::or_default")]
    pub policy: String,
}

/// A part of a template: object-model 1.21.1 `Component`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TemplateComponent {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which part.
    #[serde(rename = "type")]
    pub kind: Option<ComponentType>,
    /// Free.
    pub additional_component_details: Option<Value>,
    /// Its values.
    #[serde(deserialize_with = "lenient::or_default")]
    pub parameters: Vec<TemplateParameter>,
}

open_enum! {
    /// Parts of a template: object-model 1.21.1 `ComponentType`. Lower case on the wire.
    pub enum ComponentType: any_case {
        Header = "header",
        Body = "body",
        Button = "button",
    }
}

/// One value of a template: object-model 1.21.1 `Parameter`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TemplateParameter {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// What kind of value.
    pub parameter_type: Option<ParameterType>,
    /// Free.
    pub additional_parameter_details: Option<Value>,
}

open_enum! {
    /// Kinds of template values: object-model 1.21.1 `ParameterType`. Lower case on the wire.
    pub enum ParameterType: any_case {
        Text = "text",
        Currency = "currency",
        DateTime = "date_time",
        Image = "image",
        Document = "document",
        Video = "video",
        Payload = "payload",
    }
}
