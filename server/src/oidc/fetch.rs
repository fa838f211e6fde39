//! Requests to the provider: by TLS, in time, without redirects, and of answers no more than is read.

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use portico_core::identity::origin::is_loopback;
use reqwest::Url;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Longest time for one request. The end of a sign-in has five at most (what the provider says of itself and its keys, the code, and the
/// first two again after a signature that fits no key), and the browser's request, which has 30 seconds, waits for them.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Longest answer that is read, in bytes. Keys of large providers are some ten thousand.
const MAX_ANSWER_BYTES: usize = 512 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// The provider names an address that would be asked in clear, or, from elsewhere, one on this machine.
    #[error("{0} is not asked: it is neither https:// nor, as the issuer is, on this machine")]
    InClear(String),
    /// It could not be reached, or not in time.
    #[error("it does not answer")]
    Unreachable(#[from] reqwest::Error),
    /// Above [`MAX_ANSWER_BYTES`].
    #[error("its answer is longer than {MAX_ANSWER_BYTES} bytes")]
    TooLong,
    /// Its head is none.
    #[error("its answer cannot be read")]
    Unreadable(#[from] axum::http::Error),
}

/// Asks the provider.
pub(super) struct Fetch {
    client: reqwest::Client,
    /// For providers on this machine: without TLS nothing may leave it, whatever proxy is named for the rest.
    local: reqwest::Client,
    /// The provider itself is on this machine.
    is_local: bool,
}

impl Fetch {
    /// For a provider with this issuer.
    pub(super) fn new(issuer: &Url) -> Result<Self, reqwest::Error> {
        let builder = || {
            reqwest::Client::builder()
                .timeout(ANSWER_WITHIN)
                .connect_timeout(ANSWER_WITHIN / 2)
                // An address that moves is configured anew or discovered, not followed: the request may carry the secret.
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("portico/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            client: builder().build()?,
            local: builder().no_proxy().build()?,
            is_local: is_here(issuer),
        })
    }

    /// Whether an address may be asked: what is said to it crosses no network in clear, and it is on this machine only if the
    /// provider is.
    pub(super) fn is_private(&self, url: &Url) -> bool {
        match url.scheme() {
            "https" => self.is_local || !is_here(url),
            "http" => self.is_local && is_here(url),
            _ => false,
        }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let request = reqwest::Request::try_from(request)?;
        let url = request.url();
        if !self.is_private(url) {
            return Err(FetchError::InClear(url.to_string()));
        }
        let client = if self.is_local && is_here(url) {
            &self.local
        } else {
            &self.client
        };
        let mut answer = client.execute(request).await.map_err(reqwest::Error::without_url)?;
        let mut response = axum::http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response.body(body)?)
    }
}

fn is_here(url: &Url) -> bool {
    url.host_str().is_some_and(is_loopback)
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_private(issuer: &str, asked: &str) -> bool {
        let url = |text: &str| Url::parse(text).expect(text);
        Fetch::new(&url(issuer)).expect("a client").is_private(&url(asked))
    }

    #[test]
    fn nothing_crosses_a_network_in_clear_and_only_a_provider_of_this_machine_is_asked_on_it() {
        let (away, here) = ("https://id.example", "http://127.0.0.1:9000");
        for issuer in [away, here] {
            assert!(is_private(issuer, "https://keys.id.example/jwks"), "{issuer}");
            for asked in ["http://id.example/jwks", "ftp://127.0.0.1/jwks", "file:///etc/passwd"] {
                assert!(!is_private(issuer, asked), "{issuer}: {asked}");
            }
        }
        assert!(is_private(here, "http://127.0.0.1:9001/jwks"));
        assert!(!is_private(away, "http://127.0.0.1:9001/jwks"));
        assert!(!is_private(away, "https://127.0.0.1/jwks"));
    }
}
