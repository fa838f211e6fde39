//! Address cards and places.

use crate::cim::body::{Contact, ContactBody, ContactName, LocationBody, Phone, Place};
use crate::json::{Number, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Address cards.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerContacts {
    /// Text with them.
    pub markdown_text: Option<String>,
    /// The cards.
    #[serde(deserialize_with = "lenient::or_default")]
    pub contacts: Vec<CustomerContact>,
}

impl From<&ContactBody> for CustomerContacts {
    fn from(body: &ContactBody) -> Self {
        Self {
            markdown_text: body.markdown_text.clone(),
            contacts: body.contacts.iter().map(CustomerContact::from).collect(),
        }
    }
}

/// One card.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerContact {
    /// Whose it is.
    pub name: CustomerContactName,
    /// Telephone numbers.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub phones: Vec<CustomerPhone>,
    /// What else the card says, in members that its sender chose: `org`, `emails` and the like.
    pub additional_contact_details: Option<Value>,
}

impl From<&Contact> for CustomerContact {
    fn from(contact: &Contact) -> Self {
        Self {
            name: CustomerContactName::from(&contact.name),
            phones: contact.phones.iter().map(CustomerPhone::from).collect(),
            additional_contact_details: contact.additional_contact_details.clone(),
        }
    }
}

/// A name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerContactName {
    /// The whole name.
    pub formatted_name: String,
}

impl From<&ContactName> for CustomerContactName {
    fn from(name: &ContactName) -> Self {
        Self {
            formatted_name: name.formatted_name.clone(),
        }
    }
}

/// A telephone number.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerPhone {
    /// The number.
    pub phone: Option<String>,
}

impl From<&Phone> for CustomerPhone {
    fn from(phone: &Phone) -> Self {
        Self {
            phone: phone.phone.clone(),
        }
    }
}

/// A place.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerLocation {
    /// Text with it.
    pub markdown_text: Option<String>,
    /// Where.
    pub location: CustomerPlace,
    /// Its name and address, in members that the sender chose.
    pub additional_details: Option<Value>,
}

impl From<&LocationBody> for CustomerLocation {
    fn from(body: &LocationBody) -> Self {
        Self {
            markdown_text: body.markdown_text.clone(),
            location: CustomerPlace::from(&body.location),
            additional_details: body.additional_details.clone(),
        }
    }
}

/// A point on the earth.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerPlace {
    /// Degrees north.
    pub latitude: Option<Number>,
    /// Degrees east.
    pub longitude: Option<Number>,
}

impl From<&Place> for CustomerPlace {
    fn from(place: &Place) -> Self {
        Self {
            latitude: place.latitude.clone(),
            longitude: place.longitude.clone(),
        }
    }
}
