//! What an offer and a new message do to ears and to the tab's title.

use crate::action::Action;
use crate::i18n;
use crate::ring::{Ring, Ringer};
use crate::state::{Desk, previews, reservation_name};
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos::{ev, leptos_dom::helpers::window_event_listener};

/// While it rings the title changes this often, in milliseconds.
const FLASH_EVERY_MS: u32 = 1_000;

/// Rings, chimes and flashes as long as the console lives.
pub(crate) fn listen(desk: Desk) {
    let ringer = StoredValue::new_local(Ringer::default());
    let waiting = Memo::new(move |_| {
        desk.reservations()
            .into_iter()
            .next()
            .map(|offer| (offer.task.clone(), reservation_name(&offer), offer.queue))
    });
    let ring = move || match waiting.with(Option::is_some) && desk.settings.sound() {
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
    announce(desk, waiting);
    flash(desk, waiting);
    on_cleanup(|| document().set_title(i18n::APP_TITLE));
}

/// Browsers allow sound after the first click or key press.
fn unlock_on(desk: Desk, ringer: StoredValue<Ringer, LocalStorage>, ring: impl Fn() -> Ring + Copy + 'static) {
    let unlock = move || {
        ringer.try_update_value(|ringer| {
            ringer.unlock();
            ringer.ring(ring());
        });
    };
    // Whoever signed in a moment ago has touched the page.
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

fn announce<T: Clone + PartialEq + Send + Sync + 'static>(desk: Desk, waiting: Memo<Option<(T, String, String)>>) {
    Effect::new(move |_| {
        if let Some((_, name, queue)) = waiting.get() {
            desk.announcer.say(i18n::offer_announcement(
                &name,
                &queue,
                &Action::AcceptReservation.hint(),
            ));
        }
    });
}

/// The title says how much is unread; while it rings it alternates with who waits.
fn flash<T: Clone + PartialEq + Send + Sync + 'static>(desk: Desk, waiting: Memo<Option<(T, String, String)>>) {
    let calm = Memo::new(move |_| i18n::title(previews(desk).iter().map(|row| row.unread).sum()));
    Effect::new(move |_| {
        let Some((_, name, _)) = waiting.get() else {
            document().set_title(&calm.get());
            return;
        };
        let title = i18n::offer_title(&name);
        document().set_title(&title);
        let turn = Interval::new(FLASH_EVERY_MS, move || {
            let rings = document().title() == title;
            document().set_title(&if rings { calm.get_untracked() } else { title.clone() });
        });
        let turn = StoredValue::new_local(turn);
        on_cleanup(move || turn.dispose());
    });
}
