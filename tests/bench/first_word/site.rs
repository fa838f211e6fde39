//! The site that all chats are on, as one server: its pages, the packages of the others, compressed and kept by browsers like
//! Portico's own files, and the least that their back ends must answer. Portico comes from its relay, on another port.

use super::chat::Chat;
use super::direct_line;
use anyhow::{Context, Result};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use portico_tests::relay::{Relay, World};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// What each back end says to everything.
pub(super) const ANSWER: &str = "ACK";

/// Where packages are, as `cargo xtask bench` says: a script among the files of each.
const PACKAGES: [(&str, &str); 3] = [
    ("deep-chat", "PORTICO_DEEP_CHAT"),
    ("n8n-chat", "PORTICO_N8N_CHAT"),
    ("web-chat", "PORTICO_WEB_CHAT"),
];

/// Name, and text with the places of the relay's and of the frame's origin.
const PAGES: [(&str, &str); 6] = [
    ("portico.html", include_str!("pages/portico.html")),
    ("deep-chat.html", include_str!("pages/deep-chat.html")),
    ("n8n-chat.html", include_str!("pages/n8n-chat.html")),
    ("web-chat.html", include_str!("pages/web-chat.html")),
    ("frame.html", include_str!("pages/frame.html")),
    ("box.html", include_str!("pages/box.html")),
];

/// The site, and the relay that serves its chat.
pub(super) struct Site {
    origin: String,
    relay: Relay,
}

/// What the site has.
struct Shelf {
    pages: BTreeMap<&'static str, String>,
    /// The folder of each package.
    packages: BTreeMap<&'static str, PathBuf>,
}

impl Site {
    /// A site with a new relay.
    pub(super) async fn start() -> Result<Self> {
        let packages = PACKAGES.map(|(name, variable)| Ok((name, package(variable)?)));
        let packages = packages.into_iter().collect::<Result<_>>()?;
        let listeners = [
            TcpListener::bind("127.0.0.1:0").await?,
            TcpListener::bind("127.0.0.1:0").await?,
        ];
        let [origin, frame] = [&listeners[0], &listeners[1]].map(|listener| {
            let address = listener.local_addr();
            address.map(|address| format!("http://{address}"))
        });
        let (origin, frame) = (origin?, frame?);
        let relay = Relay::start(World {
            config: format!(
                "[channels.bench]\nname = \"bench\"\norigins = [\"{origin}\"]\nbot = \"\"\nqueue = \"support\"\n"
            ),
            ..World::default()
        })
        .await;
        let complete = |page: &str| page.replace("RELAY", &relay.origin()).replace("FRAME", &frame);
        let shelf = Arc::new(Shelf {
            pages: PAGES.map(|(name, page)| (name, complete(page))).into(),
            packages,
        });
        for listener in listeners {
            let app = router(Arc::clone(&shelf));
            tokio::spawn(async move { axum::serve(listener, app).await });
        }
        Ok(Self { origin, relay })
    }

    /// Of the site and of its relay.
    pub(super) fn origins(&self) -> [String; 2] {
        [self.origin.clone(), self.relay.origin()]
    }

    /// Where a chat is met.
    pub(super) fn address(&self, chat: Chat) -> String {
        format!("{}{}", self.origin, chat.path())
    }
}

fn package(variable: &str) -> Result<PathBuf> {
    let script = std::env::var_os(variable);
    let script = script.with_context(|| format!("{variable} is not set: run `cargo xtask bench`"))?;
    let folder = PathBuf::from(script).parent().map(PathBuf::from);
    folder.with_context(|| format!("{variable} names no file"))
}

fn router(shelf: Arc<Shelf>) -> Router {
    Router::new()
        .route("/{page}", get(page))
        .route("/{package}/{file}", get(file))
        .route("/deep-chat", post(async || Json(json!({ "text": ANSWER }))))
        .route("/n8n-chat", post(async || Json(json!({ "output": ANSWER }))))
        .with_state(shelf)
        .nest("/direct-line", direct_line::router())
}

async fn page(State(shelf): State<Arc<Shelf>>, Path(name): Path<String>) -> Response {
    match shelf.pages.get(name.as_str()) {
        Some(page) => ([(header::CACHE_CONTROL, "no-cache")], Html(page.clone())).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file of a package; the install has compressed each.
async fn file(State(shelf): State<Arc<Shelf>>, Path((package, name)): Path<(String, String)>) -> Response {
    let folder = shelf.packages.get(package.as_str());
    let read = folder.and_then(|folder| std::fs::read(folder.join(format!("{name}.br"))).ok());
    let Some(content) = read else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.ends_with(".css") {
        true => "text/css",
        false => "text/javascript",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_ENCODING, "br"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, content).into_response()
}
