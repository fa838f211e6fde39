//! Labels of customers.

use serde::Deserialize;

/// A label that customers may have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// What the store keeps and programs name it by.
    pub id: String,
    /// What contact-centre users read.
    pub name: String,
    /// The colour in which it is shown: `#` and six digits of base 16.
    pub color: String,
}
