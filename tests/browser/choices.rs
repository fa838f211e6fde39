//! Lists to choose from: as a menu that opens, and open from the beginning; each section is a group with its name.

use crate::chat::{PHONE, fits};
use crate::looks::is_accessible;
use crate::people::{Shopper, shop_with_bot};
use portico_tests::browser::Key;
use portico_tests::receiver::Reply;
use serde_json::{Value, json};

fn list(kind: &str) -> Reply {
    let choice = |title: &str, section: &str, about: &str| {
        json!({ "type": "String", "title": title, "payload": format!("/{title}"),
            "additionalButtonDetails": { "sectionTitle": section, "description": about } })
    };
    let interactive = json!({ "type": kind, "button": "Our tents", "header": { "type": "text", "text": "Welcome" },
        "body": { "text": "Which one?" }, "footer": { "text": "All of them are green" } });
    let body = json!({ "type": "BUTTON", "markdownText": null, "buttonMessageType": "BUTTON",
        "additionalDetails": { "interactive": interactive },
        "buttons": [
            choice("Ridge 2", "For two", "Two kilograms"),
            choice("Ridge 2 light", "For two", "One kilogram"),
            choice("Ridge 4", "For families", ""),
        ] });
    Reply::Say(json!([{ "mode": "message", "body": body }]))
}

/// The groups that are shown, and what stands in each.
const GROUPS: &str = "
    const seen = (el) => el.checkVisibility();
    const names = (group) => [...group.querySelectorAll('.choice')].filter(seen).map((el) => el.querySelector('span').innerText);
    return [...document.querySelectorAll('.bubble [role=group]')].filter(seen).map((el) => [el.ariaLabel, names(el)])";

fn groups() -> Value {
    json!([
        ["Our tents", ["Ridge 2", "Ridge 2 light", "Ridge 4"]],
        ["For two", ["Ridge 2", "Ridge 2 light"]],
        ["For families", ["Ridge 4"]],
    ])
}

#[tokio::test]
async fn a_list_opens_as_a_menu_and_what_was_chosen_stays_readable() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    bot.will(list("list"));
    shopper.says("Which tents are there?").await;
    let closed = "return document.querySelector('.body__menu > summary')?.innerText === 'Our tents'";
    browser.until("the menu is there", closed, json!([])).await;
    assert_eq!(browser.run(GROUPS, json!([])).await, json!([]), "closed");
    is_accessible(browser, "a menu that is closed", "html").await;
    let focus = "document.querySelector('.body__menu > summary').focus()";
    browser.run(focus, json!([])).await;
    browser.key(Key::Enter).await;
    let opened = "return document.querySelector('.body__menu').open";
    browser.until("the menu is open", opened, json!([])).await;
    assert_eq!(browser.run(GROUPS, json!([])).await, groups());
    is_accessible(browser, "a menu that is open", "html").await;
    fits(browser, "ltr").await;

    bot.will_say("A good one.");
    browser.press("button", "Ridge 4").await;
    let chosen = "return !document.querySelector('.body__menu') && document.querySelector('.choice--chosen')?.innerText.includes('Ridge 4')";
    browser.until("the chosen one stays", chosen, json!([])).await;
    shopper.hears("A good one.").await;
}

#[tokio::test]
async fn a_clickable_list_is_open_from_the_beginning() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    bot.will(list("clickableList"));
    shopper.says("Which tents are there?").await;
    browser.sees("button", "Ridge 4").await;
    assert_eq!(browser.run(GROUPS, json!([])).await, groups());
    assert!(!browser.has("button", "Our tents").await, "there is nothing to open");
    is_accessible(browser, "a clickable list", "html").await;
}
