//! Users, credentials and the relay's own secrets. Of what others keep secret, only hashes are stored.

use crate::SqliteStore;
use crate::fault::{Fault, decode, encode};
use async_trait::async_trait;
use portico_core::store::{
    CredentialKind, CredentialRecord, CredentialStore, KeyUse, SecretStore, StoreError, UserRecord, UserStore,
};
use portico_shared::ids::ParticipantId;
use rusqlite::{Connection, OptionalExtension, Row, Rows, params};

const SELECT_USER: &str = "select id, record from users where id = ?1";
const SELECT_USER_BY_NAME: &str = "select id, record from users where username = ?1";

/// A user by id.
fn user(connection: &Connection, id: &ParticipantId) -> Result<Option<UserRecord>, Fault> {
    select_user(connection, SELECT_USER, id.as_str())
}

/// A user by its sign-in name.
fn user_by_name(connection: &Connection, username: &str) -> Result<Option<UserRecord>, Fault> {
    select_user(connection, SELECT_USER_BY_NAME, username)
}

const SELECT_USERS: &str = "select id, record from users order by username";

/// All users.
fn users(connection: &Connection) -> Result<Vec<UserRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_USERS)?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, record): (String, String) = (row.get(0)?, row.get(1)?);
        found.push(decode(&record, || format!("user {id}"))?);
    }
    Ok(found)
}

fn select_user(connection: &Connection, statement: &'static str, key: &str) -> Result<Option<UserRecord>, Fault> {
    let mut select = connection.prepare_cached(statement)?;
    let found = select.query_row([key], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    found
        .optional()?
        .map(|(id, record)| decode(&record, || format!("user {id}")))
        .transpose()
}

const UPSERT_USER: &str = "
    insert into users (id, username, record) values (?1, ?2, ?3)
    on conflict (id) do update set username = excluded.username, record = excluded.record";

/// Creates or replaces a user.
pub(super) fn put_user(connection: &Connection, user: &UserRecord) -> Result<(), Fault> {
    connection
        .prepare_cached(UPSERT_USER)?
        .execute([user.id.as_str(), &user.username, &encode(user)?])?;
    Ok(())
}

const SELECT_CREDENTIAL: &str = "
    select kind, subject, label, scopes, expires_at, revoked, issued_at, secret_hash, prefix, used_at, used_from
    from credentials where secret_hash = ?1";

/// A session or key by the hash of its secret.
fn credential(connection: &Connection, secret_hash: [u8; 32]) -> Result<Option<CredentialRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_CREDENTIAL)?;
    let mut rows = select.query([secret_hash])?;
    rows.next()?.map(read_credential).transpose()
}

const SELECT_SESSIONS: &str = "
    select kind, subject, label, scopes, expires_at, revoked, issued_at, secret_hash, prefix, used_at, used_from
    from credentials where subject = ?1 and kind = 'staff' and revoked = 0 order by issued_at desc";

/// The sessions of a user that were not taken back.
fn sessions(connection: &Connection, user: &ParticipantId) -> Result<Vec<CredentialRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_SESSIONS)?;
    read_credentials(select.query([user.as_str()])?)
}

const SELECT_KEYS: &str = "
    select kind, subject, label, scopes, expires_at, revoked, issued_at, secret_hash, prefix, used_at, used_from
    from credentials where subject = ?1 and kind = ?2 and revoked = 0 order by issued_at, secret_hash";

/// The keys of a bot or an app that were not taken back.
fn keys(
    connection: &Connection,
    kind: CredentialKind,
    subject: &ParticipantId,
) -> Result<Vec<CredentialRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_KEYS)?;
    read_credentials(select.query([subject.as_str(), kind_name(kind)])?)
}

fn read_credentials(mut rows: Rows<'_>) -> Result<Vec<CredentialRecord>, Fault> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read_credential(row)?);
    }
    Ok(found)
}

fn read_credential(row: &Row<'_>) -> Result<CredentialRecord, Fault> {
    let subject: String = row.get(1)?;
    let name = || format!("credential of {subject}");
    let kind = match row.get_ref(0)?.as_str() {
        Ok("staff") => CredentialKind::Staff,
        Ok("bot") => CredentialKind::Bot,
        Ok("app") => CredentialKind::App,
        _ => return Err(StoreError::Damaged(name()).into()),
    };
    let used_at: Option<i64> = row.get(9)?;
    let used_from: Option<String> = row.get(10)?;
    Ok(CredentialRecord {
        prefix: row.get(8)?,
        used: used_at.zip(used_from).map(|(at, from)| KeyUse { at, from }),
        secret_hash: row.get(7)?,
        kind,
        label: row.get(2)?,
        scopes: decode(&row.get::<_, String>(3)?, name)?,
        expires_at: row.get(4)?,
        revoked: row.get(5)?,
        issued_at: row.get(6)?,
        subject: ParticipantId::new(subject),
    })
}

const UPSERT_CREDENTIAL: &str = "
    insert or replace into credentials
        (secret_hash, kind, subject, label, scopes, expires_at, revoked, issued_at, prefix, used_at, used_from)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

/// Creates or replaces a session or key.
pub(super) fn put_credential(connection: &Connection, credential: &CredentialRecord) -> Result<(), Fault> {
    let used = credential.used.as_ref();
    connection.prepare_cached(UPSERT_CREDENTIAL)?.execute(params![
        credential.secret_hash,
        kind_name(credential.kind),
        credential.subject.as_str(),
        credential.label,
        encode(&credential.scopes)?,
        credential.expires_at,
        credential.revoked,
        credential.issued_at,
        credential.prefix,
        used.map(|used| used.at),
        used.map(|used| used.from.as_str()),
    ])?;
    Ok(())
}

const fn kind_name(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Staff => "staff",
        CredentialKind::Bot => "bot",
        CredentialKind::App => "app",
    }
}

const UPDATE_USE: &str = "update credentials set used_at = ?2, used_from = ?3 where secret_hash = ?1";

/// Writes when keys were used last.
fn note_key_uses(connection: &Connection, uses: &[([u8; 32], KeyUse)]) -> Result<(), Fault> {
    let mut update = connection.prepare_cached(UPDATE_USE)?;
    for (secret_hash, used) in uses {
        update.execute(params![secret_hash, used.at, used.from])?;
    }
    Ok(())
}

const REVOKE_SESSIONS: &str =
    "update credentials set revoked = 1 where kind = 'staff' and subject = ?1 and revoked = 0";

/// Takes back all sessions of a user.
pub(super) fn end_sessions(connection: &Connection, user: &ParticipantId) -> Result<bool, Fault> {
    Ok(connection.prepare_cached(REVOKE_SESSIONS)?.execute([user.as_str()])? > 0)
}

const DELETE_SESSIONS: &str = "delete from credentials where kind = 'staff' and expires_at < ?1";

/// Removes sessions that ended before a time in epoch milliseconds.
fn forget_sessions(connection: &Connection, ended_before: i64) -> Result<(), Fault> {
    connection.prepare_cached(DELETE_SESSIONS)?.execute([ended_before])?;
    Ok(())
}

const INSERT_SECRET: &str = "insert into secrets (name, value) values (?1, ?2) on conflict do nothing";
const SELECT_SECRET: &str = "select value from secrets where name = ?1";

/// A value of the relay's own; `make` becomes it if there is none.
fn secret(connection: &Connection, name: &str, make: [u8; 32]) -> Result<[u8; 32], Fault> {
    connection.prepare_cached(INSERT_SECRET)?.execute(params![name, make])?;
    Ok(connection
        .prepare_cached(SELECT_SECRET)?
        .query_row([name], |row| row.get(0))?)
}

#[async_trait]
impl UserStore for SqliteStore {
    async fn user_by_name(&self, username: &str) -> Result<Option<UserRecord>, StoreError> {
        let username = username.to_owned();
        self.readers
            .read(move |connection| user_by_name(connection, &username))
            .await
    }

    async fn user(&self, id: &ParticipantId) -> Result<Option<UserRecord>, StoreError> {
        let id = id.clone();
        self.readers.read(move |connection| user(connection, &id)).await
    }

    async fn users(&self) -> Result<Vec<UserRecord>, StoreError> {
        self.readers.read(users).await
    }

    async fn put_user(&self, user: UserRecord) -> Result<(), StoreError> {
        self.writer.write(move |connection| put_user(connection, &user)).await
    }
}

#[async_trait]
impl CredentialStore for SqliteStore {
    async fn credential(&self, secret_hash: &[u8; 32]) -> Result<Option<CredentialRecord>, StoreError> {
        let secret_hash = *secret_hash;
        self.readers
            .read(move |connection| credential(connection, secret_hash))
            .await
    }

    async fn put_credential(&self, credential: CredentialRecord) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| put_credential(connection, &credential))
            .await
    }

    async fn sessions(&self, user: &ParticipantId) -> Result<Vec<CredentialRecord>, StoreError> {
        let user = user.clone();
        self.readers.read(move |connection| sessions(connection, &user)).await
    }

    async fn end_sessions(&self, user: &ParticipantId) -> Result<(), StoreError> {
        let user = user.clone();
        self.writer
            .write(move |connection| end_sessions(connection, &user).map(drop))
            .await
    }

    async fn keys(&self, kind: CredentialKind, subject: &ParticipantId) -> Result<Vec<CredentialRecord>, StoreError> {
        let subject = subject.clone();
        self.readers
            .read(move |connection| keys(connection, kind, &subject))
            .await
    }

    async fn note_key_uses(&self, uses: Vec<([u8; 32], KeyUse)>) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| note_key_uses(connection, &uses))
            .await
    }

    async fn forget_sessions(&self, ended_before: i64) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| forget_sessions(connection, ended_before))
            .await
    }
}

#[async_trait]
impl SecretStore for SqliteStore {
    async fn secret(&self, name: &str, make: [u8; 32]) -> Result<[u8; 32], StoreError> {
        let name = name.to_owned();
        self.writer
            .write(move |connection| secret(connection, &name, make))
            .await
    }
}
