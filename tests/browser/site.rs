//! A site of a test's own: its pages are what the test says, and embed the channel `guest` of a relay.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the launcher is called by a tag without a label.
pub(crate) const UNNAMED_LAUNCHER: &str = "Chat with us";

/// HTML.
pub(crate) const HTML: &str = "text/html";

/// XHTML, which is parsed as XML.
pub(crate) const XHTML: &str = "application/xhtml+xml";

type Pages = Arc<Mutex<BTreeMap<String, Page>>>;

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
    pages: Pages,
}

impl Site {
    /// A site without pages.
    pub(crate) async fn start() -> Self {
        let pages = Pages::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(page).with_state(Arc::clone(&pages));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let bot = Receiver::start().await;
        let relay = Relay::start(World {
            webhook: Some(bot.url.clone()),
            config: format!(
                "[channels.guest]\nname = \"guest\"\norigins = [\"{origin}\"]\nbot = \"hook\"\nqueue = \"support\"\n"
            ),
            ..World::default()
        })
        .await;
        Self {
            origin,
            relay,
            bot,
            pages,
        }
    }

    /// Serves a page under a path. In its text, `TAG` stands for the attributes of the script tag.
    pub(crate) fn serves(&self, path: &str, kind: &'static str, text: &str) {
        self.serves_under("", path, kind, text);
    }

    /// Serves a page that has a content security policy.
    pub(crate) fn serves_under(&self, policy: &'static str, path: &str, kind: &'static str, text: &str) {
        let tag = format!("src=\"{}/embed.js\" data-channel=\"guest\"", self.relay.origin());
        let page = Page {
            kind,
            policy,
            text: text.replace("TAG", &tag),
        };
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.insert(path.to_owned(), page);
    }

    /// The address of a page.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

async fn page(State(pages): State<Pages>, uri: Uri) -> Response {
    let page = pages
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(uri.path())
        .cloned();
    let Some(Page { kind, policy, text }) = page else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = ([(header::CONTENT_TYPE, kind)], text).into_response();
    if !policy.is_empty() {
        let policy = HeaderValue::from_static(policy);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
