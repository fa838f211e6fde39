//! Has a customer's data erased, by its id or by what its site calls it.

use super::{AdminError, AdminReply};
use portico_core::clock::Clock;
use portico_core::erasing;
use portico_core::identity::customer::WEB;
use portico_core::store::{ErasedBy, Store, StoreError};
use portico_shared::ids::CustomerId;

/// Begins the erasure that the relay does.
pub(super) async fn erase(store: &dyn Store, clock: &dyn Clock, named: String) -> Result<AdminReply, AdminError> {
    let Some(customer) = find(store, &named).await? else {
        return Err(AdminError::NoCustomer(named));
    };
    let erasure = erasing::new(customer.clone(), ErasedBy::Operator, clock.now_ms());
    store.begin_erasure(erasure).await?;
    Ok(AdminReply::Erasing {
        customer: customer.to_string(),
    })
}

/// An id goes before an identity. The id of a visitor that signed in is among the identities of the known customer, and the
/// visitor may have been another person at the same computer: an operator who names the visitor means the visitor.
pub(super) async fn find(store: &dyn Store, named: &str) -> Result<Option<CustomerId>, StoreError> {
    if let Some(id) = CustomerId::parse(named)
        && store.is_known(&id).await?
    {
        return Ok(Some(id));
    }
    let known = store.customer_by_identity(WEB, named).await?;
    Ok(known.map(|customer| CustomerId::new(customer.id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_core::clock::SystemClock;
    use portico_core::store::{Author, Change, PushStore, PushSubscription};
    use portico_shared::cim::{CimEvent, Customer};
    use portico_sqlite::{GroupCommit, SqliteStore};
    use serde_json::{Value, json};

    fn store(folder: &tempfile::TempDir) -> SqliteStore {
        SqliteStore::open(&folder.path().join("portico.db"), GroupCommit::On).expect("a store")
    }

    async fn knows(store: &SqliteStore, record: Value) {
        let after: Customer = serde_json::from_value(record).expect("a customer");
        let change = Change::Customer {
            before: None,
            after: Box::new(after),
        };
        store.apply(vec![change]).await.expect("written");
    }

    async fn erased(store: &SqliteStore, named: &str) -> Option<String> {
        match erase(store, &SystemClock::default(), named.to_owned()).await {
            Ok(AdminReply::Erasing { customer }) => Some(customer),
            Err(AdminError::NoCustomer(_)) => None,
            Ok(_) | Err(_) => panic!("it is begun or nothing is known"),
        }
    }

    #[tokio::test]
    async fn an_id_goes_before_an_identity_of_another_customer() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = store(&folder);
        knows(&store, json!({"_id": "known", "web": ["shop|42", "visitor"]})).await;
        knows(
            &store,
            json!({"_id": "visitor", "linkedTo": {"customer": "known", "conversation": "c"}}),
        )
        .await;
        assert_eq!(erased(&store, "visitor").await.as_deref(), Some("visitor"));
        assert_eq!(erased(&store, "shop|42").await.as_deref(), Some("known"));
        assert_eq!(erased(&store, "shop|43").await, None);
        assert_eq!(erased(&store, "no id at all").await, None);
    }

    #[tokio::test]
    async fn a_customer_with_nothing_but_activities_or_browsers_is_known() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = store(&folder);
        let activity = Change::CustomerActivity {
            customer: CustomerId::new("called"),
            event: Box::new(CimEvent::default()),
            author: Author("app:calls".into()),
            client_id: None,
        };
        store.apply(vec![activity]).await.expect("written");
        let browser = PushSubscription {
            customer: CustomerId::new("looked"),
            channel: "shop".into(),
            endpoint: "https://push.example/a".into(),
            p256dh: vec![4],
            auth: vec![7; 16],
            page: "https://shop.example/".into(),
            note: "New message".into(),
            updated_at: 1,
        };
        store.subscribe(browser, 1, 5).await.expect("written");
        for known in ["called", "looked"] {
            assert_eq!(erased(&store, known).await.as_deref(), Some(known));
        }
    }
}
