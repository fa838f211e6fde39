//! Where a log of messages stands: at its end it stays there, whatever grows; further up what is read does not move,
//! whatever grows above it: older messages, pictures that come late. Browsers that could do this themselves do not agree
//! on it.

use crate::reactive::effect;
use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

/// This close to the end counts as there, in pixels.
const NEAR_END_PX: i32 = 80;

/// This close to the beginning is the time for an older page, in pixels.
const NEAR_START_PX: i32 = 240;

/// So many rows are remembered to find the place again: the first of them may be drawn anew when a page comes above it.
const ANCHORS: usize = 4;

/// A row that was seen, and how far below the upper edge it began, in pixels.
type Anchor = (HtmlElement, f64);

/// The scrolling of a log. A cheap handle.
#[derive(Clone, Copy)]
pub struct Scroll {
    /// What scrolls. Its first child holds the rows.
    pub frame: NodeRef<html::Div>,
    at_end: RwSignal<bool>,
    /// Selects rows that are not messages and may go when a page comes above them.
    passing: &'static str,
    /// Runs when there is room for an older page, or the reader comes near the beginning.
    on_near_start: Callback<()>,
    /// The rows that the reader saw after scrolling, from the upper edge down.
    anchors: StoredValue<Vec<Anchor>, LocalStorage>,
    /// The heights of content and frame that the place was last set for.
    sizes: StoredValue<(i32, i32)>,
}

impl Scroll {
    /// The scrolling of a log that is about to be drawn. `at_end` is kept: whether the reader looks at the newest.
    pub fn new(at_end: RwSignal<bool>, passing: &'static str, on_near_start: Callback<()>) -> Self {
        let scroll = Self {
            frame: NodeRef::new(),
            at_end,
            passing,
            on_near_start,
            anchors: StoredValue::new_local(Vec::new()),
            sizes: StoredValue::new((0, 0)),
        };
        scroll.observe();
        scroll
    }

    /// The reader scrolled, or the place was set.
    pub fn moved(self) {
        let Some(frame) = self.element() else { return };
        if sizes(&frame) != self.sizes.get_value() {
            // Messages came in, or the frame has changed: not the reader's doing. `resized` follows before it is drawn.
            return;
        }
        self.anchors.set_value(self.rows_seen(&frame));
        let place = Place {
            top: frame.scroll_top(),
            content: frame.scroll_height(),
            room: frame.client_height(),
        };
        self.set_at_end(place.is_near_end());
        if place.is_near_start() {
            self.on_near_start.run(());
        }
    }

    /// Goes to the newest message, and stays there.
    pub fn to_end(self) {
        self.set_at_end(true);
        if let Some(frame) = self.element() {
            frame.set_scroll_top(frame.scroll_height());
        }
    }

    /// Asks for an older page while there is room for it. A list that is shorter than its frame keeps its size whatever
    /// comes into it, so that nothing but the messages themselves tells of them.
    pub fn fill(self) {
        let Some(frame) = self.element() else { return };
        let (content, room) = sizes(&frame);
        if content <= room && room > 0 {
            self.on_near_start.run(());
        }
    }

    /// Something has another size: the window, a picture that came, the list.
    fn resized(self) {
        let Some(frame) = self.element() else { return };
        if self.at_end.try_get_untracked() == Some(true) {
            frame.set_scroll_top(frame.scroll_height());
        } else if let Some(moved) = self.moved_by(&frame) {
            frame.set_scroll_top(frame.scroll_top() + moved.round() as i32);
        }
        self.sizes.set_value(sizes(&frame));
        self.fill();
    }

    /// How far what the reader saw has moved down.
    fn moved_by(self, frame: &Element) -> Option<f64> {
        self.anchors.with_value(|anchors| {
            let (row, below) = anchors.iter().find(|(row, _)| row.is_connected())?;
            Some(below_edge(row, frame) - below)
        })
    }

    fn set_at_end(self, at_end: bool) {
        if self.at_end.try_get_untracked() == Some(!at_end) {
            self.at_end.set(at_end);
        }
    }

    /// Scroll events and changes of size come late, when the log may be gone.
    fn element(self) -> Option<Element> {
        let frame = self.frame.try_get_untracked().flatten()?;
        Some(frame.into())
    }

    /// The first rows that are not above the edge. What stands before the messages is no anchor: they come in under it. Of
    /// thousands of rows only a few are looked at, as this runs with every step of the scroll.
    fn rows_seen(self, frame: &Element) -> Vec<Anchor> {
        let Some(rows) = frame.first_element_child().map(|list| list.children()) else {
            return Vec::new();
        };
        let ends_above = |at| rows.item(at).is_some_and(|row| bottom_below_edge(&row, frame) <= 0.0);
        (first_not(rows.length(), ends_above)..rows.length())
            .filter_map(|at| rows.item(at)?.dyn_into::<HtmlElement>().ok())
            .filter(|row| !row.class_name().is_empty() && !row.matches(self.passing).unwrap_or(false))
            .take(ANCHORS)
            .map(|row| {
                let below = below_edge(&row, frame);
                (row, below)
            })
            .collect()
    }

    /// Follows the sizes of frame and content until the log is gone.
    fn observe(self) {
        let resized = Closure::<dyn FnMut()>::new(move || self.resized());
        let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) else {
            return;
        };
        let watching = observer.clone();
        effect(move |_| {
            if let Some(frame) = self.frame.get() {
                watching.observe(&frame);
                if let Some(content) = frame.first_element_child() {
                    watching.observe(&content);
                }
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
        self.content - self.top - self.room < NEAR_END_PX
    }

    fn is_near_start(self) -> bool {
        self.top < NEAR_START_PX && self.content > self.room
    }
}

fn sizes(frame: &Element) -> (i32, i32) {
    (frame.scroll_height(), frame.client_height())
}

fn below_edge(row: &Element, frame: &Element) -> f64 {
    row.get_bounding_client_rect().top() - frame.get_bounding_client_rect().top()
}

fn bottom_below_edge(row: &Element, frame: &Element) -> f64 {
    row.get_bounding_client_rect().bottom() - frame.get_bounding_client_rect().top()
}

/// The first of so many for which something does not hold that holds for all before it; `count` if it holds for all.
fn first_not(count: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from + (to - from) / 2;
        match holds(middle) {
            true => from = middle + 1,
            false => to = middle,
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::{NEAR_END_PX, Place, first_not};
    use std::cell::Cell;

    #[test]
    fn the_first_row_on_the_screen_is_found_by_looking_at_few() {
        for (count, above) in [(0, 0), (1, 0), (1, 1), (5_000, 0), (5_000, 4_321), (5_000, 5_000)] {
            let looks = Cell::new(0);
            let found = first_not(count, |at| {
                looks.set(looks.get() + 1);
                at < above
            });
            assert_eq!(found, above);
            assert!(looks.get() <= 13, "{} looks at {count}", looks.get());
        }
    }

    #[test]
    fn a_log_that_fits_its_frame_is_at_its_end_and_pulls_nothing() {
        let place = |top, content, room| Place { top, content, room };
        assert!(place(0, 300, 400).is_near_end());
        assert!(!place(0, 300, 400).is_near_start());
        assert!(place(0, 900, 400).is_near_start());
        assert!(!place(400, 900, 400).is_near_start());
        assert!(place(500, 900, 400).is_near_end());
        assert!(!place(500 - NEAR_END_PX, 900, 400).is_near_end());
        assert!(place(501 - NEAR_END_PX, 900, 400).is_near_end());
    }
}
