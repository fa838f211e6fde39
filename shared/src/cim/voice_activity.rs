//! A whole call, summed up.

use crate::cim::record::record;
use crate::cim::{Sender, Timestamp};
use crate::json::{Number, Value};

record! {
    /// A call from beginning to end: object-model 1.21.1 `VoiceActivity`, data of `VOICE_ACTIVITY`.
    pub struct VoiceActivity {
        /// When it began.
        pub start_time: Option<Timestamp> = "startTime",
        /// When it ended.
        pub end_time: Option<Timestamp> = "endTime",
        /// How long it took, in seconds.
        pub duration: Option<i64> = "duration",
        /// Where it can be heard.
        pub recording_url: Option<String> = "recordingUrl",
        /// What agents noted.
        pub wrap_ups: Vec<Value> = "wrapUps" always,
        /// How long it was held, in seconds.
        pub hold_time: Option<Number> = "holdTime",
        /// Its legs.
        pub call_legs: Vec<CallLeg> = "callLegs" always,
    }
}

record! {
    /// One leg of a call: object-model 1.21.1 `CallLeg`.
    pub struct CallLeg {
        /// Whose.
        pub sender: Option<Sender> = "sender",
        /// How it began.
        pub start_direction: Option<String> = "startDirection",
        /// How it ended.
        pub end_direction: Option<String> = "endDirection",
        /// How long it took, in seconds.
        pub duration: Option<i64> = "duration",
        /// When it began.
        pub start_time: Option<Timestamp> = "startTime",
        /// When it ended.
        pub end_time: Option<Timestamp> = "endTime",
        /// Free.
        pub additional_detail: Option<Value> = "additionalDetail",
    }
}
