//! What is wrong with what customers may send beside texts and files.

use super::Check;
use portico_core::config::Composer;

/// The longest voice note that a channel may allow, in seconds.
const MAX_VOICE_SECONDS: u32 = 600;

impl Check<'_> {
    /// What customers of a channel may send.
    pub(super) fn composer(&mut self, at: &str, composer: &Composer) {
        if composer.voice_seconds > MAX_VOICE_SECONDS {
            self.wrong(
                format!("{at}.voice_seconds"),
                &composer.voice_seconds.to_string(),
                format!("no voice note is longer than {MAX_VOICE_SECONDS} seconds"),
            );
        }
    }
}
