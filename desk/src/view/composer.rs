//! Where agents write: replies to the customer, whispers to each other. Whom it goes to is never in doubt.

use super::components::{key, keys};
use super::suggestions;
use crate::action::Action;
use crate::i18n::{self, t};
use crate::parts::notices;
use crate::state::{ComposerDraft, Desk, Dialog, Mode, Participation};
use leptos::prelude::*;
use leptos::{ev, html};
use portico_client::timeline::one_line;
use portico_client::{Change, Connection};
use portico_shared::ids::ConversationId;
use portico_shared::limits::{MAX_TEXT_CHARS, TEXT_CHARS_SHOWN_FROM};
use portico_shared::text::{is_sendable, says_nothing};
use portico_ui::attachments::attach;
use portico_ui::browser::{is_composing, touch_first};
use portico_ui::icon::{ARROW_UP, Icon, LOCK, MESSAGE, X, icon};

/// The most lines that the box grows to by itself.
const MAX_LINES: usize = 8;
/// The composer of one conversation, or why there is none.
pub(crate) fn view(desk: Desk, id: ConversationId) -> AnyView {
    let part = {
        let id = id.clone();
        Memo::new(move |_| desk.participation(&id))
    };
    let inside = {
        let id = id.clone();
        move || match part.get() {
            Participation::Active => open(desk, id.clone()),
            Participation::WrappingUp => closed(desk, id.clone()),
            Participation::Left => left(),
        }
    };
    let class = move || match desk.drafts.get(&id).mode() {
        Mode::Whisper if part.get() == Participation::Active => "composer composer--whisper",
        Mode::Whisper | Mode::Reply => "composer",
    };
    html::section()
        .class(class)
        .attr("id", "composer")
        .attr("aria-label", t().composer())
        .child(html::div().class("composer__inner").child(inside))
        .into_any()
}

fn closed(desk: Desk, id: ConversationId) -> AnyView {
    html::div()
        .class("composer__closed")
        .child(html::p().child(t().closed_title()))
        .child(
            html::button()
                .class("button button--primary")
                .attr("type", "button")
                .on(ev::click, move |_| desk.set_dialog(Some(Dialog::WrapUp(id.clone()))))
                .child(t().wrap_up_short())
                .child(keys(Action::WrapUp)),
        )
        .into_any()
}

fn left() -> AnyView {
    html::div()
        .class("composer__closed")
        .child(html::p().child(t().left_title()))
        .into_any()
}

fn open(desk: Desk, id: ConversationId) -> AnyView {
    let draft = {
        let id = id.clone();
        Memo::new(move |_| desk.drafts.get(&id))
    };
    let mode = Memo::new(move |_| draft.with(ComposerDraft::mode));
    let text = Memo::new(move |_| draft.with(|draft| draft.text().to_owned()));
    let edited = Memo::new(move |_| draft.with(|draft| draft.edits().map(|(_, before)| before.to_owned())));
    let edits = Memo::new(move |_| edited.with(Option::is_some));
    (
        suggestions::view(desk),
        html::div()
            .class("composer__box")
            .child(modes(desk, id.clone(), mode))
            .child({
                let id = id.clone();
                move || edited.get().map(|before| editing(desk, id.clone(), &before))
            })
            .child(files(desk, id.clone(), mode))
            .child(text_box(desk, id.clone(), mode, text))
            .child(foot(desk, id, mode, text, edits)),
    )
        .into_any()
}

/// The files that are to be sent, from the first one on.
fn files(desk: Desk, id: ConversationId, mode: Memo<Mode>) -> AnyView {
    let list = move || {
        let tray = desk.files(&id, mode.get());
        let is_open = Memo::new(move |_| tray.is_open());
        move || is_open.get().then(|| portico_lazy::files(tray, notices()))
    };
    list.into_any()
}

fn modes(desk: Desk, id: ConversationId, mode: Memo<Mode>) -> AnyView {
    let choice = move |id: ConversationId, which: Mode, picture: Icon, words: &'static str| {
        html::button()
            .class("mode")
            .attr("type", "button")
            .attr("role", "radio")
            .attr("aria-checked", move || (mode.get() == which).to_string())
            .attr("tabindex", move || if mode.get() == which { "0" } else { "-1" })
            .attr("title", Action::ToggleWhisper.hint())
            .on(ev::click, move |_| desk.set_mode(&id, which))
            .child(icon(picture))
            .child(words)
    };
    let note = move || match mode.get() {
        Mode::Reply => t().note_reply(),
        Mode::Whisper => t().note_whisper(),
    };
    let arrows = id.clone();
    html::div()
        .class("composer__modes")
        .child(
            html::div()
                .class("composer__radios")
                .attr("role", "radiogroup")
                .attr("aria-label", t().mode())
                .on(ev::keydown, move |event| {
                    if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
                        event.prevent_default();
                        desk.toggle_mode(&arrows);
                    }
                })
                .child(choice(id.clone(), Mode::Reply, MESSAGE, t().mode_reply()))
                .child(choice(id, Mode::Whisper, LOCK, t().mode_whisper())),
        )
        .child(html::span().class("composer__note").child(note))
        .into_any()
}

fn editing(desk: Desk, id: ConversationId, before: &str) -> AnyView {
    html::div()
        .class("composer__edit")
        .child(html::span().attr("dir", "auto").child(t().editing(&one_line(before))))
        .child(
            html::button()
                .class("icon-button")
                .attr("type", "button")
                .attr("aria-label", t().cancel())
                .on(ev::click, move |_| desk.cancel_edit(&id))
                .child(icon(X)),
        )
        .into_any()
}

fn text_box(desk: Desk, id: ConversationId, mode: Memo<Mode>, text: Memo<String>) -> AnyView {
    let place = NodeRef::<html::Textarea>::new();
    // A keyboard on glass has no Shift+Enter: there Enter breaks the line, and the button sends.
    let touch = touch_first();
    Effect::new(move |before: Option<u32>| {
        let wanted = desk.compose();
        if let Some(place) = place.get()
            && before != Some(wanted)
        {
            let _ = place.focus();
        }
        wanted
    });
    let (on_input, on_key, on_leave) = (id.clone(), id.clone(), id);
    html::textarea()
        .class("composer__text")
        .attr("dir", "auto")
        .attr("enterkeyhint", if touch { "enter" } else { "send" })
        .attr("aria-label", move || {
            if mode.get() == Mode::Whisper {
                t().whisper_to()
            } else {
                t().reply_to()
            }
        })
        .attr("placeholder", move || match mode.get() {
            Mode::Whisper => t().placeholder_whisper(),
            Mode::Reply => t().placeholder_reply(),
        })
        .attr("rows", move || text.with(|text| lines_shown(text)).to_string())
        .prop("value", move || text.get())
        .node_ref(place)
        .on(ev::input, move |event| {
            desk.type_in(&on_input, event_target_value(&event));
        })
        .on(ev::keydown, move |event| {
            match key_of(&event, touch) {
                TextBoxKey::Send => {
                    event.prevent_default();
                    desk.send(&on_key);
                    // A program that types and sends in one go leaves no time to draw what it typed; what was not
                    // drawn is not taken away by itself, and would go out again with the next mode's text.
                    if let Some(place) = place.get_untracked() {
                        place.set_value(desk.drafts.peek(&on_key).text());
                    }
                }
                TextBoxKey::CancelEdit => desk.cancel_edit(&on_key),
                TextBoxKey::Other => {}
            }
        })
        .on(ev::blur, move |_| desk.typing(&on_leave, false))
        .into_any()
}

fn foot(desk: Desk, id: ConversationId, mode: Memo<Mode>, text: Memo<String>, edits: Memo<bool>) -> AnyView {
    let left = Memo::new(move |_| text.with(|text| characters_left(text)));
    let online = Memo::new(move |_| {
        desk.link.watch(&Change::Connection, |session| {
            *session.connection() == Connection::Online
        })
    });
    let touch = touch_first();
    let hint = move || hint(left.get(), online.get(), touch);
    let class = move || {
        if left.get() < 0 {
            "composer__hint composer__hint--over"
        } else {
            "composer__hint"
        }
    };
    let words = move || send_label(edits.get(), mode.get());
    let tray = {
        let id = id.clone();
        Memo::new_with_compare(move |_| desk.files(&id, mode.get()), |_, _| true)
    };
    let cannot = move || {
        let has_files = !edits.get() && tray.get().waits_for_the_button();
        !text.with(|text| is_sendable(text) || (has_files && says_nothing(text)))
    };
    html::div()
        .class("composer__foot")
        .child(move || attach(tray.get()))
        .child(html::span().class(class).child(hint))
        .child(
            html::button()
                .class("button button--primary composer__send")
                .attr("type", "button")
                .prop("disabled", cannot)
                .on(ev::click, move |_| {
                    desk.send(&id);
                    desk.focus_composer();
                })
                .child(move || {
                    if mode.get() == Mode::Whisper {
                        icon(LOCK)
                    } else {
                        icon(ARROW_UP)
                    }
                })
                .child(words)
                .child(key(t().key_enter())),
        )
        .into_any()
}

/// What a key press in the text box does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextBoxKey {
    Send,
    CancelEdit,
    /// What the browser makes of it.
    Other,
}

fn key_of(event: &ev::KeyboardEvent, touch: bool) -> TextBoxKey {
    // While an input method composes, Enter chooses a candidate and Escape drops it.
    if is_composing(event) {
        return TextBoxKey::Other;
    }
    let breaks_line = event.shift_key() || event.alt_key() || touch;
    text_box_key(&event.key(), breaks_line)
}

fn text_box_key(key: &str, breaks_line: bool) -> TextBoxKey {
    match key {
        "Enter" if !breaks_line => TextBoxKey::Send,
        "Escape" => TextBoxKey::CancelEdit,
        _ => TextBoxKey::Other,
    }
}

/// The lines that the box has room for.
fn lines_shown(text: &str) -> usize {
    text.split('\n').count().min(MAX_LINES)
}

/// How many more characters a message may have; negative where it has too many.
fn characters_left(text: &str) -> i64 {
    MAX_TEXT_CHARS as i64 - text.chars().count() as i64
}

/// What stands beside the send button: the most urgent of what there is to say.
fn hint(characters_left: i64, online: bool, touch: bool) -> String {
    match characters_left {
        left if left <= TEXT_CHARS_SHOWN_FROM as i64 => i18n::characters_left(left),
        _ if !online => t().hint_offline().to_owned(),
        _ if touch => String::new(),
        _ => t().hint_send().to_owned(),
    }
}

fn send_label(edits: bool, mode: Mode) -> &'static str {
    match (edits, mode) {
        (true, _) => t().save_edit(),
        (false, Mode::Reply) => t().send(),
        (false, Mode::Whisper) => t().send_whisper(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_sends_unless_it_breaks_the_line() {
        assert_eq!(text_box_key("Enter", false), TextBoxKey::Send);
        assert_eq!(text_box_key("Enter", true), TextBoxKey::Other);
        assert_eq!(text_box_key("Escape", true), TextBoxKey::CancelEdit);
        assert_eq!(text_box_key("a", false), TextBoxKey::Other);
    }

    #[test]
    fn the_box_grows_with_its_lines_up_to_a_limit() {
        assert_eq!(lines_shown(""), 1);
        assert_eq!(lines_shown("a\nb\n"), 3);
        assert_eq!(lines_shown(&"\n".repeat(50)), MAX_LINES);
    }

    #[test]
    fn the_hint_says_what_is_most_urgent() {
        let left = TEXT_CHARS_SHOWN_FROM as i64;
        assert_eq!(hint(left, false, false), i18n::characters_left(left));
        assert_eq!(hint(left + 1, false, false), t().hint_offline());
        assert_eq!(hint(left + 1, true, true), "");
        assert_eq!(hint(left + 1, true, false), t().hint_send());
    }

    #[test]
    fn characters_count_and_not_bytes() {
        assert_eq!(characters_left(&"é".repeat(10)), MAX_TEXT_CHARS as i64 - 10);
        assert_eq!(characters_left(&"a".repeat(MAX_TEXT_CHARS + 2)), -2);
    }

    #[test]
    fn the_button_says_what_it_sends() {
        assert_eq!(send_label(false, Mode::Reply), t().send());
        assert_eq!(send_label(false, Mode::Whisper), t().send_whisper());
        assert_eq!(send_label(true, Mode::Reply), t().save_edit());
    }
}
