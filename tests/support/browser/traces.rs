//! What a browser leaves behind: logs, and what it showed when a test failed.

use super::driver::Wire;
use base64::Engine;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Keeps a picture, and what there is to read.
pub(super) async fn keep(wire: &Wire, file: PathBuf) {
    if let Some(folder) = file.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    let picture = wire.get("/screenshot").await.ok();
    let picture = picture.and_then(|picture| base64::engine::general_purpose::STANDARD.decode(picture.as_str()?).ok());
    if let Some(picture) = picture {
        let _ = std::fs::write(file.with_extension("png"), picture);
        eprintln!("--- what the browser shows: {}", file.with_extension("png").display());
    }
    let script =
        json!({ "script": "return document.body.innerText + '\\n' + JSON.stringify(window.__seen)", "args": [] });
    let text = wire.post("/execute/sync", script).await.unwrap_or_default();
    let lines = console(wire).await;
    let text = format!(
        "{}\n--- console ---\n{}\n",
        text.as_str().unwrap_or_default(),
        lines.join("\n")
    );
    let _ = std::fs::write(file.with_extension("txt"), &text);
    eprintln!("--- {} ---\n{text}", file.display());
}

/// What came into the console since it was last read, by pages and frames.
pub(super) async fn console(wire: &Wire) -> Vec<String> {
    let log = wire.post("/se/log", json!({ "type": "browser" })).await;
    messages(&log.unwrap_or_default()).collect()
}

/// Where what a browser of the running test shows is kept.
pub(super) fn failure_file(browser: &str) -> PathBuf {
    let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/browser-failures");
    folder.join(format!("{test}-{browser}"))
}

/// The messages of a log.
pub(super) fn messages(log: &Value) -> impl Iterator<Item = String> {
    let entries = log.as_array().into_iter().flatten();
    entries.filter_map(|entry| entry["message"].as_str().map(str::to_owned))
}

/// Where a request of the performance log went.
pub(super) fn address(event: &str) -> Option<String> {
    let event: Value = serde_json::from_str(event).ok()?;
    let event = &event["message"];
    let address = match event["method"].as_str()? {
        "Network.requestWillBeSent" => &event["params"]["request"]["url"],
        "Network.webSocketCreated" => &event["params"]["url"],
        _ => return None,
    };
    address.as_str().map(str::to_owned)
}
