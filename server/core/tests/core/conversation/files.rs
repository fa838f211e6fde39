//! Files over a real store: what a failing place, time and slow clients do to them.

use super::commands::Commands;
use super::world::{World, post_of};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
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
use std::net::IpAddr;
use std::ops::Range;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;

/// Where all come from.
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// A place of files that fails when it is told to.
#[derive(Default)]
struct Place {
    pieces: Arc<Mutex<BTreeMap<String, Bytes>>>,
    fails: AtomicBool,
    /// What is written by a task that nothing ends, as a folder's files are: it says that it has begun, and waits.
    slow: Mutex<Option<Arc<Slow>>>,
    /// The file that cannot be removed.
    stuck: Mutex<Option<FileId>>,
}

struct Slow {
    begun: Notify,
    may_end: Semaphore,
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
        let (pieces, key) = (Arc::clone(&self.pieces), key.to_owned());
        let slow = self.slow.lock().expect("no panic").take();
        #[expect(clippy::disallowed_methods, reason = "goes on alone, as the threads of a folder do")]
        let writing = tokio::spawn(async move {
            if let Some(slow) = slow {
                slow.begun.notify_one();
                drop(slow.may_end.acquire().await);
            }
            pieces.lock().expect("no panic").insert(key, bytes);
        });
        // What is written and then fails is there all the same.
        writing.await.expect("no panic");
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
        let stuck = self.stuck.lock().expect("no panic").clone();
        if stuck.is_some_and(|file| key.contains(file.as_str())) {
            return Err(BytesError("not permitted".into()));
        }
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
            config.files.at_once = 1_000;
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
        self.append(id, offset, body).await
    }

    async fn append<B>(&self, id: &FileId, offset: u64, body: B) -> Result<Appended, FileError>
    where
        B: Stream<Item = Result<Bytes, Infallible>> + Send + Unpin,
    {
        self.files.append(&self.who, HERE, id, offset, body).await
    }

    async fn posts(&self, id: &FileId) {
        let body = json!({"type": "FILE", "attachment": {"mediaUrl": self.files.media_url(id)}});
        let body = portico_shared::json::from_value::<MessageBody>(body).expect("a body");
        let post = post_of(&self.conversation, id.as_str(), Draft::new(body));
        self.world.registry.post(&self.who, post).await.expect("an own file");
    }

    async fn reads(&self, id: &FileId) -> Option<Vec<u8>> {
        let (file, _) = self.files.link(&self.who, id).await.ok()?;
        let pieces = self.files.download(HERE, &file, 0..file.size).expect("a place");
        let pieces: Vec<_> = pieces.collect().await;
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

/// Its client is gone while a piece is written, and comes back before it is on disk.
#[tokio::test]
async fn a_piece_that_is_written_late_is_never_put_over_another() {
    let desk = Desk::new(1).await;
    let file = desk.begin(6).await;
    let slow = Arc::new(Slow {
        begun: Notify::new(),
        may_end: Semaphore::new(0),
    });
    *desk.place.slow.lock().expect("no panic") = Some(Arc::clone(&slow));
    tokio::select! {
        result = desk.send(&file.id, 0, b"abc") => panic!("it waits: {result:?}"),
        () = slow.begun.notified() => {}
    }
    let mut again = pin!(desk.send(&file.id, 0, b"ABCDE"));
    let waits = timeout(Duration::from_millis(100), &mut again).await;
    assert!(waits.is_err(), "two would write the same piece: {waits:?}");
    slow.may_end.add_permits(1);
    let result = again.await;
    assert!(matches!(result, Err(FileError::Offset { at: 3 })), "{result:?}");
    desk.send(&file.id, 3, b"def").await.expect("kept");
    assert_eq!(desk.reads(&file.id).await.as_deref(), Some(&b"abcdef"[..]));
}

/// A folder on a network that does not answer.
#[tokio::test(start_paused = true)]
async fn a_write_that_hangs_keeps_its_own_file_alone() {
    let desk = Desk::new(1).await;
    let [hung, other] = [desk.begin(6).await.id, desk.begin(6).await.id];
    desk.send(&other, 0, b"abc").await.expect("kept");
    let slow = Arc::new(Slow {
        begun: Notify::new(),
        may_end: Semaphore::new(0),
    });
    *desk.place.slow.lock().expect("no panic") = Some(Arc::clone(&slow));
    tokio::select! {
        result = desk.send(&hung, 0, b"abc") => panic!("it waits: {result:?}"),
        () = slow.begun.notified() => {}
    }
    let again = desk.send(&hung, 0, b"abc").await;
    assert!(
        matches!(again, Err(FileError::Busy)),
        "it is told to come back: {again:?}"
    );
    desk.world.pass(DAY);
    let left = desk.files.sweep().await.expect_err("one is left");
    assert!(left.to_string().starts_with("1 files"), "{left}");
    assert_eq!(desk.place.count(), 0, "the other one is gone");
    slow.may_end.add_permits(1);
    while desk.files.sweep().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.place.count(), 0);
}

/// Who takes a file a few bytes at a time does not have its place for hours.
#[tokio::test(start_paused = true)]
async fn a_download_that_hardly_comes_on_is_broken_off() {
    let desk = Desk::new(1).await;
    let file = desk.begin(500_000).await;
    let all = stream::iter([Ok::<_, Infallible>(Bytes::from(vec![b'a'; 500_000]))]);
    desk.append(&file.id, 0, all).await.expect("kept");
    let (file, _) = desk.files.link(&desk.who, &file.id).await.expect("an own file");
    let read = async |pause: u64| {
        let mut bytes = desk.files.download(HERE, &file, 0..file.size).expect("a place");
        let mut read = 0;
        while let Some(Ok(some)) = bytes.next().await {
            read += some.len();
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
        read
    };
    assert_eq!(read(5).await, 500_000);
    let slow = read(60).await;
    assert!((64 * 1024..=3 * 64 * 1024).contains(&slow), "{slow}");
}

#[tokio::test]
async fn a_file_that_cannot_be_removed_keeps_no_other_one() {
    let desk = Desk::new(1).await;
    let mut files = Vec::new();
    for _ in 0..2 * 100 + 1 {
        let file = desk.begin(9).await;
        desk.send(&file.id, 0, b"abc").await.expect("kept");
        desk.world.pass(1);
        files.push(file.id);
    }
    *desk.place.stuck.lock().expect("no panic") = Some(files[0].clone());
    desk.world.pass(DAY);
    let left = desk.files.sweep().await.expect_err("one is left");
    assert!(left.to_string().starts_with("1 files"), "{left}");
    assert_eq!(desk.place.count(), 1);
    *desk.place.stuck.lock().expect("no panic") = None;
    desk.files.sweep().await.expect("tried again");
    assert_eq!(desk.place.count(), 0);
    assert!(desk.world.store().file(&files[0]).await.expect("a read").is_none());
}

#[tokio::test]
async fn an_owner_sends_four_files_at_once_and_goes_on_with_each_of_them() {
    let desk = Desk::new(1).await;
    let taken = Notify::new();
    let endless = || {
        let some = stream::once(async {
            taken.notify_one();
            Ok::<_, Infallible>(Bytes::from_static(b"abc"))
        });
        Box::pin(some.chain(stream::pending()))
    };
    let mut files = Vec::new();
    for _ in 0..5 {
        files.push(desk.begin(9).await.id);
    }
    let mut sending: Vec<_> = files[..4]
        .iter()
        .map(|id| Box::pin(desk.append(id, 0, endless())))
        .collect();
    for one in &mut sending {
        tokio::select! {
            result = one => panic!("it has no end: {result:?}"),
            () = taken.notified() => {}
        }
    }
    let busy = desk.send(&files[4], 0, b"abc").await;
    assert!(matches!(busy, Err(FileError::Busy)), "{busy:?}");
    // One that comes back takes the place of the one before.
    let (back, before) = tokio::join!(desk.send(&files[0], 0, b"abc"), &mut sending[0]);
    assert_eq!(back.expect("a place"), Appended::Partly { offset: 3 });
    assert!(matches!(before, Err(FileError::Slow)), "{before:?}");
    desk.send(&files[4], 0, b"abc").await.expect("a place again");
}

#[tokio::test]
async fn one_network_reads_so_many_files_at_once_and_leaves_the_rest_to_others() {
    let desk = Desk::new(1).await;
    let file = desk.begin(3).await;
    desk.send(&file.id, 0, b"abc").await.expect("kept");
    let (file, _) = desk.files.link(&desk.who, &file.id).await.expect("an own file");
    let read = |from: IpAddr| desk.files.download(from, &file, 0..3);
    let held: Vec<_> = (0..300).flat_map(|_| read(HERE)).collect();
    assert_eq!(held.len(), 64);
    assert!(matches!(read(HERE).map(drop), Err(FileError::Busy)));
    assert!(read(IpAddr::from([192, 0, 2, 1])).is_ok());
    drop(held);
    assert!(read(HERE).is_ok());
}

#[tokio::test]
async fn a_file_comes_in_so_many_small_requests_and_no_more() {
    let desk = Desk::new(1).await;
    let file = desk.begin(1_000).await;
    let mut offset = 0;
    let refused = loop {
        match desk.send(&file.id, offset, b"a").await {
            Ok(_) => offset += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, FileError::TooManyPieces), "{refused:?}");
    assert_eq!(offset, 130, "twice what fits, and 128");
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
        tokio::time::sleep(Duration::from_secs(2)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b"0123456789")), ()))
    });
    let result = desk.append(&file.id, 0, Box::pin(trickle)).await;
    assert!(matches!(result, Err(FileError::Slow)), "{result:?}");
    let offset = desk.files.upload(&desk.who, &file.id).await.expect("there").offset();
    assert!((100..=200).contains(&offset), "{offset}");
}

/// A body that comes on well enough has no place for ever either.
#[tokio::test(start_paused = true)]
async fn a_request_is_read_for_two_minutes_and_no_longer() {
    let desk = Desk::new(1).await;
    let file = desk.begin(1_000_000).await;
    let slow = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        Some((Ok::<_, Infallible>(Bytes::from(vec![b'a'; 40_000])), ()))
    });
    let result = desk.append(&file.id, 0, Box::pin(slow)).await;
    assert!(matches!(result, Err(FileError::Slow)), "{result:?}");
    let offset = desk.files.upload(&desk.who, &file.id).await.expect("there").offset();
    assert!((440_000..=480_000).contains(&offset), "{offset}");
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
    let result = desk.append(&file.id, 0, Box::pin(body)).await;
    assert!(matches!(result, Err(FileError::Stopping)), "{result:?}");
    assert_eq!(desk.files.upload(&desk.who, &file.id).await.expect("there").offset(), 3);
}
