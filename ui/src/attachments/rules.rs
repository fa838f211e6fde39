//! Which files a channel takes, and what a message with one is.

use super::item::{Kept, stored_json};
use portico_shared::customer::CustomerBody;
use portico_shared::http::{FileRules, StoredFile};
use portico_shared::json::{Map, Value, from_str, text_of};

/// Why a file is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// There is nothing in it.
    Empty,
    /// Larger than the channel takes.
    TooLarge,
    /// A picture of more pixels than the relay takes.
    TooManyPixels,
    /// Of a type that the channel does not take.
    WrongType,
    /// The visitor has sent as much as one may for now.
    Quota,
    /// The browser did not keep it over a reload.
    Lost,
    /// It did not arrive after several tries.
    Trouble,
}

impl Reason {
    /// Whether the same file may arrive at another try.
    pub(super) fn may_pass(self) -> bool {
        matches!(self, Self::Quota | Self::Trouble)
    }
}

/// Whether files can be sent at all.
pub(super) fn takes_files(rules: &FileRules) -> bool {
    rules.max_bytes > 0
}

/// What a chooser of files offers; phones offer their camera for pictures.
pub(super) fn accept(rules: &FileRules) -> String {
    rules.types.join(",")
}

/// Whether it is worth while to upload a file, before it is uploaded for nothing. The relay decides by what is in it, and
/// what browsers call its type goes by its name: one that may mean several, or none, is the relay's to find out.
pub(super) fn check(rules: &FileRules, bytes: u64, mime_type: &str) -> Result<(), Reason> {
    match known_as(mime_type) {
        _ if bytes == 0 => Err(Reason::Empty),
        _ if bytes > rules.max_bytes => Err(Reason::TooLarge),
        Some(known) if !rules.types.iter().any(|listed| listed.eq_ignore_ascii_case(known)) => Err(Reason::WrongType),
        _ => Ok(()),
    }
}

/// The usual name of a type that browsers call differently; `None` if it says nothing for certain.
fn known_as(mime_type: &str) -> Option<&str> {
    let plain = mime_type.split(';').next().unwrap_or_default().trim();
    match plain {
        // The second is what Windows says of tables of text, too.
        "" | "application/vnd.ms-excel" | "application/octet-stream" => None,
        "image/jpg" | "image/pjpeg" => Some("image/jpeg"),
        "audio/mp3" => Some("audio/mpeg"),
        "audio/x-wav" | "audio/wave" => Some("audio/wav"),
        "audio/x-m4a" | "audio/m4a" => Some("audio/mp4"),
        "application/x-zip-compressed" => Some("application/zip"),
        other => Some(other),
    }
}

/// Width and height of a picture.
pub(super) type Pixels = (u32, u32);

/// The message that brings a stored file, with the text that was written to it. It is written as JSON by hand: what writes a
/// body of any kind would be larger than all else that is done with files.
pub(super) fn message(file: &StoredFile, text: Option<&str>, kept: &Kept) -> CustomerBody {
    let kind = match Kind::of(&file.mime_type) {
        Kind::Image => "IMAGE",
        Kind::Video => "VIDEO",
        Kind::Audio => "AUDIO",
        Kind::File => "FILE",
    };
    let mut body = object([("type", kind.into()), ("attachment", stored_json(file))]);
    if let Some(text) = text {
        body.insert("markdownText".to_owned(), text.into());
    }
    let details = match (kept.pixels, kept.seconds) {
        (Some((width, height)), _) => Some(object([("width", width.into()), ("height", height.into())])),
        (None, Some(seconds)) => Some(object([("durationInSeconds", seconds.into())])),
        (None, None) => None,
    };
    if let Some(details) = details {
        body.insert("additionalDetails".to_owned(), Value::Object(details));
    }
    // What is a body when it is written is one when it is read.
    from_str(&text_of(&Value::Object(body))).unwrap_or_default()
}

/// An object of few members, put in one after the other: collected, they would be sorted first, by code that is larger than
/// all that is done here.
pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Map {
    let mut object = Map::new();
    for (key, value) in members {
        object.insert(key.to_owned(), value);
    }
    object
}

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Video,
    Audio,
    /// To be saved.
    File,
}

impl Kind {
    /// What every browser shows in place, and nothing that may act.
    fn of(mime_type: &str) -> Self {
        match mime_type {
            "image/png" | "image/jpeg" | "image/gif" | "image/webp" => Self::Image,
            "video/mp4" | "video/webm" => Self::Video,
            "audio/mpeg" | "audio/mp4" | "audio/ogg" | "audio/wav" | "audio/webm" => Self::Audio,
            _ => Self::File,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason, check, message, takes_files};
    use crate::attachments::item::Kept;
    use portico_shared::http::{FileRules, StoredFile};
    use serde_json::json;

    fn rules(types: &[&str]) -> FileRules {
        FileRules {
            max_bytes: 1_000,
            types: types.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn what_the_relay_would_refuse_is_refused_before_it_is_uploaded() {
        let rules = rules(&["image/png", "application/pdf"]);
        assert_eq!(check(&rules, 0, "image/png"), Err(Reason::Empty));
        assert_eq!(check(&rules, 1_001, "image/png"), Err(Reason::TooLarge));
        assert_eq!(check(&rules, 1, "text/html"), Err(Reason::WrongType));
        assert_eq!(check(&rules, 1_000, "image/png"), Ok(()));
        assert_eq!(check(&rules, 1, "application/PDF"), Ok(()));
    }

    #[test]
    fn a_type_that_a_browser_does_not_know_for_certain_is_the_relays_to_find_out() {
        let rules = rules(&["audio/mpeg", "text/csv"]);
        for unsure in ["", "application/octet-stream", "application/vnd.ms-excel", "audio/mp3"] {
            assert_eq!(check(&rules, 1, unsure), Ok(()), "{unsure}");
        }
        assert_eq!(check(&rules, 1, "audio/mpeg; codecs=mp3"), Ok(()));
    }

    #[test]
    fn a_channel_without_a_size_takes_no_files() {
        assert!(takes_files(&rules(&[])));
        assert!(!takes_files(&FileRules::default()));
    }

    fn sent(mime_type: &str, text: Option<&str>, kept: &Kept) -> serde_json::Value {
        let file = StoredFile {
            media_url: "https://chat.example/files/f1".into(),
            mime_type: mime_type.into(),
            size: 7,
            media_name: "tent.png".into(),
        };
        serde_json::to_value(message(&file, text, kept)).expect("JSON")
    }

    #[test]
    fn a_message_says_where_the_file_is_and_what_was_written_to_it() {
        let picture = Kept {
            pixels: Some((40, 30)),
            ..Kept::default()
        };
        assert_eq!(
            sent("image/png", Some("My tent"), &picture),
            json!({
                "type": "IMAGE", "markdownText": "My tent",
                "attachment": { "mediaUrl": "https://chat.example/files/f1", "mimeType": "image/png", "size": 7,
                    "mediaName": "tent.png" },
                "additionalDetails": { "width": 40, "height": 30 },
            })
        );
    }

    #[test]
    fn a_recording_says_how_long_it_is() {
        let recording = Kept {
            seconds: Some(12),
            ..Kept::default()
        };
        let said = sent("audio/webm", None, &recording);
        assert_eq!(said["type"], "AUDIO");
        assert_eq!(said["additionalDetails"], json!({ "durationInSeconds": 12 }));
    }

    #[test]
    fn what_is_not_shown_in_place_is_a_file() {
        let kind = |mime_type| sent(mime_type, None, &Kept::default())["type"].clone();
        assert_eq!(kind("video/mp4"), "VIDEO");
        assert_eq!(kind("audio/ogg"), "AUDIO");
        for other in ["application/pdf", "image/svg+xml", "video/quicktime", "text/html"] {
            assert_eq!(kind(other), "FILE", "{other}");
        }
    }
}
