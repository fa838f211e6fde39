//! How a customer begins a visit: as somebody new, as the one that this browser was before, or as the one that the
//! site's back end proves.

use super::customer::{CustomerKeys, CustomerTokenError, KeyError, SignedCustomer, WEB};
use super::linking::{Link, LinkProof};
use super::visitor::{Purpose, REFRESH_SECONDS, TOKEN_SECONDS, Visitor, VisitorTokens, not_erased};
use super::{AuthError, Consent, CustomerPrincipal, friendly_name};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::customers::named::vouched;
use crate::store::{Change, IdentitySource, Store, StoreError};
use portico_shared::cim::Customer;
use portico_shared::http;
use portico_shared::ids::CustomerId;
use portico_shared::vouched::is_attribute;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// What the visitor says to have agreed to.
    pub consent: Option<http::Consent>,
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
    /// The visitor has not agreed to the channel's terms, or to other ones.
    #[error("the visitor has not agreed to version {0} of the channel's terms")]
    Consent(u32),
    /// The site's token is not good.
    #[error("the identity token is not good: {0}")]
    Identity(#[from] CustomerTokenError),
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a channel asks of who visits it.
struct Channel {
    keys: CustomerKeys,
    consent: Option<config::Consent>,
}

/// Opens visits.
pub struct VisitorSessions {
    channels: BTreeMap<String, Channel>,
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
        let channels = config.channels.iter().map(|(id, channel)| {
            let channel = Channel {
                keys: CustomerKeys::new(&channel.keys)?,
                consent: channel.consent.clone(),
            };
            Ok((id.clone(), channel))
        });
        Ok(Self {
            channels: channels.collect::<Result<_, _>>()?,
            store,
            clock,
            tokens,
        })
    }

    /// Begins a visit. Only a proven customer leaves a trace in the store.
    pub async fn open(&self, request: VisitorSessionRequest) -> Result<VisitorSession, VisitorSessionError> {
        let Some(Channel { keys, consent: asked }) = self.channels.get(&request.channel) else {
            return Err(VisitorSessionError::UnknownChannel(request.channel));
        };
        let now = self.clock.now_ms();
        let before = (request.refresh.as_deref()).map(|token| self.tokens.prove(Purpose::Refresh, token, now));
        let signed = request
            .identity
            .as_deref()
            .map(|token| keys.prove(token, now))
            .transpose()?;
        let before = match before {
            Some(Ok(visitor)) if signed.is_some() => self.unless_erased(visitor).await?.map(Ok),
            before => before,
        };
        let consent = agreed(&request, before.as_ref(), now);
        if let Some(asked) = asked
            .as_ref()
            .filter(|asked| !Consent::is_enough(consent.as_ref(), Some(asked)))
        {
            return Err(VisitorSessionError::Consent(asked.version));
        }
        match (signed, before) {
            (Some(signed), before) => {
                let session = self.signed(request.channel, signed, consent, now).await?;
                // A token that does not prove who the browser was is no hindrance: the site's is enough to begin a visit.
                let before = before.and_then(Result::ok);
                let proof = before.and_then(|before| LinkProof::of(before.principal, session.customer.clone()));
                Ok(VisitorSession { proof, ..session })
            }
            (None, Some(before)) => self.refreshed(&request.channel, before, consent, now).await,
            (None, None) => Ok(self.anonymous(request.channel, consent, now)),
        }
    }

    /// Proves a customer who wishes to be erased by the site's token, whatever the channel asks to be agreed to. Nothing of it is
    /// stored for that.
    pub async fn prove_to_erase(
        &self,
        channel: &str,
        identity: &str,
    ) -> Result<CustomerPrincipal, VisitorSessionError> {
        let Some(Channel { keys, .. }) = self.channels.get(channel) else {
            return Err(VisitorSessionError::UnknownChannel(channel.to_owned()));
        };
        let signed = keys.prove(identity, self.clock.now_ms())?;
        self.since_erasure(&signed).await?;
        let known = self.store.customer_by_identity(WEB, &signed.identifier).await?;
        Ok(CustomerPrincipal {
            id: known.map_or_else(|| signed.fresh_id(), |customer| CustomerId::new(customer.id)),
            channel: channel.to_owned(),
            identifier: signed.identifier,
            name: signed.name.unwrap_or_else(|| CUSTOMER.to_owned()),
            verified: true,
            consent: None,
        })
    }

    /// Refuses the site's token of before its customer's data was erased.
    async fn since_erasure(&self, signed: &SignedCustomer) -> Result<(), VisitorSessionError> {
        let erased = self.store.erased_customer(&signed.fresh_id()).await?;
        match erased.is_some_and(|erased| erased.refuses(signed.issued_at)) {
            true => Err(CustomerTokenError::Erased.into()),
            false => Ok(()),
        }
    }

    /// The next token of a visitor who has just proven the one at hand and has no program that would ask for it by a refresh
    /// token. What was agreed to is in it, too. A known customer's visit lasts as long as the site's proof of it and no longer.
    pub fn renewed(&self, customer: &CustomerPrincipal) -> Option<String> {
        let now = self.clock.now_ms();
        let expires_at = now + TOKEN_SECONDS * 1_000;
        (!customer.verified).then(|| self.tokens.mint(Purpose::Visit, customer, now, expires_at))
    }

    /// Who the browser was until now, or nothing if that one's data was erased: neither its chat nor what it agreed to passes
    /// to the customer that the site proves.
    async fn unless_erased(&self, visitor: Visitor) -> Result<Option<Visitor>, StoreError> {
        match not_erased(&*self.store, &visitor).await {
            Ok(()) => Ok(Some(visitor)),
            Err(AuthError::Unavailable) => Err(StoreError::Busy),
            Err(AuthError::Refused | AuthError::Changed | AuthError::Expired) => Ok(None),
        }
    }

    fn anonymous(&self, channel: String, consent: Option<Consent>, now: i64) -> VisitorSession {
        let identifier = self.clock.uuid();
        let id = CustomerId::new(identifier.as_str());
        let customer = CustomerPrincipal {
            name: friendly_name(&id),
            identifier,
            id,
            channel,
            verified: false,
            consent,
        };
        self.session(customer, now, now + REFRESH_SECONDS * 1_000, "new")
    }

    async fn refreshed(
        &self,
        channel: &str,
        before: Result<Visitor, AuthError>,
        consent: Option<Consent>,
        now: i64,
    ) -> Result<VisitorSession, VisitorSessionError> {
        let before = before.map_err(VisitorSessionError::Refresh)?;
        match not_erased(&*self.store, &before).await {
            Err(AuthError::Unavailable) => return Err(StoreError::Busy.into()),
            refused => refused.map_err(VisitorSessionError::Refresh)?,
        }
        let mut customer = CustomerPrincipal {
            consent,
            ..before.principal
        };
        if !customer.verified {
            customer.name = friendly_name(&customer.id);
        }
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

    async fn signed(
        &self,
        channel: String,
        signed: SignedCustomer,
        consent: Option<Consent>,
        now: i64,
    ) -> Result<VisitorSession, VisitorSessionError> {
        self.since_erasure(&signed).await?;
        let current = match self.known(&signed).await {
            Err(StoreError::Erased(_)) => return Err(CustomerTokenError::Erased.into()),
            known => known?,
        };
        let customer = CustomerPrincipal {
            id: CustomerId::new(current.id),
            channel,
            identifier: signed.identifier,
            name: current.first_name.unwrap_or_else(|| CUSTOMER.to_owned()),
            verified: true,
            consent,
        };
        Ok(self.session(customer, now, signed.expires_at, "signed"))
    }

    /// The customer as the store has it from now on. When it is written between the look and the write, by another tab that
    /// signs in or because a visitor's chat becomes its own, what has been written is described anew and stays. When its data is
    /// erased meanwhile, nothing is written.
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
            let changes = written(known, &current, signed.issued_at, self.clock.now_ms());
            result = self.store.apply(changes).await.map(|()| current);
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

/// What is written of a customer whom its site describes in another way than before: its record, and the addresses and numbers
/// that the site vouches for, in place of those that it has vouched for until now.
fn written(known: Option<Customer>, current: &Customer, proven_at: i64, now: i64) -> Vec<Change> {
    let customer = CustomerId::new(current.id.as_str());
    let before = known.as_ref().map_or_else(Vec::new, |known| vouched(&known.extra));
    let after = vouched(&current.extra);
    let mut changes = vec![
        Change::UnlessErased {
            customer: customer.clone(),
            since: proven_at,
        },
        Change::Customer {
            before: known.map(Box::new),
            after: Box::new(current.clone()),
        },
    ];
    changes.extend(
        before
            .into_iter()
            .filter(|named| !after.contains(named))
            .map(|named| Change::RetractIdentities {
                customer: customer.clone(),
                channel: named.channel,
                said_by: IdentitySource::Site,
                key: Some(named.key),
            }),
    );
    changes.extend(after.into_iter().map(|named| Change::StateIdentity {
        customer: customer.clone(),
        identity: named.said(IdentitySource::Site, now),
    }));
    changes
}

/// What the visitor has agreed to. What another channel was answered, or by another known customer, is no answer.
fn agreed(request: &VisitorSessionRequest, before: Option<&Result<Visitor, AuthError>>, now: i64) -> Option<Consent> {
    let before = before.and_then(|before| before.as_ref().ok());
    let is_whose =
        |who: &&CustomerPrincipal| who.channel == request.channel && !(who.verified && request.identity.is_some());
    let proven = before.map(|visitor| &visitor.principal).filter(is_whose);
    let said = request.consent.clone().and_then(|said| Consent::said(said, now));
    Consent::newest(proven.and_then(|who| who.consent.clone()), said)
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
            issued_at: 0,
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
