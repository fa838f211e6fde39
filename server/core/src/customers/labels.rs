//! Labels that colleagues and apps put on customers, such as "VIP". Which ones there are, the configuration says.

use super::Customers;
use crate::audit::Attribution;
use crate::conversation::Refusal;
use crate::identity::{Principal, scope};
use crate::store::{AuditAction, Change};
use portico_shared::frame::RefusalCode;
use portico_shared::http::CustomerLabel;
use portico_shared::ids::CustomerId;

/// Longest id of a label, in bytes.
pub const MAX_ID_BYTES: usize = 32;

/// Labels that may be configured. A customer has each once at most.
pub const MOST_LABELS: usize = 100;

/// Whether a text may be the id of a label: it stands in addresses, and customers are found by it.
pub fn is_label_id(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    (1..=MAX_ID_BYTES).contains(&text.len()) && text.bytes().all(is_sign)
}

impl Customers {
    /// The labels that may be put on customers.
    pub fn labels(&self) -> Vec<CustomerLabel> {
        let labels = self.config.labels.iter().map(|label| CustomerLabel {
            id: label.id.clone(),
            name: label.name.clone(),
            color: label.color.clone(),
        });
        labels.collect()
    }

    /// Puts a label on a customer, who may have it already.
    pub async fn label(&self, who: &Principal, id: &CustomerId, label: &str) -> Result<(), Refusal> {
        may_label(who)?;
        if !self.config.labels.iter().any(|known| known.id == label) {
            return Err(Refusal::new(RefusalCode::NotFound, "no such label"));
        }
        let part = self.written_by(who, id).await?;
        if part.labels.iter().any(|has| has == label) {
            return Ok(());
        }
        let by = Attribution::of(who, self.clock.as_ref());
        let changes = labelling(&by, CustomerId::new(part.customer.id), label.to_owned());
        Ok(self.store.apply(changes).await?)
    }

    /// Takes a label away, also one that is configured no more. The customer may be without it already.
    pub async fn unlabel(&self, who: &Principal, id: &CustomerId, label: &str) -> Result<(), Refusal> {
        may_label(who)?;
        let by = Attribution::of(who, self.clock.as_ref());
        let parts = self.parts_written_by(who, id).await?.into_iter();
        let labelled = parts.filter(|part| part.labels.iter().any(|has| has == label));
        let changes = labelled.flat_map(|part| unlabelling(&by, CustomerId::new(part.customer.id), label.to_owned()));
        Ok(self.store.apply(changes.collect()).await?)
    }
}

/// What puts a label on a customer, with its record.
pub fn labelling(by: &Attribution, customer: CustomerId, label: String) -> Vec<Change> {
    let labelled = by.on_customer(AuditAction::Labelled, &customer).with("label", &*label);
    vec![
        Change::LabelCustomer { customer, label },
        Change::AuditIfChanged(Box::new(labelled)),
    ]
}

/// What takes a label away, with its record.
pub fn unlabelling(by: &Attribution, customer: CustomerId, label: String) -> Vec<Change> {
    let unlabelled = by
        .on_customer(AuditAction::Unlabelled, &customer)
        .with("label", &*label);
    vec![
        Change::UnlabelCustomer { customer, label },
        Change::AuditIfChanged(Box::new(unlabelled)),
    ]
}

fn may_label(who: &Principal) -> Result<(), Refusal> {
    match who {
        Principal::Staff(_) => Ok(()),
        Principal::App(app) if app.scopes.iter().any(|held| held == scope::LABEL) => Ok(()),
        Principal::App(_) => Err(Refusal::forbidden("this key may not put labels on customers")),
        Principal::Customer(_) | Principal::Bot(_) => {
            Err(Refusal::forbidden("this is for contact-centre users and apps"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_label_id;

    #[test]
    fn an_id_of_a_label_is_short_and_plain() {
        for good in ["vip", "a", "no-calls_2", &"x".repeat(32)] {
            assert!(is_label_id(good), "{good}");
        }
        for bad in ["", "VIP", "a b", "é", "a/b", &"x".repeat(33)] {
            assert!(!is_label_id(bad), "{bad}");
        }
    }
}
