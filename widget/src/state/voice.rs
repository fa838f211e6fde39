//! Whether the visitor can record a voice note here, and as what.

use super::Chat;
use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MediaRecorder;

use portico_ui::browser::{document, window};

/// As what a voice note is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VoiceFormat {
    /// The media type with its codec, as a recorder is asked for it.
    pub(crate) codec: &'static str,
    /// The media type.
    pub(crate) media_type: &'static str,
    /// What the name of its file ends with.
    pub(crate) ending: &'static str,
}

/// What browsers record, what the most of them play first.
const FORMATS: [VoiceFormat; 4] = [
    format("audio/mp4;codecs=mp4a.40.2", "audio/mp4", ".m4a"),
    format("audio/webm;codecs=opus", "audio/webm", ".webm"),
    format("audio/ogg;codecs=opus", "audio/ogg", ".ogg"),
    format("audio/mp4", "audio/mp4", ".m4a"),
];

const fn format(codec: &'static str, media_type: &'static str, ending: &'static str) -> VoiceFormat {
    VoiceFormat {
        codec,
        media_type,
        ending,
    }
}

impl Chat {
    /// As what the browser records a voice note for this channel; `None` where the channel, the page around or the browser does
    /// not let it. Tracks.
    pub(crate) fn voice_format(self) -> Option<VoiceFormat> {
        let types = self.document.config.with(|config| {
            let takes_voice = config.composer.voice_seconds > 0;
            takes_voice.then(|| config.files.types.clone())
        })?;
        if !has_recorder() || !is_let("microphone") {
            return None;
        }
        first(&types, MediaRecorder::is_type_supported)
    }
}

/// The first format that the channel takes and the browser has.
fn first(types: &[String], is_supported: impl Fn(&str) -> bool) -> Option<VoiceFormat> {
    let is_taken = |format: &VoiceFormat| types.iter().any(|name| name == format.media_type);
    FORMATS
        .into_iter()
        .find(|format| is_taken(format) && is_supported(format.codec))
}

/// Browsers let no page record that has come without TLS, but for those of this machine.
fn has_recorder() -> bool {
    let has = |object: &JsValue, name: &str| {
        let found = Reflect::get(object, &JsValue::from_str(name));
        found.is_ok_and(|found| !found.is_undefined())
    };
    has(&window(), "MediaRecorder") && has(&window().navigator(), "mediaDevices")
}

/// Whether the page around the frame lets it use a device. Only some browsers say so; others refuse when they are asked.
pub(super) fn is_let(device: &str) -> bool {
    let policy = Reflect::get(&document(), &JsValue::from_str("featurePolicy")).unwrap_or_default();
    let ask = Reflect::get(&policy, &JsValue::from_str("allowsFeature")).ok();
    match ask.and_then(|ask| ask.dyn_into::<Function>().ok()) {
        Some(ask) => ask
            .call1(&policy, &JsValue::from_str(device))
            .is_ok_and(|is_let| is_let.is_truthy()),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn a_voice_note_is_what_the_channel_takes_and_the_browser_has() {
        let all = ["audio/ogg", "audio/webm", "audio/mp4"].map(str::to_owned);
        let in_mp4 = |codec: &str| codec.starts_with("audio/mp4");
        assert_eq!(first(&all, |_| true).map(|format| format.ending), Some(".m4a"));
        assert_eq!(
            first(&all, |codec| !in_mp4(codec)).map(|format| format.ending),
            Some(".webm")
        );
        assert_eq!(
            first(&all, |codec| codec == "audio/mp4").map(|format| format.codec),
            Some("audio/mp4")
        );
        assert_eq!(first(&all[..1], |_| true).map(|format| format.ending), Some(".ogg"));
        assert_eq!(first(&all[..1], in_mp4), None);
        assert_eq!(first(&[], |_| true), None);
    }
}
