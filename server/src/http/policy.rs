//! What each answer tells the browser it may do. A page may load what it needs to work and nothing else, and may be
//! framed by those who are listed and nobody else.

use super::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_core::identity::Origin;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// Makes string sinks such as `innerHTML` throw in the widget's and the desk's page. wasm-bindgen and Leptos use none
/// of them for what these pages do; a widget that breaks here has begun to insert text as HTML.
const TRUSTED_TYPES: &str = "require-trusted-types-for 'script'";

/// For answers that are no pages: they may load nothing, and no page may frame them.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Devices that no page of ours asks for.
const NO_DEVICES: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
                          magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()";

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Scripts and styles that stand within a page. Each is allowed by its hash.
#[derive(Default)]
pub(super) struct Within {
    pub(super) scripts: Vec<String>,
    pub(super) styles: Vec<String>,
}

fn hashes(texts: &[String]) -> String {
    let hash = |text| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    texts.iter().map(hash).collect()
}

/// The policy of the document in a customer's page: framed by the channel's origins only.
pub(super) fn of_frame(own: &Origin, embedders: &[Origin], within: &Within) -> String {
    let mut policy = of_application(own, embedders, within);
    policy.push_str("; frame-ancestors");
    if embedders.is_empty() {
        policy.push_str(" 'none'");
    }
    for origin in embedders {
        let _ = write!(policy, " {origin}");
    }
    policy
}

/// The policy of the desk: no page may frame it.
pub(super) fn of_desk(own: &Origin, sites: &[Origin]) -> String {
    format!(
        "{}; frame-ancestors 'none'",
        of_application(own, sites, &Within::default())
    )
}

/// Our own scripts and WebAssembly, our own styles, the socket; images and sound that a message links to, on HTTPS or
/// on the sites that embed the chat; and, as `blob:`, images that a page has made an address for itself: those of files
/// that a person has picked and not sent.
fn of_application(own: &Origin, sites: &[Origin], within: &Within) -> String {
    let mut pictures = String::from("'self' https: data: blob:");
    for site in sites.iter().filter(|site| !site.is_secure()) {
        let _ = write!(pictures, " {site}");
    }
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; img-src {pictures}; \
         media-src 'self' https:; connect-src 'self' {socket}; font-src 'none'; base-uri 'none'; form-action 'none'; \
         {TRUSTED_TYPES}",
        scripts = hashes(&within.scripts),
        styles = hashes(&within.styles),
        socket = own.websocket()
    )
}

/// The policy of a survey's page: its one style, by its hash, and its form, which is sent back here. No page may frame it.
pub(super) fn of_survey(style: &str) -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        STANDARD.encode(Sha256::digest(style))
    )
}

/// The strict policy under which the demo shop shows that embedding works: one script and one frame, both ours.
pub(super) fn of_shop(relay: &Origin) -> String {
    format!(
        "default-src 'none'; script-src {relay}; style-src 'self'; img-src 'self' data:; frame-src {relay}; \
         connect-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
}

/// Puts what holds for every answer into those that did not say otherwise.
pub(super) async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, NOTHING),
        (header::CACHE_CONTROL, "no-store"),
        (PERMISSIONS_POLICY, NO_DEVICES),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Tells browsers to come by HTTPS only, where the relay is called so.
pub(super) async fn only_https(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if state.config.server.public_url.starts_with("https://") {
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Lets pages of other origins use an answer as a script or frame.
pub(super) fn for_other_origins(response: &mut Response) {
    response
        .headers_mut()
        .insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
}

/// Gives a page its policy.
pub(super) fn govern(response: &mut Response, policy: &str) {
    let value = HeaderValue::from_str(policy).expect("a policy is made of our own text and of origins, both ASCII");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
}

/// Cuts a page off from windows that open it.
pub(super) fn isolate(response: &mut Response) {
    response
        .headers_mut()
        .insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
}

/// Lets pages of listed origins read an answer, by name and never by `*`. The endpoint behind it refuses those that
/// are on another channel's list.
pub(super) async fn share(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let refused = response.status() == axum::http::StatusCode::FORBIDDEN;
    if let Some(origin) = origin.filter(|origin| !refused && is_listed(&state, origin)) {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    response
}

/// Answers the question that browsers ask before they send JSON to another origin.
pub(super) async fn preflight() -> [(HeaderName, &'static str); 3] {
    [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ]
}

fn is_listed(state: &AppState, origin: &HeaderValue) -> bool {
    origin
        .to_str()
        .is_ok_and(|origin| state.origins.may_connect(Some(origin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().expect(text)
    }

    #[test]
    fn the_frame_is_framed_by_those_who_are_listed() {
        let own = origin("https://chat.example");
        let sites = [origin("https://shop.example"), origin("http://localhost:8081")];
        let within = Within {
            scripts: vec![],
            styles: vec!["a{}".to_owned()],
        };
        let policy = of_frame(&own, &sites, &within);
        let expected = [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self' 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='",
            "img-src 'self' https: data: blob: http://localhost:8081",
            "media-src 'self' https:",
            "connect-src 'self' wss://chat.example",
            "font-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "frame-ancestors https://shop.example http://localhost:8081",
        ];
        assert_eq!(policy.split("; ").collect::<Vec<_>>(), expected);
        assert!(of_frame(&own, &[], &Within::default()).ends_with("; frame-ancestors 'none'"));
    }

    #[test]
    fn the_desk_is_framed_by_nobody() {
        assert!(of_desk(&origin("https://chat.example"), &[]).ends_with("; frame-ancestors 'none'"));
    }

    #[test]
    fn the_shop_needs_one_script_and_one_frame() {
        let policy = of_shop(&origin("http://127.0.0.1:8080"));
        let expected = [
            "default-src 'none'",
            "script-src http://127.0.0.1:8080",
            "style-src 'self'",
            "img-src 'self' data:",
            "frame-src http://127.0.0.1:8080",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ];
        assert_eq!(policy.split("; ").collect::<Vec<_>>(), expected);
    }
}
