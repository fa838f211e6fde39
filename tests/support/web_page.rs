//! A web server whose pages messages link to. It notes what it is asked.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{Html, IntoResponse, Response};
use std::sync::{Arc, Mutex, PoisonError};

/// The server. Every page is called after its path; those below `/hangs` never come.
#[derive(Clone)]
pub struct WebPages {
    /// Its own, without a slash at the end.
    pub origin: String,
    asked: Asked,
}

type Asked = Arc<Mutex<Vec<(String, HeaderMap)>>>;

impl WebPages {
    /// Starts listening.
    pub async fn start() -> Self {
        let asked = Asked::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(answer).with_state(asked.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { origin, asked }
    }

    /// The address of a page.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The paths that were asked for, in order.
    pub fn paths(&self) -> Vec<String> {
        self.lock().iter().map(|(path, _)| path.clone()).collect()
    }

    /// The value of a header of the last request.
    pub fn last_header(&self, name: &str) -> Option<String> {
        let asked = self.lock();
        let value = asked.last()?.1.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, HeaderMap)>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What lets a relay ask here, and shows previews of these authors' links on a channel, as variables of its environment.
    pub fn environment(channel: &str, authors: &str) -> Vec<(String, String)> {
        let channel = channel.to_uppercase();
        vec![
            (
                "PORTICO_LINK_PREVIEWS__NETWORKS".to_owned(),
                r#"["127.0.0.1"]"#.to_owned(),
            ),
            (
                format!("PORTICO_CHANNELS__{channel}__LINK_PREVIEWS"),
                authors.to_owned(),
            ),
        ]
    }
}

async fn answer(State(asked): State<Asked>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().to_owned();
    note(&asked, &path, headers);
    if path.starts_with("/hangs") {
        std::future::pending::<()>().await;
    }
    if path == "/unbroken" {
        let (site, about) = ("x".repeat(200), "y".repeat(400));
        let page = format!(
            "<title>{about}</title><meta property=og:site_name content={site}><meta name=description content={about}>"
        );
        return Html(page).into_response();
    }
    let page = format!(
        "<!doctype html><title>x</title><meta property=og:title content='Page {path} &amp; more'>\
         <meta property=og:site_name content='Fernweh'><meta name=description content='All about {path}.'>\
         <meta property=og:image content='/picture.png'>"
    );
    Html(page).into_response()
}

fn note(asked: &Asked, path: &str, headers: HeaderMap) {
    let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
    asked.push((path.to_owned(), headers));
}
