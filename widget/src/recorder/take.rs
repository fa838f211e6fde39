//! One voice note, from the question for the microphone to the press on the send button.

use super::microphone::{Microphone, Recording, Trouble};
use crate::i18n::t;
use crate::state::{Chat, Instead, VoiceFormat, is_meant};
use gloo_timers::callback::Interval;
use js_sys::Array;
use leptos::prelude::*;
use web_sys::{Blob, File, FilePropertyBag, MediaRecorder, RecordingState, Url};

use portico_ui::attachments::Tray;
use portico_ui::browser::now_ms;
use portico_ui::time::stopwatch;

/// How often time and level are looked at, in milliseconds.
const LOOK_EVERY_MS: u32 = 100;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The browser asks the visitor.
    Asking,
    /// It records.
    Recording,
    /// It can be listened to, sent or thrown away.
    Recorded,
    /// Nothing is recorded.
    Failed(Trouble),
}

/// One voice note. A cheap handle, which lives as long as its view: with it the microphone is closed.
#[derive(Clone, Copy)]
pub(super) struct Take {
    chat: Chat,
    files: Tray,
    pub(super) stage: RwSignal<Stage>,
    /// How long it is so far, in milliseconds.
    pub(super) length_ms: RwSignal<i64>,
    /// How loud it is, from 0 to 1.
    pub(super) level: RwSignal<f64>,
    held: StoredValue<Held, LocalStorage>,
}

/// What the browser holds of it.
#[derive(Default)]
struct Held {
    /// What looks at time and level. It ends before what it looks at.
    _clock: Option<Interval>,
    recorder: Option<MediaRecorder>,
    microphone: Option<Microphone>,
    recorded: Option<Recorded>,
}

/// What was recorded.
struct Recorded {
    bytes: Blob,
    /// Where this document can play it.
    address: String,
    format: VoiceFormat,
    /// When it was there to be listened to.
    began_ms: i64,
}

impl Recorded {
    fn file(&self) -> Option<File> {
        let options = FilePropertyBag::new();
        options.set_type(self.format.media_type);
        let name = [t().body_audio(), self.format.ending].concat();
        File::new_with_blob_sequence_and_options(&Array::of1(&self.bytes), &name, &options).ok()
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        // An address that is gone is no fault.
        let _ = Url::revoke_object_url(&self.address);
    }
}

impl Take {
    pub(super) fn new(chat: Chat, files: Tray) -> Self {
        Self {
            chat,
            files,
            stage: RwSignal::new(Stage::Asking),
            length_ms: RwSignal::new(0),
            level: RwSignal::new(0.0),
            held: StoredValue::new_local(Held::default()),
        }
    }

    /// Asks for the microphone, and records.
    pub(super) fn begin(self) {
        self.held.set_value(Held::default());
        self.stage.set(Stage::Asking);
        self.announce(t().voice_asking().to_owned());
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the recording; a view that is gone by then has closed the microphone"
        )]
        leptos::task::spawn_local(async move {
            if let Err(trouble) = self.record().await {
                self.fail(trouble);
            }
        });
    }

    /// Records, and waits for the end of it.
    async fn record(self) -> Result<(), Trouble> {
        let microphone = Microphone::open().await?;
        // The visitor may have gone on meanwhile, or closed the window: the microphone is closed then.
        let still_asks = self.stage.try_get_untracked() == Some(Stage::Asking);
        if !still_asks || !untrack(|| self.chat.document.host.is_open()) {
            return Ok(());
        }
        let format = untrack(|| self.chat.voice_format()).ok_or(Trouble::NoMicrophone)?;
        let (recorder, recorded) = microphone.record(format)?.into_parts();
        let began_ms = now_ms();
        let clock = Interval::new(LOOK_EVERY_MS, move || self.look(began_ms));
        self.held.set_value(Held {
            _clock: Some(clock),
            recorder: Some(recorder),
            microphone: Some(microphone),
            recorded: None,
        });
        self.length_ms.set(0);
        self.stage.set(Stage::Recording);
        self.announce(t().voice_recording().to_owned());
        let bytes = Recording::end(recorded).await;
        if self.stage.try_get_untracked() == Some(Stage::Recording) {
            self.take_up(bytes.ok_or(Trouble::NoMicrophone)?, format);
        }
        Ok(())
    }

    /// Looks at time and level; at the longest that the channel takes it ends.
    fn look(self, began_ms: i64) {
        let longest = self.longest_ms();
        let length = now_ms().saturating_sub(began_ms).clamp(0, longest);
        self.length_ms.try_set(length);
        let level = self
            .held
            .try_with_value(|held| held.microphone.as_ref().map_or(0.0, Microphone::level));
        self.level.try_set(level.unwrap_or_default());
        if length >= longest {
            self.stop();
        }
    }

    /// Ends the recording, if it is under way.
    pub(super) fn stop(self) {
        self.held.try_with_value(|held| {
            if let Some(recorder) = held
                .recorder
                .as_ref()
                .filter(|it| it.state() == RecordingState::Recording)
            {
                // One that has ended by itself has said so.
                let _ = recorder.stop();
            }
        });
    }

    fn take_up(self, bytes: Blob, format: VoiceFormat) {
        let Ok(address) = Url::create_object_url_with_blob(&bytes) else {
            return self.fail(Trouble::NoMicrophone);
        };
        self.held.set_value(Held {
            recorded: Some(Recorded {
                bytes,
                address,
                format,
                began_ms: now_ms(),
            }),
            ..Held::default()
        });
        self.announce(t().voice_recorded(&stopwatch(self.length_ms.get_untracked())));
        self.stage.set(Stage::Recorded);
    }

    fn fail(self, trouble: Trouble) {
        if self.stage.try_get_untracked().is_none() {
            return;
        }
        self.held.set_value(Held::default());
        self.announce(sentence(trouble).to_owned());
        self.stage.set(Stage::Failed(trouble));
    }

    /// Where this document can play it.
    pub(super) fn address(self) -> Option<String> {
        let address = |held: &Held| held.recorded.as_ref().map(|recorded| recorded.address.clone());
        self.held.with_value(address)
    }

    /// Gives it to those who upload files. One that they have no room for stays, and so does one whose button was meant to end
    /// the recording.
    pub(super) fn send(self) {
        let length = seconds(self.length_ms.get_untracked());
        let is_given = self.held.with_value(|held| {
            let recorded = held.recorded.as_ref()?;
            let file = recorded.file().filter(|_| is_meant(recorded.began_ms))?;
            Some(self.files.send_recording(file, length))
        });
        match is_given {
            Some(true) => self.leave(),
            Some(false) => self.announce(t().file_left_out().to_owned()),
            None => {}
        }
    }

    /// The window is closed, or asks for consent: it does not go on listening, and does not begin to when the browser has been
    /// answered.
    pub(super) fn is_out_of_sight(self) {
        match self.stage.get_untracked() {
            Stage::Asking => self.chat.nothing_instead(Instead::Voice),
            Stage::Recording => self.stop(),
            Stage::Recorded | Stage::Failed(_) => {}
        }
    }

    /// The view is gone. What was not sent when the chat ended is said.
    pub(super) fn is_gone(self) {
        let is_lost = matches!(self.stage.try_get_untracked(), Some(Stage::Recording | Stage::Recorded));
        if is_lost && untrack(|| self.chat.is_over()) {
            self.announce(t().refused_ended().to_owned());
        }
        self.chat.nothing_instead(Instead::Voice);
    }

    /// Throws it away, and goes back to writing.
    pub(super) fn leave(self) {
        self.chat.write_again();
    }

    /// The longest that the channel takes, in milliseconds.
    pub(super) fn longest_ms(self) -> i64 {
        let seconds = self
            .chat
            .document
            .config
            .with_untracked(|config| config.composer.voice_seconds);
        i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000)
    }

    fn announce(self, sentence: String) {
        self.chat.document.announcer.announce(sentence);
    }
}

/// What a visitor is told of a trouble.
pub(super) fn sentence(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Refused => t().voice_refused(),
        Trouble::NoMicrophone => t().voice_none(),
    }
}

/// Whole seconds, of which a recording has one at least.
fn seconds(length_ms: i64) -> u32 {
    u32::try_from((length_ms + 500) / 1_000).unwrap_or_default().max(1)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_recording_has_a_second_at_least() {
        assert_eq!([0, 499, 1_499, 1_500, 120_000].map(seconds), [1, 1, 1, 2, 120]);
    }
}
