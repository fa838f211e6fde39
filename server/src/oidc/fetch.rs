//! Requests to the provider: by TLS, in time, without redirects, and of answers no more than is read.

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use portico_core::identity::origin::is_loopback;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Longest time for one request. A sign-in has three at most, and the browser's request waits for them.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);

/// Longest answer that is read, in bytes. Keys of large providers are some ten thousand.
const MAX_ANSWER_BYTES: usize = 512 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// The provider names an address that would be asked in clear.
    #[error("{0} is not asked: it is neither https:// nor on this machine")]
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
}

impl Fetch {
    pub(super) fn new() -> Result<Self, reqwest::Error> {
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
        })
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let request = reqwest::Request::try_from(request)?;
        let url = request.url();
        let is_local = url.host_str().is_some_and(is_loopback);
        if url.scheme() != "https" && !is_local {
            return Err(FetchError::InClear(url.to_string()));
        }
        let client = if is_local { &self.local } else { &self.client };
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

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
