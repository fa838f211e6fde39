//! Files that were uploaded.

use crate::store::conformance::{World, author, conversation_id, post, step};
use crate::store::{
    Author, Change, FileAdded, FileContent, FilePiece, FilePosted, FileQuota, FileReaders, FileRecord, FileState,
    Store, StoreError,
};
use portico_shared::ids::FileId;

const MUCH: FileQuota = FileQuota {
    files: 100,
    bytes: 1_000_000,
    since: 0,
};

fn file(id: &str, owner: &str, size: u64) -> FileRecord {
    FileRecord {
        id: FileId::new(id),
        owner: author(owner),
        channel: "shop".to_owned(),
        name: "tent.bin".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size,
        pieces: Vec::new(),
        state: FileState::Uploading,
        posted: None,
        created_at: 1_000,
        expires_at: Some(2_000),
    }
}

async fn read(store: &dyn Store, id: &str) -> FileRecord {
    let found = store.file(&FileId::new(id)).await.expect("readable");
    found.expect("it is there")
}

async fn add(store: &dyn Store, file: FileRecord) {
    assert_eq!(store.add_file(file, MUCH).await.expect("written"), FileAdded::Added);
}

async fn piece(store: &dyn Store, id: &str, offset: u64, length: u64, completes: bool) -> bool {
    let piece = FilePiece {
        file: FileId::new(id),
        offset,
        length,
        completes: completes.then(|| FileContent {
            media_type: "image/png".to_owned(),
            name: "tent.png".to_owned(),
        }),
    };
    store.add_piece(piece).await.expect("written")
}

/// A whole file of 10 bytes.
async fn whole(store: &dyn Store, id: &str, owner: &str) {
    add(store, file(id, owner, 10)).await;
    assert!(piece(store, id, 0, 10, true).await);
}

fn posting(id: &str, owner: &Author, conversation: &str, readers: FileReaders, expires_at: Option<i64>) -> Change {
    Change::PostFile {
        file: FileId::new(id),
        owner: owner.clone(),
        conversation: conversation_id(conversation),
        readers,
        expires_at,
    }
}

pub async fn a_file_grows_at_its_end_alone_until_it_is_whole(world: &impl World) {
    let store = world.open();
    add(&*store, file("f", "a", 10)).await;
    assert_eq!(read(&*store, "f").await, file("f", "a", 10));
    assert!(piece(&*store, "f", 0, 4, false).await);
    for (offset, length, completes) in [(0, 4, false), (5, 1, false), (4, 7, false), (4, 6, false), (4, 1, true)] {
        assert!(
            !piece(&*store, "f", offset, length, completes).await,
            "{offset} {length}"
        );
    }
    assert!(piece(&*store, "f", 4, 6, true).await);
    assert!(!piece(&*store, "f", 10, 0, true).await && !piece(&*store, "none", 0, 1, false).await);
    drop(store);
    let expected = FileRecord {
        pieces: vec![4, 6],
        state: FileState::Complete,
        media_type: "image/png".to_owned(),
        name: "tent.png".to_owned(),
        ..file("f", "a", 10)
    };
    assert_eq!(read(&*world.open(), "f").await, expected);
}

pub async fn an_owner_has_no_more_files_than_its_quota(world: &impl World) {
    let store = world.open();
    let quota = FileQuota {
        files: 2,
        bytes: 25,
        since: 500,
    };
    for id in ["1", "2"] {
        assert_eq!(
            store.add_file(file(id, "a", 10), quota).await.expect("written"),
            FileAdded::Added
        );
    }
    assert_eq!(
        store.add_file(file("3", "a", 1), quota).await.expect("answered"),
        FileAdded::TooMany
    );
    assert_eq!(
        store.add_file(file("4", "b", 10), quota).await.expect("written"),
        FileAdded::Added
    );
    // What is deleted makes room for another file, and its bytes were uploaded all the same.
    assert!(store.delete_file(&FileId::new("1")).await.expect("written"));
    assert_eq!(
        store.add_file(file("5", "a", 10), quota).await.expect("answered"),
        FileAdded::TooMuch { oldest: 1_000 }
    );
    assert_eq!(
        store.add_file(file("6", "a", 5), quota).await.expect("written"),
        FileAdded::Added
    );
    let later = FileQuota {
        since: 1_000,
        files: 9,
        ..quota
    };
    assert_eq!(
        store.add_file(file("7", "a", 25), later).await.expect("written"),
        FileAdded::Added
    );
}

pub async fn a_file_is_posted_by_its_owner_in_one_conversation(world: &impl World) {
    let store = world.open();
    let (ann, bob) = (author("a"), author("b"));
    whole(&*store, "f", "a").await;
    add(&*store, file("half", "a", 10)).await;
    for change in [
        posting("f", &bob, "c", FileReaders::Everyone, None),
        posting("half", &ann, "c", FileReaders::Everyone, None),
        posting("none", &ann, "c", FileReaders::Everyone, None),
    ] {
        let mut commit = step("c", 0, vec![post("c", "a", "1")]);
        commit.changes = vec![change];
        let result = store.commit(commit).await;
        assert!(matches!(result, Err(StoreError::FileGone(_))), "{result:?}");
    }
    let mut commit = step("c", 0, vec![post("c", "a", "1")]);
    commit.changes = vec![posting("f", &ann, "c", FileReaders::Staff, Some(5_000))];
    assert_eq!(
        store
            .commit(commit)
            .await
            .expect("nothing of the refused ones is there"),
        None
    );
    let posted = |readers| {
        Some(FilePosted {
            conversation: conversation_id("c"),
            readers,
        })
    };
    let found = read(&*store, "f").await;
    assert_eq!(
        (found.posted, found.expires_at),
        (posted(FileReaders::Staff), Some(5_000))
    );

    // Once more for more readers, never for fewer, and never elsewhere.
    for (readers, expires_at, kept) in [
        (FileReaders::Everyone, Some(4_000), Some(5_000)),
        (FileReaders::Staff, None, None),
    ] {
        let again = posting("f", &ann, "c", readers, expires_at);
        store.apply(vec![again]).await.expect("written");
        let found = read(&*store, "f").await;
        assert_eq!((found.posted, found.expires_at), (posted(FileReaders::Everyone), kept));
    }
    let elsewhere = store
        .apply(vec![posting("f", &ann, "d", FileReaders::Everyone, None)])
        .await;
    assert!(matches!(elsewhere, Err(StoreError::FileGone(_))));
    assert!(
        !store.delete_file(&FileId::new("f")).await.expect("answered"),
        "it is in a message"
    );
}

pub async fn a_file_whose_time_is_over_is_gone_before_its_record(world: &impl World) {
    let store = world.open();
    whole(&*store, "f", "a").await;
    let for_good = FileRecord {
        expires_at: None,
        ..file("kept", "a", 10)
    };
    add(&*store, for_good).await;
    let id = FileId::new("f");
    assert_eq!(store.expire_files(1_999, None, 10).await.expect("written"), []);
    store.forget_file(&id, 1_999).await.expect("nothing to forget");
    for _ in 0..2 {
        let expired = store.expire_files(2_000, None, 10).await.expect("written");
        assert_eq!(expired.iter().map(|file| file.id.as_str()).collect::<Vec<_>>(), ["f"]);
        assert_eq!(
            (expired[0].state, &expired[0].pieces[..]),
            (FileState::Deleted, &[10][..])
        );
    }
    let posted = store
        .apply(vec![posting("f", &author("a"), "c", FileReaders::Everyone, None)])
        .await;
    assert!(matches!(posted, Err(StoreError::FileGone(_))), "its bytes may be gone");
    store.forget_file(&id, 2_000).await.expect("written");
    assert_eq!(store.file(&id).await.expect("readable"), None);
    assert!(store.file(&FileId::new("kept")).await.expect("readable").is_some());
}

pub async fn files_whose_time_is_over_are_answered_in_turn(world: &impl World) {
    let store = world.open();
    for (id, expires_at) in [("b", 1_500), ("c", 1_500), ("a", 1_600), ("d", 3_000)] {
        let file = FileRecord {
            expires_at: Some(expires_at),
            ..file(id, "a", 10)
        };
        add(&*store, file).await;
    }
    let (mut last, mut seen) = (None, Vec::new());
    for _ in 0..4 {
        let next = store.expire_files(2_000, last.clone(), 1).await.expect("written");
        seen.extend(next.iter().map(|file| file.id.to_string()));
        last = next.into_iter().next().or(last);
    }
    assert_eq!(seen, ["b", "c", "a"], "also while none of them is forgotten");
}

pub async fn files_of_one_author_become_anothers(world: &impl World) {
    let store = world.open();
    whole(&*store, "f", "visitor").await;
    whole(&*store, "g", "bob").await;
    let moved = Change::MoveAuthor {
        conversation: conversation_id("c"),
        from: author("visitor"),
        to: author("ann"),
    };
    let mut commit = step("c", 0, vec![post("c", "a", "1")]);
    commit.changes = vec![moved];
    store.commit(commit).await.expect("written");
    assert_eq!(read(&*store, "f").await.owner, author("ann"));
    assert_eq!(read(&*store, "g").await.owner, author("bob"));
}
