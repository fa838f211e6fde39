//! What colleagues and apps note of customers, such as a birthday: the operator says what there may be, of which type, and what
//! of it is personal.

use super::{Customers, Sight, is_seen, malformed, no_customer, not_served};
use crate::audit::Attribution;
use crate::config::CustomerAttribute;
use crate::conversation::Refusal;
use crate::identity::people::is_one_line;
use crate::identity::{Principal, StaffPrincipal, scope};
use crate::store::{AuditAction, Change, Profile};
use portico_shared::answers::check_text;
use portico_shared::cim::form::ValueType;
use portico_shared::frame::RefusalCode;
use portico_shared::http::{AttributeKind, AttributeValue};
use portico_shared::ids::CustomerId;
use portico_shared::text::says_nothing;
use std::collections::{BTreeMap, BTreeSet};

/// Types that an attribute may have.
pub static KINDS: [ValueType; 12] = [
    ValueType::ShortAnswer,
    ValueType::Paragraph,
    ValueType::AlphaNumeric,
    ValueType::Email,
    ValueType::PhoneNumber,
    ValueType::Url,
    ValueType::Number,
    ValueType::PositiveNumber,
    ValueType::Date,
    ValueType::DateTime,
    ValueType::Boolean,
    ValueType::Dropdown,
];

/// Attributes that may be configured.
pub const MOST_ATTRIBUTES: usize = 100;

/// Longest value of a type that has no shorter limit, in characters.
const MAX_CHARS: usize = 2_000;

impl Customers {
    /// What may be noted of customers.
    pub fn attributes(&self) -> Vec<AttributeKind> {
        let all = self.config.attributes.iter().map(|attribute| AttributeKind {
            key: attribute.key.clone(),
            label: attribute.label.clone(),
            kind: attribute.kind.as_str().to_owned(),
            options: attribute.options.clone(),
            personal: attribute.personal,
        });
        all.collect()
    }

    /// Notes a value in the place of the one before.
    pub async fn set_attribute(&self, who: &Principal, id: &CustomerId, key: &str, value: &str) -> Result<(), Refusal> {
        may_note(who)?;
        let value = checked(&self.config.attributes, key, value)?;
        let customer = CustomerId::new(self.written_by(who, id).await?.customer.id);
        let by = Attribution::of(who, self.clock.as_ref());
        Ok(self.store.apply(setting(&by, customer, key.to_owned(), value)).await?)
    }

    /// Values of attributes that are looked at, personal ones among them, and a record of that, which is written first. What
    /// is not noted is left out, and so is what is noted of customers alone, who are shown as one with this one, that one
    /// neither serves nor supervises.
    pub async fn reveal(
        &self,
        who: &StaffPrincipal,
        id: &CustomerId,
        keys: &[String],
    ) -> Result<Vec<AttributeValue>, Refusal> {
        let is_known = |key: &String| self.config.attributes.iter().any(|attribute| attribute.key == *key);
        if keys.is_empty() || keys.len() > MOST_ATTRIBUTES {
            return Err(malformed(format!("keys: 1 to {MOST_ATTRIBUTES}")));
        }
        if !keys.iter().all(is_known) {
            return Err(no_attribute());
        }
        let profile = self.store.profile(id).await?.ok_or_else(no_customer)?;
        let sight = self.sight(who).await?;
        if !profile.parts().any(|part| is_seen(&part.customer, &sight)) {
            return Err(not_served());
        }
        let mut values = Vec::new();
        let mut looked_at: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for key in keys.iter().collect::<BTreeSet<_>>() {
            let part = spoken_for(&profile, key, &sight).filter(|part| is_seen(&part.customer, &sight));
            if let Some((part, value)) = part.and_then(|part| Some((part, part.attributes.get(key)?))) {
                looked_at.entry(&part.customer.id).or_default().insert(key);
                values.push(AttributeValue {
                    key: key.clone(),
                    value: value.clone(),
                    masked: false,
                });
            }
        }
        let by = Attribution::user(who, self.clock.as_ref());
        let records = looked_at
            .into_iter()
            .map(|(part, keys)| revealed(&by, &CustomerId::new(part), keys));
        self.store.apply(records.collect()).await?;
        Ok(values)
    }

    /// Forgets a value, which need not be there.
    pub async fn unset_attribute(&self, who: &Principal, id: &CustomerId, key: &str) -> Result<(), Refusal> {
        may_note(who)?;
        let by = Attribution::of(who, self.clock.as_ref());
        let parts = self.parts_written_by(who, id).await?.into_iter();
        let noted = parts.filter(|part| part.attributes.contains_key(key));
        let changes = noted.flat_map(|part| unsetting(&by, CustomerId::new(part.customer.id), key.to_owned()));
        Ok(self.store.apply(changes.collect()).await?)
    }
}

/// The record of a look at attributes of a customer.
pub fn revealed<'k>(by: &Attribution, customer: &CustomerId, keys: impl IntoIterator<Item = &'k str>) -> Change {
    let keys: Vec<&str> = keys.into_iter().collect();
    let revealed = by.on_customer(AuditAction::AttributesRevealed, customer);
    Change::Audit(Box::new(revealed.with("keys", keys.join(","))))
}

/// What notes a value of a customer, with its record.
pub fn setting(by: &Attribution, customer: CustomerId, key: String, value: String) -> Vec<Change> {
    let set = by.on_customer(AuditAction::AttributeSet, &customer).with("key", &*key);
    vec![
        Change::SetAttribute { customer, key, value },
        Change::AuditIfChanged(Box::new(set)),
    ]
}

/// What forgets a value of a customer, with its record.
pub fn unsetting(by: &Attribution, customer: CustomerId, key: String) -> Vec<Change> {
    let unset = by
        .on_customer(AuditAction::AttributeUnset, &customer)
        .with("key", &*key);
    vec![
        Change::UnsetAttribute { customer, key },
        Change::AuditIfChanged(Box::new(unset)),
    ]
}

/// The value that may be noted under a key.
pub fn checked(schema: &[CustomerAttribute], key: &str, value: &str) -> Result<String, Refusal> {
    let attribute = schema.iter().find(|attribute| attribute.key == key);
    let attribute = attribute.ok_or_else(no_attribute)?;
    let value = value.trim();
    if says_nothing(value) || value.chars().count() > MAX_CHARS {
        return Err(malformed(format!(
            "value: not 1 to {MAX_CHARS} characters that are seen"
        )));
    }
    if attribute.kind != ValueType::Paragraph && !is_one_line(value, MAX_CHARS) {
        return Err(malformed("value: more than one line"));
    }
    if attribute.kind == ValueType::Dropdown && !attribute.options.iter().any(|option| option == value) {
        return Err(malformed("value: not one of the options"));
    }
    check_text(&attribute.kind, value).map_err(|fault| malformed(format!("value: {fault}")))?;
    Ok(value.to_owned())
}

/// What is noted of a customer, for somebody who sees so much, without what is personal: that is asked for by
/// [`Customers::reveal`]. What is not configured any more is told to nobody, as it may have been personal.
pub(super) fn told(profile: &Profile, schema: &[CustomerAttribute], sight: &Sight) -> Vec<AttributeValue> {
    let noted = schema.iter().filter_map(|attribute| {
        let value = spoken_for(profile, &attribute.key, sight)?
            .attributes
            .get(&attribute.key);
        let value = value.filter(|_| !attribute.personal);
        Some(AttributeValue {
            key: attribute.key.clone(),
            value: value.cloned().unwrap_or_default(),
            masked: attribute.personal,
        })
    });
    noted.collect()
}

/// Whose word counts: of those who are merged the first that this one sees whole, which is the one that it may write itself, or else
/// the first.
fn spoken_for<'p>(profile: &'p Profile, key: &str, sight: &Sight) -> Option<&'p Profile> {
    let noted = || profile.parts().filter(|part| part.attributes.contains_key(key));
    let mut seen = noted().filter(|part| is_seen(&part.customer, sight));
    seen.next().or_else(|| noted().next())
}

fn no_attribute() -> Refusal {
    Refusal::new(RefusalCode::NotFound, "no such attribute")
}

fn may_note(who: &Principal) -> Result<(), Refusal> {
    match who {
        Principal::Staff(_) => Ok(()),
        Principal::App(app) if app.scopes.iter().any(|held| held == scope::DESCRIBE) => Ok(()),
        Principal::App(_) => Err(Refusal::forbidden("this key may not note attributes of customers")),
        Principal::Customer(_) | Principal::Bot(_) => {
            Err(Refusal::forbidden("this is for contact-centre users and apps"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_of_its_type() {
        let schema: Vec<CustomerAttribute> = KINDS
            .iter()
            .map(|kind| CustomerAttribute {
                key: kind.as_str().to_owned(),
                label: "Label".to_owned(),
                options: vec!["gold".to_owned(), "silver".to_owned()],
                personal: false,
                kind: kind.clone(),
            })
            .collect();
        let kept = |key: &str, value: &str| checked(&schema, key, value).map_err(|refusal| refusal.code);
        for (key, value) in [
            ("shortAnswer", "Tea"),
            ("paragraph", "one\ntwo"),
            ("date", "2026-11-30"),
            ("boolean", "yes"),
            ("number", "-1.5"),
            ("dropdown", "gold"),
        ] {
            assert_eq!(kept(key, &format!(" {value} ")).as_deref(), Ok(value), "{key}");
        }
        for (key, value) in [
            ("shortAnswer", ""),
            ("shortAnswer", "\u{200b}"),
            ("shortAnswer", "one\ntwo"),
            ("paragraph", &"x".repeat(2_001)),
            ("phoneNumber", &"1".repeat(3_000)),
            ("date", "tomorrow"),
            ("boolean", "perhaps"),
            ("dropdown", "Gold"),
        ] {
            assert_eq!(kept(key, value), Err(RefusalCode::Malformed), "{key} {value:?}");
        }
        assert_eq!(kept("height", "2"), Err(RefusalCode::NotFound));
    }
}
