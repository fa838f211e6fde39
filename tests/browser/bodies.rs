//! Messages that are no text and no question, as what they are.

use crate::people::{Shopper, shop_with_bot};
use portico_tests::browser::Browser;
use portico_tests::receiver::Reply;
use portico_tests::relay::Relay;
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_no_text_is_shown_as_what_it_is() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    bot.will(Reply::Say(media(&relay)));
    shopper.says("Show me").await;
    shopper.hears_address_card().await;
    let picture = "
        const img = named('img', 'The Ridge 2');
        img.scrollIntoView();
        const size = () => { const box = img.getBoundingClientRect(); return [box.width > 20, box.height > 20]; };
        img.decode().then(() => done(size()), (error) => done(String(error)));";
    let picture = browser.run_async(picture, json!([])).await;
    assert_eq!(picture, json!([true, true]), "the picture is loaded and has a size");
    let links = "return [...document.querySelectorAll('.bubble a')].map((a) => [a.innerText.replace(/\\s+/g, ' ').trim(), a.href])";
    let links = browser.run(links, json!([])).await;
    assert_eq!(
        links,
        json!([
            ["", format!("{}/tent.svg", relay.shop_origin())],
            ["manual.pdf 42 kB Download", "https://files.invalid/manual.pdf"],
            ["example.org", "https://example.org/tents"],
            [
                "Our shop Main street 1",
                "https://www.openstreetmap.org/?mlat=48.1&mlon=11.5#map=16/48.1/11.5"
            ],
            ["+49 89 1234", "tel:+49891234"],
            ["maja@example.org", "mailto:maja@example.org"],
        ])
    );
    shows_what_other_channels_say(browser).await;
    let players = "
        const of = (el) => [el.tagName, el.getAttribute('aria-label'), el.controls, el.getAttribute('src')];
        return [...document.querySelectorAll('video, audio')].map(of)";
    let players = browser.run(players, json!([])).await;
    assert_eq!(
        players,
        json!([
            ["AUDIO", "Birds", true, "https://files.invalid/birds.mp3"],
            ["VIDEO", "How to pitch it", true, "https://files.invalid/pitch.mp4"],
        ])
    );
}

/// The receipt stands there by its lines, the template by what was filled in, the comment by its text.
async fn shows_what_other_channels_say(browser: &Browser) {
    let receipt = "
        const of = (row) => [...row.children].map((el) => el.innerText);
        return [...document.querySelectorAll('.order dl > div')].map(of)";
    assert_eq!(
        browser.run(receipt, json!([])).await,
        json!([
            ["Order number", "1001"],
            ["The Ridge 2, green", "2 × €19.90"],
            ["Pegs", "€1.50"],
            ["Subtotal", "€41.30"],
            ["New customer", "-€5.00"],
            ["Shipping", "€4.95"],
            ["Tax", "€7.15"],
            ["Deliver to", "Sam Berg, Main street 1, 80331 Munich, DE"],
            ["Paid with", "Visa"],
            ["Total", "€41.25"],
        ])
    );
    let others = "
        const said = [...document.querySelectorAll('.bubble')].map((el) => el.innerText.trim());
        return ['Ready for you\\n1001\\n€ 51.90', 'Lovely tent!'].filter((text) => !said.includes(text))";
    assert_eq!(
        browser.run(others, json!([])).await,
        json!([]),
        "a template and a comment"
    );
}

/// The receipt of an order.
fn order() -> Value {
    json!({ "type": "RECEIPT", "markdownText": "", "merchantName": "Fernweh", "recipientName": "Sam Berg",
        "orderNumber": "1001", "currency": "EUR", "paymentMethode": "Visa",
        "elements": [
            { "title": "The Ridge 2", "subtitle": "green", "quantity": 2, "price": 19.9 },
            { "title": "Pegs", "price": 1.5 },
        ],
        "address": { "street1": "Main street 1", "city": "Munich", "postalCode": "80331", "country": "DE" },
        "summary": { "subtotal": 41.3, "shippingCost": 4.95, "totalTax": 7.15, "totalCost": 41.25 },
        "adjustments": [{ "name": "New customer", "amount": -5 }] })
}

/// A value of a template.
fn filled(kind: &str, value: Value) -> Value {
    json!({ "parameterType": kind, "additionalParameterDetails": { kind: value } })
}

/// A message of every type that is no text and no question.
pub(crate) fn media(relay: &Relay) -> Value {
    let file = |kind: &str, address: &str, label: &str| {
        let attachment = json!({ "mediaUrl": address, "mediaLabel": label, "size": 41_300 });
        json!({ "type": kind, "markdownText": "", "attachment": attachment })
    };
    let tent = format!("{}/tent.svg", relay.shop_origin());
    let bodies = [
        file("IMAGE", &tent, "The Ridge 2"),
        file("FILE", "https://files.invalid/manual.pdf", "manual.pdf"),
        file("AUDIO", "https://files.invalid/birds.mp3", "Birds"),
        file("VIDEO", "https://files.invalid/pitch.mp4", "How to pitch it"),
        json!({ "type": "URL", "markdownText": "All our tents", "mediaUrl": "https://example.org/tents" }),
        json!({ "type": "STICKER", "markdownText": "", "mediaUrl": tent }),
        order(),
        json!({ "type": "TEMPLATE", "markdownText": "", "namespace": "shop", "name": "order_ready",
            "language": { "code": "en", "policy": "deterministic" }, "components": [
                { "type": "header", "parameters": [filled("text", json!("Ready for you"))] },
                { "type": "body", "parameters": [filled("text", json!("1001")), filled("currency", json!({ "fallback_value": "€ 51.90" }))] },
            ] }),
        json!({ "type": "COMMENT", "markdownText": "Lovely tent!", "postId": "p-1", "itemType": "TEXT" }),
        json!({ "type": "LOCATION", "markdownText": "", "location": { "latitude": 48.1, "longitude": 11.5 },
            "additionalDetails": { "name": "Our shop", "address": "Main street 1" } }),
        json!({ "type": "CONTACT", "markdownText": "", "contacts": [{ "name": { "formattedName": "Maja Berg" },
            "phones": [{ "phone": "+49 89 1234" }], "additionalContactDetails": { "org": { "company": "Fernweh" },
            "emails": [{ "email": "maja@example.org" }] } }] }),
    ];
    bodies
        .map(|body| json!({ "mode": "message", "body": body }))
        .into_iter()
        .collect()
}

impl Shopper {
    /// Waits for the last of [`media`].
    pub(crate) async fn hears_address_card(&self) {
        let script = "return [...document.querySelectorAll('.body__name')].some((el) => el.innerText === 'Maja Berg')";
        self.browser.until("the address card is there", script, json!([])).await;
    }
}
