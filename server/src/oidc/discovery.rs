//! What the provider says of itself, its keys among them: asked for at the first sign-in, kept for some time, and asked for
//! again when a signature fits no key.

use super::OidcError;
use super::fetch::Fetch;
use openidconnect::IssuerUrl;
use openidconnect::core::CoreProviderMetadata;
use portico_core::clock::Clock;
use std::sync::Arc;
use tokio::sync::Mutex;

/// How long it is kept, in milliseconds.
const KEPT_MS: u64 = 60 * 60 * 1_000;

/// The provider is not asked again sooner than this, in milliseconds: neither for keys that a forged token names nor while it
/// does not answer.
const PAUSE_MS: u64 = 5_000;

/// What was asked last.
#[derive(Default)]
struct Asked {
    /// When, by the clock that goes on evenly.
    at: Option<u64>,
    /// What came; nothing after a failure.
    found: Option<Arc<CoreProviderMetadata>>,
}

/// One provider. It is asked by one at a time; the others wait for that answer.
pub(super) struct Discovery {
    issuer: IssuerUrl,
    asked: Mutex<Asked>,
    clock: Arc<dyn Clock>,
}

impl Discovery {
    pub(super) fn new(issuer: IssuerUrl, clock: Arc<dyn Clock>) -> Self {
        Self {
            issuer,
            asked: Mutex::default(),
            clock,
        }
    }

    /// What is known of it.
    pub(super) async fn known(&self, fetch: &Fetch) -> Result<Arc<CoreProviderMetadata>, OidcError> {
        self.younger_than(KEPT_MS, fetch).await
    }

    /// The same, anew.
    pub(super) async fn renewed(&self, fetch: &Fetch) -> Result<Arc<CoreProviderMetadata>, OidcError> {
        self.younger_than(PAUSE_MS, fetch).await
    }

    async fn younger_than(&self, most_ms: u64, fetch: &Fetch) -> Result<Arc<CoreProviderMetadata>, OidcError> {
        let mut asked = self.asked.lock().await;
        let age_ms = asked.at.map(|at| self.clock.elapsed_ms().saturating_sub(at));
        if let (Some(found), Some(age_ms)) = (&asked.found, age_ms)
            && age_ms < most_ms
        {
            return Ok(Arc::clone(found));
        }
        if age_ms.is_some_and(|age_ms| age_ms < PAUSE_MS) {
            return Err(OidcError::DiscoveredLately);
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), fetch).await;
        let found = found.map(Arc::new);
        *asked = Asked {
            at: Some(self.clock.elapsed_ms()),
            found: found.as_ref().ok().cloned(),
        };
        Ok(found?)
    }
}
