//! Every command of the console and the keys that run it: the palette lists this table, the window's key handler
//! reads it, and nothing else knows a shortcut.

use crate::i18n;
use web_sys::KeyboardEvent;

/// Something an agent can do from anywhere in the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    /// Takes the offer that rings.
    AcceptOffer,
    /// Opens the palette.
    Palette,
    /// Ready, or not ready.
    ToggleReady,
    /// The conversation below the open one in the list.
    NextConversation,
    /// The conversation above the open one in the list.
    PreviousConversation,
    /// Into the composer, to write to the customer.
    Reply,
    /// Switches the composer between reply and whisper.
    ToggleWhisper,
    /// Puts the first, second or third suggestion into the composer.
    Suggestion(u8),
    /// Shows or hides the customer panel.
    TogglePanel,
    /// Shows or hides system events in the timeline.
    ToggleSystem,
    /// Opens the wrap-up dialog and leaves.
    WrapUp,
    /// Ends the chat for everybody.
    EndChat,
    /// Sound on or off.
    ToggleSound,
    /// Offers on the desktop, on or off.
    ToggleDesktop,
    /// Next colour theme: as the system, light, dark.
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

impl Command {
    /// Every command, in the order in which the palette shows them.
    pub(crate) const ALL: &'static [Self] = &[
        Self::AcceptOffer,
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
            Self::AcceptOffer => alt("a", "KeyA"),
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

    /// The keys as a person reads them, one after the other; empty if the command has none.
    pub(crate) fn keys(self) -> Vec<&'static str> {
        let Some(chord) = self.chord() else { return Vec::new() };
        let with = match (chord.with, is_mac()) {
            (With::Alt, false) => i18n::KEY_ALT,
            (With::Alt, true) => i18n::KEY_OPTION,
            (With::Control, false) => i18n::KEY_CTRL,
            (With::Control, true) => i18n::KEY_COMMAND,
        };
        vec![with, i18n::key_name(chord.key)]
    }

    /// The keys in one string, for a tooltip: `Alt+A`.
    pub(crate) fn hint(self) -> String {
        self.keys().join("+")
    }

    /// The keys in the form that `aria-keyshortcuts` wants.
    pub(crate) fn aria(self) -> Option<String> {
        let chord = self.chord()?;
        let with = match (chord.with, is_mac()) {
            (With::Alt, _) => "Alt",
            (With::Control, false) => "Control",
            (With::Control, true) => "Meta",
        };
        Some(format!("{with}+{}", i18n::key_name(chord.key)))
    }

    /// The command that a key press asks for.
    pub(crate) fn of(event: &KeyboardEvent) -> Option<Self> {
        if event.is_composing() || event.shift_key() {
            return None;
        }
        let with = match (event.alt_key(), event.ctrl_key() || event.meta_key()) {
            (true, false) => With::Alt,
            (false, true) => With::Control,
            (true, true) | (false, false) => return None,
        };
        let (key, code) = (event.key(), event.code());
        Self::ALL
            .iter()
            .copied()
            .find(|command| command.chord().is_some_and(|chord| chord.matches(with, &key, &code)))
    }
}

impl Chord {
    /// The character decides where the layout has one; a Mac's Option key replaces it, and then the place decides.
    fn matches(&self, with: With, key: &str, code: &str) -> bool {
        let plain = key.len() > 1 || key.bytes().all(|byte| byte.is_ascii_alphanumeric());
        self.with == with
            && if plain {
                self.key.eq_ignore_ascii_case(key)
            } else {
                self.code == code
            }
    }
}

fn is_mac() -> bool {
    let agent = web_sys::window()
        .and_then(|window| window.navigator().user_agent().ok())
        .unwrap_or_default();
    agent.contains("Mac OS") || agent.contains("iPhone") || agent.contains("iPad")
}
