//! Files that were uploaded.

use crate::SqliteStore;
use crate::fault::{Fault, decode, encode};
use async_trait::async_trait;
use portico_core::store::{
    Author, FileAdded, FilePiece, FilePosted, FileQuota, FileReaders, FileRecord, FileState, FileStore, StoreError,
};
use portico_shared::ids::{ConversationId, CustomerId, FileId};
use rusqlite::{Connection, OptionalExtension, Row, params};

const SELECT: &str = "
    select id, owner, channel, name, media_type, size, pieces, state, conversation, is_public, created_at, expires_at
    from files where id = ?1";

/// One file.
fn one(connection: &Connection, id: &FileId) -> Result<Option<FileRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT)?;
    let mut rows = select.query([id.as_str()])?;
    rows.next()?.map(read).transpose()
}

pub(super) const SELECT_OF_CUSTOMER: &str = "
    select id, owner, channel, name, media_type, size, pieces, state, conversation, is_public, created_at, expires_at
    from files where owner = ?1 and state in ('complete', 'posted')
    union
    select id, owner, channel, name, media_type, size, pieces, state, conversation, is_public, created_at, expires_at
    from files where conversation in (select id from conversations where customer = ?2) and state = 'posted' and is_public
    order by id";

/// Files that are a customer's.
fn of_customer(connection: &Connection, customer: &CustomerId) -> Result<Vec<FileRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_OF_CUSTOMER)?;
    let mut rows = select.query([&format!("customer:{customer}"), customer.as_str()])?;
    let mut files = Vec::new();
    while let Some(row) = rows.next()? {
        files.push(read(row)?);
    }
    Ok(files)
}

const HAS_FILES: &str = "select count(*) from sqlite_schema where type = 'table' and name = 'files'";
const SELECT_WHOLE: &str = "
    select id, owner, channel, name, media_type, size, pieces, state, conversation, is_public, created_at, expires_at
    from files where state in ('complete', 'posted') order by id";

/// All files that are there as a whole; none in a store of a version that had none.
pub(super) fn whole(connection: &Connection) -> Result<Vec<FileRecord>, Fault> {
    let tables: u32 = connection.query_row(HAS_FILES, [], |row| row.get(0))?;
    let mut files = Vec::new();
    if tables > 0 {
        let mut select = connection.prepare(SELECT_WHOLE)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            files.push(read(row)?);
        }
    }
    Ok(files)
}

fn read(row: &Row<'_>) -> Result<FileRecord, Fault> {
    let id = FileId::new(row.get::<_, String>(0)?);
    let state: String = row.get(7)?;
    let conversation: Option<String> = row.get(8)?;
    let is_public: Option<bool> = row.get(9)?;
    Ok(FileRecord {
        owner: Author(row.get(1)?),
        channel: row.get(2)?,
        name: row.get(3)?,
        media_type: row.get(4)?,
        size: row.get::<_, i64>(5)?.unsigned_abs(),
        pieces: decode(&row.get::<_, String>(6)?, || format!("pieces of file {id}"))?,
        state: state_of(&state).ok_or_else(|| StoreError::Damaged(format!("file {id}: state {state:?}")))?,
        posted: conversation.map(|conversation| FilePosted {
            conversation: ConversationId::new(conversation),
            readers: match is_public {
                Some(true) => FileReaders::Everyone,
                Some(false) | None => FileReaders::Staff,
            },
        }),
        created_at: row.get(10)?,
        expires_at: row.get(11)?,
        id,
    })
}

const fn name_of(state: FileState) -> &'static str {
    match state {
        FileState::Uploading => "uploading",
        FileState::Complete => "complete",
        FileState::Posted => "posted",
        FileState::Deleted => "deleted",
    }
}

fn state_of(name: &str) -> Option<FileState> {
    [
        FileState::Uploading,
        FileState::Complete,
        FileState::Posted,
        FileState::Deleted,
    ]
    .into_iter()
    .find(|state| name_of(*state) == name)
}

/// A number of bytes as SQLite has it.
fn bytes(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) const COUNT_WAITING: &str =
    "select count(*) from files where owner = ?1 and state in ('uploading', 'complete')";
pub(super) const SUM_SINCE: &str =
    "select coalesce(sum(size), 0), min(created_at) from files where owner = ?1 and created_at > ?2";
const INSERT: &str = "
    insert into files (id, owner, channel, name, media_type, size, pieces, state, created_at, expires_at)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

/// Adds a file within its owner's quota.
fn add(connection: &Connection, file: &FileRecord, quota: FileQuota) -> Result<FileAdded, Fault> {
    let waiting: u32 = connection
        .prepare_cached(COUNT_WAITING)?
        .query_row([&file.owner.0], |row| row.get(0))?;
    if waiting >= quota.files {
        return Ok(FileAdded::TooMany);
    }
    let (sum, oldest): (i64, Option<i64>) = connection
        .prepare_cached(SUM_SINCE)?
        .query_row(params![file.owner.0, quota.since], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if sum.unsigned_abs().saturating_add(file.size) > quota.bytes {
        let oldest = oldest.unwrap_or(file.created_at);
        return Ok(FileAdded::TooMuch { oldest });
    }
    connection.prepare_cached(INSERT)?.execute(params![
        file.id.as_str(),
        file.owner.0,
        file.channel,
        file.name,
        file.media_type,
        bytes(file.size),
        encode(&file.pieces)?,
        name_of(file.state),
        file.created_at,
        file.expires_at,
    ])?;
    Ok(FileAdded::Added)
}

const UPDATE_PIECES: &str = "update files set pieces = ?2 where id = ?1";
const COMPLETE: &str = "update files set state = 'complete', media_type = ?2, name = ?3 where id = ?1";

/// Adds a piece where the bytes of its file end.
fn add_piece(connection: &Connection, piece: &FilePiece) -> Result<bool, Fault> {
    let Some(mut file) = one(connection, &piece.file)? else {
        return Ok(false);
    };
    let end = piece.offset.saturating_add(piece.length);
    let is_last = end == file.size;
    if file.state != FileState::Uploading
        || file.offset() != piece.offset
        || end > file.size
        || is_last != piece.completes.is_some()
    {
        return Ok(false);
    }
    file.pieces.push(piece.length);
    let id = piece.file.as_str();
    connection
        .prepare_cached(UPDATE_PIECES)?
        .execute(params![id, encode(&file.pieces)?])?;
    if let Some(content) = &piece.completes {
        connection
            .prepare_cached(COMPLETE)?
            .execute(params![id, content.media_type, content.name])?;
    }
    Ok(true)
}

const DELETE: &str = "update files set state = 'deleted' where id = ?1 and state in ('uploading', 'complete')";

/// Marks a file as deleted that is in no message.
fn delete(connection: &Connection, id: &FileId) -> Result<bool, Fault> {
    Ok(connection.prepare_cached(DELETE)?.execute([id.as_str()])? > 0)
}

const EXPIRE: &str = "update files set state = 'deleted' where expires_at <= ?1 and state <> 'deleted'";
pub(super) const SELECT_EXPIRED: &str = "
    select id, owner, channel, name, media_type, size, pieces, state, conversation, is_public, created_at, expires_at
    from files where expires_at <= ?1 and (expires_at, id) > (?2, ?3) order by expires_at, id limit ?4";

/// Marks files as deleted whose time is over, and answers the oldest of those that are not forgotten.
fn expire(connection: &Connection, now: i64, after: Option<&FileRecord>, limit: u32) -> Result<Vec<FileRecord>, Fault> {
    let (expired, id) = after.map_or((i64::MIN, ""), |file| {
        (file.expires_at.unwrap_or(i64::MIN), file.id.as_str())
    });
    connection.prepare_cached(EXPIRE)?.execute([now])?;
    let mut select = connection.prepare_cached(SELECT_EXPIRED)?;
    let mut rows = select.query(params![now, expired, id, limit])?;
    let mut files = Vec::new();
    while let Some(row) = rows.next()? {
        files.push(read(row)?);
    }
    Ok(files)
}

const FORGET: &str = "delete from files where id = ?1 and state = 'deleted' and expires_at <= ?2";

/// Removes the record of a file that is gone.
fn forget(connection: &Connection, id: &FileId, now: i64) -> Result<(), Fault> {
    connection.prepare_cached(FORGET)?.execute(params![id.as_str(), now])?;
    Ok(())
}

const MOVE_OWNER: &str = "update files set owner = ?2 where owner = ?1";

/// Lets all files of one owner be another's.
pub(super) fn move_owner(connection: &Connection, from: &Author, to: &Author) -> Result<(), Fault> {
    connection.prepare_cached(MOVE_OWNER)?.execute([&from.0, &to.0])?;
    Ok(())
}

/// A file that is put into a message.
pub(super) struct Post<'a> {
    pub(super) file: &'a FileId,
    pub(super) owner: &'a Author,
    pub(super) conversation: &'a ConversationId,
    pub(super) readers: FileReaders,
    pub(super) expires_at: Option<i64>,
}

const SELECT_EXPIRY: &str = "
    select state = 'posted', expires_at from files where id = ?1 and owner = ?2
    and (state = 'complete' or (state = 'posted' and conversation = ?3))";
const POST: &str = "
    update files set state = 'posted', conversation = ?2, is_public = max(coalesce(is_public, 0), ?3), expires_at = ?4
    where id = ?1";

/// Puts a file into a message.
pub(super) fn post(connection: &Connection, post: &Post<'_>) -> Result<(), Fault> {
    let (file, conversation) = (post.file.as_str(), post.conversation.as_str());
    let found: Option<(bool, Option<i64>)> = connection
        .prepare_cached(SELECT_EXPIRY)?
        .query_row([file, &post.owner.0, conversation], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let expires_at = match found {
        None => return Err(StoreError::FileGone(post.file.clone()).into()),
        Some((false, _)) => post.expires_at,
        Some((true, before)) => before.zip(post.expires_at).map(|(before, now)| before.max(now)),
    };
    let is_public = post.readers == FileReaders::Everyone;
    connection
        .prepare_cached(POST)?
        .execute(params![file, conversation, is_public, expires_at])?;
    Ok(())
}

#[async_trait]
impl FileStore for SqliteStore {
    async fn file(&self, id: &FileId) -> Result<Option<FileRecord>, StoreError> {
        let id = id.clone();
        self.readers.read(move |connection| one(connection, &id)).await
    }

    async fn files_of_customer(&self, customer: &CustomerId) -> Result<Vec<FileRecord>, StoreError> {
        let customer = customer.clone();
        self.readers
            .read(move |connection| of_customer(connection, &customer))
            .await
    }

    async fn add_file(&self, file: FileRecord, quota: FileQuota) -> Result<FileAdded, StoreError> {
        self.writer.write(move |connection| add(connection, &file, quota)).await
    }

    async fn add_piece(&self, piece: FilePiece) -> Result<bool, StoreError> {
        self.writer.write(move |connection| add_piece(connection, &piece)).await
    }

    async fn delete_file(&self, id: &FileId) -> Result<bool, StoreError> {
        let id = id.clone();
        self.writer.write(move |connection| delete(connection, &id)).await
    }

    async fn expire_files(
        &self,
        now: i64,
        after: Option<FileRecord>,
        limit: u32,
    ) -> Result<Vec<FileRecord>, StoreError> {
        self.writer
            .write(move |connection| expire(connection, now, after.as_ref(), limit))
            .await
    }

    async fn forget_file(&self, id: &FileId, now: i64) -> Result<(), StoreError> {
        let id = id.clone();
        self.writer.write(move |connection| forget(connection, &id, now)).await
    }
}
