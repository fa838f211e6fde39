//! The document in the frame on a customer's page, and the files that it loads.
//!
//! The built page is the same for all; the relay completes it for each channel and language, so that a browser draws a text
//! box from this one answer.

pub(super) mod first_screen;
mod inline;
mod page;
pub(super) mod wishes;
mod words;

pub(super) use self::first_screen::style;
use self::first_screen::{FirstScreen, Head};
use self::inline::Inline;
use self::words::Words;
use super::AppState;
use super::assets::{Assets, Cache};
use super::policy::{Devices, Within};
use super::problem::Problem;
use super::{assets, channel, policy};
use askama::Template as _;
use askama::filters::{Html, escape};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use portico_shared::http::WidgetConfig;
use portico_shared::language;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

/// The page as it was built.
const BUILT: &str = "widget/index.html";

/// The widget's page. It reads its channel from its own address, and only the channel's origins may frame it.
pub(super) async fn document(
    State(state): State<Arc<AppState>>,
    Path(channel): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let set = state.config.channels.get(&channel).ok_or_else(Problem::not_found)?;
    let now = state.registry.services().clock.now_ms();
    let config = channel::config(set, now);
    let style = style(&config.accent);
    let mut within = Within::default();
    let mut response = match state.assets.text(BUILT).await {
        Some(built) => {
            let wishes = wishes::wishes(&query, &request);
            let shown = Shown {
                config: &config,
                style: &style,
                now,
            };
            let built = Inline::new(&state.assets, built).await;
            let page = complete(&state.assets, &built.page, &shown, &wishes).await;
            within.scripts.extend(built.script);
            within.styles.extend(built.style.into_iter().chain([style]));
            assets::page(page.unwrap_or(built.page), &request)
        }
        // It was not built: the relay relays all the same.
        None => state.assets.answer(BUILT, &request, Cache::Ask).await,
    };
    let devices = Devices {
        microphone: config.composer.voice_seconds > 0,
        geolocation: config.composer.location,
    };
    policy::govern(
        &mut response,
        &policy::of_frame(state.origins.own(), state.origins.embedders(&channel), &within, devices),
    );
    policy::equip(&mut response, devices.policy());
    policy::for_other_origins(&mut response);
    Ok(response)
}

/// Compresses the document on its way to a browser: it is the first thing that a visitor waits for. With gzip, which takes little
/// time and memory for each request; what is brotli was compressed by the build.
///
/// How much a page shrinks can betray a secret that stands beside what a stranger chooses. In this one a stranger chooses the
/// language, and there is no secret: it is the same for all visitors, who bring their tokens later.
pub(super) fn compression() -> CompressionLayer {
    CompressionLayer::new()
}

/// What the page shows of a channel.
struct Shown<'a> {
    config: &'a WidgetConfig,
    /// Design tokens.
    style: &'a str,
    /// When, in epoch milliseconds.
    now: i64,
}

/// The built page with a first screen.
async fn complete(assets: &Assets, built: &str, shown: &Shown<'_>, wishes: &[String]) -> Option<String> {
    let Shown { config, style, now } = *shown;
    let files = page::files(built);
    let (tag, file) = language::choose(wishes, &files);
    let own = match file {
        Some(file) => words_of(assets, &file.address).await,
        None => None,
    };
    let (tag, file) = match (&own, file) {
        (None, Some(_)) => (language::ENGLISH.to_owned(), None),
        _ => (tag, file),
    };
    let words = own.as_ref().unwrap_or_else(|| Words::english());
    let screen = FirstScreen::new(config, words, &tag, now);
    let head = Head {
        file: file.map(|file| file.address.as_str()),
        config,
        style,
    };
    let parts = page::Parts {
        language: &tag,
        title: &escape(screen.title, Html).ok()?.to_string(),
        consent: config.consent.as_ref().map(|terms| terms.version),
        head: &head.render().ok()?,
        body: &screen.render().ok()?,
    };
    page::complete(built, &parts)
}

/// The language that a visitor is spoken to in.
pub(super) struct Spoken {
    /// As the visitor wished it: `de-AT`.
    pub(super) tag: String,
    /// As its file is called: `de`.
    pub(super) language: String,
    /// The file, if there is one: English needs none.
    pub(super) file: Option<String>,
}

/// The language of a page beside this one.
pub(super) async fn spoken(assets: &Assets, query: &[(String, String)], request: &HeaderMap) -> Spoken {
    let built = assets.text(BUILT).await.unwrap_or_default();
    let files = page::files(&built);
    let (tag, file) = language::choose(&wishes::wishes(query, request), &files);
    let text = match file.and_then(|file| file.address.strip_prefix('/')) {
        Some(path) => assets.text(path).await,
        None => None,
    };
    match (file, text) {
        (Some(file), Some(text)) => Spoken {
            tag,
            language: file.language.clone(),
            file: Some(text),
        },
        (Some(_), None) => Spoken::english(language::ENGLISH),
        (None, _) => Spoken::english(&tag),
    }
}

impl Spoken {
    fn english(tag: &str) -> Self {
        Self {
            tag: tag.to_owned(),
            language: language::ENGLISH.to_owned(),
            file: None,
        }
    }
}

/// The words of a language from the file that the page names.
async fn words_of(assets: &Assets, address: &str) -> Option<Words> {
    Words::read(&assets.text(address.strip_prefix('/')?).await?)
}

/// What the page loads.
pub(super) async fn file(State(state): State<Arc<AppState>>, Path(path): Path<String>, request: HeaderMap) -> Response {
    state
        .assets
        .answer(&format!("widget/{path}"), &request, Cache::of(&path))
        .await
}
