//! A file that is to be sent, as the screen and the visitor's storage have it.

use super::rules::{Pixels, Reason, object};
use portico_shared::http::StoredFile;
use portico_shared::ids::ClientId;
use portico_shared::json::{Map, Value, parse, text_of};
use web_sys::File;

/// A file is uploaded again when less than this is left of its time on the relay, in milliseconds: its message has to arrive
/// as well.
const TOO_LATE_MS: i64 = 10 * 60 * 1_000;

/// A file of an earlier page that was picked longer ago than this many milliseconds waits for the person's word.
const SENT_BY_ITSELF_WITHIN_MS: i64 = 24 * 60 * 60 * 1_000;

/// A file that came in just now.
#[derive(Clone)]
pub(super) struct Picked {
    /// Of the message that will bring it.
    pub(super) id: ClientId,
    pub(super) file: File,
    /// How long it is, if it is a recording: that is sent without another press of a button.
    pub(super) seconds: Option<u32>,
}

/// A file that is to be sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    /// Of the message that brings it, from the moment that it is picked: however often that is sent, it is one message.
    pub(super) id: ClientId,
    pub(super) kept: Kept,
    pub(super) stage: Stage,
}

/// What is kept of it over a reload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Kept {
    pub(super) name: String,
    /// In bytes.
    pub(super) size: u64,
    /// As the browser calls it.
    pub(super) mime_type: String,
    /// Where it is uploaded to.
    pub(super) location: Option<String>,
    /// When the relay forgets what lies there, unless it is posted, in epoch milliseconds of the browser's clock.
    pub(super) expires_at: Option<i64>,
    /// What it is, once it is uploaded.
    pub(super) stored: Option<StoredFile>,
    /// The text that goes with it, once the person has said to send it; an empty one is none.
    pub(super) sent_with: Option<String>,
    /// Of a picture, once it is known.
    pub(super) pixels: Option<Pixels>,
    /// How long a recording is.
    pub(super) seconds: Option<u32>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its turn comes.
    Waiting,
    /// So many bytes have arrived.
    Uploading(u64),
    /// It is tried again by itself.
    Paused,
    /// It is uploaded.
    Ready,
    /// It is not sent.
    Refused(Reason),
}

impl Kept {
    /// As JSON.
    pub(super) fn write(&self) -> String {
        let mut map = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                map.insert(key.to_owned(), value);
            }
        };
        put("name", Some(self.name.as_str().into()));
        put("size", Some(self.size.into()));
        put("mimeType", Some(self.mime_type.as_str().into()));
        put("location", self.location.as_deref().map(Value::from));
        put("expiresAt", self.expires_at.map(Value::from));
        put("stored", self.stored.as_ref().map(stored_json));
        put("sentWith", self.sent_with.as_deref().map(Value::from));
        put("width", self.pixels.map(|(width, _)| width.into()));
        put("height", self.pixels.map(|(_, height)| height.into()));
        put("seconds", self.seconds.map(Value::from));
        text_of(&Value::Object(map))
    }

    /// What [`Kept::write`] wrote.
    pub(super) fn read(text: &str) -> Option<Self> {
        let kept = parse(text).ok()?;
        let said = |key: &str| kept.get(key).and_then(Value::as_str).map(str::to_owned);
        let number = |key: &str| kept.get(key)?.as_u64()?.try_into().ok();
        Some(Self {
            name: said("name")?,
            size: kept.get("size")?.as_u64()?,
            mime_type: said("mimeType")?,
            location: said("location"),
            expires_at: kept.get("expiresAt").and_then(Value::as_i64),
            stored: kept.get("stored").and_then(stored_in),
            sent_with: said("sentWith"),
            pixels: number("width").zip(number("height")),
            seconds: number("seconds"),
        })
    }

    fn forget_upload(&mut self) {
        self.location = None;
        self.expires_at = None;
        self.stored = None;
    }
}

/// A [`StoredFile`] as a message and a note have it.
pub(super) fn stored_json(file: &StoredFile) -> Value {
    Value::Object(object([
        ("mediaUrl", file.media_url.as_str().into()),
        ("mimeType", file.mime_type.as_str().into()),
        ("size", file.size.into()),
        ("mediaName", file.media_name.as_str().into()),
    ]))
}

/// A [`StoredFile`] as the relay writes it. Its reader would be larger than all that is done with it.
pub(super) fn stored_in(said: &Value) -> Option<StoredFile> {
    let text = |key: &str| said.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(StoredFile {
        media_url: text("mediaUrl")?,
        mime_type: text("mimeType")?,
        size: said.get("size")?.as_u64()?,
        media_name: text("mediaName")?,
    })
}

impl Item {
    /// A file that was picked just now.
    pub(super) fn picked(id: ClientId, kept: Kept, checked: Result<(), Reason>) -> Self {
        let stage = match checked {
            Ok(()) => Stage::Waiting,
            Err(reason) => Stage::Refused(reason),
        };
        Self { id, kept, stage }
    }

    /// A file of an earlier page, of which the browser still has the bytes or has not.
    pub(super) fn of_earlier(id: ClientId, kept: Kept, has_bytes: bool, now_ms: i64) -> Self {
        let mut item = Self {
            id,
            kept,
            stage: Stage::Ready,
        };
        if item.is_stale(now_ms) {
            item.kept.forget_upload();
        }
        if item.kept.stored.is_none() {
            item.stage = match has_bytes {
                true => Stage::Waiting,
                false => Stage::Refused(Reason::Lost),
            };
        }
        item
    }

    /// Whether it was picked so long ago that it is not sent by itself any more, like a message that was not sent for so long.
    /// Its id says when.
    pub(super) fn is_old(&self, now_ms: i64) -> bool {
        let digits = self.id.as_str().chars().filter(|digit| *digit != '-').take(12);
        let picked_at = i64::from_str_radix(&digits.collect::<String>(), 16);
        picked_at.is_ok_and(|at| now_ms.saturating_sub(at) > SENT_BY_ITSELF_WITHIN_MS)
    }

    /// Whether it is uploaded, but so long ago that the relay has forgotten it, or will have before its message arrives.
    pub(super) fn is_stale(&self, now_ms: i64) -> bool {
        let is_late = |end: i64| end.saturating_sub(TOO_LATE_MS) <= now_ms;
        self.kept.stored.is_some() && self.kept.expires_at.is_some_and(is_late)
    }

    /// It is uploaded from its beginning again, and keeps the text that goes with it.
    pub(super) fn upload_again(&mut self) {
        self.kept.forget_upload();
        self.stage = Stage::Waiting;
    }

    /// Whether a press on the send button sends it.
    pub(super) fn waits_for_the_button(&self) -> bool {
        self.kept.sent_with.is_none() && !matches!(self.stage, Stage::Refused(_))
    }

    /// The text that goes with it, if there is any.
    pub(super) fn text(&self) -> Option<&str> {
        self.kept.sent_with.as_deref().filter(|text| !text.is_empty())
    }

    /// It is not sent: a text that was to go with it is handed back, and it waits for another press of the button if it is
    /// uploaded after all.
    pub(super) fn refuse(&mut self, reason: Reason) -> Option<String> {
        self.stage = Stage::Refused(reason);
        self.kept.sent_with.take().filter(|text| !text.is_empty())
    }

    /// It is not sent by itself any more: a text that was to go with it is handed back, unless it is `of_another` person, who alone
    /// may read it.
    pub(super) fn hold_back(&mut self, of_another: bool) -> Option<String> {
        let text = self.kept.sent_with.take();
        text.filter(|text| !text.is_empty() && !of_another)
    }

    /// Whether it can be posted now.
    pub(super) fn is_due(&self) -> bool {
        self.stage == Stage::Ready && self.kept.sent_with.is_some()
    }

    /// How much of it has arrived, from 0 to 1; `None` where there is nothing to show of it.
    pub(super) fn progress(&self) -> Option<f64> {
        match self.stage {
            Stage::Waiting | Stage::Paused => Some(0.0),
            Stage::Uploading(arrived) => Some(arrived as f64 / self.kept.size.max(1) as f64),
            Stage::Ready | Stage::Refused(_) => None,
        }
    }
}

/// Says that everything that waits for the button is sent: the text goes with the first.
pub(super) fn send_all(items: &mut [Item], text: &str) {
    let mut text = Some(text);
    for item in items.iter_mut().filter(|item| item.waits_for_the_button()) {
        item.kept.sent_with = Some(text.take().unwrap_or_default().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, stage: Stage) -> Item {
        Item {
            id: ClientId::new(id),
            kept: Kept {
                size: 200,
                ..Kept::default()
            },
            stage,
        }
    }

    fn file() -> StoredFile {
        StoredFile {
            media_url: "https://chat.example/files/f1".into(),
            mime_type: "image/png".into(),
            size: 1,
            media_name: "a.png".into(),
        }
    }

    #[test]
    fn a_text_is_handed_back_to_the_person_who_wrote_it_alone() {
        for (text, of_another, back) in [
            ("Here it is", false, Some("Here it is")),
            ("Here it is", true, None),
            ("", false, None),
        ] {
            let mut item = item("f-1", Stage::Ready);
            item.kept.sent_with = Some(text.to_owned());
            assert_eq!(item.hold_back(of_another).as_deref(), back);
            assert!(item.waits_for_the_button());
        }
    }

    #[test]
    fn the_text_goes_with_the_first_file_that_can_be_sent() {
        let mut items = [
            item("a", Stage::Refused(Reason::Empty)),
            item("b", Stage::Uploading(5)),
            item("c", Stage::Ready),
        ];
        send_all(&mut items, "Look");
        let texts: Vec<_> = items.iter().map(|item| item.kept.sent_with.as_deref()).collect();
        assert_eq!(texts, [None, Some("Look"), Some("")]);
        assert_eq!(items[1].text(), Some("Look"));
        assert_eq!(items[2].text(), None);
        assert!(!items[1].is_due() && items[2].is_due());
        send_all(&mut items, "Once more");
        assert_eq!(items[1].text(), Some("Look"), "what is sent keeps its text");
    }

    #[test]
    fn a_file_that_is_refused_hands_its_text_back_once() {
        let mut items = [item("a", Stage::Uploading(5)), item("b", Stage::Ready)];
        send_all(&mut items, "Look");
        assert_eq!(items[0].refuse(Reason::WrongType).as_deref(), Some("Look"));
        assert_eq!(items[0].stage, Stage::Refused(Reason::WrongType));
        assert_eq!((items[0].text(), items[0].is_due()), (None, false));
        assert_eq!(items[0].refuse(Reason::WrongType), None, "it is there once");
        assert_eq!(items[1].refuse(Reason::Trouble), None, "there was none");
    }

    #[test]
    fn a_file_of_an_earlier_page_needs_its_bytes_unless_it_is_uploaded() {
        let of = |stored, has_bytes| {
            let kept = Kept {
                stored,
                ..Kept::default()
            };
            Item::of_earlier(ClientId::new("a"), kept, has_bytes, 0).stage
        };
        assert_eq!(of(Some(file()), false), Stage::Ready);
        assert_eq!(of(None, true), Stage::Waiting);
        assert_eq!(of(None, false), Stage::Refused(Reason::Lost));
    }

    #[test]
    fn a_file_that_the_relay_has_forgotten_is_uploaded_again_with_its_text() {
        const END: i64 = 86_400_000;
        let kept = Kept {
            location: Some("/api/files/f1".into()),
            expires_at: Some(END),
            stored: Some(file()),
            sent_with: Some("Look".into()),
            ..Kept::default()
        };
        let at = |now_ms, has_bytes| Item::of_earlier(ClientId::new("a"), kept.clone(), has_bytes, now_ms);
        let fresh = at(END - TOO_LATE_MS - 1, false);
        assert_eq!((fresh.stage, fresh.is_due()), (Stage::Ready, true));
        assert_eq!(fresh.kept, kept);

        let stale = at(END - TOO_LATE_MS, true);
        assert_eq!((stale.stage, stale.text()), (Stage::Waiting, Some("Look")));
        assert_eq!((&stale.kept.location, &stale.kept.stored), (&None, &None));
        assert_eq!(at(END, false).stage, Stage::Refused(Reason::Lost));

        let mut open_for_long = fresh;
        assert!(open_for_long.is_stale(END));
        open_for_long.upload_again();
        assert_eq!(open_for_long, stale);
    }

    #[test]
    fn an_id_says_how_old_a_file_is() {
        let picked = item("01985c40-6a00-7abc-8000-000000000001", Stage::Ready);
        let at = 0x0198_5c40_6a00;
        assert!(!picked.is_old(at) && !picked.is_old(at + SENT_BY_ITSELF_WITHIN_MS) && !picked.is_old(0));
        assert!(picked.is_old(at + SENT_BY_ITSELF_WITHIN_MS + 1));
        assert!(!item("of a host", Stage::Ready).is_old(at));
    }

    #[test]
    fn progress_is_a_part_of_the_whole() {
        assert_eq!(item("a", Stage::Uploading(50)).progress(), Some(0.25));
        assert_eq!(item("a", Stage::Ready).progress(), None);
        assert_eq!(item("a", Stage::Paused).progress(), Some(0.0));
    }

    #[test]
    fn what_is_kept_is_read_back_and_what_an_older_version_kept_too() {
        let kept = Kept {
            name: "Zelt ⛺.png".into(),
            size: 7,
            mime_type: "image/png".into(),
            location: Some("/api/files/f1".into()),
            expires_at: Some(86_400_000),
            stored: Some(file()),
            sent_with: Some(String::new()),
            pixels: Some((4, 3)),
            seconds: Some(12),
        };
        assert_eq!(Kept::read(&kept.write()), Some(kept));
        assert!(Kept::read(r#"{"name":"a","size":1,"mimeType":""}"#).is_some());
        assert_eq!(Kept::read("{}"), None);
    }

    #[test]
    fn a_stored_file_is_read_as_the_relay_writes_it() {
        let said = serde_json::to_value(file()).expect("JSON");
        assert_eq!(stored_in(&said), Some(file()));
        assert_eq!(stored_json(&file()), said);
    }
}
