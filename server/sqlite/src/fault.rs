//! Errors of the store, and their scope: one job, the whole batch, or the store for good.

use portico_core::store::StoreError;
use rusqlite::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

/// Why a piece of work on a connection did not succeed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// SQLite's answer.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// Our own answer, after SQLite did what it was told.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault {
    /// A result for a caller that cannot be right.
    pub(super) fn misuse(what: &'static str) -> Self {
        Self::Store(StoreError::Failed(what.into()))
    }

    /// What the caller of a read is told. Reading never stops the store: other rows may be sound.
    pub(super) fn of_read(self) -> StoreError {
        let error = match self {
            Self::Store(error) => return error,
            Self::Sqlite(error) => error,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(error.to_string()),
            _ => StoreError::Failed(Box::new(error)),
        }
    }

    /// The scope of a failed write.
    pub(super) fn of_write(self) -> ErrorScope {
        let error = match self {
            Self::Store(error) => return ErrorScope::Job(error),
            Self::Sqlite(error) => error,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => ErrorScope::Batch(TransientError::Full),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorScope::Batch(TransientError::Busy),
            Some(
                ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::TooBig
                | ErrorCode::ApiMisuse
                | ErrorCode::ParameterOutOfRange
                | ErrorCode::Unknown,
            )
            | None => ErrorScope::Job(StoreError::Failed(Box::new(error))),
            // An I/O error, a damaged file, a file that became read-only, no memory: what is on disk is not known.
            Some(_) => ErrorScope::Store(FatalError(describe(&error))),
        }
    }
}

/// The scope of a failed write.
#[derive(Debug)]
pub(super) enum ErrorScope {
    /// The job alone; the rest of its batch goes on.
    Job(StoreError),
    /// Every job of the batch; the next batch may succeed.
    Batch(TransientError),
    /// Everything from now on.
    Store(FatalError),
}

/// Why a batch was not written, although the store is sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransientError {
    /// The disk is full.
    Full,
    /// Another program holds the file's write lock.
    Busy,
}

impl From<TransientError> for StoreError {
    fn from(transient: TransientError) -> Self {
        match transient {
            TransientError::Full => Self::Full,
            TransientError::Busy => Self::Busy,
        }
    }
}

/// Why the store stops, in words for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FatalError(pub(super) String);

/// SQLite's text and its extended code, which tells an fsync from a write.
fn describe(error: &rusqlite::Error) -> String {
    match error.sqlite_error() {
        Some(code) => format!("{error} (SQLite code {})", code.extended_code),
        None => error.to_string(),
    }
}

/// Raised once when the store stops for good, with the reason. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct FatalSignal(watch::Sender<Option<FatalError>>);

impl FatalSignal {
    /// A signal that is not raised.
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    /// Raises it; the first reason stays.
    pub(super) fn raise(&self, fatal: FatalError) {
        self.0.send_if_modified(|reason| {
            let first = reason.is_none();
            reason.get_or_insert(fatal);
            first
        });
    }

    /// What a caller is told whose job the writer did not answer.
    pub(super) fn error(&self) -> StoreError {
        let reason = self.0.borrow().clone();
        StoreError::Stopped(reason.map_or_else(|| "it is closed".to_owned(), |FatalError(reason)| reason))
    }

    /// Waits until it is raised. A store that is closed without a fault never raises it.
    pub(super) async fn raised(&self) -> String {
        let mut reason = self.0.subscribe();
        loop {
            if let Some(FatalError(reason)) = reason.borrow_and_update().as_ref() {
                return reason.clone();
            }
            if reason.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}

/// A record as it is stored.
pub(super) fn encode(record: &impl Serialize) -> Result<String, Fault> {
    shallow(serde_json::to_string(record).map_err(|error| StoreError::Failed(Box::new(error)))?)
}

/// JSON as it is stored, unless it could not be read back.
pub(super) fn shallow(text: String) -> Result<String, Fault> {
    if may_be_deep(&text) && nesting(&text) > MAX_NESTING {
        return Err(StoreError::TooDeep.into());
    }
    if portico_shared::json::has_reserved_name(&text) {
        return Err(StoreError::ReservedName.into());
    }
    Ok(text)
}

/// How many levels a record may have. Readers of JSON go no deeper than 127, and a frame puts a few levels around a
/// record: one that could be stored and not be read would make a whole log, or a whole list, unreadable.
const MAX_NESTING: usize = 100;

/// Whether a JSON text has enough brackets to be nested too deeply: counting them is much faster than pairing them, and
/// hardly any record has so many.
fn may_be_deep(json: &str) -> bool {
    json.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count() > MAX_NESTING
}

/// How deep the arrays and objects of a JSON text are nested.
fn nesting(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    deepest
}

/// A stored record; `what` names it for the operator. The text itself is never in the error.
pub(super) fn decode<T: DeserializeOwned>(text: &str, what: impl FnOnce() -> String) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!("{:?} error at column {}", error.classify(), error.column());
        Fault::Store(StoreError::Damaged(format!("{}: {place}", what())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// More than any frame puts around a record: `{conversations: [{last: {event: ..}}]}` has five.
    const FRAME_LEVELS: usize = 16;

    #[test]
    fn what_is_stored_can_be_read_back_or_is_refused() {
        let nested = |levels: usize| (1..levels).fold(json!([]), |inner, _| json!([inner]));
        let deepest = encode(&nested(MAX_NESTING)).expect("just shallow enough");
        decode::<Value>(&deepest, String::new).expect("readable");
        assert!(matches!(
            encode(&nested(MAX_NESTING + 1)),
            Err(Fault::Store(StoreError::TooDeep))
        ));
        let framed = (0..FRAME_LEVELS).fold(nested(MAX_NESTING), |inner, _| json!([inner]));
        assert!(
            serde_json::from_str::<Value>(&framed.to_string()).is_ok(),
            "readable in a frame"
        );
        assert_eq!(nesting(r#"{"a":"[[[\"[\\","b":[1]}"#), 2);
        let reserved = json!([{"a": 1, "$serde_json::private::Number": "x"}]);
        assert!(matches!(encode(&reserved), Err(Fault::Store(StoreError::ReservedName))));
    }

    #[test]
    fn a_damaged_record_is_named_but_not_quoted() {
        let error = decode::<bool>("\"a secret\"", || "event 3 of c-1".to_owned()).expect_err("no bool");
        let text = error.to_string();
        assert!(text.contains("event 3 of c-1") && !text.contains("secret"), "{text}");
    }

    #[tokio::test]
    async fn the_first_reason_to_stop_stays() {
        let fatal_signal = FatalSignal::new();
        fatal_signal.raise(FatalError("first".to_owned()));
        fatal_signal.raise(FatalError("second".to_owned()));
        assert_eq!(fatal_signal.raised().await, "first");
        assert!(matches!(fatal_signal.error(), StoreError::Stopped(reason) if reason == "first"));
    }
}
