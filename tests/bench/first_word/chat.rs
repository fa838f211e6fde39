//! Who is measured.

/// A chat, and how a visitor comes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chat {
    /// Pressed out of nothing, as by a finger.
    Portico,
    /// Pressed by a mouse that came near before.
    PorticoNear,
    Deep,
    N8n,
    BotFramework,
    /// What a frame costs by itself.
    Frame,
}

impl Chat {
    pub(super) const ALL: [Self; 6] = [
        Self::Portico,
        Self::PorticoNear,
        Self::Deep,
        Self::N8n,
        Self::BotFramework,
        Self::Frame,
    ];

    /// Packages of others.
    pub(super) const OTHERS: [Self; 3] = [Self::Deep, Self::N8n, Self::BotFramework];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Portico => "Portico",
            Self::PorticoNear => "Portico, a mouse came near",
            Self::Deep => "deep-chat 2.4.2",
            Self::N8n => "@n8n/chat 1.37.0",
            Self::BotFramework => "botframework-webchat 4.18.0",
            Self::Frame => "a text box in a frame",
        }
    }

    /// Where its page is.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Portico | Self::PorticoNear => "/portico.html",
            Self::Deep => "/deep-chat.html",
            Self::N8n => "/n8n-chat.html",
            Self::BotFramework => "/web-chat.html",
            Self::Frame => "/frame.html",
        }
    }

    /// Whether it sends messages at all.
    pub(super) fn sends(self) -> bool {
        self != Self::Frame
    }

    /// Whether a mouse comes near first.
    pub(super) fn comes_near(self) -> bool {
        self == Self::PorticoNear
    }
}
