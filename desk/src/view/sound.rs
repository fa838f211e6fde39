//! What a reservation and a new message do to ears and to the tab's title.

use crate::action::Action;
use crate::i18n::{self, t};
use crate::ring::{Ring, Ringer};
use crate::state::{Desk, Preview, Ringing};
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos::{ev, leptos_dom::helpers::window_event_listener};

/// While it rings the title changes this often, in milliseconds.
const FLASH_EVERY_MS: u32 = 1_000;

/// Rings, chimes and flashes as long as the console lives.
pub(crate) fn listen(desk: Desk) {
    let ringer = StoredValue::new_local(Ringer::default());
    let ringing = Memo::new(move |_| desk.ringing());
    let ring = move || match ringing.with(Option::is_some) && desk.settings.sound() {
        true => Ring::On,
        false => Ring::Off,
    };
    Effect::new(move |_| ringer.update_value(|ringer| ringer.ring(ring())));
    Effect::new(move |before: Option<u32>| {
        let count = desk.chime();
        if before.is_some_and(|before| before != count) && desk.settings.sound() {
            ringer.with_value(Ringer::chime);
        }
        count
    });
    unlock_on(desk, ringer, move || untrack(ring));
    announce(desk, ringing);
    flash(desk, ringing);
    on_cleanup(|| document().set_title(t().app_title()));
}

/// Browsers allow sound after the first click or key press.
fn unlock_on(desk: Desk, ringer: StoredValue<Ringer, LocalStorage>, ring: impl Fn() -> Ring + Copy + 'static) {
    let unlock = move || {
        ringer.try_update_value(|ringer| {
            ringer.unlock();
            ringer.ring(ring());
        });
    };
    // An agent who signed in a moment ago has touched the page.
    if untrack(|| desk.is_audible()) {
        unlock();
    }
    let pointer = window_event_listener(ev::pointerdown, move |event| {
        if event.is_trusted() {
            unlock();
        }
    });
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.is_trusted() {
            unlock();
            desk.touched();
        }
    });
    // The hint goes with the click and not before it, so that nothing else moves under the pointer.
    let clicks = window_event_listener(ev::click, move |event| {
        if event.is_trusted() {
            desk.touched();
        }
    });
    on_cleanup(move || {
        pointer.remove();
        keys.remove();
        clicks.remove();
    });
}

fn announce(desk: Desk, ringing: Memo<Option<Ringing>>) {
    Effect::new(move |_| {
        if let Some(Ringing { name, queue, .. }) = ringing.get() {
            let hint = Action::AcceptReservation.hint();
            desk.announcer.announce(t().offer_announcement(&name, &queue, &hint));
        }
    });
}

/// The title says how much is unread; while it rings it alternates with who waits.
fn flash(desk: Desk, ringing: Memo<Option<Ringing>>) {
    let calm = Memo::new(move |_| calm_title(&desk.previews()));
    Effect::new(move |_| {
        let Some(Ringing { name, .. }) = ringing.get() else {
            document().set_title(&calm.get());
            return;
        };
        let alert = t().offer_title(&name);
        document().set_title(&alert);
        let turn = Interval::new(FLASH_EVERY_MS, move || {
            let next = other_title(&document().title(), &alert, &calm.get_untracked());
            document().set_title(&next);
        });
        let turn = StoredValue::new_local(turn);
        on_cleanup(move || turn.dispose());
    });
}

/// The title while nothing rings.
fn calm_title(previews: &[Preview]) -> String {
    i18n::title(previews.iter().map(|preview| preview.unread).sum())
}

/// Of two titles the one that is not shown.
fn other_title(shown: &str, alert: &str, calm: &str) -> String {
    if shown == alert { calm } else { alert }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_turns_between_who_waits_and_what_is_unread() {
        assert_eq!(other_title("Carol waits", "Carol waits", "(2) Desk"), "(2) Desk");
        assert_eq!(other_title("(1) Desk", "Carol waits", "(2) Desk"), "Carol waits");
    }

    #[test]
    fn the_title_counts_what_is_unread_in_all_conversations() {
        assert_eq!(calm_title(&[]), t().app_title());
        assert!(i18n::title(3).starts_with("(3) "));
    }
}
