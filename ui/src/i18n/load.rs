//! Fetches the file of the document's language.

use super::Language;
use crate::browser::{document, window};
use crate::time;
use futures_util::future::{Either, select};
use gloo_net::http::Request;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Reflect};
use portico_shared::language::{ENGLISH, LanguageFile, choose};
use std::collections::BTreeMap;
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlLinkElement, UrlSearchParams};

/// How long a document waits for its language, in milliseconds. Less than the page around a chat waits for it.
const PATIENCE_MS: u32 = 1_500;

/// The language of the document: what is wished, or else what its address or the browser wishes, if it is English or has a
/// file.
pub async fn load(wish: Option<String>) -> Language {
    let files = files();
    let wishes: Vec<String> = wish
        .into_iter()
        .chain(wished_by_address())
        .chain(of_browser())
        .collect();
    let (tag, file) = choose(&wishes, &files);
    let tag = time::canonical(&tag);
    let Some(LanguageFile { language, address }) = file else {
        return english(tag.as_deref().unwrap_or(ENGLISH));
    };
    match select(pin!(fetch(address)), TimeoutFuture::new(PATIENCE_MS)).await {
        Either::Left((Some(texts), _)) => Language::new(tag.as_deref().unwrap_or(language), texts),
        _ => english(ENGLISH),
    }
}

fn english(tag: &str) -> Language {
    Language::new(tag, BTreeMap::new())
}

async fn fetch(address: &str) -> Option<BTreeMap<String, String>> {
    let answer = Request::get(address).send().await.ok()?;
    let text = answer.text().await.ok().filter(|_| answer.ok())?;
    serde_json::from_str(&text).ok()
}

/// What the document's address wishes, in `locale`.
pub fn wished_by_address() -> Option<String> {
    let query = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&query).ok()?.get("locale")
}

/// What the browser says. Some have no list, or an empty one.
fn of_browser() -> Vec<String> {
    let navigator = window().navigator();
    let list = Reflect::get(&navigator, &JsValue::from_str("languages")).unwrap_or_default();
    let list = list.dyn_into::<Array>().unwrap_or_default();
    let tags: Vec<String> = list.iter().filter_map(|tag| tag.as_string()).collect();
    match tags.is_empty() {
        true => navigator.language().into_iter().collect(),
        false => tags,
    }
}

/// The languages that the document names with a file, and the addresses of these.
fn files() -> Vec<LanguageFile> {
    let Ok(links) = document().query_selector_all("link[hreflang]") else {
        return Vec::new();
    };
    let links = (0..links.length()).filter_map(|at| links.get(at)?.dyn_into::<HtmlLinkElement>().ok());
    links
        .map(|link| LanguageFile {
            language: link.hreflang(),
            address: link.href(),
        })
        .collect()
}
