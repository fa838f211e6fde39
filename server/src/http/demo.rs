//! The demo shop: somebody else's site, on an origin of its own, that embeds the widget under a strict policy.

use super::assets::{Assets, Cache};
use super::policy;
use super::problem::Problem;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use portico_core::identity::Origin;

/// Stands in the shop's pages for the relay's origin.
const RELAY: &str = "{{relay}}";

#[derive(Clone)]
struct Shop {
    relay: Origin,
    assets: Assets,
}

/// The shop, embedding the widget of this relay.
pub fn router(relay: Origin, assets: Assets) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/{*path}", get(file))
        .with_state(Shop { relay, assets })
        .layer(from_fn(policy::harden))
}

async fn home(shop: State<Shop>, request: HeaderMap) -> Response {
    file(shop, Path("index.html".to_owned()), request).await
}

async fn file(State(shop): State<Shop>, Path(path): Path<String>, request: HeaderMap) -> Response {
    let path = format!("demo/{path}");
    if !path.ends_with(".html") {
        let mut response = shop.assets.answer(&path, &request, Cache::Ask).await;
        // A bot shows the shop's pictures in the chat, which is a frame of another origin.
        policy::for_other_origins(&mut response);
        return response;
    }
    let Some(page) = shop.assets.text(&path).await else {
        return Problem::not_found().into_response();
    };
    let mut response = Html(page.replace(RELAY, &shop.relay.to_string())).into_response();
    policy::govern(&mut response, &policy::of_shop(&shop.relay));
    policy::equip(&mut response, policy::devices_of_shop(&shop.relay));
    response
}
