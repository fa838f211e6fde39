//! How a customer begins a visit: as somebody new, as the one that this browser was before, or as the one that the
//! site's back end proves.

use super::customer::{CustomerKeys, CustomerTokenError, KeyError, SignedCustomer, WEB};
use super::linking::{Link, LinkProof};
use super::visitor::{Purpose, REFRESH_SECONDS, TOKEN_SECONDS, VisitorTokens};
use super::{AuthError, CustomerPrincipal};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{Change, Store, StoreError};
use portico_shared::cim::Customer;
use portico_shared::ids::CustomerId;
use portico_shared::vouched::is_attribute;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an anonymous visitor is called until it says otherwise.
const VISITOR: &str = "Visitor";

/// What a proven customer without a name in its token is called.
const CUSTOMER: &str = "Customer";

/// How often a customer is described before its site is told that others write it all the time.
const ATTEMPTS: u32 = 5;

/// What a browser asks for.
#[derive(Debug, Clone)]
pub struct VisitorSessionRequest {
    /// The channel's service identifier.
    pub channel: String,
    /// What the browser was given on its last visit.
    pub refresh: Option<String>,
    /// The site's token for the customer that is signed in there. It goes before `refresh`, which then says who the browser
    /// was until now.
    pub identity: Option<String>,
}

/// A visit that may begin.
#[derive(Debug, Clone)]
pub struct VisitorSession {
    /// Opens a socket.
    pub token: String,
    /// When the token ends, in epoch milliseconds.
    pub expires_at: i64,
    /// Gets the next token.
    pub refresh: String,
    /// Whose visit it is.
    pub customer: CustomerPrincipal,
    /// Set if the browser was an anonymous visitor until now, whose live chat is to become the customer's.
    pub proof: Option<LinkProof>,
    /// How it was proven, for the metrics: `new`, `refreshed`, `signed`.
    pub kind: &'static str,
}

/// Why a visit may not begin.
#[derive(Debug, thiserror::Error)]
pub enum VisitorSessionError {
    /// No such channel.
    #[error("no channel {0:?}")]
    UnknownChannel(String),
    /// The browser's own token is not good, or not for this channel: it is dropped and a new visit begun.
    #[error("the refresh token is not good: {0}")]
    Refresh(AuthError),
    /// The site's token is not good.
    #[error("the identity token is not good: {0}")]
    Identity(#[from] CustomerTokenError),
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens visits.
pub struct VisitorSessions {
    keys: BTreeMap<String, CustomerKeys>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    tokens: Arc<VisitorTokens>,
}

impl VisitorSessions {
    /// For the channels of this configuration.
    pub fn new(
        config: &Config,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        tokens: Arc<VisitorTokens>,
    ) -> Result<Self, KeyError> {
        let keys = config
            .channels
            .iter()
            .map(|(id, channel)| Ok((id.clone(), CustomerKeys::new(&channel.keys)?)));
        Ok(Self {
            keys: keys.collect::<Result<_, _>>()?,
            store,
            clock,
            tokens,
        })
    }

    /// Begins a visit. Only a proven customer leaves a trace in the store.
    pub async fn open(&self, request: VisitorSessionRequest) -> Result<VisitorSession, VisitorSessionError> {
        let Some(keys) = self.keys.get(&request.channel) else {
            return Err(VisitorSessionError::UnknownChannel(request.channel));
        };
        let now = self.clock.now_ms();
        if let Some(token) = &request.identity {
            let signed = keys.prove(token, now)?;
            let session = self.signed(request.channel, signed, now).await?;
            let proof = request.refresh.and_then(|refresh| self.proof(&refresh, &session, now));
            return Ok(VisitorSession { proof, ..session });
        }
        match &request.refresh {
            Some(token) => self.refreshed(&request.channel, token, now).await,
            None => Ok(self.anonymous(request.channel, now)),
        }
    }

    fn anonymous(&self, channel: String, now: i64) -> VisitorSession {
        let id = self.clock.uuid();
        let customer = CustomerPrincipal {
            identifier: id.clone(),
            id: CustomerId::new(id),
            channel,
            name: VISITOR.to_owned(),
            verified: false,
        };
        self.session(customer, now, now + REFRESH_SECONDS * 1_000, "new")
    }

    async fn refreshed(&self, channel: &str, token: &str, now: i64) -> Result<VisitorSession, VisitorSessionError> {
        let before = self
            .tokens
            .prove(Purpose::Refresh, token, now)
            .map_err(VisitorSessionError::Refresh)?;
        let customer = before.principal;
        if customer.channel != channel {
            return Err(VisitorSessionError::Refresh(AuthError::Refused));
        }
        if !customer.verified && Link::of(&*self.store, &customer.id).await?.is_some() {
            return Err(VisitorSessionError::Refresh(AuthError::Refused));
        }
        // A browser is remembered from its last visit on; a proof is not made longer by using it.
        let remembered = if customer.verified {
            before.expires_at
        } else {
            now + REFRESH_SECONDS * 1_000
        };
        Ok(self.session(customer, now, remembered, "refreshed"))
    }

    /// Who the browser was until the customer signed in, if it proves that, too. A token that does not is no hindrance: the
    /// site's is enough to begin a visit.
    fn proof(&self, refresh: &str, session: &VisitorSession, now: i64) -> Option<LinkProof> {
        let before = self.tokens.prove(Purpose::Refresh, refresh, now).ok()?;
        LinkProof::of(before.principal, session.customer.clone())
    }

    async fn signed(
        &self,
        channel: String,
        signed: SignedCustomer,
        now: i64,
    ) -> Result<VisitorSession, VisitorSessionError> {
        let current = self.known(&signed).await?;
        let customer = CustomerPrincipal {
            id: CustomerId::new(current.id),
            channel,
            identifier: signed.identifier,
            name: current.first_name.unwrap_or_else(|| CUSTOMER.to_owned()),
            verified: true,
        };
        Ok(self.session(customer, now, signed.expires_at, "signed"))
    }

    /// The customer as the store has it from now on. When it is written between the look and the write, by another tab that
    /// signs in or because a visitor's chat becomes its own, what has been written is described anew and stays.
    async fn known(&self, signed: &SignedCustomer) -> Result<Customer, StoreError> {
        let mut result = Err(StoreError::Busy);
        for _ in 0..ATTEMPTS {
            let known = self.store.customer_by_identity(WEB, &signed.identifier).await?;
            let id = known
                .as_ref()
                .map_or_else(|| signed.fresh_id(), |customer| CustomerId::new(customer.id.as_str()));
            let current = described(&id, known.as_ref(), signed);
            if known.as_ref() == Some(&current) {
                return Ok(current);
            }
            let change = Change::Customer {
                before: known.map(Box::new),
                after: Box::new(current.clone()),
            };
            result = self.store.apply(vec![change]).await.map(|()| current);
            if !matches!(result, Err(StoreError::CustomerChanged(_) | StoreError::Taken(_))) {
                break;
            }
        }
        result
    }

    /// A visit of an hour, or until what proves the customer ends at `remembered`, in epoch milliseconds.
    fn session(&self, customer: CustomerPrincipal, now: i64, remembered: i64, kind: &'static str) -> VisitorSession {
        let expires_at = remembered.min(now + TOKEN_SECONDS * 1_000);
        VisitorSession {
            token: self.tokens.mint(Purpose::Visit, &customer, now, expires_at),
            expires_at,
            refresh: self.tokens.mint(Purpose::Refresh, &customer, now, remembered),
            customer,
            proof: None,
            kind,
        }
    }
}

/// The customer as the site describes it today.
fn described(id: &CustomerId, known: Option<&Customer>, signed: &SignedCustomer) -> Customer {
    let mut customer = known.cloned().unwrap_or_else(|| Customer {
        id: id.to_string(),
        version: Some(0),
        extra: Map::from_iter([(WEB.to_owned(), json!([signed.identifier]))]),
        ..Customer::default()
    });
    customer.is_anonymous = Some(false);
    if let Some(name) = &signed.name {
        customer.first_name = Some(name.clone());
    } else if customer.first_name.is_none() {
        customer.first_name = Some(CUSTOMER.to_owned());
    }
    for (key, value) in &signed.attributes {
        // Identities on other channel types are lists.
        let is_identities = customer.extra.get(key).is_some_and(Value::is_array);
        if is_attribute(key) && !is_identities {
            customer.extra.insert(key.clone(), value.clone());
        }
    }
    customer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(name: Option<&str>, attributes: Value) -> SignedCustomer {
        SignedCustomer {
            identifier: "shop|42".into(),
            name: name.map(str::to_owned),
            attributes: attributes.as_object().expect("an object").clone(),
            expires_at: 0,
        }
    }

    #[test]
    fn a_site_describes_its_customer_but_never_says_who_it_is() {
        let id = CustomerId::new("c-1");
        let attributes = json!({"plan": "gold", "web": "shop|1", "_id": "c-2", "isAnonymous": true, "whatsapp": "+49"});
        let mut known = described(&id, None, &signed(Some("Mia"), json!({})));
        known.extra.insert("whatsapp".into(), json!(["+1"]));
        let customer = described(&id, Some(&known), &signed(None, attributes));
        assert_eq!(customer.id, "c-1");
        assert_eq!(customer.first_name.as_deref(), Some("Mia"));
        assert_eq!(customer.is_anonymous, Some(false));
        assert_eq!(customer.extra["web"], json!(["shop|42"]));
        assert_eq!(customer.extra["whatsapp"], json!(["+1"]));
        assert_eq!(customer.extra["plan"], json!("gold"));
    }
}
