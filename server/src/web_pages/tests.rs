//! Pages of a server on this machine, which the tests' resolver gives names. That the guard refuses the same addresses
//! under the machine's resolver is tested as well.

use super::*;
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Response as Answer, header};
use axum::response::{Html, Redirect};
use axum::routing::get;
use futures_util::StreamExt as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, Ordering};

/// Where a name leads that is a trap.
const TRAP: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));

/// This machine.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What an operator names beside the public internet, as TOML's list has it.
pub(super) fn networks(list: &str) -> PrivateNetworks {
    let config = crate::config::from_toml(&format!("link_previews.networks = [{list}]"));
    config.expect("networks").link_previews.networks
}

/// Leads names to this machine, but for some.
#[derive(Default)]
struct Led {
    /// Whether the name that rebinds was asked for before.
    was_asked: AtomicBool,
}

#[async_trait]
impl Names for Led {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        match name {
            "gone.example" => Err(io::ErrorKind::NotFound.into()),
            // Bound anew between two questions.
            "rebinds.example" if self.was_asked.swap(true, Ordering::Relaxed) => Ok(vec![TRAP]),
            "private.example" => Ok(vec![TRAP]),
            "mixed.example" => Ok(vec![TRAP, HERE]),
            _ => Ok(vec![HERE]),
        }
    }
}

async fn hop(Path(left): Path<u32>) -> Redirect {
    match left {
        0 => Redirect::to("/page"),
        left => Redirect::to(&format!("/hop/{}", left - 1)),
    }
}

fn answer(kind: &str, body: impl Into<Body>) -> Answer<Body> {
    let answer = Answer::builder().header(header::CONTENT_TYPE, kind);
    answer.body(body.into()).expect("an answer")
}

/// Bytes without an end.
fn endless(piece: &'static str) -> Body {
    let piece = move || Ok::<_, io::Error>(piece.repeat(1_000));
    Body::from_stream(futures_util::stream::repeat_with(piece))
}

/// The beginning of a page, and then nothing for ever.
fn slow() -> Body {
    let first = futures_util::stream::iter([Ok::<_, io::Error>(b"<title>Slow".to_vec())]);
    Body::from_stream(first.chain(futures_util::stream::pending()))
}

/// A page that names its encoding in the second piece.
fn in_pieces() -> Body {
    let pieces: [&[u8]; 2] = [
        b"<!doctype html>",
        b"<meta charset='windows-1251'><title>\xcf\xf0\xe8</title>",
    ];
    let pieces = futures_util::stream::iter(pieces).then(|piece| async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok::<_, io::Error>(piece)
    });
    Body::from_stream(pieces)
}

fn compressed() -> Answer<Body> {
    let mut answer = answer("text/html", vec![0x1f, 0x8b, 8, 0]);
    let gzip = header::HeaderValue::from_static("gzip");
    answer.headers_mut().insert(header::CONTENT_ENCODING, gzip);
    answer
}

fn router() -> Router {
    let to = |address: &'static str| get(move || async move { Redirect::to(address) });
    let html = |kind: &'static str, body: &'static [u8]| get(move || async move { answer(kind, body) });
    Router::new()
        .route("/page", get(|| async { Html("<title>A page</title>") }))
        .route("/hop/{left}", get(hop))
        .route("/to-loopback", to("http://[::1]/page"))
        .route("/to-decimal", to("http://167772161/page"))
        .route("/to-mapped", to("http://[::ffff:10.0.0.1]/page"))
        .route("/to-user", to("http://ann@open.example/page"))
        .route("/to-port", to("http://open.example:22/"))
        .route("/to-file", to("file:///etc/passwd"))
        .route("/to-another", to("http://open.example/page"))
        .route("/to-reset", to("/reset?token=1"))
        .route("/to-itself", to("/to-itself"))
        .route("/endless", get(|| async { answer("text/html", endless(" ")) }))
        .route("/comment", get(|| async { answer("text/html", endless("<!-- ")) }))
        .route("/slow", get(|| async { answer("text/html", slow()) }))
        .route("/picture", html("image/svg+xml", b"<title>No</title>"))
        .route("/nameless", html("text/html", b"<p>No title"))
        .route("/gzip", get(|| async { compressed() }))
        .route(
            "/latin",
            html("text/html; charset=ISO-8859-1", b"<title>Gr\xfc\xdfe</title>"),
        )
        .route(
            "/meta",
            html("text/html", b"<meta charset='windows-1251'><title>\xcf\xf0\xe8</title>"),
        )
        .route("/pieces", get(|| async { answer("text/html", in_pieces()) }))
        .route("/broken", html("text/html", b"<title>a\xffb</title>"))
        .route("/missing", get(|| async { StatusCode::NOT_FOUND }))
}

async fn server() -> u16 {
    let listener = tokio::net::TcpListener::bind((HERE, 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    #[expect(clippy::disallowed_methods, reason = "ends with the test")]
    tokio::spawn(async move { axum::serve(listener, router()).await });
    address.port()
}

/// A reader, and the origin of the server on this machine, which stands for the public internet.
async fn pages() -> (WebPages, String) {
    let own = networks("\"127.0.0.1\"");
    let pages = WebPages::over(Arc::new(Led::default()), own, Duration::from_millis(1_500));
    (pages.expect("a client"), format!("http://127.0.0.1:{}", server().await))
}

#[test]
fn a_network_of_ipv4_that_is_written_as_one_of_ipv6_is_what_it_is() {
    let own = networks("\"::ffff:10.0.0.0/104\"");
    assert!(own.contains(TRAP));
    assert!(!own.contains(HERE));
    assert!(crate::config::from_toml("link_previews.networks = [\"::ffff:0:0/96\"]").is_err());
}

fn title(read: Result<Page, Unread>) -> Result<String, Unread> {
    read.map(|page| page.title)
}

#[tokio::test]
async fn a_page_is_read_through_a_few_redirects_and_in_its_own_encoding() {
    let (pages, here) = pages().await;
    for (path, expected) in [
        ("/page", "A page"),
        ("/hop/2", "A page"),
        ("/latin", "Grüße"),
        ("/meta", "При"),
        ("/pieces", "При"),
        ("/broken", "a\u{fffd}b"),
    ] {
        let read = title(pages.read(&format!("{here}{path}")).await);
        assert_eq!(read.as_deref(), Ok(expected), "{path}");
    }
    for path in ["/hop/3", "/to-itself", "/picture", "/gzip", "/missing", "/nameless"] {
        let read = title(pages.read(&format!("{here}{path}")).await);
        assert_eq!(read, Err(Unread::NoPage), "{path}");
    }
}

#[tokio::test]
async fn a_redirect_leads_nowhere_that_may_not_be_asked() {
    let (pages, here) = pages().await;
    for path in [
        "/to-loopback",
        "/to-decimal",
        "/to-mapped",
        "/to-user",
        "/to-port",
        "/to-file",
        "/to-reset",
    ] {
        let read = title(pages.read(&format!("{here}{path}")).await);
        assert_eq!(read, Err(Unread::Refused), "{path}");
    }
    // Its host is that of the link, and what another site calls itself is none of it.
    let read = title(pages.read(&format!("{here}/to-another")).await);
    assert_eq!(read, Err(Unread::NoPage));
}

#[test]
fn a_redirect_stays_on_its_site_and_encrypted() {
    let stays = |from: &str, to: &str| {
        let [from, to] = [from, to].map(|address| Url::parse(address).expect("an address"));
        is_same_site(&from, &to)
    };
    assert!(stays("http://shop.example/a", "https://www.shop.example/b"));
    assert!(!stays("https://shop.example/a", "http://shop.example/a"));
    assert!(!stays("https://shop.example/a", "https://evil.example/a"));
}

#[test]
fn a_site_is_one_however_an_address_spells_it() {
    let pages = WebPages::new(networks(""), "https://chat.example/").expect("a client");
    for spelled in [
        "https://shop.example/a",
        "HTTPS://SHOP.example:443/b",
        "https://shop.example./",
        "https:shop.example?c",
        "https:\\\\shop.example\\d",
        "https://sh%6fp.example/",
    ] {
        assert_eq!(
            pages.site(spelled).ok().as_deref(),
            Some("shop.example:443"),
            "{spelled}"
        );
    }
    // Neither is asked for a page.
    assert!(pages.site("https://shop.example:8443/").is_err());
    assert!(pages.site("https://chat.example/").is_err());
}

#[tokio::test]
async fn the_relay_asks_for_no_page_of_its_own() {
    let own = WebPages::new(networks(""), "https://chat.example").expect("a client");
    for address in ["https://chat.example/desk", "https://chat.example./"] {
        assert_eq!(title(own.read(address).await), Err(Unread::Refused), "{address}");
    }
}

#[tokio::test]
async fn without_a_network_of_the_operators_this_machine_is_not_asked() {
    let guarded = WebPages::over(Arc::new(Led::default()), networks(""), WITHIN).expect("a client");
    let port = server().await;
    for address in [
        format!("http://127.0.0.1:{port}/page"),
        "http://open.example/page".to_owned(),
        "http://localhost/page".to_owned(),
    ] {
        assert_eq!(title(guarded.read(&address).await), Err(Unread::Refused), "{address}");
    }
}

/// What the guard leads a name to.
async fn resolved(names: &GuardedResolver, name: &str) -> Result<Vec<IpAddr>, String> {
    use reqwest::dns::Resolve as _;
    let found = names.resolve(name.parse().expect("a name")).await;
    let addresses = found.map(|found| found.map(|address| address.ip()).collect());
    addresses.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_name_leads_to_what_may_be_asked_and_to_nothing_else_each_time_it_is_asked() {
    let guard = GuardedResolver::with(Arc::new(Led::default()), networks("\"127.0.0.1\""));
    let refused = || Err(NotPublic.to_string());
    assert_eq!(resolved(&guard, "open.example").await, Ok(vec![HERE]));
    assert_eq!(resolved(&guard, "mixed.example").await, Ok(vec![HERE]));
    assert_eq!(resolved(&guard, "private.example").await, refused());
    assert_eq!(resolved(&guard, "rebinds.example").await, Ok(vec![HERE]));
    assert_eq!(resolved(&guard, "rebinds.example").await, refused());
    let (pages, _) = pages().await;
    let gone = pages.read("http://gone.example/").await;
    assert_eq!(title(gone), Err(Unread::Unreachable));
}

#[tokio::test]
async fn a_page_without_an_end_is_given_up() {
    let (pages, here) = pages().await;
    for path in ["/endless", "/comment"] {
        let read = title(pages.read(&format!("{here}{path}")).await);
        assert_eq!(read, Err(Unread::NoPage), "{path}");
    }
    let slow = title(pages.read(&format!("{here}/slow")).await);
    assert_eq!(slow, Err(Unread::Unreachable));
}
