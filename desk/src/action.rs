//! Every action of the console and the keys that run it: the palette lists this table, the window's key handler
//! reads it, and nothing else knows a shortcut.

use crate::i18n::{self, t};
use portico_ui::browser::is_composing;
use web_sys::KeyboardEvent;

/// Something an agent can do from anywhere in the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// Accepts the most urgent reservation.
    AcceptReservation,
    /// Opens the palette.
    Palette,
    /// Makes the agent ready, or not ready.
    ToggleReady,
    /// Opens the conversation below the open one in the list.
    NextConversation,
    /// Opens the conversation above the open one in the list.
    PreviousConversation,
    /// Puts the keyboard into the composer, in reply mode.
    Reply,
    /// Switches the composer between reply and whisper.
    ToggleWhisper,
    /// Puts the first, second or third suggestion into the composer.
    Suggestion(u8),
    /// Shows or hides the customer panel.
    TogglePanel,
    /// Shows or hides system events in the timeline.
    ToggleSystem,
    /// Opens the wrap-up dialog.
    WrapUp,
    /// Ends the chat for all participants, after a question.
    EndChat,
    /// Turns sound on or off.
    ToggleSound,
    /// Turns desktop notifications of reservations on or off.
    ToggleDesktop,
    /// Switches to the next colour theme: as the system, light, dark.
    NextTheme,
    /// Forgets the session and shows the sign-in page.
    SignOut,
}

/// What must be pressed together with the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum With {
    Alt,
    /// Ctrl, or Cmd on a Mac.
    Control,
}

/// A key and what is held with it. `code` names the physical key, for layouts where Alt types another character.
struct Chord {
    with: With,
    key: &'static str,
    code: &'static str,
}

const fn alt(key: &'static str, code: &'static str) -> Option<Chord> {
    Some(Chord {
        with: With::Alt,
        key,
        code,
    })
}

impl Action {
    /// Every action, in the order in which the palette shows them.
    pub(crate) const ALL: &'static [Self] = &[
        Self::AcceptReservation,
        Self::ToggleReady,
        Self::Reply,
        Self::ToggleWhisper,
        Self::Suggestion(1),
        Self::Suggestion(2),
        Self::Suggestion(3),
        Self::NextConversation,
        Self::PreviousConversation,
        Self::WrapUp,
        Self::EndChat,
        Self::TogglePanel,
        Self::ToggleSystem,
        Self::ToggleSound,
        Self::ToggleDesktop,
        Self::NextTheme,
        Self::Palette,
        Self::SignOut,
    ];

    fn chord(self) -> Option<Chord> {
        match self {
            Self::AcceptReservation => alt("a", "KeyA"),
            Self::Palette => Some(Chord {
                with: With::Control,
                key: "k",
                code: "KeyK",
            }),
            Self::ToggleReady => alt("s", "KeyS"),
            Self::NextConversation => alt("ArrowDown", "ArrowDown"),
            Self::PreviousConversation => alt("ArrowUp", "ArrowUp"),
            Self::Reply => alt("r", "KeyR"),
            // Browsers keep Ctrl+Shift+W, which closes the window, for themselves.
            Self::ToggleWhisper => alt("w", "KeyW"),
            Self::Suggestion(1) => alt("1", "Digit1"),
            Self::Suggestion(2) => alt("2", "Digit2"),
            Self::Suggestion(_) => alt("3", "Digit3"),
            Self::TogglePanel => alt("p", "KeyP"),
            Self::ToggleSystem => alt("v", "KeyV"),
            Self::WrapUp => alt("l", "KeyL"),
            Self::EndChat => alt("x", "KeyX"),
            Self::ToggleSound => alt("m", "KeyM"),
            Self::NextTheme => alt("t", "KeyT"),
            Self::ToggleDesktop | Self::SignOut => None,
        }
    }

    /// The keys as a person reads them, one after the other; empty if the action has none.
    pub(crate) fn keys(self) -> Vec<&'static str> {
        self.keys_on(Platform::current())
    }

    /// The keys in one string, for a tooltip: `Alt+A`.
    pub(crate) fn hint(self) -> String {
        self.keys().join("+")
    }

    /// The keys in the form that `aria-keyshortcuts` wants.
    pub(crate) fn aria(self) -> Option<String> {
        self.aria_on(Platform::current())
    }

    fn keys_on(self, platform: Platform) -> Vec<&'static str> {
        let Some(chord) = self.chord() else { return Vec::new() };
        let with = match (chord.with, platform) {
            (With::Alt, Platform::Other) => t().key_alt(),
            (With::Alt, Platform::Mac) => i18n::KEY_OPTION,
            (With::Control, Platform::Other) => t().key_ctrl(),
            (With::Control, Platform::Mac) => i18n::KEY_COMMAND,
        };
        vec![with, i18n::key_name(chord.key)]
    }

    fn aria_on(self, platform: Platform) -> Option<String> {
        let chord = self.chord()?;
        let with = match (chord.with, platform) {
            (With::Alt, Platform::Mac | Platform::Other) => "Alt",
            (With::Control, Platform::Other) => "Control",
            (With::Control, Platform::Mac) => "Meta",
        };
        Some(format!("{with}+{}", i18n::key_name(chord.key)))
    }

    /// The action that a key press asks for.
    pub(crate) fn of(press: &KeyPress) -> Option<Self> {
        if press.composing || press.shift {
            return None;
        }
        let with = match (press.alt, press.control) {
            (true, false) => With::Alt,
            (false, true) => With::Control,
            (true, true) | (false, false) => return None,
        };
        let fits = |action: &&Self| {
            action
                .chord()
                .is_some_and(|chord| chord.matches(with, &press.key, &press.code))
        };
        Self::ALL.iter().find(fits).copied()
    }
}

/// A key press, as far as it can ask for an action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct KeyPress {
    key: String,
    code: String,
    alt: bool,
    /// Ctrl or Cmd.
    control: bool,
    shift: bool,
    /// An input method takes the key.
    composing: bool,
}

impl From<&KeyboardEvent> for KeyPress {
    fn from(event: &KeyboardEvent) -> Self {
        Self {
            key: event.key(),
            code: event.code(),
            alt: event.alt_key(),
            control: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            composing: is_composing(event),
        }
    }
}

impl Chord {
    /// The character decides where the layout has one; a Mac's Option key replaces it, and then the place decides.
    fn matches(&self, with: With, key: &str, code: &str) -> bool {
        // The first half of an accent is named "Dead".
        let is_named = key.chars().nth(1).is_some();
        let is_kept = key != "Dead" && (is_named || key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let fits = match is_kept {
            true => self.key.eq_ignore_ascii_case(key),
            false => self.code == code,
        };
        fits && self.with == with
    }
}

/// What decides the names of the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Platform {
    /// Option and Cmd.
    Mac,
    /// Alt and Ctrl.
    Other,
}

impl Platform {
    fn current() -> Self {
        let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
        Self::of(&agent.unwrap_or_default())
    }

    fn of(user_agent: &str) -> Self {
        let apple = ["Mac OS", "iPhone", "iPad"];
        if apple.iter().any(|name| user_agent.contains(name)) {
            Self::Mac
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(with: With, key: &str, code: &str) -> KeyPress {
        KeyPress {
            key: key.to_owned(),
            code: code.to_owned(),
            alt: with == With::Alt,
            control: with == With::Control,
            ..KeyPress::default()
        }
    }

    #[test]
    fn no_two_commands_have_the_same_keys() {
        for (at, action) in Action::ALL.iter().enumerate() {
            let Some(chord) = action.chord() else { continue };
            let of_press = Action::of(&press(chord.with, chord.key, chord.code));
            assert_eq!(of_press, Some(*action), "{action:?}, number {at}");
        }
    }

    #[test]
    fn a_letter_runs_its_command_in_either_case() {
        assert_eq!(
            Action::of(&press(With::Alt, "A", "KeyA")),
            Some(Action::AcceptReservation)
        );
        assert_eq!(Action::of(&press(With::Control, "k", "KeyK")), Some(Action::Palette));
        assert_eq!(Action::of(&press(With::Control, "a", "KeyA")), None);
    }

    #[test]
    fn the_character_decides_where_a_layout_has_it_elsewhere() {
        // On a French keyboard A lies where an English one has Q.
        assert_eq!(
            Action::of(&press(With::Alt, "a", "KeyQ")),
            Some(Action::AcceptReservation)
        );
        assert_eq!(Action::of(&press(With::Alt, "q", "KeyA")), None);
    }

    #[test]
    fn the_place_decides_where_alt_types_another_character() {
        assert_eq!(
            Action::of(&press(With::Alt, "å", "KeyA")),
            Some(Action::AcceptReservation)
        );
        assert_eq!(
            Action::of(&press(With::Alt, "Dead", "KeyA")),
            Some(Action::AcceptReservation)
        );
        assert_eq!(
            Action::of(&press(With::Alt, "¡", "Digit1")),
            Some(Action::Suggestion(1))
        );
    }

    #[test]
    fn a_key_that_types_runs_no_command() {
        let alt_a = press(With::Alt, "a", "KeyA");
        for typing in [
            KeyPress {
                shift: true,
                ..alt_a.clone()
            },
            KeyPress {
                composing: true,
                ..alt_a.clone()
            },
            // AltGr comes as both.
            KeyPress {
                control: true,
                ..alt_a.clone()
            },
            KeyPress { alt: false, ..alt_a },
        ] {
            assert_eq!(Action::of(&typing), None, "{typing:?}");
        }
    }

    #[test]
    fn keys_are_named_as_on_the_machine() {
        assert_eq!(Action::AcceptReservation.keys_on(Platform::Other), ["Alt", "A"]);
        assert_eq!(Action::Palette.keys_on(Platform::Other), ["Ctrl", "K"]);
        assert_eq!(Action::Palette.keys_on(Platform::Mac), [i18n::KEY_COMMAND, "K"]);
        assert!(Action::SignOut.keys_on(Platform::Other).is_empty());
        assert_eq!(Action::Palette.aria_on(Platform::Mac).as_deref(), Some("Meta+K"));
        assert_eq!(Action::Palette.aria_on(Platform::Other).as_deref(), Some("Control+K"));
        assert_eq!(Action::SignOut.aria_on(Platform::Other), None);
    }

    #[test]
    fn apple_devices_have_apple_keys() {
        assert_eq!(
            Platform::of("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"),
            Platform::Mac
        );
        assert_eq!(Platform::of("Mozilla/5.0 (X11; Linux x86_64)"), Platform::Other);
    }
}
