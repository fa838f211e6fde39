//! Notifications for a shopper who has closed the site's pages: the site's worker shows what the relay has sent to the
//! browser's push service, and leads back.
//!
//! The browser of the tests has no push service, so that its part is played: what subscribes is replaced on the page, and what
//! the service has got is handed to the worker by the developer tools.

use crate::ann::Ann;
use crate::people::{MESSAGE, Shopper};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::api::site_token;
use portico_tests::browser::Browser;
use portico_tests::eventually;
use portico_tests::push_service::PushService;
use portico_tests::relay::SITE_KEY;
use serde_json::{Value, json};

/// A page on which the browser subscribes with the service that a test has made, and notes how it was asked to.
const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>Shop</title><script>
    window.asked = [];
    let subscription = null;
    const made = (options) => {
        asked.push(options);
        return (subscription = {
            toJSON: () => ({ endpoint: SUBSCRIPTION.endpoint, expirationTime: null, keys: SUBSCRIPTION }),
            unsubscribe: async () => ((subscription = null), asked.push('ended'), true),
        });
    };
    const SUBSCRIPTION = SERVICE;
    PushManager.prototype.subscribe = async (options) => made(options);
    window.sought = 0;
    PushManager.prototype.getSubscription = async () => (sought++, subscription);
    </script></head><body><script async TAG data-worker=\"/portico-worker.js\"></script></body></html>";

/// The site's worker. What it would open is told to who asks, as browsers open nothing that no person has pressed.
const WORKER: &str = "importScripts('RELAY/embed/worker.js');
    addEventListener('message', async ({ data, source }) => {
        const [notification] = await registration.getNotifications();
        const opened = new Promise((done) => (clients.openWindow = async (url) => done([url])));
        if (data === 'press') dispatchEvent(new NotificationEvent('notificationclick', { notification }));
        source.postMessage(await opened);
    });";

const IDENTIFY: &str = "Portico('identify', { jwt: arguments[0] })";

const WORKERS_PLACE: &str = "/portico-guest/";

struct Visit {
    site: Site,
    service: PushService,
    shopper: Shopper,
    ann: Ann,
}

impl Visit {
    /// A shopper whom Ann has said hello to.
    async fn begun() -> Self {
        Self::begun_by(None).await
    }

    /// The same, of a customer whom the site has signed in.
    async fn begun_by(identity: Option<Value>) -> Self {
        let config = format!(
            "[[channels.guest.keys]]\nkid = \"site\"\nalgorithm = \"HS256\"\nkey = \"{SITE_KEY}\"\n\
             issuer = \"https://site.example\"\naudience = \"portico\"\n\
             [push]\nloopback = true\n"
        );
        let site = Site::start_with(&config).await;
        let service = PushService::start().await;
        let subscription = service.subscribe("shopper").to_string();
        site.serves("/tents", HTML, &PAGE.replace("SERVICE", &subscription));
        site.serves("/away", HTML, "<!doctype html><title>Away</title>");
        site.serves("/portico-worker.js", "text/javascript", WORKER);
        let shopper = Shopper {
            browser: Browser::open("shopper").await,
        };
        let permission = json!({ "origin": site.origin, "permissions": ["notifications"] });
        shopper.browser.devtools("Browser.grantPermissions", permission).await;
        shopper.browser.goto(&site.address("/tents")).await;
        if let Some(identity) = identity {
            shopper.browser.run(IDENTIFY, identity).await;
        }
        shopper.browser.press("button", UNNAMED_LAUNCHER).await;
        shopper.browser.into_chat();
        shopper.browser.sees("textbox", MESSAGE).await;
        shopper.is_served_by_the_program().await;
        let mut ann = Ann::takes_over(&site.relay, &site.bot, &shopper).await;
        ann.says("Hello, this is Ann.").await;
        shopper.hears("Hello, this is Ann.").await;
        Self {
            site,
            service,
            shopper,
            ann,
        }
    }

    /// Waits until the page was asked for something.
    async fn page_was_asked(&self, what: &str, script: &str) -> Value {
        self.shopper.browser.out_of_chat();
        let asked = self.shopper.browser.until(what, script, json!([])).await;
        self.shopper.browser.into_chat();
        asked
    }

    /// Waits until the relay has heard of the browser, or of its end.
    async fn relay_was_asked(&self, status: u16, times: f64) {
        let metric = format!("portico_http_requests_total{{route=\"/api/push\",status=\"{status}\"}}");
        eventually("the relay is asked", async || {
            (self.site.relay.metric(&metric).await >= times).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_shopper_who_has_closed_the_page_is_notified_and_a_press_leads_back() {
    let mut visit = Visit::begun().await;
    let browser = &visit.shopper.browser;
    browser.press("button", "Notify me").await;
    let options = visit.page_was_asked("it subscribes", "return asked[0]").await;
    assert_eq!(options["userVisibleOnly"], true);
    assert_eq!(
        options["applicationServerKey"].as_str().map(str::len),
        Some(87),
        "{options}"
    );
    visit.relay_was_asked(204, 1.0).await;

    browser.out_of_chat();
    browser.goto(&visit.site.address("/away")).await;
    visit.ann.says("Your tent is here.").await;
    let pushed = visit.service.takes(1).await.remove(0);
    assert_eq!(pushed.said["page"], visit.site.address("/tents"));
    assert_eq!(pushed.said["body"], "New message");

    browser.devtools("ServiceWorker.enable", json!({})).await;
    // The browser does not say which number it has given to the site's only worker: workers of its own may have come first.
    for number in 0..16 {
        let delivered = json!({
            "origin": visit.site.origin,
            "registrationId": number.to_string(),
            "data": pushed.said.to_string(),
        });
        browser.devtools("ServiceWorker.deliverPushMessage", delivered).await;
    }
    let shown = "
        return (async (scope) => {
            const registration = await navigator.serviceWorker.getRegistration(scope);
            const [note] = await registration.getNotifications();
            return note && [note.title, note.body, registration.scope === new URL(scope, location).href];
        })(arguments[0])";
    let shown = browser.until("it is shown", shown, json!([WORKERS_PLACE])).await;
    assert_eq!(shown, json!(["guest", "New message", true]));
    let pressed = "
        const [scope] = arguments;
        navigator.serviceWorker.addEventListener('message', ({ data }) => done(data));
        navigator.serviceWorker.startMessages();
        navigator.serviceWorker.getRegistration(scope).then(({ active }) => active.postMessage('press'));";
    let opened = browser.run_async(pressed, json!([WORKERS_PLACE])).await;
    assert_eq!(opened, json!([visit.site.address("/tents")]));
}

#[tokio::test]
async fn who_switches_notifications_off_or_leaves_is_told_nothing_any_more() {
    let visit = Visit::begun().await;
    let browser = &visit.shopper.browser;
    browser.press("button", "Notify me").await;
    visit.page_was_asked("it subscribes", "return asked.length === 1").await;
    visit.relay_was_asked(204, 1.0).await;
    browser.press("button", "Options").await;
    browser.press("switch", "Notifications").await;
    visit.page_was_asked("it ends", "return asked[1] === 'ended'").await;
    visit.relay_was_asked(204, 2.0).await;

    browser.press("switch", "Notifications").await;
    visit
        .page_was_asked("it subscribes again", "return asked.length === 3")
        .await;
    visit.relay_was_asked(204, 3.0).await;
    browser.out_of_chat();
    browser.run("Portico('logout')", json!([])).await;
    visit
        .page_was_asked("it ends for who has left", "return asked[3] === 'ended'")
        .await;
}

#[tokio::test]
async fn notifications_go_on_on_the_next_page_of_a_customer_and_end_when_another_signs_in() {
    let token = |subject| json!([site_token(&json!({ "sub": subject }))]);
    let visit = Visit::begun_by(Some(token("c-42"))).await;
    let browser = &visit.shopper.browser;
    browser.press("button", "Notify me").await;
    visit.relay_was_asked(204, 1.0).await;

    browser.out_of_chat();
    browser.goto(&visit.site.address("/tents")).await;
    browser.run(IDENTIFY, token("c-42")).await;
    browser.run("Portico('open')", json!([])).await;
    visit.page_was_asked("it goes on", "return asked.length === 1").await;
    browser.out_of_chat();
    assert_eq!(browser.run("return sought", json!([])).await, 0, "it was not ended");

    browser.run(IDENTIFY, token("c-43")).await;
    visit
        .page_was_asked("it ends for the one before", "return asked[1] === 'ended'")
        .await;
}

#[tokio::test]
async fn who_wants_no_notifications_is_not_subscribed() {
    let visit = Visit::begun().await;
    let browser = &visit.shopper.browser;
    browser.press("button", "No, thanks").await;
    browser.no_longer_sees("button", "Notify me").await;
    let nothing = visit
        .page_was_asked("nothing is subscribed", "return [asked.length]")
        .await;
    assert_eq!(nothing, json!([0]));
}
