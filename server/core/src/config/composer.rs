//! What customers of a channel may send beside texts and files.

use super::Channel;
use serde::Deserialize;

/// What customers of a channel may send beside texts and files. The relay fills in its default for a channel that says nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Composer {
    /// The longest voice note that a browser records, in seconds. 0: it records none.
    pub voice_seconds: u32,
    /// Whether they may share where they are.
    pub location: bool,
    /// Whether they may share the details of a contact.
    pub contact: bool,
}

/// Media types in which browsers record sound.
const RECORDED_AS: [&str; 3] = ["audio/mp4", "audio/webm", "audio/ogg"];

/// What a browser needs for a second of a voice note at most, in bytes: it is asked for less than half of it.
const BYTES_PER_SECOND: u64 = 16_000;

impl Channel {
    /// The longest voice note that the channel takes as a file, in seconds; 0 if it takes none.
    pub fn voice_seconds(&self) -> u32 {
        let takes_sound = self.files.types.iter().any(|name| RECORDED_AS.contains(&name.as_str()));
        let room = u32::try_from(self.files.max_bytes / BYTES_PER_SECOND).unwrap_or(u32::MAX);
        if takes_sound {
            self.composer.voice_seconds.min(room)
        } else {
            0
        }
    }
}
