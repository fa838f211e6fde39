//! A part of the program: drawn when it is there, fetched when it is not, and asked for again when it did not come.

use futures_util::FutureExt;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use portico_ui::parts::{auto_span, button};
use portico_ui::reactive::dynamic;

/// A part did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotFetched;

impl From<SplitLoaderError> for NotFetched {
    fn from(_: SplitLoaderError) -> Self {
        // What went wrong stands in the browser's console.
        Self
    }
}

/// What stands in the place of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notices {
    /// For those who listen, while it is on its way.
    pub loading: &'static str,
    /// Says that it did not come.
    pub failed: &'static str,
    /// The button that asks for it again.
    pub try_again: &'static str,
}

/// A part that is on its way.
pub type Fetch = Pin<Box<dyn Future<Output = Result<(), NotFetched>>>>;

/// Draws something; nothing if its part is not there.
type Draw = Box<dyn Fn() -> Option<AnyView> + Send>;

/// A part of the program, and whether it is there. It is what stands behind one split point: of two points of one file each
/// is a part.
pub struct Part {
    is_there: AtomicBool,
    fetch: fn() -> Fetch,
}

impl Part {
    /// The part that `fetch` fetches.
    pub const fn new(fetch: fn() -> Fetch) -> Self {
        Self {
            is_there: AtomicBool::new(false),
            fetch,
        }
    }

    /// Draws it, now or as soon as it is there; until then what `waiting` draws stands in its place, and a button to ask
    /// again if it does not come.
    pub fn draw(
        &'static self,
        view: impl Fn() -> Option<AnyView> + Send + 'static,
        waiting: impl Fn() -> Option<AnyView> + Send + 'static,
        notices: Notices,
    ) -> AnyView {
        draw(self, Box::new(view), Box::new(waiting), Place::Block, notices)
    }

    /// Draws items of a list: as [`Part::draw`], but that what stands in their place is an item, too.
    pub fn draw_in_list(
        &'static self,
        items: impl Fn() -> Option<AnyView> + Send + 'static,
        notices: Notices,
    ) -> AnyView {
        draw(self, Box::new(items), Box::new(|| None), Place::Item, notices)
    }

    /// Draws it over everything else, as soon as it is there; until then there is nothing. Calls `on_failure` if it does
    /// not come.
    pub fn draw_over(
        &'static self,
        view: impl Fn() -> Option<AnyView> + Send + 'static,
        on_failure: impl Fn() + 'static,
    ) -> AnyView {
        draw_over(self, Box::new(view), Box::new(on_failure))
    }

    /// Fetches it in the background, because it may be needed soon. If it does not come, it is fetched when it is needed.
    pub fn expect(&'static self) {
        #[expect(clippy::disallowed_methods, reason = "ends with the file, which nothing waits for")]
        leptos::task::spawn_local(async move {
            self.fetch().await;
        });
    }

    /// Fetches it, and says when it is there.
    ///
    /// # Errors
    /// [`NotFetched`] if it does not come.
    pub async fn arrives(&'static self) -> Result<(), NotFetched> {
        match self.fetch().await {
            State::There => Ok(()),
            State::OnItsWay | State::Failed => Err(NotFetched),
        }
    }

    fn state(&self) -> State {
        match self.is_there.load(Ordering::Relaxed) {
            true => State::There,
            false => State::OnItsWay,
        }
    }

    /// Fetches it, unless it is there. Those who ask at once wait for one file.
    async fn fetch(&self) -> State {
        match (self.fetch)().await {
            Ok(()) => {
                self.is_there.store(true, Ordering::Relaxed);
                State::There
            }
            Err(NotFetched) => State::Failed,
        }
    }

    /// Fetches it for a view whose state is `state`, and calls `on_failure` if it does not come.
    fn fetch_for(&'static self, state: RwSignal<State>, on_failure: Box<dyn Fn()>) {
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the file; a view that is gone by then is not told"
        )]
        leptos::task::spawn_local(async move {
            let fetched = self.fetch().await;
            let is_gone = state.try_set(fetched).is_some();
            if fetched == State::Failed && !is_gone {
                on_failure();
            }
        });
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    OnItsWay,
    There,
    Failed,
}

/// Where a part is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Block,
    /// Among the items of a list.
    Item,
}

fn draw(part: &'static Part, view: Draw, waiting: Draw, place: Place, notices: Notices) -> AnyView {
    let state = RwSignal::new(part.state());
    let fetch = move || part.fetch_for(state, Box::new(|| ()));
    if state.get_untracked() == State::OnItsWay {
        fetch();
    }
    let again = move || {
        state.set(State::OnItsWay);
        fetch();
    };
    let inside = move || match state.get() {
        State::There => view().unwrap_or_else(|| failed(waiting(), place, notices, again)),
        State::OnItsWay => on_its_way(waiting(), place, notices),
        State::Failed => failed(waiting(), place, notices, again),
    };
    dynamic(inside)
}

fn draw_over(part: &'static Part, view: Draw, on_failure: Box<dyn Fn()>) -> AnyView {
    let state = RwSignal::new(part.state());
    if state.get_untracked() == State::OnItsWay {
        part.fetch_for(state, on_failure);
    }
    let inside = move || match state.get() {
        State::There => view(),
        State::OnItsWay | State::Failed => None,
    };
    dynamic(inside)
}

/// What a split point draws, once its part is there: it then answers at once.
pub fn now(view: impl Future<Output = Result<AnyView, NotFetched>>) -> Option<AnyView> {
    view.now_or_never()?.ok()
}

/// Does something behind a split point: now if its part is there, or as soon as it is; not at all if it does not come.
pub fn now_or_later(task: impl Future<Output = Result<(), NotFetched>> + 'static) {
    let mut task = Box::pin(task);
    if task.as_mut().now_or_never().is_none() {
        #[expect(clippy::disallowed_methods, reason = "ends with the file, which nothing waits for")]
        leptos::task::spawn_local(async move {
            let _ = task.await;
        });
    }
}

fn on_its_way(waiting: Option<AnyView>, place: Place, notices: Notices) -> AnyView {
    let inside = (waiting, auto_span("unseen", notices.loading)).into_any();
    match place {
        Place::Block => html::div()
            .class("part")
            .attr("aria-busy", "true")
            .child(inside)
            .into_any(),
        Place::Item => html::li()
            .class("part")
            .attr("aria-busy", "true")
            .child(inside)
            .into_any(),
    }
}

fn failed(waiting: Option<AnyView>, place: Place, notices: Notices, again: impl Fn() + 'static) -> AnyView {
    let notice = html::div()
        .class("part__notice")
        .attr("role", "alert")
        .child(auto_span("body__note", notices.failed))
        .child(button("small", auto_span("", notices.try_again), again));
    let inside = (waiting, notice).into_any();
    match place {
        Place::Block => html::div().class("part part--failed").child(inside).into_any(),
        Place::Item => html::li().class("part part--failed").child(inside).into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::{NotFetched, Part, State, now};
    use futures_util::FutureExt;
    use leptos::prelude::IntoAny;

    fn fetched(part: &Part) -> State {
        part.fetch().now_or_never().expect("a future that does not wait")
    }

    #[test]
    fn a_part_that_has_come_is_there_for_the_next_one() {
        let part = Part::new(|| Box::pin(async { Ok(()) }));
        assert_eq!(part.state(), State::OnItsWay);
        assert_eq!(fetched(&part), State::There);
        assert_eq!(part.state(), State::There);
    }

    #[test]
    fn a_part_that_did_not_come_is_asked_for_again() {
        let part = Part::new(|| Box::pin(async { Err(NotFetched) }));
        assert_eq!(fetched(&part), State::Failed);
        assert_eq!(part.state(), State::OnItsWay);
    }

    #[test]
    fn a_split_point_that_has_to_wait_draws_nothing() {
        assert!(now(async { Ok(().into_any()) }).is_some());
        assert!(now(async { Err(NotFetched) }).is_none());
        assert!(now(std::future::pending()).is_none());
    }
}
