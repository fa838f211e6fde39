//! What became of an earlier message.

use crate::cim::Timestamp;
use crate::cim::open_enum::open_enum;
use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A message was delivered, read or lost: object-model 1.21.1 `DeliveryNotification`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Blank as a rule.
    pub markdown_text: Option<String>,
    /// Which message. Reading one means that every earlier one was read.
    pub message_id: String,
    /// What became of it.
    pub status: DeliveryStatus,
    /// `200` when all went well, otherwise like an HTTP status.
    #[serde(default, deserialize_with = "lenient::text_or_number")]
    pub reason_code: Option<String>,
}

open_enum! {
    /// What became of a message: object-model 1.21.1 `DeliveryStatus`.
    pub enum DeliveryStatus: any_case {
        Delivered = "DELIVERED",
        Read = "READ",
        /// Voice: the call was answered.
        Connected = "CONNECTED",
        Failed = "FAILED",
    }
}

/// A message was deleted: object-model 1.21.1 `DeletedNotification`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Blank as a rule.
    pub markdown_text: Option<String>,
    /// Which message.
    pub message_id: String,
    /// When.
    #[serde(default, deserialize_with = "lenient::time")]
    pub timestamp: Option<Timestamp>,
}
