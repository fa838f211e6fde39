//! Texts whose blanks and marks a careless screen would swallow: whatever is typed is seen, on both sides.

use crate::people::{Served, served};
use portico_tests::browser::Browser;
use serde_json::{Value, json};

const TABLE: &str = include_str!("../../shared/tests/texts.json");

/// Signs of lists are drawn by the browser, and stand in no text of the document.
const LISTS: [&str; 5] = [
    "- one\n- two",
    "7. Bond",
    "- one\n  - two\n    - three",
    "\t- tabbed",
    "  3. set in",
];

/// The table's items of lists, and how many columns each is set in.
const SET_IN: [(&str, u32); 8] = [
    ("Bond", 0),
    ("one", 0),
    ("two", 0),
    ("one", 0),
    ("two", 2),
    ("three", 4),
    ("tabbed", 4),
    ("set in", 2),
];

#[tokio::test]
async fn whatever_is_typed_is_seen_in_its_bubble() {
    let there = served().await;
    let Served { agent, shopper, .. } = &there;
    let table: Vec<Value> = serde_json::from_str(TABLE).expect("a table");
    let mut shown = Vec::new();
    for row in &table {
        let source = row["source"].as_str().expect("a source");
        shopper.pastes(source).await;
        if !LISTS.contains(&source) {
            shown.push(row["plain"].clone());
        }
    }
    shopper.says("that is all").await;
    shopper.has_said("that is all").await;
    agent.hears("that is all").await;
    for browser in [&shopper.browser, &agent.browser] {
        shows(browser, &shown).await;
        sets_in(browser).await;
        is_left_to_translators(browser).await;
    }
}

/// What people write, and nothing that the documents say themselves: a translator would freeze what changes.
async fn is_left_to_translators(browser: &Browser) {
    let left = "
        const texts = [...document.querySelectorAll('.text')];
        return [document.documentElement.translate, texts.length > 0 && texts.every((text) => text.translate)]";
    assert_eq!(browser.run(left, json!([])).await, json!([false, true]));
}

/// Blanks before an item move it with its sign.
async fn sets_in(browser: &Browser) {
    let items = "
        const column = document.createElement('i');
        column.style.cssText = 'position:absolute;inline-size:1ch';
        return [...document.querySelectorAll('.bubble .text li')].map((item) => {
            item.append(column);
            const wide = column.getBoundingClientRect().width;
            column.remove();
            return [item.innerText, Math.round(parseFloat(getComputedStyle(item).marginInlineStart) / wide)];
        })";
    assert_eq!(browser.run(items, json!([])).await, json!(SET_IN));
}

async fn shows(browser: &Browser, texts: &[Value]) {
    let missing = "
        const seen = [...document.querySelectorAll('.bubble .text')].map((el) => el.innerText);
        return arguments[0].filter((text) => !seen.includes(text))";
    let missing = browser.run(missing, json!([texts])).await;
    assert_eq!(missing, json!([]), "what is not seen as it was typed");
}
