//! Files over a real store: what a failing place, time and slow clients do to them.

use super::commands::Commands;
use super::world::{World, post_of};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use portico_core::config::ChannelFiles;
use portico_core::files::{Appended, BytesError, FileBytes, FileError, Files, LinkKey, NewFile};
use portico_core::identity::Principal;
use portico_core::store::FileRecord;
use portico_shared::cim::MessageBody;
use portico_shared::frame::Draft;
use portico_shared::ids::{ConversationId, FileId};
use serde_json::json;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// A place of files that fails when it is told to.
#[derive(Default)]
struct Place {
    pieces: Mutex<BTreeMap<String, Bytes>>,
    fails: AtomicBool,
}

impl Place {
    fn check(&self) -> Result<(), BytesError> {
        match self.fails.load(Ordering::SeqCst) {
            true => Err(BytesError("out of order".into())),
            false => Ok(()),
        }
    }

    fn count(&self) -> usize {
        self.pieces.lock().expect("no panic").len()
    }
}

#[async_trait::async_trait]
impl FileBytes for Place {
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BytesError> {
        // What is written and then fails is there all the same.
        self.pieces.lock().expect("no panic").insert(key.to_owned(), bytes);
        self.check()
    }

    async fn read(&self, key: &str, part: Range<u64>) -> Result<Bytes, BytesError> {
        self.check()?;
        let pieces = self.pieces.lock().expect("no panic");
        let [start, end] = [part.start, part.end].map(|at| usize::try_from(at).expect("a number"));
        let piece = pieces.get(key).ok_or_else(|| BytesError(key.into()))?;
        Ok(piece.slice(start..end))
    }

    async fn remove(&self, key: &str) -> Result<(), BytesError> {
        self.check()?;
        self.pieces.lock().expect("no panic").remove(key);
        Ok(())
    }
}

struct Desk {
    world: World,
    files: Files,
    place: Arc<Place>,
    who: Principal,
    conversation: ConversationId,
}

impl Desk {
    async fn new(keep_days: u32) -> Self {
        let world = World::configured(|config| {
            let plain = config.channels.get_mut("plain").expect("a channel");
            plain.files = ChannelFiles {
                max_bytes: 1_000_000,
                types: vec!["text/plain".to_owned()],
                keep_days,
            };
        });
        let place = Arc::new(Place::default());
        let files = Files::new(world.registry.clone(), place.clone(), LinkKey::new([1; 32]));
        let (who, conversation) = world.started("plain").await;
        Self {
            world,
            files,
            place,
            who: Principal::Customer(who),
            conversation,
        }
    }

    async fn begin(&self, size: u64) -> FileRecord {
        let new = NewFile {
            size,
            name: "notes.txt".to_owned(),
            media_type: String::new(),
            conversation: None,
        };
        self.files.create(&self.who, new).await.expect("an upload")
    }

    async fn send(&self, id: &FileId, offset: u64, bytes: &'static [u8]) -> Result<Appended, FileError> {
        let body = stream::iter([Ok::<_, Infallible>(Bytes::from_static(bytes))]);
        self.files.append(&self.who, id, offset, body).await
    }

    async fn posts(&self, id: &FileId) {
        let body = json!({"type": "FILE", "attachment": {"mediaUrl": self.files.media_url(id)}});
        let body = portico_shared::json::from_value::<MessageBody>(body).expect("a body");
        let post = post_of(&self.conversation, id.as_str(), Draft::new(body));
        self.world.registry.post(&self.who, post).await.expect("an own file");
    }

    async fn reads(&self, id: &FileId) -> Option<Vec<u8>> {
        let (file, _) = self.files.link(&self.who, id).await.ok()?;
        let pieces: Vec<_> = self.files.read(&file, 0..file.size).collect().await;
        let pieces: Result<Vec<Bytes>, _> = pieces.into_iter().collect();
        Some(pieces.expect("whole").concat())
    }
}

#[tokio::test]
async fn a_piece_that_the_record_does_not_know_is_written_over() {
    let desk = Desk::new(1).await;
    let file = desk.begin(10).await;
    desk.send(&file.id, 0, b"abc").await.expect("kept");
    desk.place.fails.store(true, Ordering::SeqCst);
    let failed = desk.send(&file.id, 3, b"XXXX").await;
    assert!(matches!(failed, Err(FileError::Unavailable)), "{failed:?}");
    desk.place.fails.store(false, Ordering::SeqCst);
    assert_eq!(desk.files.upload(&desk.who, &file.id).await.expect("there").offset(), 3);
    desk.send(&file.id, 3, b"de").await.expect("kept");
    let whole = desk.send(&file.id, 5, b"fghij").await.expect("kept");
    assert!(matches!(whole, Appended::Whole(_)));
    assert_eq!(desk.reads(&file.id).await.as_deref(), Some(&b"abcdefghij"[..]));
}

#[tokio::test]
async fn a_file_goes_when_its_time_is_over_and_no_byte_of_it_stays() {
    let desk = Desk::new(30).await;
    let [posted, whole, begun] = [desk.begin(3).await, desk.begin(3).await, desk.begin(9).await];
    for file in [&posted, &whole, &begun] {
        desk.send(&file.id, 0, b"abc").await.expect("kept");
    }
    desk.posts(&posted.id).await;
    desk.world.pass(DAY);
    assert_eq!(desk.reads(&whole.id).await, None, "also before it is swept");
    desk.place.fails.store(true, Ordering::SeqCst);
    assert!(desk.files.sweep().await.is_err());
    desk.place.fails.store(false, Ordering::SeqCst);
    desk.files.sweep().await.expect("tried again");
    assert_eq!(desk.place.count(), 1);
    assert!(desk.world.store().file(&begun.id).await.expect("a read").is_none());
    assert_eq!(desk.reads(&posted.id).await.as_deref(), Some(&b"abc"[..]));

    desk.world.pass(29 * DAY);
    desk.files.sweep().await.expect("swept");
    assert_eq!((desk.reads(&posted.id).await, desk.place.count()), (None, 0));
}

#[tokio::test]
async fn a_file_is_kept_for_good_where_the_channel_says_so() {
    let desk = Desk::new(0).await;
    let file = desk.begin(3).await;
    desk.send(&file.id, 0, b"abc").await.expect("kept");
    desk.posts(&file.id).await;
    desk.world.pass(100 * 365 * DAY);
    desk.files.sweep().await.expect("swept");
    assert!(desk.reads(&file.id).await.is_some());
}

/// A body that trickles is given up, and what came of it is kept.
#[tokio::test(start_paused = true)]
async fn an_upload_that_hardly_comes_on_is_given_up_until_its_client_comes_back() {
    let desk = Desk::new(1).await;
    let file = desk.begin(100_000).await;
    let trickle = stream::unfold((), |()| async {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b"0123456789")), ()))
    });
    let result = desk.files.append(&desk.who, &file.id, 0, Box::pin(trickle)).await;
    assert!(matches!(result, Err(FileError::Slow)), "{result:?}");
    let offset = desk.files.upload(&desk.who, &file.id).await.expect("there").offset();
    assert!((100..=200).contains(&offset), "{offset}");
}

#[tokio::test]
async fn an_upload_that_is_under_way_ends_with_the_relay_and_keeps_what_came() {
    let desk = Desk::new(1).await;
    let file = desk.begin(100).await;
    let stop = desk.world.shutdown.clone();
    let body = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"abc"))]);
    let body = body.chain(stream::once(async move {
        stop.cancel();
        std::future::pending().await
    }));
    let result = desk.files.append(&desk.who, &file.id, 0, Box::pin(body)).await;
    assert!(matches!(result, Err(FileError::Stopping)), "{result:?}");
    assert_eq!(desk.files.upload(&desk.who, &file.id).await.expect("there").offset(), 3);
}
