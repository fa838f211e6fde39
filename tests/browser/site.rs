//! A site of a test's own: its pages are what the test says, and embed the channel `guest` of a relay. What it does not have
//! it takes from the relay, under a policy that allows no WebAssembly.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What the launcher is called by a tag without a label.
pub(crate) const UNNAMED_LAUNCHER: &str = "Chat with us";

/// HTML.
pub(crate) const HTML: &str = "text/html";

/// XHTML, which is parsed as XML.
pub(crate) const XHTML: &str = "application/xhtml+xml";

/// What the relay's own pages are under when they come through the site.
const NO_WEBASSEMBLY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";

#[derive(Clone, Default)]
struct Shelf {
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
    /// The relay's origin.
    relay: Arc<OnceLock<String>>,
}

#[derive(Clone)]
struct Page {
    kind: &'static str,
    policy: &'static str,
    text: String,
}

/// The site, and the relay that it embeds.
pub(crate) struct Site {
    /// Without a path.
    pub(crate) origin: String,
    pub(crate) relay: Relay,
    pub(crate) bot: Receiver,
    shelf: Shelf,
}

impl Site {
    /// A site without pages.
    pub(crate) async fn start() -> Self {
        Self::start_with("").await
    }

    /// The same, with a relay whose configuration says more.
    pub(crate) async fn start_with(config: &str) -> Self {
        let shelf = Shelf::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(page).with_state(shelf.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let bot = Receiver::start().await;
        let relay = Relay::start(World {
            webhook: Some(bot.url.clone()),
            config: format!(
                "[channels.guest]\nname = \"guest\"\norigins = [\"{origin}\"]\nbot = \"hook\"\nqueue = \"support\"\n{config}"
            ),
            ..World::default()
        })
        .await;
        shelf.relay.set(relay.origin()).expect("a relay");
        Self {
            origin,
            relay,
            bot,
            shelf,
        }
    }

    /// Serves a page under a path. In its text, `TAG` stands for the attributes of the script tag, `RELAY` for the relay's
    /// origin.
    pub(crate) fn serves(&self, path: &str, kind: &'static str, text: &str) {
        self.serves_under("", path, kind, text);
    }

    /// Serves a file in which nothing stands for anything.
    pub(crate) fn serves_as_it_is(&self, path: &str, kind: &'static str, text: &str) {
        let page = Page {
            kind,
            policy: "",
            text: text.to_owned(),
        };
        let mut pages = self.shelf.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.insert(path.to_owned(), page);
    }

    /// Serves a page that has a content security policy.
    pub(crate) fn serves_under(&self, policy: &'static str, path: &str, kind: &'static str, text: &str) {
        let tag = format!("src=\"{}/embed.js\" data-channel=\"guest\"", self.relay.origin());
        let page = Page {
            kind,
            policy,
            text: text.replace("TAG", &tag).replace("RELAY", &self.relay.origin()),
        };
        let mut pages = self.shelf.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.insert(path.to_owned(), page);
    }

    /// The address of a page.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

async fn page(State(shelf): State<Shelf>, uri: Uri) -> Response {
    let page = shelf
        .pages
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(uri.path())
        .cloned();
    let Some(Page { kind, policy, text }) = page else {
        return of_relay(&shelf, uri.path())
            .await
            .unwrap_or(StatusCode::NOT_FOUND.into_response());
    };
    let mut response = ([(header::CONTENT_TYPE, kind)], text).into_response();
    if !policy.is_empty() {
        let policy = HeaderValue::from_static(policy);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn of_relay(shelf: &Shelf, path: &str) -> Option<Response> {
    let answer = reqwest::get(format!("{}{path}", shelf.relay.get()?)).await.ok()?;
    let answer = answer.error_for_status().ok()?;
    let kind = answer.headers().get(header::CONTENT_TYPE)?.clone();
    let policy = HeaderValue::from_static(NO_WEBASSEMBLY);
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)];
    Some((headers, answer.bytes().await.ok()?).into_response())
}
