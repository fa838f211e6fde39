//! The rules over a real store, without sockets: conversations, deliveries to bots, and the origins of pages.

mod conversation;
mod delivery;
mod origins;

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::Dict;
use portico_core::config::Config;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// What channels take where they do not say so; the program fills that in when it reads a file.
const FILES: &str = "max_bytes = 0\ntypes = []\nkeep_days = 0";

/// How long what must come is waited for.
const LIMIT: Duration = Duration::from_secs(20);

/// Asks again and again until the answer is there, for what has no event to wait for.
async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let answered = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LIMIT, answered)
        .await
        .unwrap_or_else(|_| panic!("{what}: not in time"))
}

/// The defaults and then this text.
fn config(text: &str) -> Config {
    let defaults = Figment::from(Toml::string(include_str!("../../../config.default.toml")));
    let values = defaults.merge(Toml::string(text));
    let channels: Dict = values.extract_inner("channels").expect("channels");
    let files: Dict = Figment::from(Toml::string(FILES)).extract().expect("the files");
    let with_files =
        |values: Figment, id: &String| values.join(Serialized::default(&format!("channels.{id}.files"), files.clone()));
    let config = channels.keys().fold(values, with_files).extract();
    config.expect("a configuration")
}
