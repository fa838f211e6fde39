//! What became of an earlier message.

use crate::cim::Timestamp;
use crate::cim::decode::Fields;
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;

record! {
    /// A message was delivered, read or lost: object-model 1.21.1 `DeliveryNotification`.
    pub struct DeliveryBody {
        /// Blank as a rule.
        pub markdown_text: Option<String> = "markdownText",
        /// Which message. Reading one means that every earlier one was read.
        pub message_id: String = "messageId" required,
        /// What became of it.
        pub status: DeliveryStatus = "status" required,
        /// `200` when all went well, otherwise like an HTTP status.
        pub reason_code: Option<String> = "reasonCode",
    }
    prepare = code_as_text;
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

/// Stored receipts have the code as text, the widget sends a number.
fn code_as_text(fields: &mut Fields<'_>) {
    fields.number_to_text("reasonCode");
}

record! {
    /// A message was deleted: object-model 1.21.1 `DeletedNotification`.
    pub struct DeletedBody {
        /// Blank as a rule.
        pub markdown_text: Option<String> = "markdownText",
        /// Which message.
        pub message_id: String = "messageId" required,
        /// When.
        pub timestamp: Option<Timestamp> = "timestamp",
    }
}
