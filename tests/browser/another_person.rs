//! That no test finds what another one has left in its browser.

use portico_tests::browser::Browser;
use portico_tests::relay::Relay;
use serde_json::json;

/// Leaves something in every store that a page has.
const LEAVES: &str = "
    document.cookie = 'left=1; max-age=3600';
    localStorage.setItem('left', '1');
    caches.open('left');
    const opens = indexedDB.open('left', 1);
    opens.onupgradeneeded = () => opens.result.createObjectStore('left');
    opens.onsuccess = () => { opens.result.close(); done(true); }";

/// What there is in them.
const FINDS: &str = "
    Promise.all([indexedDB.databases(), caches.keys(), navigator.permissions.query({ name: 'notifications' })]).then(
        ([databases, caches, notifications]) => done({
            cookies: document.cookie,
            items: Object.keys(localStorage),
            databases: databases.map(database => database.name),
            caches,
            notifications: notifications.state,
            size: [outerWidth, outerHeight],
            dark: matchMedia('(prefers-color-scheme: dark)').matches,
        }))";

#[tokio::test]
async fn whoever_comes_to_a_browser_finds_nothing_of_the_person_before() {
    let relay = Relay::plain().await;
    let shop = relay.shop_origin();
    let first = Browser::open("first").await;
    first.goto(&shop).await;
    let found = first.run_async(FINDS, json!([])).await;
    first.prefers("dark").await;
    let permission = json!({ "origin": shop, "permissions": ["notifications"] });
    first.devtools("Browser.grantPermissions", permission).await;
    first.run_async(LEAVES, json!([])).await;
    let left = first.run_async(FINDS, json!([])).await;
    for store in ["cookies", "items", "databases", "caches", "notifications", "dark"] {
        assert_ne!(left[store], found[store], "{store}");
    }
    first.second_window().await;
    drop(first);

    let second = Browser::open("second").await;
    second.goto(&shop).await;
    assert_eq!(second.run_async(FINDS, json!([])).await, found);
}
