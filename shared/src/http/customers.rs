//! Customers as contact-centre users look them up, and what they are known by.

use crate::ids::CustomerId;
use crate::lenient;
use serde::{Deserialize, Serialize};

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerAnswer {
    /// Its id.
    #[schema(value_type = String)]
    pub id: CustomerId,
    /// What it is called: by its site, or else by itself, or else by the relay.
    pub name: String,
    /// Whether a site vouches for it.
    pub verified: bool,
    /// What it is known by, by channel type.
    #[serde(default)]
    pub identities: Vec<CustomerIdentity>,
    /// The ids of its labels, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What is noted of it, in the order of `GET /api/attributes`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeValue>,
    /// The customers that colleagues have merged into this one, by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub merged: Vec<CustomerId>,
    /// The known customer that this visitor turned out to be, whose its chat is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub linked_to: Option<CustomerId>,
}

/// What may be noted of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AttributeKind {
    /// What programs name it by.
    pub key: String,
    /// What people read.
    pub label: String,
    /// What a value looks like: a value type of CIM.
    #[serde(rename = "type")]
    pub kind: String,
    /// What there is to choose from, of a `dropdown`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Whether it is shown to nobody unasked.
    #[serde(default)]
    pub personal: bool,
}

/// What is noted of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AttributeValue {
    /// The key of its [`AttributeKind`].
    pub key: String,
    /// The value; empty if `masked` says so.
    pub value: String,
    /// Whether the value is left out: it is personal, and shown to those who ask for it.
    #[serde(default)]
    pub masked: bool,
}

/// Attributes that somebody wants to see.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealBody {
    /// Their keys, one at least.
    pub keys: Vec<String>,
}

/// A value that is noted of a customer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeBody {
    /// Of the attribute's type. Blanks around it are left out.
    pub value: String,
}

/// Merges of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerMerges {
    /// The newest first, a hundred at most.
    pub merges: Vec<CustomerMerge>,
}

/// The word of a contact-centre user that two customers are one person, and whether it was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerMerge {
    /// The customer that is shown as the other one.
    #[schema(value_type = String)]
    pub customer: CustomerId,
    /// The other one.
    #[schema(value_type = String)]
    pub into: CustomerId,
    /// The id of the user who said so; `operator` for one at the command line.
    pub by: String,
    /// When, in epoch milliseconds.
    pub at: i64,
    /// Who has undone it; absent while it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
    /// When, in epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub undone_at: Option<i64>,
}

/// A label that customers may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerLabel {
    /// What programs name it by, and [`CustomerAnswer::labels`] has.
    pub id: String,
    /// What people read.
    pub name: String,
    /// The colour in which it is shown: `#` and six digits of base 16.
    pub color: String,
}

/// Something that a customer is known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerIdentity {
    /// On which type of channel: `web`, `email`, `phone`, or another one that an app names.
    pub channel: String,
    /// What it is there: an address, a number, what a site calls it. Masked if `masked` says so.
    pub identifier: String,
    /// Whether the relay, a site or an app vouches for it. All else is a claim.
    pub verified: bool,
    /// Who says so.
    pub said_by: Vec<IdentitySource>,
    /// When it was said first, in epoch milliseconds; absent if that was not noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub said_at: Option<i64>,
    /// Whether parts of `identifier` are left out for this user.
    #[serde(default)]
    pub masked: bool,
}

/// Who says that an identity is a customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentitySource {
    /// The relay: a visitor's browser, as its token has it.
    Relay,
    /// The site, by the token that it signs.
    Site,
    /// An app, by its key.
    App,
    /// An agent has typed it.
    Agent,
    /// The customer says so of itself.
    Customer,
}

impl IdentitySource {
    /// All of them, from those who vouch for it to those who claim it.
    pub const ALL: [Self; 5] = [Self::Relay, Self::Site, Self::App, Self::Agent, Self::Customer];

    /// Its name, on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::Site => "site",
            Self::App => "app",
            Self::Agent => "agent",
            Self::Customer => "customer",
        }
    }

    /// Whether its word makes an identity more than a claim.
    pub const fn vouches(self) -> bool {
        matches!(self, Self::Relay | Self::Site | Self::App)
    }
}

/// An identity that is said of a customer, or is not any more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityBody {
    /// `email` or `phone`; apps may name another type of channel, but `web`.
    pub channel: String,
    /// An e-mail address, a telephone number, or what the customer is on that type of channel.
    pub identifier: String,
}

/// What customers are looked for by: `text`, or `identity`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerSearchBody {
    /// Beginnings of words of names, addresses and numbers. Any text is fine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// An identity as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityBody>,
    /// The `next` of the answer before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Customers that were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerList {
    /// At most 20.
    pub customers: Vec<CustomerAnswer>,
    /// Where to go on; absent at the end. There may be more also where this part is short or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Customers who may be the same person as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerSuggestions {
    /// At most ten, the likeliest first.
    pub suggestions: Vec<CustomerSuggestion>,
}

/// A customer who may be the same person as another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomerSuggestion {
    /// Who.
    pub customer: CustomerAnswer,
    /// The types of channel on which the same identity is said of both.
    pub channels: Vec<String>,
    /// Whether one of these identities is vouched for of both. Otherwise one of them claims it.
    pub verified: bool,
}

#[cfg(test)]
mod tests {
    use super::IdentitySource;

    #[test]
    fn a_source_has_one_name_on_the_wire_and_in_the_store() {
        for source in IdentitySource::ALL {
            let name = serde_json::to_value(source).expect("JSON");
            assert_eq!(name, source.as_str());
        }
    }
}
