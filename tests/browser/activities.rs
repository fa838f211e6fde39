//! What is no message: activities that apps push in appear at the desk while the agent looks, each with its facts.

use crate::looks::is_accessible;
use crate::people::{Agent, Customer};
use portico_shared::cim::{CimEvent, EventName};
use portico_tests::api::post;
use portico_tests::browser::{Browser, Key};
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use serde_json::{Value, json};

/// A relay, and the key of an app that may push activities.
async fn relay_with_app() -> (Relay, String) {
    let relay = Relay::plain().await;
    let add = [
        "key",
        "add",
        "--kind",
        "app",
        "--subject",
        "telephony",
        "--label",
        "Telephony",
    ];
    let shown = relay.command(&[&add[..], &["--scope", "activities:write"]].concat());
    let key = shown.split_whitespace().find(|word| word.starts_with("pk_"));
    let key = key.expect("the key is shown once").to_owned();
    (relay, key)
}

async fn push(relay: &Relay, key: &str, customer: &Customer, activity: (&str, Value)) {
    report(relay, key, json!({ "conversationId": customer.chat }), activity).await;
}

/// Reports of whomever or whatever the header names.
async fn report(relay: &Relay, key: &str, mut header: Value, (intent, body): (&str, Value)) {
    header["sender"] = json!({ "id": "telephony", "type": "APP", "senderName": "Telephony", "additionalDetail": null });
    header["intent"] = json!(intent);
    let message = json!({ "id": uuid::Uuid::now_v7().to_string(), "header": header, "body": body });
    let url = format!("{}/api/v1/activities", relay.origin());
    let (status, answer) = post(&url, None, Some(key), &message).await;
    assert_eq!(status, 202, "{body}: {answer}");
}

/// Waits for the card of this title, unfolds it, and waits until all of these stand on it.
async fn shows(browser: &Browser, title: &str, facts: &[&str]) {
    let script = "
        const [title, ...facts] = arguments;
        const card = [...document.querySelectorAll('#timeline .card')].find((card) => card.querySelector('b').innerText === title);
        if (card?.tagName === 'DETAILS') card.open = true;
        return !!card && facts.every((fact) => card.innerText.includes(fact));";
    let mut arguments = vec![title];
    arguments.extend(facts);
    browser
        .until(&format!("{title}: {facts:?}"), script, json!(arguments))
        .await;
}

#[tokio::test]
async fn activities_of_apps_appear_in_the_timeline_with_their_facts() {
    let (relay, key) = relay_with_app().await;
    let agent = Agent::ready(&relay, "ann").await;
    let mut customer = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    customer.says("I called before.").await;
    agent.accepts().await;
    agent.hears("I called before.").await;

    let browser = &agent.browser;
    for (activity, title, facts) in activities() {
        push(&relay, &key, &customer, activity).await;
        shows(browser, title, facts).await;
    }
    // They stand among the messages, in the order in which they came.
    customer.says("Do you see it?").await;
    agent.hears("Do you see it?").await;
    let titles = "return [...document.querySelectorAll('#timeline .card b')].map((title) => title.innerText)";
    let expected: Vec<&str> = activities().iter().map(|(_, title, _)| *title).collect();
    assert_eq!(browser.run(titles, json!([])).await, json!(expected));
    browser.reload().await;
    for (_, title, facts) in activities() {
        shows(browser, title, facts).await;
    }
    // None of it is the customer's to see.
    assert_eq!(customer.texts(&relay).await, ["I called before.", "Do you see it?"]);
}

#[tokio::test]
async fn what_was_reported_before_the_chat_stands_in_the_panel_of_its_agent() {
    let (relay, key) = relay_with_app().await;
    let agent = Agent::ready(&relay, "ann").await;
    let browser = &agent.browser;
    // Nobody serves the first chat, and what comes after it has no chat to stand in.
    let mut customer = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    customer.ends().await;
    let ended = |event: &CimEvent| event.name == EventName::ChannelSessionEnded;
    customer.socket.event("the end", ended).await;
    for (activity, ..) in activities() {
        let whose = json!({ "customer": { "_id": customer.visitor.customer } });
        report(&relay, &key, whose, activity).await;
    }
    customer.chat = customer.socket.start().await.conversation;
    customer.says("I called before.").await;
    browser.sees("article", "Incoming chat").await;

    browser.blocks(&["*customer-activities"]).await;
    agent.accepts().await;
    browser.sees("button", "Try again").await;
    browser.blocks(&[]).await;
    browser.press("button", "Try again").await;
    browser.sees("heading", "Before this chat").await;
    let titles = "
        const section = document.querySelector('.panel__more').parentElement;
        const titles = [...section.querySelectorAll('.card b')].filter((el) => el.checkVisibility());
        return titles.map((el) => el.innerText)";
    let mut expected: Vec<&str> = activities().iter().map(|(_, title, _)| *title).collect();
    expected.reverse();
    assert_eq!(browser.run(titles, json!([])).await, json!(expected[..3]));
    browser.press("button", "3 earlier activities").await;
    assert_eq!(browser.run(titles, json!([])).await, json!(expected));
    let days = "return [...document.querySelectorAll('.panel__day')].map((el) => el.innerText)";
    assert_eq!(browser.run(days, json!([])).await, json!(["Today"]));
    is_accessible(browser, "what was reported before", "html").await;
    // The panel follows the chat, and what was unfolded stays so.
    customer.says("Do you see it?").await;
    agent.hears("Do you see it?").await;
    assert_eq!(browser.run(titles, json!([])).await, json!(expected));
    assert_eq!(customer.texts(&relay).await, ["I called before.", "Do you see it?"]);
}

/// Intent and body, the card's title, and what stands on it.
type Activity = ((&'static str, Value), &'static str, &'static [&'static str]);

fn activities() -> [Activity; 6] {
    let leg = json!({
        "type": "VOICE", "markdownText": null, "reasonCode": "DIALOG_ENDED", "leg": "1323:agent:77aa", "callId": "77aa",
        "dialog": {
            "customerNumber": "+49 30 1234", "dialedNumber": "77788", "queueName": "Voice", "state": "DROPPED",
            "participants": [{ "startTime": "2025-02-13T13:56:54.000Z", "stateChangeTime": "2025-02-13T13:57:11.000Z" }],
        },
    });
    let menu = json!({
        "type": "IVR_AGGREGATED_ACTIVITY", "callId": "77aa", "leg": "", "startDirection": "INBOUND",
        "endDirection": "TRANSFER", "startTime": 1_739_455_014_000_i64, "endTime": 1_739_455_049_000_i64,
        "activities": [
            { "menu": "Main", "selection": "Billing", "timestamp": "1739455020000", "metadata": {} },
            { "menu": "Billing", "selection": "A person", "timestamp": "1739455040000", "metadata": {} },
        ],
    });
    let recording =
        json!({ "type": "VOICE_RECORDING", "markdownText": "", "mediaUrl": "https://recordings.example.org/77aa" });
    let survey = json!({
        "type": "FORM_DATA", "markdownText": "", "formTitle": "How was it?", "formScore": 80, "formWeightage": 100,
        "additionalDetail": { "submissionSource": "Web PCS" },
        "sections": [{ "sectionName": "You", "attributes": [
            { "key": "stars", "label": "Stars", "attributeType": "OPTIONS", "valueType": "5-star-rating", "answer": ["4"] },
            { "key": "words", "label": "In your words", "attributeType": "INPUT", "valueType": "String100", "answer": ["Quick and kind"] },
        ] }],
    });
    let wrapup = json!({
        "type": "WRAPUP", "markdownText": "", "note": "Wants to be called back.",
        "wrapups": [{ "categoryName": "Outcome", "value": "Follow-up needed" }],
    });
    let order =
        json!({ "type": "ORDER_PLACED", "orderNumber": "A-1007", "total": { "amount": 249, "currency": "EUR" } });
    [
        (
            ("CALL_LEG_ENDED", leg),
            "Call ended",
            &["Telephony", "+49 30 1234", "77788", "Voice", "0:17"],
        ),
        (
            ("IVR_AGGREGATED_ACTIVITY", menu),
            "Phone menu",
            &["2 choices", "Main", "Billing", "A person", "To an agent", "0:35"],
        ),
        (
            ("VOICE_RECORDING", recording),
            "Call recording",
            &["recordings.example.org", "Open in a new tab"],
        ),
        (
            ("SURVEY", survey),
            "How was it?",
            &["Survey", "80", "of 100", "2 answers", "In your words", "Quick and kind"],
        ),
        (
            ("WRAPUP", wrapup),
            "Wrap-up by Telephony",
            &["Outcome", "Follow-up needed", "Wants to be called back."],
        ),
        (
            ("ORDER_PLACED", order),
            "Order placed",
            &["Telephony", "Order number", "A-1007", "249", "EUR"],
        ),
    ]
}

#[tokio::test]
async fn what_an_agent_notes_when_leaving_stands_in_the_log_with_code_and_note() {
    let relay = Relay::plain().await;
    let agent = Agent::ready(&relay, "ann").await;
    let mut customer = Customer::begins(&relay, "desk", json!({ "name": "Maria" })).await;
    customer.says("Where is my tent?").await;
    agent.accepts().await;

    let browser = &agent.browser;
    browser.press("button", "Wrap up and leave").await;
    browser.press("checkbox", "Solved").await;
    browser.press("checkbox", "Delivery").await;
    browser.types("textbox", "Note for colleagues", "Comes on").await;
    // A dialog that is closed too early loses nothing.
    browser.key(Key::Escape).await;
    browser.no_longer_sees("dialog", "Wrap up").await;
    browser.press("button", "Wrap up and leave").await;
    browser.types("textbox", "Note for colleagues", " Monday.").await;
    browser.press("button", "Leave").await;
    browser.no_longer_sees("dialog", "Wrap up").await;

    // The next one who is asked reads it.
    let (mut supervisor, _) = Socket::hello(&relay, &relay.sign_in("sam").await).await;
    let log = supervisor.log(&customer.chat).await;
    let events = log.iter().filter(|item| item.event.name == EventName::WrapupApplied);
    let noted: Vec<Value> = events
        .map(|item| Value::Object(portico_shared::json::to_map(&item.event)))
        .collect();
    let [noted] = &noted[..] else {
        panic!("one wrap-up: {noted:?}")
    };
    let codes = json!([
        { "categoryName": "Outcome", "value": "Solved" },
        { "categoryName": "Topic", "value": "Delivery" },
    ]);
    let body = &noted["data"]["body"];
    assert_eq!(
        (&body["wrapups"], &body["note"]),
        (&codes, &json!("Comes on Monday.")),
        "{noted}"
    );
    assert_eq!(noted["eventEmitter"]["type"], "AGENT", "{noted}");
    assert_eq!(customer.texts(&relay).await, ["Where is my tent?"]);
}
