//! Looks customers up by what people type, a part at a time.

use super::named::NamedIdentity;
use super::{malformed, words};
use crate::conversation::Refusal;
use crate::identity::customer::WEB;
use crate::store::{FoundProfiles, Profile, Store, StoreError, WordSearch};
use portico_shared::http::{CustomerSearchBody, IdentityBody};
use portico_shared::ids::CustomerId;

/// Customers in one part.
const MOST_FOUND: u32 = 20;

/// Longest text that is looked for, in characters.
const MAX_SOUGHT_CHARS: usize = 200;

/// Some of the customers that are found.
#[derive(Default)]
pub(super) struct Part {
    pub(super) profiles: Vec<Profile>,
    /// What asks for the next part.
    pub(super) next: Option<String>,
}

impl From<Option<Profile>> for Part {
    fn from(found: Option<Profile>) -> Self {
        Self {
            profiles: found.into_iter().collect(),
            next: None,
        }
    }
}

/// The part that is asked for.
pub(super) async fn part(store: &dyn Store, body: &CustomerSearchBody) -> Result<Part, Refusal> {
    let after = body.after.as_deref();
    match (&body.text, &body.identity) {
        (Some(text), None) => by_text(store, text, after).await,
        (None, Some(identity)) => by_identity(store, identity, after).await,
        (None, None) | (Some(_), Some(_)) => Err(malformed("a search has either text or identity")),
    }
}

async fn by_text(store: &dyn Store, text: &str, after: Option<&str>) -> Result<Part, Refusal> {
    if text.chars().count() > MAX_SOUGHT_CHARS {
        return Err(malformed(format!("text: longer than {MAX_SOUGHT_CHARS} characters")));
    }
    if after.is_none()
        && let Some(named) = named(store, text.trim()).await?
    {
        return Ok(Some(named).into());
    }
    let words = words::sought(text);
    if words.is_empty() {
        return Ok(Part::default());
    }
    let search = WordSearch {
        words,
        after: after.map(str::to_owned),
        limit: MOST_FOUND,
    };
    let FoundProfiles { profiles, next } = store.search_profiles(search).await?;
    Ok(Part { profiles, next })
}

/// The customer whose id this is, or who is called so on the web.
async fn named(store: &dyn Store, text: &str) -> Result<Option<Profile>, StoreError> {
    let Some(id) = CustomerId::parse(text) else {
        return Ok(None);
    };
    match store.profile(&id).await? {
        Some(profile) => Ok(Some(profile)),
        None => on_the_web(store, text).await,
    }
}

async fn on_the_web(store: &dyn Store, identifier: &str) -> Result<Option<Profile>, StoreError> {
    match store.customer_by_identity(WEB, identifier).await? {
        Some(customer) => store.profile(&CustomerId::new(customer.id)).await,
        None => Ok(None),
    }
}

async fn by_identity(store: &dyn Store, body: &IdentityBody, after: Option<&str>) -> Result<Part, Refusal> {
    if body.channel == WEB {
        return Ok(on_the_web(store, &body.identifier).await?.into());
    }
    let named = NamedIdentity::read(&body.channel, &body.identifier);
    let named = named.map_err(|fault| malformed(format!("identity.{fault}")))?;
    let no_place = || malformed("after: not the next of an answer");
    let after = after.map(|after| CustomerId::parse(after).ok_or_else(no_place));
    let after = after.transpose()?;
    let profiles = store
        .profiles_with(&named.channel, &named.key, after.as_ref(), MOST_FOUND)
        .await?;
    let is_full = profiles.len() >= MOST_FOUND as usize;
    let next = profiles.last().map(|last| last.customer.id.clone());
    Ok(Part {
        next: next.filter(|_| is_full),
        profiles,
    })
}
