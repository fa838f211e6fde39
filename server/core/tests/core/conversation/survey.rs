//! The survey after a chat, answered in its window or by a link.

use super::commands::Commands;
use super::world::{World, code, customer, id, post_of, staff};
use portico_core::conversation::Refusal;
use portico_core::identity::{AppPrincipal, CustomerPrincipal, Principal};
use portico_core::survey::{Survey, SurveyKey, Surveys};
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::{EventData, MessageBody};
use portico_shared::frame::{Accepted, Draft, RefusalCode};
use portico_shared::ids::{ConversationId, MessageId, ParticipantId};
use portico_shared::visibility::{Viewer, is_visible};
use serde_json::{Value, json};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// A chat that is over, and its survey.
struct Over {
    world: World,
    surveys: Surveys,
    who: CustomerPrincipal,
    at: ConversationId,
    survey: MessageId,
}

fn form(attributes: Value) -> FormDataBody {
    portico_shared::json::from_value(json!({"sections": [{"attributes": attributes}]})).expect("a form")
}

fn good() -> FormDataBody {
    form(json!([
        {"key": "csat", "label": "A lie", "answer": ["4"]},
        {"key": "nps", "answer": ["9"]},
        {"key": "comment", "answer": ["Quick"]},
        {"key": "other", "answer": ["x"]},
    ]))
}

impl Over {
    async fn new() -> Self {
        let world = World::new();
        let (who, at) = world.started("rated").await;
        let principal = Principal::Customer(who.clone());
        world.says(&principal, &at, "Hello").await;
        world.registry.end(&principal, &at, id("end")).await.expect("an end");
        let survey = world.record(&at).await.survey.expect("a survey").message;
        let surveys = Surveys::new(world.registry.clone(), SurveyKey::new([3; 32]));
        Self {
            world,
            surveys,
            who,
            at,
            survey,
        }
    }

    async fn posts(&self, client_id: &str, form: FormDataBody) -> Result<Accepted, Refusal> {
        let mut draft = Draft::new(MessageBody::FormData(Box::new(form)));
        draft.original_message_id = Some(self.survey.clone());
        let who = Principal::Customer(self.who.clone());
        self.world
            .registry
            .post(&who, post_of(&self.at, client_id, draft))
            .await
    }

    async fn link(&self) -> String {
        let link = self
            .surveys
            .link(&Principal::Customer(self.who.clone()), &self.at)
            .await;
        link.expect("a link").token
    }

    /// The answer as it stands in the log.
    async fn answer(&self) -> Option<Value> {
        let log = self.world.log(&self.at).await;
        let last = log.last().expect("an event");
        let EventData::Message(message) = &last.event.data else {
            return None;
        };
        assert!(is_visible(Viewer::Customer, &last.event) && is_visible(Viewer::Agent, &last.event));
        let answers = message.header.original_message_id.as_deref() == Some(self.survey.as_str());
        answers.then(|| Value::Object(portico_shared::json::to_map(&message.body)))
    }
}

#[tokio::test]
async fn a_chat_that_is_over_asks_how_it_was_and_takes_one_answer() {
    let over = Over::new().await;
    assert_eq!(over.answer().await, None);
    let told = over.posts("a", form(json!([{"key": "csat", "answer": ["4"]}]))).await;
    assert_eq!(code(told), RefusalCode::InvalidBody, "nps is asked as well");
    let told = over
        .posts(
            "b",
            form(json!([{"key": "csat", "answer": ["6"]}, {"key": "nps", "answer": ["1"]}])),
        )
        .await;
    assert_eq!(code(told), RefusalCode::InvalidBody);
    let first = over.posts("c", good()).await.expect("an answer");
    assert_eq!(over.posts("c", good()).await.expect("the same one").seq, first.seq);
    assert_eq!(code(over.posts("d", good()).await), RefusalCode::AlreadyAnswered);

    let answer = over.answer().await.expect("an answer");
    assert_eq!(
        (&answer["formTitle"], &answer["formScore"], &answer["formWeightage"]),
        (&json!("How was it?"), &json!(4), &json!(5))
    );
    assert_eq!(answer["additionalDetail"]["submissionSource"], "Web PCS");
    let questions = answer["sections"][0]["attributes"].as_array().expect("a list");
    let said: Vec<_> = questions.iter().map(|one| (&one["label"], &one["answer"][0])).collect();
    let expected = [
        (json!("This chat?"), json!("4")),
        (json!("Recommend us?"), json!("9")),
        (json!("Why?"), json!("Quick")),
    ];
    assert_eq!(
        said,
        expected
            .iter()
            .map(|(label, answer)| (label, answer))
            .collect::<Vec<_>>()
    );
    assert_eq!(
        over.world.record(&over.at).await.waiting_since,
        None,
        "it asks for nothing"
    );
}

#[tokio::test]
async fn nothing_else_is_said_when_a_chat_is_over() {
    let over = Over::new().await;
    let who = Principal::Customer(over.who.clone());
    let mut words = Draft::new(MessageBody::plain("One more"));
    words.original_message_id = Some(over.survey.clone());
    let told = over.world.registry.post(&who, post_of(&over.at, "w", words)).await;
    assert_eq!(code(told), RefusalCode::ConversationEnded);
    let unasked = Draft::new(MessageBody::FormData(Box::new(good())));
    let told = over.world.registry.post(&who, post_of(&over.at, "f", unasked)).await;
    assert_eq!(code(told), RefusalCode::ConversationEnded);
    let other = Principal::Customer(customer("other", "rated"));
    let mut draft = Draft::new(MessageBody::FormData(Box::new(good())));
    draft.original_message_id = Some(over.survey.clone());
    let told = over.world.registry.post(&other, post_of(&over.at, "o", draft)).await;
    assert_eq!(code(told), RefusalCode::NotFound);
}

#[tokio::test]
async fn a_link_is_good_for_one_answer_and_until_it_ends() {
    let over = Over::new().await;
    let token = over.link().await;
    assert!(matches!(over.surveys.show(&token).await, Ok(Survey::Open { .. })));
    let told = over
        .surveys
        .answer(&token, form(json!([{"key": "csat", "answer": ["4"]}])))
        .await;
    assert_eq!(told.expect_err("half an answer").code, RefusalCode::InvalidBody);
    over.surveys.answer(&token, good()).await.expect("an answer");
    assert_eq!(over.answer().await.expect("an answer")["formScore"], 4);
    assert!(matches!(over.surveys.show(&token).await, Ok(Survey::Answered { .. })));
    let again = over.surveys.answer(&token, good()).await;
    assert_eq!(again.expect_err("once").code, RefusalCode::AlreadyAnswered);
    assert_eq!(
        code(over.posts("c", good()).await),
        RefusalCode::AlreadyAnswered,
        "nor in the window"
    );

    let late = Over::new().await;
    let token = late.link().await;
    late.world.pass(2 * DAY);
    assert!(matches!(late.surveys.show(&token).await, Ok(Survey::Over { .. })));
    let told = late.surveys.answer(&token, good()).await;
    assert_eq!(told.expect_err("over").code, RefusalCode::NotFound);
}

#[tokio::test]
async fn a_link_is_for_its_customer_and_programs_that_report() {
    let over = Over::new().await;
    let bound = |scopes: &[&str], channels: &[&str]| {
        Principal::App(AppPrincipal {
            id: ParticipantId::new("mailer"),
            name: "Mailer".to_owned(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            channels: channels.iter().map(|&channel| channel.to_owned()).collect(),
        })
    };
    let app = |scopes: &[&str]| bound(scopes, &[]);
    for right in [app(&["activities:write"]), bound(&["activities:write"], &["rated"])] {
        assert!(over.surveys.link(&right, &over.at).await.is_ok(), "{right:?}");
    }
    for wrong in [
        app(&[]),
        bound(&["activities:write"], &["plain"]),
        Principal::Customer(customer("other", "rated")),
        Principal::Staff(staff("ann", "agent")),
    ] {
        let told = over.surveys.link(&wrong, &over.at).await;
        assert_eq!(
            told.expect_err("not for this one").code,
            RefusalCode::NotFound,
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn who_said_nothing_is_asked_nothing_and_so_is_everybody_where_it_is_off() {
    for (channel, speaks) in [("rated", false), ("plain", true)] {
        let world = World::new();
        let (who, at) = world.started(channel).await;
        let who = Principal::Customer(who);
        if speaks {
            world.says(&who, &at, "Hello").await;
        }
        world.registry.end(&who, &at, id("end")).await.expect("an end");
        assert_eq!(world.record(&at).await.survey, None, "{channel}");
    }
}
