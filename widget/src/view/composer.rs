//! Where the visitor writes: one to six lines, emoji, a send button when there is something to send.

use super::emoji_picker::emoji_picker;
use super::field::{Field, follow_focus, follow_text};
use super::{fold_button, tool};
use crate::i18n::{locale, t};
use crate::parts::notices;
use crate::state::{Chat, Instead, Panel};
use leptos::prelude::*;
use leptos::{ev, html};
use web_sys::KeyboardEvent;

use portico_shared::limits::{MAX_TEXT_CHARS, TEXT_CHARS_SHOWN_FROM};
use portico_shared::text::{is_sendable, says_nothing};
use portico_ui::attachments::{Tray, attach};
use portico_ui::browser::{is_composing, touch_first};
use portico_ui::icon::{ARROW_UP, MIC, PLUS, SMILE, icon};
use portico_ui::parts::auto_span;
use portico_ui::reactive::{dynamic, effect};

/// The composer, which a question may put out of sight for a while.
pub(super) fn composer(chat: Chat, files: Tray, is_hidden: Memo<bool>) -> AnyView {
    let field = Field::new();
    follow_text(chat, field);
    follow_focus(chat, field);
    let length = Memo::new(move |_| Length::of(&chat.draft()));
    warn_of_length(chat, length);
    let row = html::div()
        .class("composer__row")
        .child(attach(files))
        .child(share_button(chat, files))
        .child(fold_button(chat, Panel::Emoji, SMILE, t().emoji()))
        .child(dynamic(move || {
            chat.is_unfolded(Panel::Emoji).then(|| emoji_picker(chat, field))
        }))
        .child(text_area(chat, files, field))
        .child(send_button(chat, files, field))
        .child(voice_button(chat));
    html::footer()
        .class("composer")
        .attr("hidden", move || is_hidden.get())
        .child(list(files))
        .child(dynamic(move || instead(chat, files)))
        .child(row)
        .child(dynamic(move || length.get().notice()))
        .into_any()
}

/// What takes the place of writing. It goes with the window, also where its part has not come.
fn instead(chat: Chat, files: Tray) -> Option<AnyView> {
    let parts = chat.document.parts;
    let what = chat.instead();
    let view = match what {
        Instead::Nothing => return None,
        Instead::Voice => (parts.recorder)(chat, files),
        Instead::Location | Instead::Contact => (parts.sharing)(chat, what),
    };
    on_cleanup(move || chat.nothing_instead(what));
    Some(view)
}

/// The files that are to be sent, from the first one on.
fn list(files: Tray) -> AnyView {
    let is_open = Memo::new(move |_| files.is_open());
    dynamic(move || is_open.get().then(|| portico_lazy::files(files, notices())))
}

/// Sends what there is: files, with what is written to them, or the text alone.
fn send(chat: Chat, files: Tray) {
    let text = chat.draft();
    match files.waits_for_the_button() {
        true if is_sendable(&text) || says_nothing(&text) => {
            files.send(text.trim());
            chat.write(String::new());
        }
        true => {}
        false => chat.send_draft(),
    }
}

fn text_area(chat: Chat, files: Tray, field: Field) -> AnyView {
    let direction = Memo::new(move |_| direction(&chat.draft()));
    html::textarea()
        .class("composer__text")
        .attr("id", "composer")
        .attr("rows", "1")
        .attr("dir", move || direction.get())
        .attr("enterkeyhint", if touch_first() { "enter" } else { "send" })
        .attr("aria-label", t().message())
        .attr("placeholder", t().placeholder())
        .node_ref(field)
        .on(ev::input, move |event| chat.write(event_target_value(&event)))
        .on(ev::keydown, move |event| {
            if KeyPress::of(&event).sends() && !touch_first() {
                event.prevent_default();
                untrack(|| send(chat, files));
            }
        })
        .into_any()
}

/// The text finds its own direction; without one, the placeholder has the language's.
fn direction(draft: &str) -> &'static str {
    match draft {
        "" => locale().direction,
        _ => "auto",
    }
}

/// A press of a key in the composer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KeyPress {
    key: String,
    has_shift: bool,
    /// Whether an input method chooses a word.
    is_composing: bool,
}

impl KeyPress {
    fn of(event: &KeyboardEvent) -> Self {
        Self {
            key: event.key(),
            has_shift: event.shift_key(),
            is_composing: is_composing(event),
        }
    }

    /// Enter sends, but not with Shift, and not while an input method chooses a word.
    fn sends(&self) -> bool {
        self.key == "Enter" && !self.is_composing && !self.has_shift
    }
}

fn send_button(chat: Chat, files: Tray, field: Field) -> AnyView {
    let is_idle = Memo::new(move |_| {
        let text = chat.draft();
        let has_files = says_nothing(&text) && files.waits_for_the_button();
        !has_files && !is_sendable(&text)
    });
    html::button()
        .class(move || if is_idle.get() { "send send--idle" } else { "send" })
        .attr("type", "button")
        .attr("aria-label", t().send())
        .attr("title", t().send())
        .attr("disabled", move || is_idle.get())
        .on(ev::click, move |_| {
            untrack(|| send(chat, files));
            // The keyboard of a phone stays where it is.
            let _ = field.get_untracked().map(|area| area.focus());
        })
        .child(icon(ARROW_UP))
        .into_any()
}

/// Unfolds what else can be shared. Where that is a photo alone, it is there on devices with a camera in the hand.
fn share_button(chat: Chat, files: Tray) -> AnyView {
    let offer = Memo::new(move |_| match (chat.can_share(), chat.takes_photos()) {
        (true, _) => Some(""),
        (false, true) => Some("compose--photo"),
        (false, false) => None,
    });
    let inside = move || {
        offer.get().map(|class| {
            let menu = move || {
                chat.is_unfolded(Panel::Share)
                    .then(|| (chat.document.parts.share)(chat, files))
            };
            html::span()
                .class(["compose ", class].concat())
                .child(fold_button(chat, Panel::Share, PLUS, t().share()))
                .child(dynamic(menu))
        })
    };
    dynamic(inside)
}

/// Records a voice note. It stands where the send button does when there is something to send.
fn voice_button(chat: Chat) -> AnyView {
    let is_offered = Memo::new(move |_| chat.voice_format().is_some());
    let button = move || {
        is_offered
            .get()
            .then(|| tool("tool voice", MIC, t().voice(), move || chat.toggle_recorder()))
    };
    dynamic(button)
}

/// How a text stands to the longest that the relay takes, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    /// Far from it.
    Free,
    /// This many are left.
    Near(usize),
    /// This many are too many.
    Over(usize),
}

impl Length {
    fn of(draft: &str) -> Self {
        let used = draft.chars().count();
        match MAX_TEXT_CHARS.checked_sub(used) {
            None => Self::Over(used - MAX_TEXT_CHARS),
            Some(left) if left <= TEXT_CHARS_SHOWN_FROM => Self::Near(left),
            Some(_) => Self::Free,
        }
    }

    /// Whether this is worse than before in kind, and not only in number.
    fn is_worse_than(self, before: Self) -> bool {
        let grade = |length| match length {
            Self::Free => 0,
            Self::Near(_) => 1,
            Self::Over(_) => 2,
        };
        grade(self) > grade(before)
    }

    /// How many characters are left, once it matters.
    fn words(self) -> Option<String> {
        match self {
            Self::Free => None,
            Self::Near(left) => Some(t().characters_left(left)),
            Self::Over(count) => Some(t().too_long(count)),
        }
    }

    fn notice(self) -> Option<AnyView> {
        let class = match self {
            Self::Free | Self::Near(_) => "composer__length",
            Self::Over(_) => "composer__length composer__length--over",
        };
        self.words().map(|words| auto_span(class, words))
    }
}

/// Says once that the text comes near its limit, and once that it is past it.
fn warn_of_length(chat: Chat, length: Memo<Length>) {
    effect(move |before: Option<Length>| {
        let length = length.get();
        if length.is_worse_than(before.unwrap_or(Length::Free))
            && let Some(words) = length.words()
        {
            chat.document.announcer.announce(words);
        }
        length
    });
}

#[cfg(test)]
mod tests {
    use super::{KeyPress, Length, direction};
    use portico_shared::limits::{MAX_TEXT_CHARS, TEXT_CHARS_SHOWN_FROM};

    fn enter() -> KeyPress {
        KeyPress {
            key: "Enter".into(),
            has_shift: false,
            is_composing: false,
        }
    }

    #[test]
    fn enter_sends_unless_it_means_something_else() {
        assert!(enter().sends());
        let with_shift = KeyPress {
            has_shift: true,
            ..enter()
        };
        assert!(!with_shift.sends());
        let composing = KeyPress {
            is_composing: true,
            ..enter()
        };
        assert!(!composing.sends());
        let letter = KeyPress {
            key: "a".into(),
            ..enter()
        };
        assert!(!letter.sends());
    }

    #[test]
    fn the_length_matters_near_its_limit() {
        let of = |count| Length::of(&"ä".repeat(count));
        assert_eq!(of(MAX_TEXT_CHARS - TEXT_CHARS_SHOWN_FROM - 1), Length::Free);
        assert_eq!(
            of(MAX_TEXT_CHARS - TEXT_CHARS_SHOWN_FROM),
            Length::Near(TEXT_CHARS_SHOWN_FROM)
        );
        assert_eq!(of(MAX_TEXT_CHARS), Length::Near(0));
        assert_eq!(of(MAX_TEXT_CHARS + 3), Length::Over(3));
    }

    #[test]
    fn the_limit_is_said_once_on_the_way_up() {
        assert!(Length::Near(9).is_worse_than(Length::Free));
        assert!(Length::Over(1).is_worse_than(Length::Near(0)));
        assert!(!Length::Near(8).is_worse_than(Length::Near(9)));
        assert!(!Length::Near(8).is_worse_than(Length::Over(1)));
    }

    #[test]
    fn an_empty_field_has_the_direction_of_the_language() {
        assert_eq!(direction(""), "ltr");
        assert_eq!(direction("x"), "auto");
    }
}
