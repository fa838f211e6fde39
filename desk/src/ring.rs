//! What an agent hears. Tones are made in code, so there is no file to load. A browser lets a page sound only after
//! the person touched it, so [`Ringer::unlock`] is called on the first click or key press; until then ringing is
//! silent and the title and the screen have to do.

use gloo_timers::callback::Interval;
use web_sys::{AudioContext, OscillatorType};

/// A ring repeats after this many milliseconds.
const RING_EVERY_MS: u32 = 2_600;
/// Loud enough for a headset, soft enough for eight hours: the gain of a ring, from 0 to 1.
const RING_GAIN: f32 = 0.16;
/// The gain of the short sound of a new message.
const CHIME_GAIN: f32 = 0.07;

/// One note: frequency in hertz, start and length in seconds from now.
struct Note(f32, f64, f64);

const RING: &[Note] = &[
    Note(659.25, 0.0, 0.16),
    Note(880.0, 0.18, 0.22),
    Note(659.25, 0.52, 0.16),
    Note(880.0, 0.70, 0.3),
];
const CHIME: &[Note] = &[Note(784.0, 0.0, 0.09), Note(1046.5, 0.08, 0.14)];

/// Owns the audio context and the repeating ring.
#[derive(Default)]
pub(crate) struct Ringer {
    context: Option<AudioContext>,
    ringing: Option<Interval>,
}

impl Ringer {
    /// Makes sound possible. Call it from a click or key press; calling it again does nothing.
    pub(crate) fn unlock(&mut self) {
        match &self.context {
            Some(context) => {
                let _ = context.resume();
            }
            None => self.context = AudioContext::new().ok(),
        }
    }

    /// Starts or stops the repeating ring.
    pub(crate) fn ring(&mut self, on: Ring) {
        match (on, &self.ringing) {
            (Ring::Off, _) => self.ringing = None,
            (Ring::On, Some(_)) => {}
            (Ring::On, None) => {
                let Some(context) = self.context.clone() else { return };
                play(&context, RING, RING_GAIN);
                self.ringing = Some(Interval::new(RING_EVERY_MS, move || play(&context, RING, RING_GAIN)));
            }
        }
    }

    /// Sounds once for a new message.
    pub(crate) fn chime(&self) {
        if let Some(context) = &self.context {
            play(context, CHIME, CHIME_GAIN);
        }
    }
}

/// Whether it should ring now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ring {
    /// A reservation waits for an answer.
    On,
    /// Nothing waits, or the agent muted the desk.
    Off,
}

/// A note that the browser refuses is left out: the title and the screen say the same.
fn play(context: &AudioContext, notes: &[Note], gain: f32) {
    for note in notes {
        let _ = play_note(context, note, gain);
    }
}

fn play_note(context: &AudioContext, note: &Note, gain: f32) -> Result<(), leptos::wasm_bindgen::JsValue> {
    let Note(frequency, after, length) = *note;
    let start = context.current_time() + after;
    let oscillator = context.create_oscillator()?;
    let envelope = context.create_gain()?;
    oscillator.set_type(OscillatorType::Triangle);
    oscillator.frequency().set_value(frequency);
    // Without a slope at both ends a note begins and ends with a click.
    envelope.gain().set_value_at_time(0.0, start)?;
    envelope.gain().linear_ramp_to_value_at_time(gain, start + 0.02)?;
    envelope
        .gain()
        .exponential_ramp_to_value_at_time(0.001, start + length)?;
    oscillator.connect_with_audio_node(&envelope)?;
    envelope.connect_with_audio_node(&context.destination())?;
    oscillator.start_with_when(start)?;
    oscillator.stop_with_when(start + length + 0.02)?;
    Ok(())
}
