//! Many small files: what each of them leaves behind in the relay.

use super::PNG;
use portico_tests::relay::{Relay, World};
use reqwest::{Client, Method};
use std::time::Duration;
use tokio::time::timeout;

/// Visitors who upload at once, one file after the other.
const VISITORS: usize = 16;

/// Files of all of them, and how many of these the relay has before it is looked at for the first time.
const FILES: usize = 10_000;
const BEFORE: usize = 2_000;

/// How long all of it may take: an upload that waits for something would have it wait much longer.
const WITHIN: Duration = Duration::from_secs(600);

/// Connections, the store's and those of what looks, come and go.
const HANDLES: usize = 24;

/// What a relay may grow by while it takes so many files: buffers and the store's cache, and nothing for each file.
const MEMORY: usize = 48 << 20;

/// A visitor uploads so many files, over one connection.
async fn uploads(origin: String, client: Client, token: String, count: usize) {
    let request = |method: Method, path: &str| {
        let request = client.request(method, format!("{origin}{path}"));
        request.bearer_auth(&token).header("tus-resumable", "1.0.0")
    };
    for _ in 0..count {
        let begun = request(Method::POST, "/api/files").header("upload-length", PNG.len());
        // In base64, `a.png`.
        let begun = begun.header("upload-metadata", "filename YS5wbmc=").send().await;
        let begun = begun.expect("an answer");
        assert_eq!(begun.status(), 201);
        let path = begun.headers()["location"].to_str().expect("a path").to_owned();
        let sent = request(Method::PATCH, &path)
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream")
            .body(PNG);
        assert_eq!(sent.send().await.expect("an answer").status(), 200);
    }
}

fn handles(relay: &Relay) -> usize {
    let open = std::fs::read_dir(format!("/proc/{}/fd", relay.pid()));
    open.expect("the relay runs").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_files_leave_neither_handles_nor_memory_behind() {
    let set = |name: &str, value: usize| (format!("PORTICO_{name}"), value.to_string());
    let relay = Relay::start(World {
        environment: vec![
            set("FILES__AT_ONCE", FILES),
            set("LIMITS__UPLOADS_PER_MINUTE", 100 * FILES),
            set("LIMITS__SESSIONS_PER_MINUTE", 10 * FILES),
        ],
        ..World::default()
    })
    .await;
    let mut visitors = Vec::new();
    for _ in 0..VISITORS {
        visitors.push((Client::new(), relay.visitor("desk").await.token));
    }
    let upload = async |count: usize| {
        let each = visitors
            .iter()
            .cloned()
            .map(|(client, token)| tokio::spawn(uploads(relay.origin(), client, token, count / VISITORS)));
        for visitor in each.collect::<Vec<_>>() {
            visitor.await.expect("no panic");
        }
        (handles(&relay), relay.resident())
    };
    let both = async {
        let before = upload(BEFORE).await;
        (before, upload(FILES - BEFORE).await)
    };
    let (before, after) = timeout(WITHIN, both).await.expect("in time");
    assert!(
        after.0 <= before.0 + HANDLES,
        "file handles: {} and then {}",
        before.0,
        after.0
    );
    assert!(
        after.1 <= before.1 + MEMORY,
        "bytes of memory: {} and then {}",
        before.1,
        after.1
    );
}
