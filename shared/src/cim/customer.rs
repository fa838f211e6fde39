//! The outside party.

use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// One customer under all its identities: object-model 1.21.1 `Customer`.
///
/// Everything but the five members here is defined at run time by the operator's customer schema and lies in
/// `extra`: names of channel types (`web`, `whatsapp`, ...) hold arrays of identities on that channel.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Customer {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The store's id of the customer.
    #[serde(rename = "_id", deserialize_with = "lenient::or_default")]
    pub id: String,
    /// The display name, despite its wire name.
    pub first_name: Option<String>,
    /// Phone numbers.
    #[serde(deserialize_with = "lenient::or_default")]
    pub phone_number: Vec<String>,
    /// False once the customer is linked to a known profile.
    pub is_anonymous: Option<bool>,
    /// The store's revision of the document.
    #[serde(rename = "__v", deserialize_with = "lenient::whole_or_default")]
    pub version: Option<i64>,
}

impl Customer {
    /// The members that hold identities. The customer schema is the operator's, so other lists, such as labels, stand beside
    /// them and are shared by many customers.
    pub const CHANNEL_TYPES: [&str; 10] = [
        "web",
        "whatsapp",
        "facebook",
        "instagram",
        "telegram",
        "twitter",
        "viber",
        "voice",
        "sms",
        "email",
    ];

    /// The wire name of [`Customer::is_anonymous`], under which the relay states it beside what customers state of
    /// themselves.
    pub const IS_ANONYMOUS: &str = "isAnonymous";

    /// The customer's identities on a channel type, as in `identities("web")`.
    pub fn identities(&self, channel_type: &str) -> impl Iterator<Item = &str> {
        self.extra
            .get(channel_type)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    }
}
