//! What is said of customers, and the words by which they are looked up.
//!
//! SQLite's own search of texts (FTS5) keeps what was removed in its index until it is merged, finds no number by its end
//! and answers a question in a language of its own. A table of words with an index does what is needed here, and what is
//! removed from it is overwritten like all else.

use crate::SqliteStore;
use crate::fault::{Fault, decode};
use crate::{attributes, labels, merges};
use async_trait::async_trait;
use portico_core::customers::{named, words};
use portico_core::store::{
    FoundProfiles, Identity, IdentitySource, IdentityStore, MOST_IDENTITIES, MOST_IDENTITIES_IN_ALL, MergeRecord,
    Profile, StoreError, WordSearch,
};
use portico_shared::cim::Customer;
use portico_shared::ids::CustomerId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// Words that one search looks at. A part that is not full by then goes on with the next one.
const MOST_LOOKED_AT: u32 = 5_000;

/// Words that all parts of one search look at. Who has not found a customer by then says more of it.
const MOST_IN_ALL: u32 = 100_000;

/// Words that are counted to find the rarest of those that are looked for.
const MOST_COUNTED: u32 = 1_000;

/// Customers whose words are made at once when a store of an earlier version is opened.
const BATCH: u32 = 1_000;

/// No word goes on like this: the end of all that begin with a text.
const LAST: char = char::MAX;

/// A site has one word on each type of channel, for which there is always room, and claims leave apps theirs.
const INSERT: &str = "
    insert into customer_identities (customer, channel, key, said_by, identifier, said_at)
    select ?1, ?2, ?3, ?4, ?5, ?6
    where exists (select 1 from customers where id = ?1) and (?4 = 'site' or ?7 > (
        select count(distinct key) from customer_identities
        where customer = ?1 and channel = ?2 and key <> ?3 and (said_by in ('site', 'app')) = (?4 = 'app')
    ) and ?8 > (
        select count(*) from customer_identities
        where customer = ?1 and (channel, key, said_by) <> (?2, ?3, ?4)
    ))
    on conflict (customer, channel, key, said_by) do update set identifier = excluded.identifier
        where identifier <> excluded.identifier";

/// Notes what is said of a customer, and answers whether it was not said like this before.
pub(super) fn state(connection: &Connection, customer: &CustomerId, identity: &Identity) -> Result<bool, Fault> {
    let noted = insert(connection, customer.as_str(), identity)?;
    renew(connection, customer)?;
    Ok(noted > 0)
}

fn insert(connection: &Connection, customer: &str, identity: &Identity) -> rusqlite::Result<usize> {
    connection.prepare_cached(INSERT)?.execute(params![
        customer,
        identity.channel,
        identity.key,
        identity.said_by.as_str(),
        identity.identifier,
        identity.said_at,
        MOST_IDENTITIES,
        MOST_IDENTITIES_IN_ALL,
    ])
}

const DELETE: &str = "
    delete from customer_identities
    where customer = ?1 and channel = ?2 and said_by = ?3 and key = coalesce(?4, key)";

/// Forgets what a source has said of a customer, and answers whether there was anything.
pub(super) fn retract(
    connection: &Connection,
    customer: &CustomerId,
    channel: &str,
    said_by: IdentitySource,
    key: Option<&str>,
) -> Result<bool, Fault> {
    let row = params![customer.as_str(), channel, said_by.as_str(), key];
    match connection.prepare_cached(DELETE)?.execute(row)? {
        0 => Ok(false),
        _ => renew(connection, customer).map(|()| true),
    }
}

const MOVE: &str = "update or ignore customer_identities set customer = ?2 where customer = ?1";
const DELETE_ALL: &str = "delete from customer_identities where customer = ?1";

/// Lets what is said of one customer be said of another, and its labels and attributes be that one's. What is said of both is said once.
pub(super) fn move_all(connection: &Connection, from: &CustomerId, to: &CustomerId) -> Result<(), Fault> {
    let moved = connection.prepare_cached(MOVE)?.execute([from.as_str(), to.as_str()])?;
    let left = connection.prepare_cached(DELETE_ALL)?.execute([from.as_str()])?;
    attributes::move_all(connection, from, to)?;
    let are_labelled = labels::move_all(connection, from, to)?;
    if moved + left == 0 && !are_labelled {
        return Ok(());
    }
    renew(connection, from)?;
    renew(connection, to)
}

const SELECT_WORDS: &str = "select word from customer_words where customer = ?1";
const INSERT_WORD: &str = "insert into customer_words (word, customer) values (?1, ?2)";
const DELETE_WORD: &str = "delete from customer_words where word = ?1 and customer = ?2";

const UPDATE_PERSON: &str = "update customer_identities set person = ?2 where customer = ?1 and person <> ?2";

/// Brings the words of a customer in line with what is known of it; most of the time they are. One that is merged into another
/// is looked up as that one, and has no words of its own.
pub(super) fn renew(connection: &Connection, customer: &CustomerId) -> Result<(), Fault> {
    let person = merges::person(connection, customer)?;
    let row = [customer.as_str(), person.as_str()];
    connection.prepare_cached(UPDATE_PERSON)?.execute(row)?;
    if person != *customer {
        write_words(connection, customer, &BTreeSet::new())?;
    }
    match profile(connection, &person)? {
        Some(profile) => write_words(connection, &person, &words::of_profile(&profile)),
        None => Ok(()),
    }
}

/// The same for who was one with a customer that is erased. What of it cannot be read keeps nothing of that customer: without words
/// it is not found until it can be read again.
pub(super) fn renew_or_forget(connection: &Connection, customer: &CustomerId) -> Result<(), Fault> {
    match renew(connection, customer) {
        Err(Fault::Store(StoreError::Damaged(what))) => {
            tracing::error!(
                what,
                "a customer that was merged with an erased one cannot be read, and is found no more"
            );
            write_words(connection, &merges::person(connection, customer)?, &BTreeSet::new())
        }
        renewed => renewed,
    }
}

fn write_words(connection: &Connection, customer: &CustomerId, wanted: &BTreeSet<String>) -> Result<(), Fault> {
    let id = customer.as_str();
    let mut select = connection.prepare_cached(SELECT_WORDS)?;
    let known: BTreeSet<String> = select.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for word in known.difference(wanted) {
        connection.prepare_cached(DELETE_WORD)?.execute([word.as_str(), id])?;
    }
    for word in wanted.difference(&known) {
        connection.prepare_cached(INSERT_WORD)?.execute([word.as_str(), id])?;
    }
    Ok(())
}

const SELECT_CUSTOMERS: &str = "select id, record from customers where id > ?1 order by id limit ?2";

/// Fills the tables from what a store of an earlier version knows: what sites have vouched for, and the words of all
/// customers. A record that cannot be read has none, as it has no customer.
pub(super) fn fill(connection: &Connection) -> rusqlite::Result<()> {
    let mut last = String::new();
    loop {
        let mut select = connection.prepare(SELECT_CUSTOMERS)?;
        let rows = select.query_map(params![last, BATCH], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let customers: Vec<(String, String)> = rows.collect::<Result<_, _>>()?;
        let Some((id, _)) = customers.last() else {
            return Ok(());
        };
        last.clone_from(id);
        for (id, record) in customers {
            if let Ok(customer) = portico_shared::json::from_str::<Customer>(&record) {
                fill_one(connection, &id, customer)?;
            }
        }
    }
}

fn fill_one(connection: &Connection, id: &str, customer: Customer) -> rusqlite::Result<()> {
    let vouched = match customer.is_anonymous {
        Some(false) => named::vouched(&customer.extra),
        Some(true) | None => Vec::new(),
    };
    let identities = vouched.into_iter().map(|named| Identity {
        said_at: None,
        ..named.said(IdentitySource::Site, 0)
    });
    let identities: Vec<Identity> = identities.collect();
    for identity in &identities {
        insert(connection, id, identity)?;
    }
    let profile = Profile {
        customer,
        identities,
        labels: Vec::new(),
        attributes: BTreeMap::new(),
        merged: Vec::new(),
    };
    for word in words::of_profile(&profile) {
        connection.prepare_cached(INSERT_WORD)?.execute([word.as_str(), id])?;
    }
    Ok(())
}

const SELECT_PROFILE: &str = "select id, record from customers where id = ?1";
const SELECT_IDENTITIES: &str = "
    select channel, identifier, key, said_by, said_at from customer_identities where customer = ?1
    order by channel, key, said_by";

/// A customer as it is shown, with those that are merged into it.
fn profile(connection: &Connection, customer: &CustomerId) -> Result<Option<Profile>, Fault> {
    let person = merges::person(connection, customer)?;
    let Some(mut profile) = part(connection, &person)? else {
        return Ok(None);
    };
    for merged in merges::parts(connection, &person)? {
        profile.merged.extend(part(connection, &merged)?);
    }
    Ok(Some(profile))
}

/// A customer without those.
fn part(connection: &Connection, customer: &CustomerId) -> Result<Option<Profile>, Fault> {
    let mut select = connection.prepare_cached(SELECT_PROFILE)?;
    let record = select.query_row([customer.as_str()], |row| row.get::<_, String>(1));
    let Some(record) = record.optional()? else {
        return Ok(None);
    };
    let mut select = connection.prepare_cached(SELECT_IDENTITIES)?;
    let mut rows = select.query([customer.as_str()])?;
    let mut identities = Vec::new();
    while let Some(row) = rows.next()? {
        identities.push(identity(row)?);
    }
    Ok(Some(Profile {
        customer: decode(&record, || format!("customer {customer}"))?,
        identities,
        labels: labels::of(connection, customer)?,
        attributes: attributes::of(connection, customer)?,
        merged: Vec::new(),
    }))
}

fn identity(row: &Row<'_>) -> Result<Identity, Fault> {
    let name: String = row.get(3)?;
    let said_by = IdentitySource::ALL.into_iter().find(|source| source.as_str() == name);
    Ok(Identity {
        channel: row.get(0)?,
        identifier: row.get(1)?,
        key: row.get(2)?,
        said_by: said_by.ok_or_else(|| StoreError::Damaged(format!("an identity said by {name:?}")))?,
        said_at: row.get(4)?,
    })
}

pub(super) const SELECT_WITH: &str = "
    select distinct person from customer_identities
    where channel = ?1 and key = ?2 and person > ?3 order by person limit ?4";

fn profiles_with(
    connection: &Connection,
    channel: &str,
    key: &str,
    after: Option<&CustomerId>,
    limit: u32,
) -> Result<Vec<Profile>, Fault> {
    let after = after.map_or("", CustomerId::as_str);
    let mut select = connection.prepare_cached(SELECT_WITH)?;
    let ids = select.query_map(params![channel, key, after, limit], |row| row.get::<_, String>(0))?;
    let ids: Vec<String> = ids.collect::<Result<_, _>>()?;
    let profiles = ids.into_iter().map(|id| profile(connection, &CustomerId::new(id)));
    profiles.filter_map(Result::transpose).collect()
}

/// Words that begin like the one that is looked for, in part.
pub(super) const SELECT_FOUND: &str = "
    select word, customer from customer_words where word >= ?1 and word < ?2 order by word, customer limit ?3 offset ?4";

/// Where a part of a search ends: which of the words that are looked for leads, and how many words of customers were looked at.
/// A word itself would tell a client more of a customer than it may see.
struct Place {
    leading: usize,
    looked_at: u32,
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        let (leading, looked_at) = text.split_once('.')?;
        Some(Self {
            leading: leading.parse().ok()?,
            looked_at: looked_at.parse().ok()?,
        })
    }

    fn write(&self) -> String {
        format!("{}.{}", self.leading, self.looked_at)
    }
}

fn search(connection: &Connection, search: &WordSearch) -> Result<FoundProfiles, Fault> {
    let place = match &search.after {
        Some(after) => Place::read(after),
        None => rarest(connection, &search.words)?,
    };
    let place = place.filter(|place| place.looked_at < MOST_IN_ALL);
    let Some((mut place, sought)) = place.and_then(|at| search.words.get(at.leading).map(|word| (at, word))) else {
        return Ok(FoundProfiles::default());
    };
    let others: Vec<&String> = search.words.iter().filter(|word| *word != sought).collect();
    let mut select = connection.prepare_cached(SELECT_FOUND)?;
    let row = params![sought, end(sought), MOST_LOOKED_AT, place.looked_at];
    let mut rows = select.query(row)?;
    let (mut found, last) = (FoundProfiles::default(), place.looked_at + MOST_LOOKED_AT);
    while let Some(row) = rows.next()? {
        place.looked_at += 1;
        let (word, customer): (String, String) = (row.get(0)?, row.get(1)?);
        if is_hit(connection, &customer, &word, sought, &others)? {
            found.profiles.extend(profile(connection, &CustomerId::new(customer))?);
        }
        if place.looked_at == last || found.profiles.len() >= search.limit as usize {
            found.next = Some(place.write());
            break;
        }
    }
    Ok(found)
}

/// The beginning of a search: the word that most likely has the fewest customers leads.
fn rarest(connection: &Connection, words: &[String]) -> Result<Option<Place>, Fault> {
    let mut counted = Vec::new();
    for (leading, word) in words.iter().enumerate() {
        counted.push((count(connection, word)?, leading));
    }
    let rarest = counted.into_iter().min();
    Ok(rarest.map(|(_, leading)| Place { leading, looked_at: 0 }))
}

pub(super) const COUNT: &str = "
    select count(*) from (select 1 from customer_words where word >= ?1 and word < ?2 limit ?3)";

fn count(connection: &Connection, word: &str) -> Result<i64, Fault> {
    let mut count = connection.prepare_cached(COUNT)?;
    Ok(count.query_row(params![word, end(word), MOST_COUNTED], |row| row.get(0))?)
}

pub(super) const HAS_WORD: &str = "
    select exists (select 1 from customer_words where customer = ?1 and word >= ?2 and word < ?3)";

/// Whether a word is the first of its customer that begins like the one that leads, and all others are there too.
fn is_hit(
    connection: &Connection,
    customer: &str,
    word: &str,
    sought: &str,
    others: &[&String],
) -> Result<bool, Fault> {
    let mut has = connection.prepare_cached(HAS_WORD)?;
    let mut has_word = |from: &str, to: &str| has.query_row([customer, from, to], |row| row.get::<_, bool>(0));
    if has_word(sought, word)? {
        return Ok(false);
    }
    for other in others {
        if !has_word(other, &end(other))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn end(word: &str) -> String {
    format!("{word}{LAST}")
}

#[async_trait]
impl IdentityStore for SqliteStore {
    async fn profile(&self, customer: &CustomerId) -> Result<Option<Profile>, StoreError> {
        let customer = customer.clone();
        self.readers
            .read(move |connection| profile(connection, &customer))
            .await
    }

    async fn profiles_with(
        &self,
        channel: &str,
        key: &str,
        after: Option<&CustomerId>,
        limit: u32,
    ) -> Result<Vec<Profile>, StoreError> {
        let (channel, key, after) = (channel.to_owned(), key.to_owned(), after.cloned());
        self.readers
            .read(move |connection| profiles_with(connection, &channel, &key, after.as_ref(), limit))
            .await
    }

    async fn merges_of(&self, customer: &CustomerId, before: Option<i64>) -> Result<Vec<MergeRecord>, StoreError> {
        let customer = customer.clone();
        self.readers
            .read(move |connection| merges::record(connection, &customer, before))
            .await
    }

    async fn search_profiles(&self, words: WordSearch) -> Result<FoundProfiles, StoreError> {
        self.readers.read(move |connection| search(connection, &words)).await
    }
}
