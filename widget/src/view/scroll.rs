//! Where the log stands: at its end it stays there, whatever grows; further up what is read does not move, whatever grows
//! above it: older messages, pictures that come late. Browsers that could do this themselves do not agree on it.

use crate::store::Chat;
use portico_ui::browser::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, ResizeObserver};

use portico_ui::el::El;
use portico_ui::state::{State, effect, on_end};

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
    frame: State<Element>,
    /// The rows.
    content: State<Element>,
    /// The first row that the visitor saw after scrolling, and how far below the edge it began, in pixels.
    anchor: State<Option<(HtmlElement, i32)>>,
    /// The heights of content and frame that the place was last set for.
    sizes: State<(i32, i32)>,
}

impl Scroll {
    /// Follows `content` in `frame`.
    pub(super) fn new(chat: Chat, frame: &El, content: &El) -> Self {
        let scroll = Self {
            chat,
            frame: State::new(frame.node().clone()),
            content: State::new(content.node().clone()),
            anchor: State::new(None),
            sizes: State::new((0, 0)),
        };
        scroll.observe(frame.node(), content.node());
        effect(Box::new(move || {
            chat.items.with(|_| ());
            if chat.document.host.open.get() && chat.watched.get() && chat.at_end.get() {
                chat.seen();
            }
            scroll.fill();
        }));
        scroll
    }

    /// The visitor scrolled, or the place was set.
    pub(super) fn moved(self) {
        let frame = self.frame.now();
        if sizes(&frame) != self.sizes.now() {
            // Messages came in, or the frame has changed: not the visitor's doing. `resized` follows in this frame.
            return;
        }
        let top = frame.scroll_top();
        self.anchor
            .set(self.first_seen(top).map(|row| (row.clone(), row.offset_top() - top)));
        let below = frame.scroll_height() - top - frame.client_height();
        self.chat.at_end.put(below < NEAR_END);
        if top < NEAR_START && frame.scroll_height() > frame.client_height() {
            self.chat.load_older();
        }
    }

    /// Goes to the newest message.
    pub(super) fn to_end(self) {
        self.chat.at_end.put(true);
        let frame = self.frame.now();
        frame.set_scroll_top(frame.scroll_height());
    }

    /// Something has another size: the window, a picture that came, the list.
    fn resized(self) {
        let frame = self.frame.now();
        if self.chat.at_end.now() {
            frame.set_scroll_top(frame.scroll_height());
        } else if let Some((row, below)) = self.anchor.now().filter(|(row, _)| row.is_connected()) {
            frame.set_scroll_top(row.offset_top() - below);
        }
        self.sizes.set(sizes(&frame));
        self.fill();
    }

    /// Pulls an older page while there is room for it. A list that is shorter than its frame keeps its size whatever comes
    /// into it, so nobody but the messages themselves tells of them.
    fn fill(self) {
        let (content, room) = sizes(&self.frame.now());
        if content <= room && room > 0 {
            self.chat.load_older();
        }
    }

    /// The first row that is not above the edge. What stands before the messages is no anchor: they come in under it.
    fn first_seen(self, top: i32) -> Option<HtmlElement> {
        let rows = self.content.now().children();
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

    fn observe(self, frame: &Element, content: &Element) {
        let resized = Closure::<dyn FnMut()>::new(move || self.resized());
        let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(frame);
        observer.observe(content);
        on_end(Box::new(move || {
            observer.disconnect();
            drop(resized);
        }));
    }
}

fn sizes(frame: &Element) -> (i32, i32) {
    (frame.scroll_height(), frame.client_height())
}

/// Arrow keys, Home and End walk from message to message; Escape goes back to the composer.
pub(super) fn walk(event: &Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
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
    let next = match event.key().as_str() {
        "ArrowUp" => Some(at.map_or(rows.len().saturating_sub(1), |at| at.saturating_sub(1))),
        "ArrowDown" => at.map(|at| (at + 1).min(rows.len().saturating_sub(1))),
        "Home" => Some(0),
        "End" => Some(rows.len().saturating_sub(1)),
        "Escape" if at.is_some() => return leave(event),
        _ => None,
    };
    if let Some(row) = next.and_then(|next| rows.get(next)) {
        event.prevent_default();
        // A row that has just gone takes no focus, and nothing is lost.
        let _ = row.focus();
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
