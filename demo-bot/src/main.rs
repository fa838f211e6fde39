//! The assistant of the demo shop: a small program that speaks the webhook contract of Portico, as a bot of your own
//! would. It checks the signature of each call, and answers with text, buttons, a carousel, and the wish for a person.
//!
//! Start reading at [`dialogue::answer`]; the rest is HTTP.

mod dialogue;
mod signature;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Parser;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Largest call that is read, in bytes.
const MAX_CALL_BYTES: usize = 256 * 1024;

/// The demo shop's assistant.
#[derive(Parser)]
struct Arguments {
    /// Where to listen for the relay's calls; they go to /bot.
    #[arg(long, default_value = "127.0.0.1:8082")]
    listen: SocketAddr,
    /// The secret that the relay signs its calls with: `bots.<id>.secret` of its configuration.
    #[arg(long, env = "DEMO_BOT_SECRET", hide_env_values = true)]
    secret: String,
    /// The demo shop's own address, for the pictures on its cards.
    #[arg(long, default_value = "http://127.0.0.1:8081")]
    shop: String,
}

struct Bot {
    secret: String,
    shop: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().init();
    let arguments = Arguments::parse();
    let bot = Arc::new(Bot {
        secret: arguments.secret,
        shop: arguments.shop,
    });
    let app = Router::new()
        .route("/bot", post(call))
        .route("/healthz", get(|| async { "ok" }))
        .layer(DefaultBodyLimit::max(MAX_CALL_BYTES))
        .with_state(bot);
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    tracing::info!(address = %listener.local_addr()?, "the demo bot listens");
    axum::serve(listener, app).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

async fn stopped() {
    // Without a handler the process simply ends on the signal.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// One call of the relay. Answering the same call twice does no harm: the answer depends on nothing but the call, and
/// the relay appends the answer to one delivery once.
async fn call(State(bot): State<Arc<Bot>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let signed = signature::verify(
        &bot.secret,
        header("portico-timestamp"),
        header("portico-signature"),
        &body,
        now_seconds(),
    );
    if !signed {
        return (StatusCode::UNAUTHORIZED, "the signature does not fit").into_response();
    }
    match serde_json::from_slice::<dialogue::Call>(&body) {
        Ok(call) if call.delivery != header("idempotency-key") => {
            (StatusCode::BAD_REQUEST, "the key is not that of the delivery").into_response()
        }
        Ok(call) => Json(dialogue::answer(&call, &bot.shop)).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn now_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
