//! What the visitor sends beside words and files, and what takes the place of the composer meanwhile.

use super::Chat;
use super::voice::is_let;
use leptos::prelude::*;
use portico_ui::browser::now_ms;

/// What takes the place where the visitor writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// Nothing: the visitor writes.
    Nothing,
    /// A voice note is recorded.
    Voice,
    /// A place is shared.
    Location,
    /// The details of a contact are.
    Contact,
}

/// What is sent has been there to be seen or heard for so long, in milliseconds: a second press of the button before it, in the same
/// place, sends nothing.
const SEEN_FOR_MS: i64 = 600;

/// Whether a press sends what has been there since `began_ms`.
pub(crate) fn is_meant(began_ms: i64) -> bool {
    now_ms().saturating_sub(began_ms) >= SEEN_FOR_MS
}

impl Chat {
    /// What takes the composer's place. Tracks.
    pub(crate) fn instead(self) -> Instead {
        self.document.instead.get()
    }

    /// Something takes the composer's place.
    pub(crate) fn write_instead(self, what: Instead) {
        self.fold();
        self.document.instead.set(what);
    }

    /// Records a voice note, or gives up to do so.
    pub(crate) fn toggle_recorder(self) {
        self.document.instead.update(|now| {
            *now = match *now {
                Instead::Voice => Instead::Nothing,
                Instead::Nothing | Instead::Location | Instead::Contact => Instead::Voice,
            };
        });
    }

    /// The visitor writes again, and the keyboard goes there.
    pub(crate) fn write_again(self) {
        self.document.instead.set(Instead::Nothing);
        self.to_composer();
    }

    /// What took the composer's place is gone, for whatever reason.
    pub(crate) fn nothing_instead(self, of: Instead) {
        if self.document.instead.try_get_untracked() == Some(of) {
            self.document.instead.set(Instead::Nothing);
        }
    }

    /// Whether there is something to share. Tracks.
    pub(crate) fn can_share(self) -> bool {
        self.document.config.with(|config| config.composer.contact) || self.can_be_located()
    }

    /// Whether the channel takes what a device with a camera takes. Tracks.
    pub(crate) fn takes_photos(self) -> bool {
        let is_picture = |name: &String| name == "image/jpeg";
        let files = self.document.config.with(|config| config.files.clone());
        files.max_bytes > 0 && files.types.iter().any(is_picture)
    }

    /// Whether the visitor may be asked where it is. Tracks.
    pub(crate) fn can_be_located(self) -> bool {
        self.document.config.with(|config| config.composer.location) && is_let("geolocation")
    }
}
