//! Address cards.

use crate::cim::record::record;
use crate::json::Value;

record! {
    /// Address cards: object-model 1.21.1 `ContactMessage`.
    pub struct ContactBody {
        /// Text with them.
        pub markdown_text: Option<String> = "markdownText",
        /// The cards.
        pub contacts: Vec<Contact> = "contacts" always,
        /// Free.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}

record! {
    /// One card: object-model 1.21.1 `Contact`.
    pub struct Contact {
        /// Whose it is.
        pub name: ContactName = "name" required,
        /// Telephone numbers.
        pub phones: Vec<Phone> = "phones",
        /// Free; `addresses`, `emails`, `org`, `urls`, `ims` and `birthday` are usual.
        pub additional_contact_details: Option<Value> = "additionalContactDetails",
    }
}

record! {
    /// A name: object-model 1.21.1 `ContactName`.
    pub struct ContactName {
        /// The whole name.
        pub formatted_name: String = "formattedName" required,
        /// Free; the parts of the name, `name-prefix` with a hyphen beside `name_suffix`.
        pub additional_name_details: Option<Value> = "additionalNameDetails",
    }
}

record! {
    /// A telephone number: object-model 1.21.1 `Phone`.
    pub struct Phone {
        /// The number.
        pub phone: Option<String> = "phone",
        /// Free; `type` and `wa_id` are usual.
        pub additional_phone_details: Option<Value> = "additionalPhoneDetails",
    }
}
