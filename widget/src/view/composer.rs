//! Where the visitor writes: one to six lines, little faces, a send button when there is something to send.

use super::{fold_button, tool};
use crate::emoji::EMOJI;
use crate::i18n::{locale, t};
use crate::store::{Chat, Fold};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

use portico_shared::limits::{MAX_TEXT_CHARS, TEXT_CHARS_SHOWN_FROM};
use portico_ui::browser::{touch_first, value_of};
use portico_ui::el::{El, block, button, el, words};
use portico_ui::icon::{ARROW_UP, SMILE};
use portico_ui::state::{State, effect};

/// The key code of a key press that an input method takes for itself.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

pub(super) fn composer(chat: Chat) -> El {
    let area = text_area(chat);
    let input: HtmlTextAreaElement = area.node().clone().unchecked_into();
    follow(chat, &input);
    let faces = fold_button(chat, Fold::Faces, SMILE, |messages| messages.emoji());
    let send = send_button(chat, &input);
    let panel = move || (chat.fold.get() == Fold::Faces).then(|| face_panel(chat, &input));
    let row = block("composer__row", vec![faces])
        .child_by(panel)
        .child(area)
        .child(send);
    warn_of_length(chat);
    el("footer").class("composer").child(row).child_by(move || length(chat))
}

fn text_area(chat: Chat) -> El {
    let area = el("textarea")
        .class("composer__text")
        .attr("id", "composer")
        .attr("rows", "1")
        .attr_by("dir", move || Some(direction(chat).to_owned()));
    area.attr("enterkeyhint", if touch_first() { "enter" } else { "send" })
        .attr("aria-label", t().message())
        .attr("placeholder", t().placeholder())
        .on("input", move |event| chat.write(value_of(&event)))
        .on("keydown", move |event| {
            if sends(&event) {
                event.prevent_default();
                chat.send_draft();
            }
        })
}

/// The text finds its own direction; without one, the placeholder has the language's.
fn direction(chat: Chat) -> &'static str {
    match chat.draft.with(String::is_empty) {
        true => locale().direction,
        false => "auto",
    }
}

/// Enter sends, but not where a finger types, not with Shift, and not while an input method chooses a word.
fn sends(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(|event| {
        let composing = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
        event.key() == "Enter" && !composing && !event.shift_key() && !touch_first()
    })
}

/// Keeps the text and the height, and takes the focus when it is wished.
fn follow(chat: Chat, input: &HtmlTextAreaElement) {
    let area = input.clone();
    effect(Box::new(move || {
        let text = chat.draft.get();
        if area.value() != text {
            area.set_value(&text);
        }
        fit(&area);
    }));
    let area = input.clone();
    let mut before = (false, chat.focus.now());
    effect(Box::new(move || {
        let wished = (chat.document.host.open.get(), chat.focus.get());
        let (opened, asked) = (wished.0 && !before.0 && !touch_first(), wished.1 != before.1);
        before = wished;
        if opened || asked {
            // In the document only after this; a frame that may not have the focus stays without it.
            let area = area.clone();
            gloo_timers::callback::Timeout::new(0, move || {
                fit(&area);
                let _ = area.focus();
            })
            .forget();
        }
    }));
}

/// As high as the text, up to what the style allows.
///
/// Browsers that can do it themselves do it: measuring makes the field low for a moment, and the messages above it move.
fn fit(area: &HtmlTextAreaElement) {
    let style = HtmlElement::style(area);
    let _ = style.set_property("field-sizing", "content");
    if style
        .get_property_value("field-sizing")
        .is_ok_and(|kept| !kept.is_empty())
    {
        return;
    }
    // A refused style leaves one line that scrolls.
    let _ = style.set_property("height", "auto");
    if area.scroll_height() > 0 {
        let _ = style.set_property("height", &[&area.scroll_height().to_string(), "px"].concat());
    }
}

fn send_button(chat: Chat, input: &HtmlTextAreaElement) -> El {
    let idle = State::derived(move || chat.draft.with(|draft| draft.trim().is_empty()) || left(chat) < 0);
    let input = input.clone();
    tool("send", ARROW_UP, |messages| messages.send())
        .attr_by("class", move || {
            Some(if idle.get() { "send send--idle" } else { "send" }.to_owned())
        })
        .attr_by("disabled", move || idle.get().then(String::new))
        .on_click(move || {
            chat.send_draft();
            // The keyboard of a phone stays where it is.
            let _ = input.focus();
        })
}

fn left(chat: Chat) -> i64 {
    let used = chat.draft.with(|draft| draft.chars().count());
    MAX_TEXT_CHARS as i64 - used as i64
}

/// Says once that the text comes near its limit, and once that it is past it.
fn warn_of_length(chat: Chat) {
    let mut before = 0;
    effect(Box::new(move || {
        let stage = match left(chat) {
            ..0 => 2,
            left if left <= TEXT_CHARS_SHOWN_FROM as i64 => 1,
            _ => 0,
        };
        if stage > std::mem::replace(&mut before, stage) {
            chat.document.announcer.say(length_words(left(chat)));
        }
    }));
}

/// How many characters are left, once it matters.
fn length(chat: Chat) -> Option<El> {
    let left = left(chat);
    let class = match left {
        ..0 => "composer__length composer__length--over",
        left if left <= TEXT_CHARS_SHOWN_FROM as i64 => "composer__length",
        _ => return None,
    };
    Some(words(class, &length_words(left)))
}

fn length_words(left: i64) -> String {
    let count = left.unsigned_abs() as usize;
    if left < 0 {
        t().too_long(count)
    } else {
        t().characters_left(count)
    }
}

fn face_panel(chat: Chat, input: &HtmlTextAreaElement) -> El {
    let face = |face: &'static str| {
        let area = input.clone();
        button(
            "face",
            vec![words("", face)],
            Box::new(move || {
                chat.fold.put(Fold::Nothing);
                insert(&area, face);
                chat.write(area.value());
            }),
        )
    };
    let name = t().emoji();
    block("faces fold", EMOJI.iter().map(|it| face(it)).collect())
        .attr("role", "group")
        .attr("aria-label", name)
}

/// Puts a text where the cursor is.
fn insert(area: &HtmlTextAreaElement, text: &str) {
    let (from, to) = (
        area.selection_start().ok().flatten(),
        area.selection_end().ok().flatten(),
    );
    let (from, to) = (from.unwrap_or(0), to.unwrap_or(0));
    // Both calls fail only for a range that is not in the text.
    let _ = area.set_range_text_with_start_and_end_and_mode(text, from, to, "end");
    let _ = area.focus();
}
