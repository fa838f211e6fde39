//! Keys as WebDriver names them.

/// A key that types no character, for [`super::Browser::key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Tab.
    Tab,
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
}

impl Key {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Tab => "\u{e004}",
            Self::Enter => "\u{e007}",
            Self::Escape => "\u{e00c}",
            Self::Up => "\u{e013}",
            Self::Down => "\u{e015}",
        }
    }
}

/// Held while another key is pressed.
pub(super) const SHIFT: &str = "\u{e008}";
