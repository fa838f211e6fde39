//! The first screen, which the relay has put into the page as HTML: the visitor may have typed, and sent, before the program
//! ran. `first.js` beside it keeps what happens until the program asks for it here: what is sent goes into the outbox as soon as
//! there is a chat, and the rest is taken over once and in one go, when the chat is drawn: nothing is painted in between, and the
//! keyboard never has nothing to write into.

use crate::state::Chat;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlTextAreaElement, MessageEvent};

use portico_ui::browser::{document, listen, touch_first, window};
use portico_ui::reactive::effect;

/// What `first.js` is called in the window.
const SCRIPT: &str = "firstScreen";

/// The screen in the page.
const SCREEN: &str = "#first-screen";

/// The text box of the chat that takes over.
const BOX_OF_CHAT: &str = ".root:not(#first-screen) .composer__text";

/// What the host has said before the program listened; `None` if nothing listened.
pub(crate) fn heard() -> Option<Vec<MessageEvent>> {
    let heard: Array = call("heard")?.dyn_into().ok()?;
    Some(heard.iter().filter_map(|event| event.dyn_into().ok()).collect())
}

/// Whether an input method is choosing a word in the screen's text box, which must not go away meanwhile.
pub(crate) fn is_composing() -> ReadSignal<bool> {
    let (is_composing, set_composing) = signal(member("composing").is_some_and(|composing| composing.is_truthy()));
    if let Some(old) = text_box(&[SCREEN, " textarea"].concat()) {
        listen(&old, "compositionstart", move |_| set_composing.set(true));
        listen(&old, "compositionend", move |_| set_composing.set(false));
    }
    is_composing
}

/// Has the chat send what the visitor has sent on the screen, and what is sent there until the chat is drawn. It is in the
/// outbox from then on, whatever the chat's window waits for.
pub(crate) fn send_with(chat: Chat) {
    // An effect, like that by which the chat takes over what the visitor has agreed to on the page.
    effect(move |_| {
        let Some(sends) = member("sends").and_then(|sends| sends.dyn_into::<Function>().ok()) else {
            return;
        };
        let send = Closure::<dyn FnMut(String)>::new(move |text: String| untrack(|| chat.send_early(&text)));
        // Only the script itself could throw.
        let _ = sends.call1(&JsValue::UNDEFINED, send.as_ref());
        // The script keeps it as long as the screen is there, or until the next visitor's chat takes its place.
        send.forget();
    });
}

/// Whether the visitor has sent something on the screen.
pub(crate) fn has_sent() -> bool {
    find(&[SCREEN, " .message"].concat()).is_some()
}

/// Forgets what the script has kept for the next document.
pub(crate) fn forget() {
    // There is nothing to forget where the script, or storage, is missing.
    let _ = call("forget");
}

/// Whether the browser had a copy of unsent messages when the document began.
pub(crate) fn has_copy() -> bool {
    member("copied").is_some_and(|copied| copied.is_truthy())
}

/// Deletes that copy, without the part of the program that makes it. Done when nothing is left of it.
pub(crate) async fn delete_copy() {
    if let Some(Ok(deleted)) = call("uncopied").map(JsCast::dyn_into::<Promise>) {
        // Where storage is refused there is none.
        let _ = JsFuture::from(deleted).await;
    }
}

/// Gives a chat, as soon as it is drawn, what the visitor has typed, and removes the screen.
pub(crate) fn hand_over_to(chat: Chat) {
    effect(move |_| {
        if let Some(screen) = find(SCREEN) {
            untrack(|| hand_over(&screen, chat));
        }
    });
}

fn hand_over(screen: &Element, chat: Chat) {
    let left: Option<Array> = call("left").and_then(|left| left.dyn_into().ok());
    for text in left.unwrap_or_default().iter().filter_map(|text| text.as_string()) {
        chat.send_early(&text);
    }
    let old = text_box(&[SCREEN, " textarea"].concat());
    let typed = old.as_ref().map(HtmlTextAreaElement::value).unwrap_or_default();
    if !typed.is_empty() {
        chat.continue_draft(&typed);
    }
    let focused = document().active_element().filter(|on| screen.contains(Some(on)));
    if let (Some(old), Some(new)) = (&old, text_box(BOX_OF_CHAT)) {
        let is_typing = focused.as_ref().is_some_and(|on| on == old.as_ref() as &Element);
        // Before the old one goes, so that the keyboard of a phone stays.
        if is_typing || (focused.is_some() && !touch_first()) {
            let _ = new.focus();
        }
        if !typed.is_empty() {
            select_as_in(old, &new, &chat.draft());
        }
    }
    screen.remove();
}

/// Selects in the new box what is selected in the old one, whose text is the end of the new one's.
fn select_as_in(old: &HtmlTextAreaElement, new: &HtmlTextAreaElement, text: &str) {
    new.set_value(text);
    let length = |text: &str| text.encode_utf16().count() as u32;
    let before = length(text).saturating_sub(length(&old.value()));
    let at = |end: Result<Option<u32>, JsValue>| end.ok().flatten().unwrap_or_default() + before;
    // Only a range that is not in the text is refused.
    let _ = new.set_selection_range(at(old.selection_start()), at(old.selection_end()));
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

fn text_box(selector: &str) -> Option<HtmlTextAreaElement> {
    find(selector)?.dyn_into().ok()
}

fn member(name: &str) -> Option<JsValue> {
    let script = Reflect::get(&window(), &JsValue::from_str(SCRIPT)).ok()?;
    Reflect::get(&script, &JsValue::from_str(name)).ok()
}

fn call(name: &str) -> Option<JsValue> {
    let function: Function = member(name)?.dyn_into().ok()?;
    function.call0(&JsValue::UNDEFINED).ok()
}
