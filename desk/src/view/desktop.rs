//! Reservations on the desktop, for an agent whose console is behind another window. Nothing is asked of the browser and
//! nothing is shown before the agent turns it on; what is shown says who waits and not what they wrote, because others
//! may see the screen.

use crate::i18n::t;
use crate::state::{Desk, Ringing};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission, VisibilityState};

/// Shows the most urgent reservation, as long as it rings and only while the console is out of sight.
pub(crate) fn listen(desk: Desk) {
    let ringing = Memo::new(move |_| desk.ringing());
    let shown = StoredValue::new_local(None::<Notification>);
    Effect::new(move |_| {
        let ringing = ringing.get();
        let unseen = document().visibility_state() == VisibilityState::Hidden;
        let wanted = ringing.filter(|_| desk.settings.desktop() && unseen);
        let new = wanted.as_ref().and_then(show);
        // The one before is answered or gone.
        if let Some(before) = shown.try_update_value(|shown| std::mem::replace(shown, new)).flatten() {
            before.close();
        }
    });
    // No name stays on the desktop after a sign-out.
    on_cleanup(move || {
        if let Some(last) = shown.try_update_value(Option::take).flatten() {
            last.close();
        }
    });
}

/// Turns it on, if the browser allows it, or off.
pub(crate) fn toggle(desk: Desk) {
    if desk.settings.desktop() {
        desk.settings.set_desktop(false);
        desk.show_toast(t().desktop_off());
        return;
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the browser's answer; settings and messages are the whole console's"
    )]
    spawn_local(async move {
        if let Ok(asked) = Notification::request_permission() {
            // The answer is read where it stays.
            let _ = JsFuture::from(asked).await;
        }
        let allowed = Notification::permission() == NotificationPermission::Granted;
        desk.settings.set_desktop(allowed);
        desk.show_toast(if allowed {
            t().desktop_on()
        } else {
            t().desktop_refused()
        });
    });
}

/// A press on it brings the console back. The consoles of several tabs show one and the same.
fn show(ringing: &Ringing) -> Option<Notification> {
    let options = NotificationOptions::new();
    options.set_tag(ringing.task.as_str());
    options.set_body(&ringing.queue);
    let shown = Notification::new_with_options(&t().offer_title(&ringing.name), &options).ok()?;
    let back = Closure::once_into_js(|| {
        let _ = window().focus();
    });
    shown.set_onclick(Some(back.unchecked_ref()));
    Some(shown)
}
