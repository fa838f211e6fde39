//! What a screen reader has of each screen, by Chromium's accessibility tree: in which order, by which name and in which
//! state. A line that changes here is a change that a person hears.

use crate::bodies::media;
use crate::earlier::{chatted, lists, signed_in};
use crate::keeping::ends;
use crate::looks::{cards_and_a_form, is_accessible, key_of_an_app};
use crate::people::{Customer, LAUNCHER, Shopper, shop_with_bot};
use portico_tests::browser::Browser;
use portico_tests::receiver::Reply;
use portico_tests::relay::{Relay, World};
use serde_json::json;

/// Checks that these lines are read out one after the other. A time stands there as `{time}`, a day as `{date}`.
pub(crate) async fn reads_out(browser: &Browser, what: &str, expected: &str) {
    let expected: Vec<&str> = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let read: Vec<String> = browser.read_out().await.iter().map(|line| timeless(line)).collect();
    let is_read = read.windows(expected.len()).any(|lines| lines == expected);
    assert!(is_read, "{what} is read out as\n{}", read.join("\n"));
}

/// A line that says the same at any time.
fn timeless(line: &str) -> String {
    let is_clock = |word: &str| word.contains(':') && word.chars().all(|char| char.is_ascii_digit() || char == ':');
    let words = line.split(' ').filter(|word| !matches!(*word, "AM" | "PM"));
    let line = words.map(|word| if is_clock(word) { "{time}" } else { word });
    let line = line.collect::<Vec<_>>().join(" ");
    match line.split_once(" at {time} ") {
        Some((before, rest)) => match before.split_once(' ') {
            Some((role, _)) => format!("{role} {{date}} {rest}"),
            None => line,
        },
        None => line,
    }
}

#[tokio::test]
async fn the_page_and_the_first_screen_are_read_in_their_order() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let page = browser.read_out().await;
    let launcher = format!("button {LAUNCHER} [collapsed]");
    assert_eq!(page.last(), Some(&launcher), "the chat comes after the page: {page:?}");
    shopper.opens().await;
    reads_out(browser, "the first screen", FIRST_SCREEN).await;
}

const FIRST_SCREEN: &str = "
    status
    banner
    heading Fernweh Outdoor
    button Minimise chat
    status
    main
    log Conversation
    list
    listitem
    heading Hello. How can we help?
    StaticText We usually answer within a few minutes.
    group Common questions
    button Which tent fits two people?
    button Talk to a person
    contentinfo
    button Attach files
    button Insert emoji [collapsed]
    textbox Message
    button Send [disabled]
    button Record a voice message
";

#[tokio::test]
async fn each_kind_of_message_is_read_in_its_order() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    bot.will(Reply::Say(media(&relay)));
    shopper.says("Show me").await;
    shopper.hears_address_card().await;
    shopper.has_said("Show me").await;
    reads_out(&shopper.browser, "each kind of message", MEDIA).await;
}

const MEDIA: &str = "
    log Conversation
    list
    listitem
    heading Hello. How can we help?
    StaticText We usually answer within a few minutes.
    listitem
    StaticText Today
    listitem
    StaticText You
    paragraph
    StaticText Show me
    time
    StaticText {time}
    StaticText Sent
    listitem
    StaticText Fern
    link The Ridge 2
    listitem
    StaticText Fern
    link manual.pdf 42 kB Download
    listitem
    StaticText Fern
    Audio
    listitem
    StaticText Fern
    Video
    listitem
    StaticText Fern
    paragraph
    StaticText All our tents
    link example.org
    listitem
    StaticText Fern
    image Picture
    listitem
    StaticText Fern
    StaticText Fernweh
    DescriptionList
    term Order number
    StaticText Order number
    definition
    StaticText 1001
    term The Ridge 2, green
    StaticText The Ridge 2, green
    definition
    StaticText 2 × €19.90
    term Pegs
    StaticText Pegs
    definition
    StaticText €1.50
    term Subtotal
    StaticText Subtotal
    definition
    StaticText €41.30
    term New customer
    StaticText New customer
    definition
    StaticText -€5.00
    term Shipping
    StaticText Shipping
    definition
    StaticText €4.95
    term Tax
    StaticText Tax
    definition
    StaticText €7.15
    term Deliver to
    StaticText Deliver to
    definition
    StaticText Sam Berg, Main street 1, 80331 Munich, DE
    term Paid with
    StaticText Paid with
    definition
    StaticText Visa
    term Total
    StaticText Total
    definition
    StaticText €41.25
    listitem
    StaticText Fern
    StaticText Ready for you
    StaticText 1001
    StaticText € 51.90
    listitem
    StaticText Fern
    paragraph
    StaticText Lovely tent!
    listitem
    StaticText Fern
    link Our shop Main street 1
    listitem
    StaticText Fern
    StaticText Maja Berg
    StaticText Fernweh
    link +49 89 1234
    link maja@example.org
    time
    StaticText {time}
    contentinfo
    button Attach files
    button Insert emoji [collapsed]
    textbox Message
    button Send [disabled]
    button Record a voice message
";

#[tokio::test]
async fn choices_a_form_the_menu_and_the_end_are_read_in_their_order() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    bot.will(Reply::Say(cards_and_a_form()));
    shopper.says("Show me").await;
    browser.sees("textbox", "Your name").await;
    reads_out(browser, "choices and a form", CHOICES_AND_A_FORM).await;
    browser.press("button", "Options").await;
    browser.sees("switch", "Sound").await;
    reads_out(browser, "the menu", MENU).await;
    browser.press("button", "Options").await;
    ends(&shopper).await;
    reads_out(browser, "the end", END).await;
}

const CHOICES_AND_A_FORM: &str = "
    listitem
    StaticText Fern
    paragraph
    StaticText For how many?
    group Answers to choose from
    button Two
    button Three
    listitem
    StaticText Fern
    paragraph
    StaticText These fit.
    list Cards, scroll sideways
    listitem
    StaticText Ridge 2
    StaticText Light and dry.
    group Answers to choose from
    button Take the Ridge 2
    listitem
    StaticText Dome 2
    StaticText Light and dry.
    group Answers to choose from
    button Take the Dome 2
    button Previous card
    button Next card
    listitem
    StaticText Fern
    StaticText About you
    StaticText So that we know.
    form About you
    StaticText Your name
    StaticText required
    textbox Your name required [required]
    button Send
";

const MENU: &str = "
    banner
    heading Fern
    StaticText Automated assistant
    button Options [expanded]
    button Save conversation
    button Save as web page
    button End chat
    button Delete my data
    switch Sound [checked]
    switch Notifications
    button Minimise chat
";

const END: &str = "
    listitem
    StaticText You ended this chat
    contentinfo
    StaticText You ended this chat
    button Save conversation
    button Save as web page
    button Start a new chat
";

#[tokio::test]
async fn earlier_chats_are_read_in_their_order() {
    let (relay, bot) = shop_with_bot().await;
    chatted(&relay, &bot, "The first").await;
    chatted(&relay, &bot, "The second").await;
    let shopper = signed_in(&relay).await;
    let browser = &shopper.browser;
    shopper.has_said("The second").await;
    browser.press("button", "Options").await;
    browser.press("button", "Earlier chats").await;
    lists(browser, &["The first?"]).await;
    reads_out(browser, "earlier chats", EARLIER).await;
}

const EARLIER: &str = "
    main
    heading Earlier chats
    list
    listitem
    button {date} Fern The first?
    contentinfo
    button Back to the chat
";

#[tokio::test]
async fn the_page_of_a_survey_is_read_in_its_order_and_can_be_used_by_everybody() {
    let survey = "
[channels.demo.survey]
title = \"How was this chat?\"
csat = \"How satisfied are you?\"
nps = \"How likely is it that you recommend us?\"
comment = \"What could we do better?\"
";
    let relay = Relay::start(World {
        config: survey.to_owned(),
        ..World::default()
    })
    .await;
    let mut customer = Customer::begins(&relay, "demo", json!({})).await;
    customer.says("Hello").await;
    customer.ends().await;
    customer.socket.round_trip().await;
    let link = format!("{}/api/v1/conversations/{}/survey", relay.origin(), customer.chat);
    let link = reqwest::Client::new()
        .get(link)
        .bearer_auth(key_of_an_app(&relay))
        .send()
        .await;
    let link: serde_json::Value = link.expect("an answer").json().await.expect("a link");
    let link = link["url"].as_str().expect("an address");

    let browser = Browser::open("customer").await;
    browser.goto(link).await;
    reads_out(&browser, "the survey", SURVEY).await;
    is_accessible(&browser, "the survey's page", "html").await;
    browser.has_room(320, 256).await;
    let wide = "return document.documentElement.scrollWidth > innerWidth";
    assert_eq!(browser.run(wide, json!([])).await, false, "at 400 %");
    browser.press("radio", "5").await;
    browser.press("button", "Send").await;
    let stays = "return !document.querySelector('form') || document.querySelector(':invalid')";
    browser
        .until("the browser says what is missing", stays, json!([]))
        .await;
    browser
        .run("document.querySelector('[name=nps][value=\"9\"]').click()", json!([]))
        .await;
    browser.press("button", "Send").await;
    browser.sees("heading", "Thank you for your answer.").await;
    reads_out(&browser, "the thanks", THANKS).await;
    is_accessible(&browser, "the thanks", "html").await;
}

const SURVEY: &str = "
    main
    paragraph
    StaticText Fernweh Outdoor
    heading How was this chat?
    form
    group How satisfied are you?
    radio 1
    radio 2
    radio 3
    radio 4
    radio 5
    StaticText very bad
    StaticText very good
    group How likely is it that you recommend us?
    radio 0
    radio 1
    radio 2
    radio 3
    radio 4
    radio 5
    radio 6
    radio 7
    radio 8
    radio 9
    radio 10
    StaticText not likely
    StaticText very likely
    StaticText What could we do better?
    textbox What could we do better?
    button Send
";
const THANKS: &str = "
    main
    paragraph
    StaticText Fernweh Outdoor
    heading Thank you for your answer.
";
