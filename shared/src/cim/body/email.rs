//! Electronic mail.

use crate::cim::body::Attachment;
use crate::cim::record::record;
use crate::json::Value;

record! {
    /// A mail: object-model 1.21.1 `EmailMessage`.
    pub struct EmailBody {
        /// Its text without markup.
        pub markdown_text: Option<String> = "markdownText",
        /// Its subject.
        pub subject: Option<String> = "subject",
        /// Who wrote it.
        pub from: Option<String> = "from",
        /// Where answers go.
        pub reply_to: Vec<String> = "replyTo" always,
        /// When it came in, in milliseconds since 1970.
        pub receiving_date: Option<crate::cim::Timestamp> = "receivingDate",
        /// Its text as HTML.
        pub html_body: Option<String> = "htmlBody",
        /// To whom.
        pub recipients_to: Vec<String> = "recipientsTo" always,
        /// Copies.
        pub recipients_cc: Vec<String> = "recipientsCc" always,
        /// Blind copies.
        pub recipients_bcc: Vec<String> = "recipientsBcc" always,
        /// Ids of the messages of its thread.
        pub email_threads: Vec<String> = "emailThreads" always,
        /// Files.
        pub attachments: Vec<Attachment> = "attachments" always,
        /// Free.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}
