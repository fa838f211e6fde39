//! Gives the alerts, for as long as what draws them is there.

use super::call::{Attention, Call, Choices};
use super::lead::Lead;
use super::{Alerts, Newest, Unread};
use crate::lock::{Claim, Lock, held};
use crate::reactive::effect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Where is kept for which message the person was called last.
const CALLED: &str = "called";

/// Where is kept that the person wants no sound.
const MUTED: &str = "muted";

/// Where is kept whether the person wants notifications.
const NOTES: &str = "notes";

/// How the lock of the tab that leads is called, and those of tabs that show the chat, or can be seen.
const LEAD: &str = "lead";
const ON_CHAT: &str = "on-chat";
const ON_SITE: &str = "on-site";

/// Begins to give alerts in this tab, and in no other one at the same time.
pub(super) fn follow(alerts: Alerts, unread: Signal<Unread>) {
    let setup = alerts.setup();
    (setup.post)(&[("asks", "what".into())]);
    let lead = Lead::follow([setup.storage.prefix(), LEAD].concat());
    hold_while([setup.storage.prefix(), ON_CHAT].concat(), setup.is_watched);
    hold_while([setup.storage.prefix(), ON_SITE].concat(), setup.is_visible);
    let shown = Memo::new(move |_| {
        let count = unread.with(|unread| unread.count);
        if lead.leads() { count } else { 0 }
    });
    effect(move |_| (alerts.setup().post)(&[("count", shown.get().into())]));
    let post = setup.post;
    on_cleanup(move || post(&[("count", 0.into())]));
    let noted = StoredValue::new(None);
    effect(move |_| {
        let newest = unread.with(|unread| {
            let newest = unread.newest.clone();
            newest.filter(|_| unread.count > 0)
        });
        if let Some(newest) = newest.filter(|_| lead.leads()) {
            renew(alerts, &newest, noted);
            call(alerts, newest, noted);
        }
    });
}

/// Has the notification that is shown say what its message says now: its author may have edited or deleted it.
fn renew(alerts: Alerts, newest: &Newest, noted: StoredValue<Option<Newest>>) {
    let is_changed = |noted: &Option<Newest>| noted.as_ref().is_some_and(|noted| newest.is_change_of(noted));
    if noted.with_value(is_changed) {
        noted.set_value(Some(newest.clone()));
        (alerts.setup().post)(&[
            ("from", newest.from.as_str().into()),
            ("text", newest.text.as_str().into()),
        ]);
    }
}

/// Calls the person for a message, once.
fn call(alerts: Alerts, newest: Newest, noted: StoredValue<Option<Newest>>) {
    let setup = alerts.setup();
    if newest.is_behind(setup.storage.get(CALLED).as_deref()) {
        return;
    }
    setup.storage.put(CALLED, &newest.mark());
    #[expect(clippy::disallowed_methods, reason = "ends at once, and speaks to the page alone")]
    leptos::task::spawn_local(async move {
        let locks = held().await;
        let is_held = |name: &str| locks.contains(&[setup.storage.prefix(), name].concat());
        let is = |signal: Signal<bool>| signal.try_get_untracked().unwrap_or(false);
        let attention = Attention {
            is_on_chat: is(setup.is_watched) || is_held(ON_CHAT),
            is_on_site: is(setup.is_visible) || is_held(ON_SITE),
        };
        let call = Call::of(attention, alerts.choices());
        let mut members: Vec<(&str, JsValue)> = Vec::new();
        if call.sounds {
            members.push(("sounds", true.into()));
        }
        if call.shows_note {
            members.push(("from", newest.from.as_str().into()));
            members.push(("text", newest.text.as_str().into()));
            noted.try_set_value(Some(newest));
        }
        if !members.is_empty() {
            (setup.post)(&members);
        }
    });
}

/// Holds a lock while something is the case, together with other tabs of which it is.
fn hold_while(name: String, is: Signal<bool>) {
    let lock = StoredValue::new_local(None);
    effect(move |_| {
        lock.set_value(None);
        if !is.get() {
            return;
        }
        let name = name.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the lock; what is no longer the case lets it go"
        )]
        leptos::task::spawn_local(async move {
            let held = Lock::claim(&name, Claim::Shared, || ()).await;
            if is.try_get_untracked() == Some(true) {
                lock.try_set_value(Some(held));
            }
        });
    });
}

impl Alerts {
    /// What the person has chosen, here or in another tab.
    fn choices(self) -> Choices {
        Choices {
            is_muted: self.is_muted(),
            wants_notes: self.wants_notes() == Some(true),
        }
    }

    /// Whether the person wants no sound.
    pub(super) fn is_muted(self) -> bool {
        // What was chosen in another tab is read anew with each call.
        let _ = self.choices.try_get();
        self.setup().storage.get(MUTED).is_some()
    }

    /// Whether the person wants notifications, once it has said so.
    pub(super) fn wants_notes(self) -> Option<bool> {
        let _ = self.choices.try_get();
        let said = self.setup().storage.get(NOTES)?;
        Some(said == "yes")
    }

    pub(super) fn mute(self, is_muted: bool) {
        let setup = self.setup();
        match is_muted {
            true => setup.storage.put(MUTED, "yes"),
            false => setup.storage.remove(MUTED),
        }
        self.choices.update(|choices| *choices += 1);
    }

    pub(super) fn want_notes(self, wants: bool) {
        self.setup().storage.put(NOTES, if wants { "yes" } else { "no" });
        self.choices.update(|choices| *choices += 1);
    }
}
