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

/// Devices that no page of ours asks for, but a chat on a channel that lets it.
const NO_DEVICES: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
                          magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()";

/// What a chat may ask its visitor's browser for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Devices {
    /// To record voice notes.
    pub(super) microphone: bool,
    /// To share where the visitor is.
    pub(super) geolocation: bool,
}

impl Devices {
    /// The page's Permissions-Policy. The page around the frame has a say as well, by the frame's `allow`.
    pub(super) fn policy(self) -> HeaderValue {
        let known = [(self.microphone, MICROPHONE), (self.geolocation, GEOLOCATION)];
        let used: Vec<&str> = known
            .into_iter()
            .filter_map(|(is_used, name)| is_used.then_some(name))
            .collect();
        let policy = let_these(&used, "self");
        HeaderValue::from_str(&policy).expect("names of devices are ASCII")
    }
}

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

const MICROPHONE: &str = "microphone";
const GEOLOCATION: &str = "geolocation";

/// The Permissions-Policy that lets these alone be used, by those.
fn let_these(devices: &[&str], by: &str) -> String {
    devices.iter().fold(NO_DEVICES.to_owned(), |policy, device| {
        policy.replace(&format!("{device}=()"), &format!("{device}=({by})"))
    })
}

/// The demo shop lets the chat ask for what its channel may. A page can let a frame do only what it may do itself.
pub(super) fn devices_of_shop(relay: &Origin) -> HeaderValue {
    let policy = let_these(&[MICROPHONE, GEOLOCATION], &format!("self \"{relay}\""));
    HeaderValue::from_str(&policy).expect("an origin is ASCII")
}

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

/// The policy of the document in a customer's page: framed by the channel's origins only. Where it records, it plays what it has
/// recorded and not sent, by an address that it makes for itself.
pub(super) fn of_frame(own: &Origin, embedders: &[Origin], within: &Within, devices: Devices) -> String {
    let mut policy = of_application(own, embedders, within);
    if devices.microphone {
        policy = policy.replace("media-src 'self' https:", "media-src 'self' https: blob:");
    }
    policy.push_str(&ancestors(embedders));
    policy
}

/// The policy of the page with a plain form that takes that document's place: its one script and its styles by their
/// hashes, its form, and who may frame the other one may frame it.
pub(super) fn of_plain(embedders: &[Origin], within: &Within) -> String {
    format!(
        "default-src 'none'; script-src{scripts}; style-src{styles}; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; {TRUSTED_TYPES}{ancestors}",
        scripts = hashes(&within.scripts),
        styles = hashes(&within.styles),
        ancestors = ancestors(embedders),
    )
}

fn ancestors(embedders: &[Origin]) -> String {
    let mut ancestors = String::from("; frame-ancestors");
    if embedders.is_empty() {
        ancestors.push_str(" 'none'");
    }
    for origin in embedders {
        let _ = write!(ancestors, " {origin}");
    }
    ancestors
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

/// The policy of a page that the relay itself shows a person, as a survey: its one style, by its hash, and its form, which is sent
/// back here. No page may frame it.
pub(super) fn of_page(style: &str) -> String {
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

/// Says which devices a page may ask for.
pub(super) fn equip(response: &mut Response, devices: HeaderValue) {
    response.headers_mut().insert(PERMISSIONS_POLICY, devices);
}

/// Lets a page say to its own relay where its form comes from, and to others nothing. Without a referrer browsers do not
/// state the origin of a form either.
pub(super) fn name_to_itself(response: &mut Response) {
    let referrer = HeaderValue::from_static("same-origin");
    response.headers_mut().insert(header::REFERRER_POLICY, referrer);
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
        let policy = of_frame(&own, &sites, &within, Devices::default());
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
        let unframed = of_frame(&own, &[], &Within::default(), Devices::default());
        assert!(unframed.ends_with("; frame-ancestors 'none'"));
    }

    #[test]
    fn a_frame_has_a_microphone_only_where_its_channel_records() {
        let none = Devices::default();
        assert_eq!(none.policy(), NO_DEVICES);
        let records = Devices {
            microphone: true,
            geolocation: false,
        };
        let policy = records.policy();
        let policy = policy.to_str().expect("ASCII");
        assert!(
            policy.contains("microphone=(self)") && policy.contains("geolocation=()"),
            "{policy}"
        );
        let own = origin("https://chat.example");
        let media =
            |devices| of_frame(&own, &[], &Within::default(), devices).contains("media-src 'self' https: blob:;");
        assert!(media(records) && !media(none));
    }

    #[test]
    fn the_plain_page_may_do_little_and_is_framed_by_those_who_are_listed() {
        let sites = [origin("https://shop.example")];
        let within = Within {
            scripts: vec!["x()".to_owned()],
            styles: vec!["a{}".to_owned()],
        };
        let expected = [
            "default-src 'none'",
            "script-src 'sha256-D6IGS8VMvCoyaR/l0h9tERrBTATY01CoPS7l6xDv0kI='",
            "style-src 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "frame-ancestors https://shop.example",
        ];
        assert_eq!(of_plain(&sites, &within).split("; ").collect::<Vec<_>>(), expected);
        assert!(of_plain(&[], &within).ends_with("; frame-ancestors 'none'"));
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
