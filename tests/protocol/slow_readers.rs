//! Clients that ask and never read.

use portico_tests::eventually;
use portico_tests::relay::{Relay, World};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;

/// Places for connections that the relay has.
const PLACES: usize = 30;

/// Answers that each of them asks for at once, of some ten thousand bytes each: more than lies in the buffers between.
const ANSWERS: usize = 400;

/// What each of them lets lie on its own side, in bytes.
const UNREAD: u32 = 4 * 1024;

#[tokio::test]
async fn clients_that_never_read_do_not_shut_others_out() {
    let relay = Relay::start(World {
        environment: vec![("PORTICO_LIMITS__CONNECTIONS".to_owned(), PLACES.to_string())],
        ..World::default()
    })
    .await;
    let request = b"GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(ANSWERS);
    let mut silent = Vec::new();
    for _ in 0..PLACES {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(UNREAD).expect("a small buffer");
        let mut stream = socket.connect(relay.address).await.expect("it listens");
        // It may not take all of them before it waits for the first answers to be read.
        let asked = stream.write_all(&request);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), asked).await;
        silent.push(stream);
    }
    eventually("there is a place again, although nobody has left", async || {
        let answer = reqwest::get(format!("{}/healthz", relay.origin())).await.ok()?;
        answer.status().is_success().then_some(())
    })
    .await;
    drop(silent);
}
