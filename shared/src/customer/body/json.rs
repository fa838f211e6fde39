//! Bodies that are read when they are drawn.

use crate::cim::MessageBody;
use crate::json::{DecodeError, Value, from_str, text_of, to_text};
use crate::lenient;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use std::marker::PhantomData;

/// Most bodies are shorter than this, in bytes of JSON.
const JSON_BYTES: usize = 512;

/// The JSON of a body, `type` among its members, that is read as a `T` when it is drawn.
#[derive(Debug, Clone)]
pub struct BodyJson<T> {
    markdown_text: Option<String>,
    json: Box<RawValue>,
    body: PhantomData<fn() -> T>,
}

/// What every body may have.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    /// The type's name, in any case.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// A body of an unknown type may have something else there than a text.
    #[serde(default, deserialize_with = "lenient::text_if_one")]
    pub(super) markdown_text: Option<String>,
}

/// A body with its type's name.
#[derive(Serialize)]
struct Tagged<'b, T> {
    #[serde(rename = "type")]
    kind: &'b str,
    #[serde(flatten)]
    body: &'b T,
}

impl<T> BodyJson<T> {
    /// A body whose type is called `kind`, with the text that it has.
    pub fn new(kind: &str, markdown_text: Option<&str>, body: &T) -> Self
    where
        T: Serialize,
    {
        let json = to_text(&Tagged { kind, body }, JSON_BYTES);
        Self {
            markdown_text: markdown_text.map(str::to_owned),
            // What serde_json writes is JSON.
            json: RawValue::from_string(json).unwrap_or_default(),
            body: PhantomData,
        }
    }

    /// A body as it is in the log.
    pub(super) fn whole(body: &MessageBody) -> Self {
        Self {
            markdown_text: body.markdown_text().map(str::to_owned),
            json: RawValue::from_string(to_text(body, JSON_BYTES)).unwrap_or_default(),
            body: PhantomData,
        }
    }

    /// A body out of its tree.
    pub fn of_value(value: &Value) -> Self {
        Self {
            markdown_text: value.get("markdownText").and_then(Value::as_str).map(str::to_owned),
            json: RawValue::from_string(text_of(value)).unwrap_or_default(),
            body: PhantomData,
        }
    }

    /// A body that came and is read later.
    pub(super) fn unread(head: Head, json: Box<RawValue>) -> Self {
        Self {
            markdown_text: head.markdown_text,
            json,
            body: PhantomData,
        }
    }

    /// The body.
    ///
    /// # Errors
    ///
    /// If the JSON is none of a `T`: what is wrong and where.
    pub fn read(&self) -> Result<T, DecodeError>
    where
        T: DeserializeOwned,
    {
        from_str(self.json.get())
    }

    /// The body as a tree: for the little that is said of it before it is drawn.
    pub fn value(&self) -> Value {
        serde_json::from_str(self.json.get()).unwrap_or_default()
    }

    /// Its text.
    pub fn markdown_text(&self) -> Option<&str> {
        self.markdown_text.as_deref()
    }
}

impl<T> PartialEq for BodyJson<T> {
    fn eq(&self, other: &Self) -> bool {
        self.json.get() == other.json.get()
    }
}

impl<T> Serialize for BodyJson<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(to)
    }
}
