//! Address cards.

use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Address cards: object-model 1.21.1 `ContactMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContactBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with them.
    pub markdown_text: Option<String>,
    /// The cards.
    #[serde(deserialize_with = "lenient::or_default")]
    pub contacts: Vec<Contact>,
    /// Free.
    pub additional_details: Option<Value>,
}

/// One card: object-model 1.21.1 `Contact`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Whose it is.
    pub name: ContactName,
    /// Telephone numbers.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub phones: Vec<Phone>,
    /// Free; `addresses`, `emails`, `org`, `urls`, `ims` and `birthday` are usual.
    pub additional_contact_details: Option<Value>,
}

/// A name: object-model 1.21.1 `ContactName`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactName {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The whole name.
    pub formatted_name: String,
    /// Free; the parts of the name, `name-prefix` with a hyphen beside `name_suffix`.
    pub additional_name_details: Option<Value>,
}

/// A telephone number: object-model 1.21.1 `Phone`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Phone {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The number.
    pub phone: Option<String>,
    /// Free; `type` and `wa_id` are usual.
    pub additional_phone_details: Option<Value>,
}
