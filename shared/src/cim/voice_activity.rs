//! A whole call, summed up.

use crate::cim::{Sender, Timestamp};
use crate::json::{Map, Number, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A call from beginning to end: object-model 1.21.1 `VoiceActivity`, data of `VOICE_ACTIVITY`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct VoiceActivity {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// When it began.
    #[serde(deserialize_with = "lenient::time")]
    pub start_time: Option<Timestamp>,
    /// When it ended.
    #[serde(deserialize_with = "lenient::time")]
    pub end_time: Option<Timestamp>,
    /// How long it took, in seconds.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub duration: Option<i64>,
    /// Where it can be heard.
    pub recording_url: Option<String>,
    /// What agents noted.
    #[serde(deserialize_with = "lenient::or_default")]
    pub wrap_ups: Vec<Value>,
    /// How long it was held, in seconds.
    pub hold_time: Option<Number>,
    /// Its legs.
    #[serde(deserialize_with = "lenient::or_default")]
    pub call_legs: Vec<CallLeg>,
}

/// One leg of a call: object-model 1.21.1 `CallLeg`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CallLeg {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Whose.
    pub sender: Option<Sender>,
    /// How it began.
    pub start_direction: Option<String>,
    /// How it ended.
    pub end_direction: Option<String>,
    /// How long it took, in seconds.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub duration: Option<i64>,
    /// When it began.
    #[serde(deserialize_with = "lenient::time")]
    pub start_time: Option<Timestamp>,
    /// When it ended.
    #[serde(deserialize_with = "lenient::time")]
    pub end_time: Option<Timestamp>,
    /// Free.
    pub additional_detail: Option<Value>,
}
