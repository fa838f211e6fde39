//! What an agent set for this browser: theme, sound, and whether offers may show on the desktop. Kept on the device, since
//! it holds nothing personal.

use leptos::prelude::*;
use portico_ui::browser::window;
use portico_ui::storage::ScopedStorage;

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system says.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As it is kept, and as the tokens' `data-theme` has it.
    const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// The settings. A cheap handle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    theme: RwSignal<Theme>,
    sound: RwSignal<bool>,
    desktop: RwSignal<bool>,
}

impl Settings {
    /// What this browser kept.
    pub(crate) fn load() -> Self {
        let storage = storage();
        let theme = storage.get("theme").map_or(Theme::Auto, |name| Theme::parse(&name));
        apply(theme);
        Self {
            theme: RwSignal::new(theme),
            sound: RwSignal::new(storage.get("sound").as_deref() != Some("off")),
            desktop: RwSignal::new(storage.get("desktop").as_deref() == Some("on")),
        }
    }

    /// The theme.
    pub(crate) fn theme(self) -> Theme {
        self.theme.get()
    }

    /// Whether the desk may sound.
    pub(crate) fn sound(self) -> bool {
        self.sound.get()
    }

    /// Whether an offer shows on the desktop while the console is out of sight. Off until the agent wants it.
    pub(crate) fn desktop(self) -> bool {
        self.desktop.get_untracked()
    }

    /// Offers on the desktop, or no longer.
    pub(crate) fn set_desktop(self, on: bool) {
        self.desktop.set(on);
        storage().put("desktop", if on { "on" } else { "off" });
    }

    /// The theme after this one.
    pub(crate) fn next_theme(self) {
        let theme = self.theme.get_untracked().next();
        self.theme.set(theme);
        apply(theme);
        storage().put("theme", theme.name());
    }

    /// Sound on or off.
    pub(crate) fn toggle_sound(self) {
        let sound = !self.sound.get_untracked();
        self.sound.set(sound);
        storage().put("sound", if sound { "on" } else { "off" });
    }
}

fn storage() -> ScopedStorage {
    ScopedStorage::local("portico.desk.")
}

fn apply(theme: Theme) {
    let Some(root) = window().document().and_then(|document| document.document_element()) else {
        return;
    };
    // An attribute of one's own document is never refused.
    let _ = match theme {
        Theme::Auto => root.remove_attribute("data-theme"),
        Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.name()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_themes_follow_each_other_around() {
        assert_eq!(Theme::Auto.next(), Theme::Light);
        assert_eq!(Theme::Light.next(), Theme::Dark);
        assert_eq!(Theme::Dark.next(), Theme::Auto);
    }

    #[test]
    fn a_theme_is_kept_by_its_name_and_an_unknown_name_is_the_systems() {
        for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::parse(theme.name()), theme);
        }
        assert_eq!(Theme::parse("sepia"), Theme::Auto);
    }
}
