//! One listener: accepts connections, gives each a time to state what it wants, and lets go of all of them when the
//! relay stops.

use super::connection_permits::{ConnectionPermit, ConnectionPermits};
use super::extract::Peer;
use super::problem::Problem;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tower_http::timeout::TimeoutBody;

/// A client that has not sent the whole head of a request by then is disconnected; an idle one as well.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// A client that takes nothing of what is written to it for so long is disconnected, however much it has asked for. A little
/// longer than sockets have, which tell it so. The kernel says that there is room again when a third of its buffer is free,
/// some ten kilobytes at least, so that a slow line gets by and a trickle does not.
const WRITE_TIMEOUT: Duration = Duration::from_secs(12);

/// A client of whose request's body nothing comes for so long is answered 408 and let go, however long it has been promised to be.
/// What trickles in has no longer than any request ([`observe`](super::observe)).
const BODY_TIMEOUT: Duration = WRITE_TIMEOUT;

/// Largest head of a request, in bytes. A larger one is answered 431.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// Most headers of a request. More are answered 431.
const MAX_HEADERS: usize = 64;

/// When the machine gives no more connections, the listener waits this long for one to end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Connections beyond the limit that are answered with a refusal at once; further ones are closed without one.
const REFUSALS: usize = 64;

/// Longest time that telling one of them takes.
const REFUSE_WITHIN: Duration = Duration::from_secs(2);

/// Serves until `stop`, then lets requests that are under way end. Every connection is a task on the tracker.
pub async fn serve(
    listener: TcpListener,
    permits: Arc<ConnectionPermits>,
    router: Router,
    tracker: TaskTracker,
    stop: CancellationToken,
) {
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => match permits.connection(peer.ip()) {
                Ok(permit) => {
                    tracker.spawn(connection(stream, peer, Some(permit), router.clone(), stop.clone()));
                }
                Err(problem) => {
                    if let Ok(turn) = Arc::clone(&refusals).try_acquire_owned() {
                        let told = refuse(stream, peer, problem, stop.clone());
                        tracker.spawn(async move {
                            let _ = tokio::time::timeout(REFUSE_WITHIN, told).await;
                            drop(turn);
                        });
                    }
                }
            },
            Err(error) => {
                tracing::warn!(error = %error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Answers every request of a connection beyond the limit with a refusal.
async fn refuse(stream: TcpStream, peer: SocketAddr, problem: Problem, stop: CancellationToken) {
    let router = Router::new().fallback(async move || problem);
    connection(stream, peer, None, router, stop).await;
}

/// Serves one connection. Each of its requests carries its permit, so that a socket that it becomes keeps it.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    permit: Option<ConnectionPermit>,
    router: Router,
    stop: CancellationToken,
) {
    // Frames are small and each is wanted now.
    let _ = stream.set_nodelay(true);
    let mut stream = Box::pin(TimeoutStream::new(stream));
    stream.as_mut().set_write_timeout_pinned(Some(WRITE_TIMEOUT));
    let permit = permit.map(Arc::new);
    let service = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(TimeoutBody::new(BODY_TIMEOUT, body)));
        request.extensions_mut().insert(Peer(peer));
        if let Some(permit) = &permit {
            request.extensions_mut().insert(Arc::clone(permit));
        }
        request
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stop.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = %error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use axum::extract::rejection::BytesRejection;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// What a server says to these bytes until it hangs up.
    async fn answer_to(bytes: &[u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let read = async |body: Result<Bytes, BytesRejection>| body.map(drop).map_err(Problem::from);
        let router = Router::new()
            .route("/", get(async || "hello"))
            .route("/body", post(read));
        let permits = ConnectionPermits::new(&crate::config::from_toml("").expect("the defaults are good"));
        tracker.spawn(serve(listener, permits, router, tracker.clone(), stop.clone()));
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let mut answer = Vec::new();
        // A server that hangs up early may make the rest of a write or read fail.
        let _ = stream.write_all(bytes).await;
        let _ = stream.read_to_end(&mut answer).await;
        stop.cancel();
        tracker.close();
        tracker.wait().await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn a_handshake_that_does_not_end_is_hung_up_on() {
        assert_eq!(answer_to(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await, "");
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_is_let_go() {
        let answer = answer_to(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(
            answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"),
            "{answer}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_asks_and_does_not_read_is_hung_up_on_and_gives_its_place_back() {
        const MUCH: usize = 64 << 20;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let router = Router::new().route("/", get(async || vec![0_u8; MUCH]));
        let config = crate::config::from_toml("limits.connections = 1").expect("good");
        let permits = ConnectionPermits::new(&config);
        let serving = serve(listener, permits, router, tracker.clone(), stop.clone());
        tracker.spawn(serving);
        let mut silent = TcpStream::connect(address).await.expect("it listens");
        silent
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .expect("asked");
        for second in 0.. {
            assert!(second < 3 * WRITE_TIMEOUT.as_secs(), "the place is never given back");
            tokio::time::sleep(Duration::from_secs(1)).await;
            let mut other = TcpStream::connect(address).await.expect("it listens");
            let head = b"HEAD / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            let _ = other.write_all(head).await;
            let mut answer = Vec::new();
            let _ = other.read_to_end(&mut answer).await;
            if answer.starts_with(b"HTTP/1.1 200 ") {
                break;
            }
        }
        drop(silent);
        stop.cancel();
        tracker.close();
        tracker.wait().await;
    }

    /// A body of which nothing more comes, read by the one who is asked, or by no one.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_send_its_body_is_hung_up_on() {
        for (head, status) in [
            (
                "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"part\":",
                "408",
            ),
            (
                "POST /body HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
                "408",
            ),
            ("GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{", "200"),
        ] {
            let in_time = tokio::time::timeout(BODY_TIMEOUT + HEAD_WITHIN, answer_to(head.as_bytes()));
            let answer = in_time.await.expect(head);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        }
    }

    #[tokio::test]
    async fn a_head_without_end_is_refused() {
        let mut head = b"GET / HTTP/1.1\r\nhost: x\r\nx-long: ".to_vec();
        head.resize(MAX_HEAD_BYTES * 2, b'a');
        assert!(answer_to(&head).await.starts_with("HTTP/1.1 431 "));
        let mut many = b"GET / HTTP/1.1\r\nhost: x\r\n".to_vec();
        for _ in 0..=MAX_HEADERS {
            many.extend_from_slice(b"a: b\r\n");
        }
        many.extend_from_slice(b"\r\n");
        assert!(answer_to(&many).await.starts_with("HTTP/1.1 431 "));
    }

    #[tokio::test]
    async fn what_is_no_http_1_is_refused() {
        let http2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        let answer = answer_to(http2).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.1 505 "),
            "{answer}"
        );
    }
}
