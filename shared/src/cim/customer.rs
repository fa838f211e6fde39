//! The outside party.

use crate::cim::record::record;
use crate::json::Value;

record! {
    /// One customer under all its identities: object-model 1.21.1 `Customer`.
    ///
    /// Everything but the five members here is defined at run time by the operator's customer schema and lies in
    /// `extra`: names of channel types (`web`, `whatsapp`, ...) hold arrays of identities on that channel.
    pub struct Customer {
        /// The store's id of the customer.
        pub id: String = "_id",
        /// The display name, despite its wire name.
        pub first_name: Option<String> = "firstName",
        /// Phone numbers.
        pub phone_number: Vec<String> = "phoneNumber" always,
        /// False once the customer is linked to a known profile.
        pub is_anonymous: Option<bool> = "isAnonymous",
        /// The store's revision of the document.
        pub version: Option<i64> = "__v",
    }
}

impl Customer {
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
