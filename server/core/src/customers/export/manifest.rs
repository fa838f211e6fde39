//! What an archive has, and what it has not.

use super::archive::Listed;
use portico_shared::ids::CustomerId;
use serde_json::{Value, json};

/// What is in no export, and why.
const LEFT_OUT: [(&str, &str); 8] = [
    (
        "Whispers, suggestions of bots and other events that customers do not see",
        "They are words between colleagues, with opinions and at times with other people in them. Whether one of them is to be given \
         out, a person decides who reads it.",
    ),
    (
        "What apps reported for the team alone, and what bots and apps noted in conversations",
        "It is what programs tell those who work here, as they need it for their work, and may have words of theirs in it. Whether some \
         of it is to be given out, a person decides who reads it. What apps address to the customer is here.",
    ),
    (
        "Who of the team did what beyond what the chat showed, and how a conversation was routed",
        "It is about those who work here, and not about the customer.",
    ),
    (
        "Conversations, identities and notes of customers who are shown as one with this one",
        "That they are one person is a colleague's word, which opens nothing: it may be another person. Their ids are under `merges` in \
         customer.json; each is exported by itself.",
    ),
    (
        "What was said by a visitor before a sign-in and did not become this customer's",
        "It may have been another person at the same computer. The visitor's id is among the identities on the web in customer.json.",
    ),
    (
        "Addresses and keys of browsers that want notifications",
        "Who has them could send the browser notifications or tell it from others.",
    ),
    (
        "Files that were not uploaded as a whole, or whose time is over, and those in whispers",
        "The first are not there; for the others see whispers.",
    ),
    (
        "The audit log, the record of erasures, and copies of the store",
        "The audit log says who of the team changed or looked at something, without what it was. Copies are outside of the relay.",
    ),
];

/// The last file of an archive.
pub(super) struct Manifest<'a> {
    pub(super) customer: &'a CustomerId,
    /// In epoch milliseconds.
    pub(super) made_at: i64,
    /// All files but this one.
    pub(super) files: Vec<Listed>,
    /// Paths of files that are listed in files.json and could not be read.
    pub(super) missing: Vec<String>,
    /// Paths of files of which only the beginning could be read.
    pub(super) incomplete: Vec<String>,
}

impl Manifest<'_> {
    pub(super) fn to_json(&self) -> Value {
        let files = self.files.iter().map(|file| {
            json!({
                "path": file.path,
                "bytes": file.bytes,
                "sha256": hex::encode(file.sha256),
            })
        });
        let left_out = LEFT_OUT.iter().map(|(what, why)| json!({ "what": what, "why": why }));
        json!({
            "format": "portico-customer-export",
            "version": 1,
            "customer": self.customer,
            "made_at": self.made_at,
            "files": files.collect::<Vec<_>>(),
            "missing": self.missing,
            "incomplete": self.incomplete,
            "left_out": left_out.collect::<Vec<_>>(),
        })
    }
}
