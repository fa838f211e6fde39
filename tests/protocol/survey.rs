//! The survey after a chat: asked by the relay, answered in the chat or on the page that a link leads to.

use crate::world::{Customer, app_key};
use portico_shared::cim::{CimEvent, EventData, EventName, MessageBody};
use portico_shared::frame::{Audience, ClientFrame, Draft, RefusalCode};
use portico_shared::ids::MessageId;
use portico_tests::client_id;
use portico_tests::relay::{Relay, World};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

pub(crate) const SURVEY: &str = "[channels.rated]\norigins = []\n[channels.rated.survey]\ntitle = \"How was <it>?\"\n\
                      csat = \"This chat?\"\ncomment = \"Why?\"\npage.language = \"de\"\npage.thanks = \"Danke\"\n";

/// A customer whose chat is over, and the survey that it was sent.
pub(crate) async fn over(relay: &Relay) -> (Customer, MessageId) {
    let mut customer = Customer::on(relay, "rated").await;
    customer.says("Hello").await;
    let end = ClientFrame::End {
        conversation: customer.conversation.clone(),
        client_id: client_id(),
    };
    customer.socket.send(&end).await;
    let asked = customer.socket.event("the survey", is_form).await;
    let id = asked.event.message().expect("a message").id.clone();
    (customer, MessageId::new(id))
}

fn is_form(event: &CimEvent) -> bool {
    let is_form = event
        .message()
        .is_some_and(|message| matches!(message.body, MessageBody::FormData(_)));
    is_form && event.name == EventName::ThirdPartyActivity
}

pub(crate) fn filled(survey: &MessageId, stars: &str) -> Draft {
    let body = json!({"type": "FORM_DATA", "sections": [{"attributes": [{"key": "csat", "answer": [stars]}]}]});
    let mut draft = Draft::new(serde_json::from_value::<MessageBody>(body).expect("a body"));
    draft.original_message_id = Some(survey.clone());
    draft
}

#[tokio::test]
async fn a_survey_is_sent_at_the_end_and_answered_once_in_the_chat() {
    let relay = Relay::start(World {
        config: SURVEY.to_owned(),
        ..World::default()
    })
    .await;
    let (mut customer, survey) = over(&relay).await;
    let at = customer.conversation.clone();
    for (stars, code) in [
        ("6", Some(RefusalCode::InvalidBody)),
        ("5", None),
        ("1", Some(RefusalCode::AlreadyAnswered)),
    ] {
        let id = customer
            .socket
            .post(&at, filled(&survey, stars), Audience::Everyone)
            .await;
        let answer = customer.socket.answer(&id).await;
        assert_eq!(answer.err().map(|refused| refused.code), code, "{stars}");
    }
    let log = customer.socket.log(&at).await;
    let answer = log.last().expect("an event");
    let EventData::Message(message) = &answer.event.data else {
        panic!("no message: {:?}", answer.event);
    };
    assert_eq!(message.header.original_message_id.as_deref(), Some(survey.as_str()));
    let id = customer
        .socket
        .post(&at, Draft::new(MessageBody::plain("One more")), Audience::Everyone)
        .await;
    let refused = customer.socket.answer(&id).await.expect_err("the chat is over");
    assert_eq!(refused.code, RefusalCode::ConversationEnded);
}

/// Asks for a link as who has this token.
async fn link(relay: &Relay, token: &str, conversation: &str) -> Response {
    let url = format!("{}/api/v1/conversations/{conversation}/survey", relay.origin());
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await;
    answer.expect("an answer")
}

async fn send(url: &str, answers: &[(&str, &str)]) -> (StatusCode, String) {
    let answers: Vec<String> = answers.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let request = reqwest::Client::new().post(url).body(answers.join("&"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = request.send().await.expect("an answer");
    (answer.status(), answer.text().await.expect("a page"))
}

#[tokio::test]
async fn a_survey_is_answered_once_on_a_page_without_a_script() {
    let relay = Relay::start(World {
        config: SURVEY.to_owned(),
        ..World::default()
    })
    .await;
    let (mut customer, _) = over(&relay).await;
    let app = app_key(&relay, &["--scope", "activities:write"]);
    let answer = link(&relay, &app, customer.conversation.as_str()).await;
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.expect("JSON");
    let url = answer["url"].as_str().expect("an address").to_owned();
    assert!(url.starts_with(&format!("{}/survey/", relay.origin())), "{url}");

    let page = reqwest::get(&url).await.expect("an answer");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.contains("form-action 'self'"),
        "{policy}"
    );
    assert_eq!(page.headers()["referrer-policy"], "no-referrer");
    assert_eq!(page.headers()["cache-control"], "no-store");
    let html = page.text().await.expect("a page");
    assert!(
        html.contains("How was &#60;it&#62;?") && html.contains("lang=\"de\""),
        "{html}"
    );
    assert!(!html.contains("<script"), "{html}");

    let foreign = reqwest::Client::new().post(&url).body("{}");
    let foreign = foreign.header("content-type", "application/json").send().await;
    let foreign = foreign.expect("an answer");
    assert_eq!(foreign.status(), 400);
    let html = foreign.text().await.expect("a page");
    assert!(html.contains("<form"), "what is no form is asked for again: {html}");

    let (status, html) = send(&url, &[("comment", "kept")]).await;
    assert!(status == 400 && html.contains(">kept</textarea>"), "{status} {html}");
    // As long as the page lets it be written: a browser sends two characters for each line break.
    let long = format!("%3Cb%3Equick{}{}", "%0D%0A".repeat(100), "x".repeat(1_892));
    let (status, html) = send(&url, &[("csat", "4"), ("comment", &long)]).await;
    assert!(status == 200 && html.contains("Danke"), "{status} {html}");
    let told = customer.socket.event("the answer", is_form).await;
    assert!(told.event.message().is_some());
    for again in [
        send(&url, &[("csat", "1")]).await.1,
        reqwest::get(&url).await.expect("a page").text().await.expect("text"),
    ] {
        assert!(again.contains("Danke") && !again.contains("<form"), "{again}");
    }
    let log = customer.socket.log(&customer.conversation.clone()).await;
    assert_eq!(
        log.iter().filter(|item| is_form(&item.event)).count(),
        2,
        "the survey and one answer"
    );
    assert!(
        !relay.log().contains(url.rsplit('/').next().expect("a token")),
        "links are no one else's"
    );
}

#[tokio::test]
async fn a_link_is_made_for_those_who_may_have_it_and_a_forged_one_opens_nothing() {
    let relay = Relay::start(World {
        config: SURVEY.to_owned(),
        ..World::default()
    })
    .await;
    let (customer, _) = over(&relay).await;
    let at = customer.conversation.as_str();
    let own = link(&relay, &customer.visitor.token, at).await;
    let url = own.json::<Value>().await.expect("JSON")["url"]
        .as_str()
        .expect("an address")
        .to_owned();
    let other = relay.visitor("rated").await.token;
    let agent = relay.sign_in("ann").await;
    for token in [&other, &agent, &app_key(&relay, &[])] {
        assert_eq!(link(&relay, token, at).await.status(), 404);
    }
    assert_eq!(link(&relay, "nonsense", at).await.status(), 401);
    let (place, token) = url.rsplit_once('/').expect("a path");
    let parts: Vec<&str> = token.split('.').collect();
    let last = parts.len() - 1;
    let later = format!("{}.{}.{}", parts[..last - 1].join("."), u32::MAX, parts[last]);
    for forged in [format!("{token}0"), token[1..].to_owned(), later, "x".to_owned()] {
        let url = format!("{place}/{forged}");
        assert_eq!(reqwest::get(&url).await.expect("an answer").status(), 404, "{forged}");
        assert_eq!(send(&url, &[("csat", "5")]).await.0, 404, "{forged}");
    }
}
