//! Where the log stands: at its end it stays there, whatever grows; further up what is read does not move, whatever grows
//! above it: older messages, pictures that come late. Browsers that could do this themselves do not agree on it.

use crate::state::Chat;
use leptos::html;
use leptos::prelude::*;
use portico_ui::browser::document;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, KeyboardEvent, ResizeObserver};

/// This close to the end counts as there, in pixels.
const NEAR_END: i32 = 48;

/// This close to the beginning pulls an older page, in pixels.
const NEAR_START: i32 = 240;

/// What may stand above the first message, or come and go with a day.
const ABOVE: &str = ".day, .older, .skeleton";

/// The log's scrolling. A cheap handle.
#[derive(Clone, Copy)]
pub(super) struct Scroll {
    chat: Chat,
    /// What scrolls.
    pub(super) frame: NodeRef<html::Div>,
    /// The rows.
    pub(super) content: NodeRef<html::Ol>,
    /// The first row that the visitor saw after scrolling, and how far below the edge it began, in pixels.
    anchor: StoredValue<Option<(HtmlElement, i32)>, LocalStorage>,
    /// The heights of content and frame that the place was last set for.
    sizes: StoredValue<(i32, i32)>,
}

impl Scroll {
    /// The scrolling of a log that is about to be drawn.
    pub(super) fn new(chat: Chat) -> Self {
        let scroll = Self {
            chat,
            frame: NodeRef::new(),
            content: NodeRef::new(),
            anchor: StoredValue::new_local(None),
            sizes: StoredValue::new((0, 0)),
        };
        scroll.observe();
        Effect::new(move |_| {
            chat.timeline();
            if chat.is_watched() && chat.is_at_end() {
                untrack(|| chat.see());
            }
            scroll.fill();
        });
        scroll
    }

    /// The visitor scrolled, or the place was set.
    pub(super) fn moved(self) {
        let Some(frame) = self.element() else { return };
        if sizes(&frame) != self.sizes.get_value() {
            // Messages came in, or the frame has changed: not the visitor's doing. `resized` follows in this frame.
            return;
        }
        let top = frame.scroll_top();
        let first = self.first_seen(top);
        self.anchor
            .set_value(first.map(|row| (row.clone(), row.offset_top() - top)));
        let place = Place {
            top,
            content: frame.scroll_height(),
            room: frame.client_height(),
        };
        self.chat.set_at_end(place.is_near_end());
        if place.is_near_start() {
            self.chat.load_older();
        }
    }

    /// Goes to the newest message.
    pub(super) fn to_end(self) {
        self.chat.stay_at_end();
        if let Some(frame) = self.element() {
            frame.set_scroll_top(frame.scroll_height());
        }
    }

    /// Something has another size: the window, a picture that came, the list.
    fn resized(self) {
        let Some(frame) = self.element() else { return };
        let anchor = self.anchor.get_value().filter(|(row, _)| row.is_connected());
        if untrack(|| self.chat.is_at_end()) {
            frame.set_scroll_top(frame.scroll_height());
        } else if let Some((row, below)) = anchor {
            frame.set_scroll_top(row.offset_top() - below);
        }
        self.sizes.set_value(sizes(&frame));
        self.fill();
    }

    /// Pulls an older page while there is room for it. A list that is shorter than its frame keeps its size whatever comes
    /// into it, so that nothing but the messages themselves tells of them.
    fn fill(self) {
        let Some(frame) = self.element() else { return };
        let (content, room) = sizes(&frame);
        if content <= room && room > 0 {
            self.chat.load_older();
        }
    }

    fn element(self) -> Option<Element> {
        let frame = self.frame.try_get_untracked().flatten()?;
        Some(frame.into())
    }

    /// The first row that is not above the edge. What stands before the messages is no anchor: they come in under it.
    fn first_seen(self, top: i32) -> Option<HtmlElement> {
        let rows = self.content.get_untracked()?.children();
        let mut first = None;
        for at in (0..rows.length()).rev() {
            let row: HtmlElement = rows.item(at)?.dyn_into().ok()?;
            if row.offset_top() + row.offset_height() <= top {
                break;
            }
            if !row.class_name().is_empty() && !row.matches(ABOVE).unwrap_or(false) {
                first = Some(row);
            }
        }
        first
    }

    /// Follows the sizes of frame and content until the log is gone.
    fn observe(self) {
        let resized = Closure::<dyn FnMut()>::new(move || self.resized());
        let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) else {
            return;
        };
        let watching = observer.clone();
        Effect::new(move |_| {
            if let (Some(frame), Some(content)) = (self.frame.get(), self.content.get()) {
                watching.observe(&frame);
                watching.observe(&content);
            }
        });
        let observing = SendWrapper::new((observer, resized));
        on_cleanup(move || observing.take().0.disconnect());
    }
}

/// Where a log stands, in pixels.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// How much is above the edge.
    top: i32,
    /// The height of all rows.
    content: i32,
    /// The height of the frame.
    room: i32,
}

impl Place {
    fn is_near_end(self) -> bool {
        self.content - self.top - self.room < NEAR_END
    }

    fn is_near_start(self) -> bool {
        self.top < NEAR_START && self.content > self.room
    }
}

fn sizes(frame: &Element) -> (i32, i32) {
    (frame.scroll_height(), frame.client_height())
}

/// Arrow keys, Home and End walk from message to message; Escape goes back to the composer.
pub(super) fn walk(event: &KeyboardEvent) {
    let Some(log) = event.current_target().and_then(|log| log.dyn_into::<Element>().ok()) else {
        return;
    };
    let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_row = on
        .as_ref()
        .is_some_and(|on| *on == log || on.matches(".message").unwrap_or(false));
    if !on_row {
        return;
    }
    let Ok(rows) = log.query_selector_all(".message") else {
        return;
    };
    let rows: Vec<HtmlElement> = (0..rows.length())
        .filter_map(|at| rows.get(at)?.dyn_into().ok())
        .collect();
    let at = rows
        .iter()
        .position(|row| on.as_ref().is_some_and(|on| row.is_same_node(Some(on))));
    match step(&event.key(), at, rows.len()) {
        Some(Step::To(row)) => {
            event.prevent_default();
            // A row that has just gone takes no focus, and nothing is lost.
            let _ = rows.get(row).map(|row| row.focus());
        }
        Some(Step::ToComposer) => leave(event),
        None => {}
    }
}

/// Where a key leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    To(usize),
    ToComposer,
}

/// Where a key leads from the message at this place, or from the log as a whole; `None` for a key that does not walk.
fn step(key: &str, at: Option<usize>, count: usize) -> Option<Step> {
    let last = count.checked_sub(1)?;
    match (key, at) {
        ("ArrowUp", at) => Some(Step::To(at.map_or(last, |at| at.saturating_sub(1)))),
        ("ArrowDown", Some(at)) => Some(Step::To((at + 1).min(last))),
        ("Home", _) => Some(Step::To(0)),
        ("End", _) => Some(Step::To(last)),
        ("Escape", Some(_)) => Some(Step::ToComposer),
        _ => None,
    }
}

fn leave(event: &KeyboardEvent) {
    event.prevent_default();
    let composer = document()
        .get_element_by_id("composer")
        .and_then(|composer| composer.dyn_into::<HtmlElement>().ok());
    if let Some(composer) = composer {
        let _ = composer.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::{NEAR_END, Place, Step, step};

    #[test]
    fn arrow_keys_walk_from_message_to_message() {
        assert_eq!(
            step("ArrowUp", None, 3),
            Some(Step::To(2)),
            "from the log to the newest"
        );
        assert_eq!(step("ArrowUp", Some(2), 3), Some(Step::To(1)));
        assert_eq!(step("ArrowUp", Some(0), 3), Some(Step::To(0)));
        assert_eq!(step("ArrowDown", Some(2), 3), Some(Step::To(2)));
        assert_eq!(step("ArrowDown", None, 3), None);
        assert_eq!(step("Home", None, 3), Some(Step::To(0)));
        assert_eq!(step("End", Some(0), 3), Some(Step::To(2)));
        assert_eq!(step("a", Some(0), 3), None);
    }

    #[test]
    fn escape_leaves_a_message_for_the_composer_and_the_log_for_the_page() {
        assert_eq!(step("Escape", Some(1), 3), Some(Step::ToComposer));
        assert_eq!(step("Escape", None, 3), None);
    }

    #[test]
    fn there_is_nowhere_to_walk_without_messages() {
        assert_eq!(step("ArrowUp", None, 0), None);
    }

    #[test]
    fn a_log_that_fits_its_frame_is_at_its_end_and_pulls_nothing() {
        let place = |top, content, room| Place { top, content, room };
        assert!(place(0, 300, 400).is_near_end());
        assert!(!place(0, 300, 400).is_near_start());
        assert!(place(0, 900, 400).is_near_start());
        assert!(!place(400, 900, 400).is_near_start());
        assert!(place(500, 900, 400).is_near_end());
        assert!(!place(500 - NEAR_END, 900, 400).is_near_end());
    }
}
