//! What browsers are told with each answer, and the documents that they show.

use crate::relay::{Relay, body, header, text};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use reqwest::{Method, Response, StatusCode};
use sha2::{Digest, Sha256};
use std::io::Read as _;

#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_not() {
    let relay = Relay::start().await;
    for path in [
        "/healthz",
        "/nowhere",
        "/api/me",
        "/widget/frame/shop",
        "/desk/",
        "/embed.js",
        "/embed/chat.js",
        "/embed/alerts.js",
        "/shims/chatwoot.js",
        "/ws",
        "/metrics",
    ] {
        let answer = relay.get(path).await;
        assert_eq!(header(answer.headers(), "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(answer.headers(), "referrer-policy"), "no-referrer", "{path}");
        assert!(
            header(answer.headers(), "permissions-policy").contains("camera=()"),
            "{path}"
        );
        assert!(
            header(answer.headers(), "content-security-policy").starts_with("default-src 'none'; "),
            "{path}"
        );
        // The scripts are modules of other origins too, and nothing else is read by pages of others.
        let is_script = path.ends_with(".js");
        let readers = if is_script { "*" } else { "" };
        assert_eq!(
            header(answer.headers(), "access-control-allow-origin"),
            readers,
            "{path}"
        );
    }
}

/// The script tag, its second part, and what stands in for the scripts of other chats.
#[tokio::test]
async fn the_scripts_for_pages_of_other_origins_are_served_to_them() {
    let assets = tempfile::tempdir().expect("a temporary folder");
    let scripts = ["embed.js", "embed/chat.js", "shims/chatwoot.js", "shims/zendesk.js"];
    for name in scripts {
        let file = assets.path().join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("created");
        std::fs::write(file, format!("// {name}")).expect("written");
    }
    let relay = Relay::start_with_assets(assets.path()).await;
    for name in scripts {
        let answer = relay.get(&format!("/{name}")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
        for (key, value) in [
            ("content-type", "text/javascript; charset=utf-8"),
            ("cache-control", "public, max-age=300"),
            ("access-control-allow-origin", "*"),
            ("cross-origin-resource-policy", "cross-origin"),
        ] {
            assert_eq!(header(answer.headers(), key), value, "{name}");
        }
        assert_eq!(answer.text().await.expect("a script"), format!("// {name}"));
    }
    let version = hex::encode(Sha256::digest("// embed/chat.js"));
    for (asked, kept) in [
        (&version[..16], "public, max-age=31536000, immutable"),
        (&format!("{}&2", &version[..16]), "public, max-age=31536000, immutable"),
        ("0123456789abcdef", "no-store"),
    ] {
        let answer = relay.get(&format!("/embed/chat.js?{asked}")).await;
        assert_eq!(header(answer.headers(), "cache-control"), kept, "{asked}");
        assert_eq!(answer.text().await.expect("a script"), "// embed/chat.js");
    }
    for path in [
        "/shims/none.js",
        "/shims/..%2fembed.js",
        "/shims/",
        "/shims/lib/start.js",
    ] {
        assert_eq!(relay.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_frame_is_framed_by_the_origins_of_its_channel() {
    let relay = Relay::start().await;
    let policy = async |path: &str| header(relay.get(path).await.headers(), "content-security-policy").to_owned();
    let shop = policy("/widget/frame/shop").await;
    assert!(
        shop.ends_with("; frame-ancestors https://shop.example http://localhost:8081"),
        "{shop}"
    );
    assert!(
        shop.contains(&format!("; connect-src 'self' ws://{};", relay.address)),
        "{shop}"
    );
    assert!(
        policy("/widget/frame/other")
            .await
            .ends_with("; frame-ancestors https://other.example")
    );
    assert!(policy("/desk/").await.ends_with("; frame-ancestors 'none'"));
    assert_eq!(relay.get("/widget/frame/none").await.status(), 404);
    assert_eq!(relay.get("/widget/frame/..%2f..%2fshop").await.status(), 404);
}

/// The page that the build makes a document of.
const PAGE: &str = include_str!("../../../widget/index.html");

#[tokio::test]
async fn the_document_in_the_frame_is_compressed_for_browsers_that_take_it() {
    let assets = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(assets.path().join("widget")).expect("created");
    std::fs::write(assets.path().join("widget/index.html"), PAGE).expect("written");
    let relay = Relay::start_with_assets(assets.path()).await;
    let asks = async |name: &str, value: &str| -> Response {
        let request = relay.request(Method::GET, "/widget/frame/shop").header(name, value);
        request.send().await.expect("answered")
    };

    let plain = asks("accept-encoding", "br").await;
    assert_eq!(header(plain.headers(), "content-encoding"), "");
    let tag = header(plain.headers(), "etag").to_owned();
    assert!(tag.starts_with("W/\""), "the same page in other bytes: {tag}");
    let plain = plain.bytes().await.expect("a document");

    let compressed = asks("accept-encoding", "gzip, br").await;
    let headers = compressed.headers().clone();
    assert_eq!(header(&headers, "content-encoding"), "gzip");
    let vary: Vec<_> = headers.get_all("vary").iter().collect();
    assert_eq!(vary, ["accept-language", "accept-encoding"]);
    assert_eq!(header(&headers, "etag"), tag);
    let compressed = compressed.bytes().await.expect("a document");
    let mut document = Vec::new();
    let read = GzDecoder::new(compressed.as_ref()).read_to_end(&mut document);
    read.expect("gzip");
    assert_eq!(document, plain);
    assert!(2 * compressed.len() < plain.len(), "{} bytes", compressed.len());

    let known = asks("if-none-match", &tag).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(known.bytes().await.expect("no document"), "");
}

#[tokio::test]
async fn what_the_first_screen_needs_stands_in_the_document_and_nothing_else_may() {
    let assets = tempfile::tempdir().expect("a temporary folder");
    let widget = assets.path().join("widget");
    std::fs::create_dir(&widget).expect("created");
    let style = "<link rel=\"stylesheet\" href=\"/widget/style.css\">\n</head>";
    std::fs::write(widget.join("index.html"), PAGE.replace("</head>", style)).expect("written");
    std::fs::write(widget.join("first.js"), "first()").expect("written");
    std::fs::write(widget.join("style.css"), "p{margin:0}").expect("written");
    let relay = Relay::start_with_assets(assets.path()).await;
    let answer = relay.get("/widget/frame/shop").await;
    let headers = answer.headers().clone();
    let document = answer.text().await.expect("a document");
    assert!(document.contains("<script>first()</script>"), "{document}");
    assert!(document.contains("<style>p{margin:0}</style>"), "{document}");
    let policy = header(&headers, "content-security-policy");
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let scripts = format!("; script-src 'self' 'wasm-unsafe-eval' {};", hash("first()"));
    assert!(policy.contains(&scripts), "{policy}");
    let styles = format!("; style-src 'self' {} 'sha256-", hash("p{margin:0}"));
    assert!(policy.contains(&styles), "{policy}");
    // A visitor who goes from page to page does not wait for it again.
    assert_eq!(header(&headers, "cache-control"), "public, max-age=60");
}

#[tokio::test]
async fn the_widgets_look_is_public() {
    let relay = Relay::start().await;
    let (status, look) = body(relay.get("/api/channels/shop/widget").await).await;
    assert_eq!((status, text(&look, "/title")), (200, "Shop"));
    assert_eq!(relay.get("/api/channels/none/widget").await.status(), 404);
    let from_other = relay
        .request(Method::GET, "/api/channels/shop/widget")
        .header("origin", "https://other.example");
    assert_eq!(from_other.send().await.expect("answered").status(), 403);
}

#[tokio::test]
async fn browsers_are_held_to_https_where_the_relay_has_it() {
    let hsts = async |relay: Relay| {
        let response = relay.get("/healthz").await;
        header(response.headers(), "strict-transport-security").to_owned()
    };
    assert_eq!(hsts(Relay::start().await).await, "");
    let secure = Relay::start_as("https://chat.example").await;
    assert_eq!(hsts(secure).await, "max-age=31536000");
}

#[tokio::test]
async fn a_chat_may_ask_for_the_microphone_where_its_channel_takes_voice_notes() {
    let relay = Relay::start().await;
    let answer = relay.get("/widget/frame/shop").await;
    let policy = header(answer.headers(), "permissions-policy");
    assert!(policy.contains("microphone=(self)"), "{policy}");
    assert!(
        policy.contains("camera=()") && policy.contains("geolocation=()"),
        "{policy}"
    );
    let desk = relay.get("/desk/").await;
    assert!(header(desk.headers(), "permissions-policy").contains("microphone=()"));
}
