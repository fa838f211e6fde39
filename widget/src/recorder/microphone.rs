//! The visitor's microphone, which the browser gives when the visitor allows it.

use crate::state::VoiceFormat;
use js_sys::{Promise, Reflect};
use portico_ui::browser::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AnalyserNode, AudioContext, Blob, BlobEvent, MediaRecorder, MediaRecorderOptions, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

/// What a recorder is asked for: speech needs no more.
const BITS_PER_SECOND: u32 = 48_000;

/// Samples that the level is the peak of: at 48 kHz, about as long as it is until the next look.
const SAMPLES: usize = 4_096;

/// A sample of silence.
const SILENCE: u8 = 128;

/// Why nothing is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The visitor, the browser or the page around does not allow it.
    Refused,
    /// There is no microphone, or it cannot be used.
    NoMicrophone,
}

/// A microphone that is open. It is closed when this is dropped, and what records from it ends.
pub(super) struct Microphone {
    stream: MediaStream,
    meter: Option<Meter>,
}

/// A recording that has begun.
pub(super) struct Recording {
    pub(super) recorder: MediaRecorder,
    recorded: Promise,
}

/// How loud it is.
struct Meter {
    context: AudioContext,
    analyser: AnalyserNode,
}

impl Microphone {
    /// Asks for it: browsers ask the visitor.
    pub(super) async fn open() -> Result<Self, Trouble> {
        let asked = ask().map_err(|error| trouble(&error))?;
        let stream = JsFuture::from(asked).await.map_err(|error| trouble(&error))?;
        let stream: MediaStream = stream.unchecked_into();
        let meter = Meter::of(&stream).ok();
        Ok(Self { stream, meter })
    }

    /// Records from it, until the recorder is stopped or the microphone is gone.
    pub(super) fn record(&self, format: VoiceFormat) -> Result<Recording, Trouble> {
        let options = MediaRecorderOptions::new();
        options.set_mime_type(format.codec);
        options.set_audio_bits_per_second(BITS_PER_SECOND);
        let recorder = MediaRecorder::new_with_media_stream_and_media_recorder_options(&self.stream, &options);
        let recorder = recorder.map_err(|_| Trouble::NoMicrophone)?;
        // Without slices there is one event, with all of it.
        let recorded = Promise::new(&mut |resolve, _| recorder.set_ondataavailable(Some(&resolve)));
        recorder.start().map_err(|_| Trouble::NoMicrophone)?;
        Ok(Recording { recorder, recorded })
    }

    /// How loud it is, from 0 to 1.
    pub(super) fn level(&self) -> f64 {
        self.meter.as_ref().map_or(0.0, Meter::level)
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        for track in self.stream.get_tracks() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
        if let Some(meter) = &self.meter {
            // One that is closed already stays so.
            let _ = meter.context.close();
        }
    }
}

impl Recording {
    /// What was recorded, once it has ended; `None` if there is nothing.
    pub(super) async fn end(recorded: Promise) -> Option<Blob> {
        let event: BlobEvent = JsFuture::from(recorded).await.ok()?.unchecked_into();
        event.data().filter(|blob| blob.size() > 0.0)
    }

    /// The recorder, and what is settled when it has ended.
    pub(super) fn into_parts(self) -> (MediaRecorder, Promise) {
        (self.recorder, self.recorded)
    }
}

impl Meter {
    fn of(stream: &MediaStream) -> Result<Self, JsValue> {
        let context = AudioContext::new()?;
        let analyser = context.create_analyser()?;
        analyser.set_fft_size(SAMPLES as u32);
        context
            .create_media_stream_source(stream)?
            .connect_with_audio_node(&analyser)?;
        // Some browsers begin with it at rest. One that stays so shows no level.
        let _ = context.resume()?;
        Ok(Self { context, analyser })
    }

    fn level(&self) -> f64 {
        let mut samples = [SILENCE; SAMPLES];
        self.analyser.get_byte_time_domain_data(&mut samples);
        peak(&samples)
    }
}

/// The peak of some samples, from 0 to 1.
fn peak(samples: &[u8]) -> f64 {
    let peak = samples.iter().map(|sample| sample.abs_diff(SILENCE)).max();
    f64::from(peak.unwrap_or_default()) / f64::from(SILENCE)
}

fn ask() -> Result<Promise, JsValue> {
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio(&JsValue::TRUE);
    window()
        .navigator()
        .media_devices()?
        .get_user_media_with_constraints(&constraints)
}

fn trouble(error: &JsValue) -> Trouble {
    let name = Reflect::get(error, &JsValue::from_str("name"));
    match name.ok().and_then(|name| name.as_string()).as_deref() {
        Some("NotAllowedError" | "SecurityError") => Trouble::Refused,
        _ => Trouble::NoMicrophone,
    }
}

#[cfg(test)]
mod tests {
    use super::{SAMPLES, SILENCE, peak};

    #[test]
    fn the_level_is_the_peak_on_either_side_of_silence() {
        assert!(peak(&[SILENCE; SAMPLES]).abs() < f64::EPSILON);
        assert!((peak(&[SILENCE, 64, 160]) - 0.5).abs() < f64::EPSILON);
        assert!((peak(&[0, 255]) - 1.0).abs() < f64::EPSILON);
        assert!(peak(&[]).abs() < f64::EPSILON);
    }
}
