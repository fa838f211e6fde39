//! Users, credentials and the relay's own secrets. Of what others keep secret, only hashes are stored.

use crate::fault::{Fault, decode, encode};
use portico_core::store::{CredentialKind, CredentialRecord, StoreError, UserRecord};
use portico_shared::ids::ParticipantId;
use rusqlite::{Connection, OptionalExtension, Row, params};

const SELECT_USER: &str = "select id, record from users where id = ?1";
const SELECT_USER_BY_NAME: &str = "select id, record from users where username = ?1";

/// A user by id.
pub(super) fn user(connection: &Connection, id: &ParticipantId) -> Result<Option<UserRecord>, Fault> {
    select_user(connection, SELECT_USER, id.as_str())
}

/// A user by its sign-in name.
pub(super) fn user_by_name(connection: &Connection, username: &str) -> Result<Option<UserRecord>, Fault> {
    select_user(connection, SELECT_USER_BY_NAME, username)
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
    select kind, subject, label, scopes, expires_at, revoked from credentials where secret_hash = ?1";

/// A session or key by the hash of its secret.
pub(super) fn credential(connection: &Connection, secret_hash: [u8; 32]) -> Result<Option<CredentialRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_CREDENTIAL)?;
    let mut rows = select.query([secret_hash])?;
    rows.next()?.map(|row| read_credential(secret_hash, row)).transpose()
}

fn read_credential(secret_hash: [u8; 32], row: &Row<'_>) -> Result<CredentialRecord, Fault> {
    let subject: String = row.get(1)?;
    let name = || format!("credential of {subject}");
    let kind = match row.get_ref(0)?.as_str() {
        Ok("staff") => CredentialKind::Staff,
        Ok("bot") => CredentialKind::Bot,
        Ok("app") => CredentialKind::App,
        _ => return Err(StoreError::Damaged(name()).into()),
    };
    Ok(CredentialRecord {
        secret_hash,
        kind,
        label: row.get(2)?,
        scopes: decode(&row.get::<_, String>(3)?, name)?,
        expires_at: row.get(4)?,
        revoked: row.get(5)?,
        subject: ParticipantId::new(subject),
    })
}

const UPSERT_CREDENTIAL: &str = "
    insert or replace into credentials (secret_hash, kind, subject, label, scopes, expires_at, revoked)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// Creates or replaces a session or key.
pub(super) fn put_credential(connection: &Connection, credential: &CredentialRecord) -> Result<(), Fault> {
    let kind = match credential.kind {
        CredentialKind::Staff => "staff",
        CredentialKind::Bot => "bot",
        CredentialKind::App => "app",
    };
    connection.prepare_cached(UPSERT_CREDENTIAL)?.execute(params![
        credential.secret_hash,
        kind,
        credential.subject.as_str(),
        credential.label,
        encode(&credential.scopes)?,
        credential.expires_at,
        credential.revoked,
    ])?;
    Ok(())
}

const REVOKE_SESSIONS: &str = "update credentials set revoked = 1 where kind = 'staff' and subject = ?1";

/// Takes back all sessions of a user.
pub(super) fn end_sessions(connection: &Connection, user: &ParticipantId) -> Result<(), Fault> {
    connection.prepare_cached(REVOKE_SESSIONS)?.execute([user.as_str()])?;
    Ok(())
}

const DELETE_SESSIONS: &str = "delete from credentials where kind = 'staff' and expires_at < ?1";

/// Removes sessions that ended before a time in epoch milliseconds.
pub(super) fn forget_sessions(connection: &Connection, ended_before: i64) -> Result<(), Fault> {
    connection.prepare_cached(DELETE_SESSIONS)?.execute([ended_before])?;
    Ok(())
}

const INSERT_SECRET: &str = "insert into secrets (name, value) values (?1, ?2) on conflict do nothing";
const SELECT_SECRET: &str = "select value from secrets where name = ?1";

/// A value of the relay's own; `make` becomes it if there is none.
pub(super) fn secret(connection: &Connection, name: &str, make: [u8; 32]) -> Result<[u8; 32], Fault> {
    connection.prepare_cached(INSERT_SECRET)?.execute(params![name, make])?;
    Ok(connection
        .prepare_cached(SELECT_SECRET)?
        .query_row([name], |row| row.get(0))?)
}
