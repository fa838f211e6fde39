//! Message templates of WhatsApp, for campaigns.

use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::json::Value;

record! {
    /// A template and what to fill in: object-model 1.21.1 `TemplateMessage`.
    pub struct TemplateBody {
        /// Text with it.
        pub markdown_text: Option<String> = "markdownText",
        /// Whose template.
        pub namespace: String = "namespace",
        /// Which template.
        pub name: String = "name",
        /// In which language.
        pub language: TemplateLanguage = "language",
        /// What to fill in.
        pub components: Vec<TemplateComponent> = "components" always,
        /// Free.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}

record! {
    /// A template's language: object-model 1.21.1 `Language`.
    pub struct TemplateLanguage {
        /// For example `en`.
        pub code: String = "code",
        /// For example `deterministic`.
        pub policy: String = "policy",
    }
}

record! {
    /// A part of a template: object-model 1.21.1 `Component`.
    pub struct TemplateComponent {
        /// Which part.
        pub kind: Option<ComponentType> = "type",
        /// Free.
        pub additional_component_details: Option<Value> = "additionalComponentDetails",
        /// Its values.
        pub parameters: Vec<TemplateParameter> = "parameters" always,
    }
}

open_enum! {
    /// Parts of a template: object-model 1.21.1 `ComponentType`. Lower case on the wire.
    pub enum ComponentType: any_case {
        Header = "header",
        Body = "body",
        Button = "button",
    }
}

record! {
    /// One value of a template: object-model 1.21.1 `Parameter`.
    pub struct TemplateParameter {
        /// What kind of value.
        pub parameter_type: Option<ParameterType> = "parameterType",
        /// Free.
        pub additional_parameter_details: Option<Value> = "additionalParameterDetails",
    }
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
