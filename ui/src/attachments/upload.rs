//! One upload by tus 1.0 (<https://tus.io>), step by step: what to ask next, and what an answer means. It can go on after
//! a cut and after a reload, because the relay says how much it has.

use super::item::stored_in;
use super::rules::Reason;
use portico_shared::http::StoredFile;
use portico_shared::json::Value;

/// At most this much goes in one request, so that a cut costs little.
const CHUNK_BYTES: u64 = 1 << 20;

/// An upload that the relay has forgotten begins anew this often.
const BEGINNINGS_AT_MOST: u32 = 3;

/// The relay is asked this often in a row while it answers that it cannot.
const TRIES_AT_MOST: u32 = 8;

/// The first delay before another try, in milliseconds; each one after is twice as long, up to the longest.
const FIRST_DELAY_MS: u64 = 1_000;
const LONGEST_DELAY_MS: u64 = 30_000;

/// A relay that asks for more than this has taken enough for now: the person decides, rather than a wait of hours.
const LONGEST_WAIT_MS: u64 = 60_000;

/// What to ask of the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// For a place to upload to.
    Create,
    /// How much it has of what lies at this path.
    Ask(String),
    /// What became of the whole file, which it has: the answer to the last bytes was lost.
    Look(String),
    /// To take these bytes.
    Send {
        /// Where.
        path: String,
        /// The first.
        from: u64,
        /// Behind the last.
        to: u64,
    },
}

impl Step {
    /// How much of the file has arrived before it.
    pub(super) fn from(&self) -> u64 {
        match self {
            Self::Send { from, .. } => *from,
            Self::Create | Self::Ask(_) | Self::Look(_) => 0,
        }
    }
}

/// What the relay answered; status 0 if nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) offset: Option<u64>,
    pub(super) retry_after_ms: Option<u64>,
    /// How long the relay keeps the upload if it is not posted.
    pub(super) lasts_ms: Option<i64>,
    pub(super) body: String,
}

/// What follows from an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The next step.
    GoOn,
    /// The whole file is there.
    Stored(StoredFile),
    /// Nothing arrived, or the relay cannot at the moment: again after so many milliseconds.
    Later(u64),
    /// The token has ended: the next step with a new one.
    NewToken,
    /// It will not be taken.
    Refused(Reason),
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Upload {
    size: u64,
    /// The path on the relay.
    location: Option<String>,
    /// What the relay has; unknown after a cut.
    offset: Option<u64>,
    /// The most that it is known to have had: to hear of less or as much again is no progress.
    reached: u64,
    beginnings: u32,
    /// Answers in a row that led nowhere: nothing that came back, and what the relay gave.
    cuts: u32,
    tries: u32,
}

impl Upload {
    /// The upload of so many bytes, which goes on at `location` if it has begun.
    pub(super) fn new(size: u64, location: Option<String>) -> Self {
        Self {
            size,
            location,
            offset: None,
            reached: 0,
            beginnings: 0,
            cuts: 0,
            tries: 0,
        }
    }

    /// Where it lies, once the relay has given it a place.
    pub(super) fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// What to ask next.
    pub(super) fn next(&self) -> Step {
        match (&self.location, self.offset) {
            (None, _) => Step::Create,
            (Some(path), None) => Step::Ask(path.clone()),
            (Some(path), Some(all)) if all >= self.size => Step::Look(path.clone()),
            (Some(path), Some(from)) => Step::Send {
                path: path.clone(),
                from,
                to: (from + CHUNK_BYTES).min(self.size),
            },
        }
    }

    /// Takes in an answer to the step at hand.
    pub(super) fn answered(&mut self, answer: &Answer) -> Outcome {
        match answer.status {
            200..=299 => self.went_well(answer),
            401 => self.again(Outcome::NewToken),
            404 | 410 => self.is_gone(),
            // Another tab has sent some of it, or an answer was lost: the relay knows.
            409 | 423 if self.location.is_some() => {
                self.offset = None;
                self.again(Outcome::GoOn)
            }
            413 if says(&answer.body, "picture_too_large") => Outcome::Refused(Reason::TooManyPixels),
            413 => Outcome::Refused(Reason::TooLarge),
            415 => Outcome::Refused(Reason::WrongType),
            0 => {
                self.offset = None;
                self.cuts += 1;
                Outcome::Later(delay(self.cuts))
            }
            429 if says(&answer.body, "too_many_files") => Outcome::Refused(Reason::Quota),
            429 if answer.retry_after_ms > Some(LONGEST_WAIT_MS) => Outcome::Refused(Reason::Quota),
            408 | 425 | 429 | 500.. => {
                self.offset = None;
                let wait = answer.retry_after_ms.unwrap_or(0).max(delay(self.tries + 1));
                self.again(Outcome::Later(wait))
            }
            _ => Outcome::Refused(Reason::Trouble),
        }
    }

    fn went_well(&mut self, answer: &Answer) -> Outcome {
        if let Some(stored) = stored(&answer.body) {
            return Outcome::Stored(stored);
        }
        match (&answer.location, answer.offset) {
            (Some(location), _) if self.location.is_none() => {
                self.location = Some(location.clone());
                self.offset = Some(0);
                self.tries = 0;
            }
            (_, Some(offset)) if offset <= self.size => {
                if self.offset == Some(offset) {
                    // Not a byte further: an endless loop otherwise.
                    return self.again(Outcome::GoOn);
                }
                self.offset = Some(offset);
                if offset > self.reached {
                    (self.reached, self.tries) = (offset, 0);
                }
            }
            _ => return self.again(Outcome::Later(FIRST_DELAY_MS)),
        }
        self.cuts = 0;
        Outcome::GoOn
    }

    /// The relay does not know it, or not any more: from the beginning.
    fn is_gone(&mut self) -> Outcome {
        self.beginnings += 1;
        if self.location.is_none() || self.beginnings >= BEGINNINGS_AT_MOST {
            return Outcome::Refused(Reason::Trouble);
        }
        self.location = None;
        self.offset = None;
        self.reached = 0;
        Outcome::GoOn
    }

    /// Goes on so, unless that has led nowhere too often.
    fn again(&mut self, outcome: Outcome) -> Outcome {
        self.tries += 1;
        match self.tries {
            0..TRIES_AT_MOST => outcome,
            _ => Outcome::Refused(Reason::Trouble),
        }
    }
}

/// The file as the answer to its last bytes says, or a link to it, which has its path alone.
fn stored(body: &str) -> Option<StoredFile> {
    let said = portico_shared::json::parse(body).ok()?;
    stored_in(&said).or_else(|| {
        let address = said.get("url")?.as_str()?;
        Some(StoredFile {
            media_url: address.split('?').next().unwrap_or_default().to_owned(),
            mime_type: said.get("mime_type")?.as_str()?.to_owned(),
            size: said.get("size")?.as_u64()?,
            media_name: said.get("name")?.as_str()?.to_owned(),
        })
    })
}

fn delay(times: u32) -> u64 {
    FIRST_DELAY_MS
        .saturating_mul(1 << times.saturating_sub(1).min(10))
        .min(LONGEST_DELAY_MS)
}

/// Whether a refusal has this code.
fn says(body: &str, code: &str) -> bool {
    let said = portico_shared::json::parse(body).unwrap_or_default();
    said.get("code").and_then(Value::as_str) == Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: u64 = CHUNK_BYTES * 2 + 5;

    fn status(status: u16) -> Answer {
        Answer {
            status,
            ..Answer::default()
        }
    }

    fn at(offset: u64) -> Answer {
        Answer {
            offset: Some(offset),
            ..status(204)
        }
    }

    fn begun() -> Upload {
        let mut upload = Upload::new(SIZE, None);
        assert_eq!(upload.next(), Step::Create);
        let created = Answer {
            location: Some("/api/files/f1".into()),
            ..status(201)
        };
        assert_eq!(upload.answered(&created), Outcome::GoOn);
        upload
    }

    fn sends(from: u64, to: u64) -> Step {
        Step::Send {
            path: "/api/files/f1".into(),
            from,
            to,
        }
    }

    fn stored() -> Answer {
        Answer {
            body: r#"{"mediaUrl":"https://chat.example/files/f1","mimeType":"image/png","size":9,"mediaName":"a.png"}"#
                .into(),
            ..status(200)
        }
    }

    #[test]
    fn a_file_goes_in_pieces_until_it_is_stored() {
        let mut upload = begun();
        assert_eq!(upload.next(), sends(0, CHUNK_BYTES));
        assert_eq!(upload.answered(&at(CHUNK_BYTES)), Outcome::GoOn);
        assert_eq!(upload.next(), sends(CHUNK_BYTES, CHUNK_BYTES * 2));
        assert_eq!(upload.answered(&at(CHUNK_BYTES * 2)), Outcome::GoOn);
        assert_eq!(upload.next(), sends(CHUNK_BYTES * 2, SIZE));
        assert!(matches!(upload.answered(&stored()), Outcome::Stored(file) if file.media_name == "a.png"));
    }

    #[test]
    fn after_a_cut_the_relay_is_asked_how_much_it_has() {
        let mut upload = begun();
        assert_eq!(upload.answered(&status(0)), Outcome::Later(1_000));
        assert_eq!(upload.next(), Step::Ask("/api/files/f1".into()));
        assert_eq!(upload.answered(&status(0)), Outcome::Later(2_000));
        assert_eq!(upload.answered(&at(17)), Outcome::GoOn);
        assert_eq!(upload.next(), sends(17, 17 + CHUNK_BYTES));
    }

    #[test]
    fn no_network_is_waited_for_as_long_as_it_takes() {
        let mut upload = begun();
        for _ in 0..100 {
            assert!(matches!(upload.answered(&status(0)), Outcome::Later(wait) if wait <= LONGEST_DELAY_MS));
        }
    }

    #[test]
    fn after_a_reload_it_goes_on_where_it_was() {
        let upload = Upload::new(SIZE, Some("/api/files/f1".into()));
        assert_eq!(upload.next(), Step::Ask("/api/files/f1".into()));
    }

    #[test]
    fn what_the_relay_has_forgotten_begins_anew_but_not_for_ever() {
        let mut upload = begun();
        assert_eq!(upload.answered(&status(404)), Outcome::GoOn);
        assert_eq!(upload.next(), Step::Create);
        let mut upload = Upload {
            beginnings: BEGINNINGS_AT_MOST - 1,
            ..begun()
        };
        assert_eq!(upload.answered(&status(410)), Outcome::Refused(Reason::Trouble));
    }

    #[test]
    fn a_refusal_says_why() {
        assert_eq!(begun().answered(&status(413)), Outcome::Refused(Reason::TooLarge));
        let huge = Answer {
            body: r#"{"code":"picture_too_large","message":"more than 51000000 pixels"}"#.into(),
            ..status(413)
        };
        assert_eq!(begun().answered(&huge), Outcome::Refused(Reason::TooManyPixels));
        assert_eq!(begun().answered(&status(415)), Outcome::Refused(Reason::WrongType));
        assert_eq!(begun().answered(&status(403)), Outcome::Refused(Reason::Trouble));
    }

    #[test]
    fn too_many_files_are_too_many_until_some_are_sent() {
        let full = Answer {
            body: r#"{"code":"too_many_files","message":"post or delete some first"}"#.into(),
            ..status(429)
        };
        assert_eq!(Upload::new(SIZE, None).answered(&full), Outcome::Refused(Reason::Quota));
    }

    #[test]
    fn too_much_for_a_day_is_refused_rather_than_waited_for() {
        let after = |seconds: u64| Answer {
            retry_after_ms: Some(seconds * 1_000),
            ..status(429)
        };
        assert_eq!(begun().answered(&after(60)), Outcome::Later(60_000));
        assert_eq!(begun().answered(&after(86_400)), Outcome::Refused(Reason::Quota));
    }

    #[test]
    fn a_file_whose_last_answer_was_lost_is_looked_up() {
        let mut upload = Upload::new(SIZE, Some("/api/files/f1".into()));
        assert_eq!(upload.answered(&at(SIZE)), Outcome::GoOn);
        assert_eq!(upload.next(), Step::Look("/api/files/f1".into()));
        let link = Answer {
            body: r#"{"url":"/files/f1?expires=1&signature=2","expires_in_seconds":540,"name":"a.png","mime_type":"image/png","size":9}"#.into(),
            ..status(200)
        };
        let outcome = upload.answered(&link);
        assert!(
            matches!(&outcome, Outcome::Stored(file) if file.media_url == "/files/f1"),
            "{outcome:?}"
        );
    }

    #[test]
    fn a_relay_that_is_busy_is_asked_again_when_it_says_and_not_for_ever() {
        let busy = Answer {
            retry_after_ms: Some(5_000),
            ..status(429)
        };
        let mut upload = begun();
        assert_eq!(upload.answered(&busy), Outcome::Later(5_000));
        let last = (1..TRIES_AT_MOST).map(|_| upload.answered(&status(503))).last();
        assert_eq!(last, Some(Outcome::Refused(Reason::Trouble)));
    }

    /// Between two refusals the relay says how much it has, which is no more than before.
    #[test]
    fn to_hear_how_much_there_is_is_no_progress() {
        let (mut upload, mut refused) = (begun(), 0);
        assert_eq!(upload.answered(&at(17)), Outcome::GoOn);
        let last = loop {
            let outcome = match upload.next() {
                Step::Ask(_) => upload.answered(&at(17)),
                Step::Send { .. } => {
                    refused += 1;
                    upload.answered(&status(503))
                }
                step @ (Step::Create | Step::Look(_)) => panic!("{step:?}"),
            };
            if let Outcome::Refused(reason) = outcome {
                break reason;
            }
            assert!(refused < 100, "for ever");
        };
        assert_eq!((last, refused), (Reason::Trouble, TRIES_AT_MOST));

        let mut upload = begun();
        for sent in 1..100 {
            assert!(matches!(upload.answered(&status(503)), Outcome::Later(_)));
            assert_eq!(upload.answered(&at(sent)), Outcome::GoOn, "it comes on, however slowly");
        }
    }

    #[test]
    fn a_relay_that_takes_no_byte_is_not_sent_them_for_ever() {
        let mut upload = begun();
        let last = (0..TRIES_AT_MOST).map(|_| upload.answered(&at(0))).last();
        assert_eq!(last, Some(Outcome::Refused(Reason::Trouble)));
    }

    #[test]
    fn an_ended_token_is_replaced() {
        assert_eq!(begun().answered(&status(401)), Outcome::NewToken);
    }

    #[test]
    fn what_was_sent_from_elsewhere_is_not_sent_again() {
        let mut upload = begun();
        assert_eq!(upload.answered(&status(409)), Outcome::GoOn);
        assert_eq!(upload.next(), Step::Ask("/api/files/f1".into()));
    }
}
