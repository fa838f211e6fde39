//! Previews of the pages that messages link to.

use crate::chat::{PHONE, fits};
use crate::looks::is_accessible;
use crate::people::{Agent, Shopper};
use portico_tests::browser::Browser;
use portico_tests::receiver::{Receiver, Reply};
use portico_tests::relay::{Relay, World};
use portico_tests::web_page::WebPages;
use serde_json::json;

/// The links of all previews that are shown: what each says, where it leads, and how.
const PREVIEWS: &str = "
    const previews = () => [...document.querySelectorAll('a.preview')].filter(shown).map((card) => ({
        name: nameOf(card), about: card.getAttribute('aria-description'), href: card.href, rel: card.rel,
        target: card.target,
    }));";

/// Waits until a page is named, and answers all that are.
async fn sees_page(browser: &Browser, path: &str, web: &WebPages) {
    let script = "return previews().some(({ name }) => name.startsWith(arguments[0]))";
    let host = web.origin.trim_start_matches("http://");
    let name = format!("Page {path} & more {host} · Fernweh");
    let script = [PREVIEWS, script].concat();
    browser.until(&format!("{path} is named"), &script, json!([name])).await;
    let of_page = "return previews().find(({ href }) => href === arguments[0])";
    let card = browser.run(&[PREVIEWS, of_page].concat(), json!([web.at(path)])).await;
    assert_eq!(card["about"], format!("All about {path}."));
    assert_eq!(card["rel"], "noopener noreferrer nofollow");
    assert_eq!(card["target"], "_blank");
}

#[tokio::test]
async fn a_page_that_a_message_links_to_is_named_in_the_chat_and_at_the_desk() {
    let (bot, web) = (Receiver::start().await, WebPages::start().await);
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        environment: WebPages::environment("demo", r#"["agent", "bot", "customer"]"#),
        ..World::default()
    })
    .await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    shopper.opens().await;
    let text = format!("Look at {}.", web.at("/tent"));
    bot.will_say(&text);
    shopper.says("Which tent?").await;
    shopper.hears(&text).await;
    sees_page(browser, "/tent", &web).await;
    let told = "return [...document.querySelectorAll('[aria-live]:not([aria-live=off]), [role=status], [role=alert]')]
        .some((region) => region.textContent.includes('Page /'))";
    assert_eq!(browser.run(told, json!([])).await, false, "it is announced to nobody");
    let at_end = "const log = document.querySelector('.log');
        return log.scrollHeight - log.scrollTop - log.clientHeight < 2";
    browser.until("the card is in sight", at_end, json!([])).await;
    is_accessible(browser, "a preview", "html").await;
    fits(browser, "ltr").await;
    bot.will_say(&web.at("/unbroken"));
    shopper.says("Something else?").await;
    let host_shown =
        "const card = [...document.querySelectorAll('a.preview')].find(({ href }) => href.endsWith('/unbroken'));
        if (!card) return false;
        const [box, host] = [card, card.querySelector('[dir=ltr]')].map((el) => el.getBoundingClientRect());
        return host.width > 0 && host.left >= box.left && host.right <= box.right && host.bottom <= box.bottom";
    browser.until("the host is seen", host_shown, json!([])).await;
    fits(browser, "ltr").await;

    // A link that is the whole message has one card, and that is the page's.
    let link = json!({ "type": "URL", "mediaUrl": web.at("/stove") });
    bot.will(Reply::Say(json!([{ "mode": "message", "body": link }])));
    shopper.says("And a stove?").await;
    sees_page(browser, "/stove", &web).await;
    let bare = "return [...document.querySelectorAll('a.body__card:not(.preview)')].some(shown)";
    assert_eq!(browser.run(bare, json!([])).await, false, "the link stands there once");

    browser.prefers("dark").await;
    browser.out_of_chat();
    browser.run("Portico('setLocale', 'ar')", json!([])).await;
    browser.into_chat();
    browser.sees("textbox", "رسالة").await;
    sees_page(browser, "/tent", &web).await;
    fits(browser, "rtl").await;

    browser.out_of_chat();
    browser.run("Portico('setLocale', 'en')", json!([])).await;
    browser.into_chat();
    browser.sees("textbox", "Message").await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    agent.accepts().await;
    sees_page(&agent.browser, "/tent", &web).await;
    agent.says(&format!("This one: {}", web.at("/ridge"))).await;
    sees_page(&agent.browser, "/ridge", &web).await;
    sees_page(browser, "/ridge", &web).await;
    is_accessible(&agent.browser, "previews at the desk", "html").await;
    for asked in browser.requests().await {
        assert!(!asked.starts_with(&web.origin), "the browser asks for nothing: {asked}");
    }
}
