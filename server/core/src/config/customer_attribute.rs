//! What is noted of customers beside names, addresses and labels.

use portico_shared::cim::form::ValueType;
use serde::Deserialize;

/// Something that may be noted of a customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerAttribute {
    /// What the store keeps and programs name it by.
    pub key: String,
    /// What contact-centre users read.
    pub label: String,
    /// What a value looks like: a value type of CIM.
    #[serde(rename = "type")]
    pub kind: ValueType,
    /// What there is to choose from, of a `dropdown`.
    #[serde(default)]
    pub options: Vec<String>,
    /// Whether it is shown only to those who serve the customer or supervise.
    #[serde(default)]
    pub personal: bool,
}
