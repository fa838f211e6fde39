//! What browsers are told with each answer, and the documents that they show.

use crate::relay::{Relay, body, header, text};
use reqwest::Method;

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
        let readers = if path.starts_with("/embed") { "*" } else { "" };
        assert_eq!(
            header(answer.headers(), "access-control-allow-origin"),
            readers,
            "{path}"
        );
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
