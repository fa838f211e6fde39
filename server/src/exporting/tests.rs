//! What is left of an archive that did not become whole.

use super::*;
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::TryStreamExt;
use std::io::Cursor;
use std::sync::Mutex;

/// A place that takes so many bytes, and keeps them when its writer is gone.
#[derive(Clone)]
struct Kept {
    bytes: Arc<Mutex<Vec<u8>>>,
    room: usize,
}

impl Kept {
    fn with_room(room: usize) -> Self {
        Self {
            bytes: Arc::default(),
            room,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().expect("no panic").clone()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.bytes.lock().expect("no panic");
        let taken = bytes.len().min(self.room.saturating_sub(kept.len()));
        if taken == 0 {
            // Once: what is written after an error would be taken.
            self.room = usize::MAX;
            return Err(io::ErrorKind::StorageFull.into());
        }
        kept.extend(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes that do not become fewer.
fn noise(length: usize) -> Bytes {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// A file and half of another one.
fn begun() -> Vec<Part> {
    vec![
        Part::File("whole.bin".to_owned()),
        Part::Bytes(noise(200_000)),
        Part::File("half.bin".to_owned()),
        Part::Bytes(noise(200_000)),
    ]
}

fn written(parts: Vec<Part>, into: Kept) -> io::Result<()> {
    let (to, from) = channel(parts.len());
    parts
        .into_iter()
        .for_each(|part| to.try_send(part).expect("there is room"));
    drop(to);
    write(from, into)
}

fn is_archive(bytes: Vec<u8>) -> bool {
    zip::ZipArchive::new(Cursor::new(bytes)).is_ok()
}

#[test]
fn an_archive_is_one_when_all_parts_have_come_and_none_before() {
    let whole = Kept::with_room(usize::MAX);
    written(begun().into_iter().chain([Part::End]).collect(), whole.clone()).expect("whole");
    assert!(is_archive(whole.bytes()));

    let cut = Kept::with_room(usize::MAX);
    let error = written(begun(), cut.clone()).expect_err("cut off");
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    assert!(!cut.bytes().is_empty() && !is_archive(cut.bytes()));
}

#[test]
fn nothing_is_written_after_an_error() {
    for room in [0, 1_000, 300_000] {
        let full = Kept::with_room(room);
        let parts = begun().into_iter().chain([Part::End]).collect();
        let error = written(parts, full.clone()).expect_err("the disk is full");
        assert!(error.to_string().contains("storage"), "{error}");
        assert_eq!(full.bytes().len(), room);
    }
}

#[test]
fn an_error_of_the_last_bytes_is_one() {
    let whole = Kept::with_room(usize::MAX);
    let parts = || begun().into_iter().chain([Part::End]).collect::<Vec<_>>();
    written(parts(), whole.clone()).expect("whole");
    let length = whole.bytes().len();
    for room in [length - 100, length - 1] {
        let full = Kept::with_room(room);
        written(parts(), full.clone()).expect_err("the disk is full");
        assert_eq!(full.bytes().len(), room);
    }
}

/// The client of a relay that stops in the middle.
#[tokio::test]
async fn an_answer_that_breaks_off_ends_with_an_error_and_is_no_archive() {
    let (to, bytes) = blocks();
    let (more, parts) = channel(PARTS);
    let mut writing = tokio::task::JoinSet::new();
    writing.spawn_blocking(move || write(parts, Blocks(to)));
    let body = Body::from_stream(bytes);
    let body = Arc::new(Mutex::new(Some(body)));
    let answer = move || async move { body.lock().expect("no panic").take().expect("asked once") };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let mut serving = tokio::task::JoinSet::new();
    serving.spawn(async move { axum::serve(listener, Router::new().route("/", get(answer))).await });

    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answered = client.get(format!("http://{address}/")).send();
    let feeding = async move {
        for part in begun() {
            more.send(part).await.expect("written");
        }
    };
    let (answered, ()) = tokio::join!(answered, feeding);
    let mut taken = Vec::new();
    let broken_off = answered
        .expect("answered")
        .bytes_stream()
        .try_for_each(|bytes| {
            taken.extend(bytes);
            std::future::ready(Ok(()))
        })
        .await;
    assert!(broken_off.is_err(), "{} bytes look like all", taken.len());
    assert!(!taken.is_empty() && !is_archive(taken));
    let written = writing.join_next().await.expect("it was spawned").expect("no panic");
    written.expect_err("cut off");
}
