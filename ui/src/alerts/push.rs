//! Has the relay tell the browser of answers while all pages are closed: a worker of the site shows them. The page around the
//! frame subscribes, because the worker and the browser's permission are its site's; the frame tells the relay, because it
//! alone has the person's token.

use super::{Alerts, Permission};
use crate::fetch;
use crate::reactive::effect;
use leptos::prelude::*;
use portico_shared::http::{PushBody, PushEndBody, PushKeyAnswer, PushSubscription};

/// Where the relay is told.
const PUSH: &str = "/api/push";

/// Follows the person's choice for as long as what draws alerts is there.
pub(super) fn follow(alerts: Alerts) {
    let page = alerts.setup().page;
    let is_possible = Memo::new(move |_| page.with(|page| page.as_ref().is_some_and(|page| page.pushes.is_some())));
    let is_allowed =
        Memo::new(move |_| page.with(|page| page.as_ref().is_some_and(|page| page.desktop == Permission::Granted)));
    let wants = Memo::new(move |_| is_allowed.get() && alerts.wants_notes() == Some(true));
    let made = Memo::new(move |_| page.with(|page| page.as_ref().and_then(|page| read(page.pushes.as_deref()?))));
    let was_online = alerts.setup().was_online;
    // Where the browser allows nothing there is nothing to end.
    effect(move |_| match (is_possible.get() && is_allowed.get(), wants.get()) {
        (false, _) => {}
        (true, true) if was_online.get() => begin(alerts),
        (true, true) => {}
        (true, false) => end(alerts, untrack(move || made.get())),
    });
    effect(move |_| {
        if let Some(subscription) = made.get().filter(|_| wants.get()) {
            tell(alerts, subscription);
        }
    });
}

/// The subscription as the page says it; nothing if there is none.
fn read(said: &str) -> Option<PushSubscription> {
    portico_shared::json::from_str(said).ok()
}

/// Asks the page to subscribe with the relay's key.
fn begin(alerts: Alerts) {
    let setup = alerts.setup();
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer, and speaks to the page alone"
    )]
    leptos::task::spawn_local(async move {
        let token = (setup.token)();
        // A relay that has no notifications on this channel answers no key: then there are none.
        if let Ok(PushKeyAnswer { key }) = fetch::get(PUSH, token.as_deref()).await {
            (setup.post)(&[("asks", "begin".into()), ("key", key.into())]);
        }
    });
}

/// Tells the relay of the browser. What does not reach it is said again by the next page.
fn tell(alerts: Alerts, subscription: PushSubscription) {
    let setup = alerts.setup();
    let body = PushBody {
        subscription,
        page: (setup.address)(),
        note: (setup.words)().new_message(),
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer, and needs nothing of the view"
    )]
    leptos::task::spawn_local(async move {
        let token = (setup.token)();
        let _ = fetch::put(PUSH, token.as_deref(), &body).await;
    });
}

/// Ends what there is of a subscription, also one of another person who had this browser before.
fn end(alerts: Alerts, subscription: Option<PushSubscription>) {
    let setup = alerts.setup();
    (setup.post)(&[("asks", "end".into())]);
    let Some(PushSubscription { endpoint, .. }) = subscription else {
        return;
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer, and needs nothing of the view"
    )]
    leptos::task::spawn_local(async move {
        let token = (setup.token)();
        // The push service knows the browser no more, which the relay learns from it otherwise.
        let _ = fetch::delete(PUSH, token.as_deref(), &PushEndBody { endpoint }).await;
    });
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_page_says_its_subscription_whole_or_none() {
        let said = r#"{"endpoint":"https://push.example/x","p256dh":"BA","auth":"AA"}"#;
        assert_eq!(
            read(said).map(|read| read.endpoint).as_deref(),
            Some("https://push.example/x")
        );
        assert!(read("").is_none() && read("{}").is_none());
    }
}
