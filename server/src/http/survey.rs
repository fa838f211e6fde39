//! The survey after a chat by a link: who asks for one, and the page that it leads to. The page has no script and needs no
//! token; the link is the proof ([`portico_core::survey`]).

use super::AppState;
use super::extract::{Bearer, Remote};
use super::policy;
use super::problem::{Problem, ProblemBody};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use portico_core::config::SurveyPage;
use portico_core::conversation::Refusal;
use portico_core::survey::Survey;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::form::{Answer, FormAttribute, ValueType};
use portico_shared::frame::RefusalCode;
use portico_shared::http::SurveyLink;
use portico_shared::ids::ConversationId;
use portico_shared::language::direction;
use std::collections::HashMap;
use std::sync::Arc;

/// What a rating of stars and the other scale have to choose from.
const STARS: [&str; 5] = ["1", "2", "3", "4", "5"];
const SCALE: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

/// How the page looks; in light or dark, as its reader likes it.
const STYLE: &str = ":root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}\
    main{max-width:40rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem}\
    fieldset{margin:0 0 1rem;border:1px solid;border-radius:.5rem}legend{padding:0 .5rem}\
    fieldset label{display:inline-block;padding:.5rem .75rem}textarea{display:block;box-sizing:border-box;width:100%;font:inherit}\
    button{font:inherit;padding:.5rem 1.5rem}";

/// The page.
#[derive(Template)]
#[template(path = "survey.html")]
struct Page<'a> {
    words: &'a SurveyPage,
    direction: &'static str,
    title: &'a str,
    /// What became of it.
    says: Option<&'a str>,
    /// What is asked; nothing when it cannot be answered.
    questions: Vec<Question<'a>>,
    style: &'static str,
}

/// What the page asks.
struct Question<'a> {
    key: &'a str,
    label: &'a str,
    /// What there is to choose from; nothing for a text.
    scale: &'static [&'static str],
    /// What was answered before.
    given: &'a str,
}

impl Question<'_> {
    fn is_given(&self, value: &str) -> bool {
        self.given == value
    }
}

/// A link to the survey of a chat that is over, to be sent to its customer. It is good until the survey has its answer, and for as long as the
/// channel says. For the customer, and for programs that report activities.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/survey", tag = "apps", security(("bearer" = [])),
    params(("id" = String, Path, description = "The conversation")),
    responses(
        (status = 200, description = "The link", body = SurveyLink),
        (status = 401, description = "No token, or none that is good", body = ProblemBody),
        (status = 404, description = "No survey that the caller may know of, or one whose time is over", body = ProblemBody),
    )
)]
pub(super) async fn link(
    State(state): State<Arc<AppState>>,
    Bearer(proven): Bearer,
    Path(id): Path<String>,
) -> Result<axum::Json<SurveyLink>, Problem> {
    let conversation = ConversationId::parse(&id).ok_or_else(Problem::not_found)?;
    let link = state.surveys.link(&proven.principal, &conversation).await?;
    Ok(axum::Json(SurveyLink {
        url: format!("{}/survey/{}", state.registry.services().own, link.token),
        expires_at: link.until,
    }))
}

/// The page that a link leads to.
pub(super) async fn show(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    state.limits.survey(address)?;
    Ok(match state.surveys.show(&token).await {
        Ok(Survey::Open { form, channel }) => asks(&state, &channel, &form, &HashMap::new(), StatusCode::OK),
        Ok(Survey::Answered { channel }) => thanks(&state, &channel),
        Ok(Survey::Over { channel }) => over(&words(&state, &channel)),
        Err(refusal) => refused(refusal)?,
    })
}

/// Takes an answer from the page.
pub(super) async fn answer(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    Path(token): Path<String>,
    Form(given): Form<HashMap<String, String>>,
) -> Result<Response, Problem> {
    state.limits.survey(address)?;
    let (form, channel) = match state.surveys.show(&token).await {
        Ok(Survey::Open { form, channel }) => (form, channel),
        Ok(Survey::Answered { channel }) => return Ok(thanks(&state, &channel)),
        Ok(Survey::Over { channel }) => return Ok(over(&words(&state, &channel))),
        Err(refusal) => return refused(refusal),
    };
    match state.surveys.answer(&token, filled(&form, &given)).await {
        Ok(()) => Ok(thanks(&state, &channel)),
        Err(refusal) => match refusal.code {
            RefusalCode::InvalidBody => Ok(asks(&state, &channel, &form, &given, StatusCode::BAD_REQUEST)),
            RefusalCode::AlreadyAnswered => Ok(thanks(&state, &channel)),
            _ => Err(refusal.into()),
        },
    }
}

/// The form with what was answered. Browsers send a line break as two characters, and count one while it is written.
fn filled(form: &FormDataBody, given: &HashMap<String, String>) -> FormDataBody {
    let mut form = form.clone();
    for question in form.sections.iter_mut().flat_map(|section| &mut section.attributes) {
        let answer = question.key.as_ref().and_then(|key| given.get(key));
        question.answer = answer.map(|text| vec![Answer::Text(text.replace("\r\n", "\n"))]);
    }
    form
}

fn asks(
    state: &AppState,
    channel: &str,
    form: &FormDataBody,
    given: &HashMap<String, String>,
    status: StatusCode,
) -> Response {
    let words = words(state, channel);
    let attributes = form.sections.iter().flat_map(|section| &section.attributes);
    let questions = attributes.filter_map(|asked| question(asked, given)).collect();
    let says = (status != StatusCode::OK).then_some(words.again.as_str());
    page(
        &words,
        form.form_title.as_deref().unwrap_or_default(),
        says,
        questions,
        status,
    )
}

fn question<'a>(asked: &'a FormAttribute, given: &'a HashMap<String, String>) -> Option<Question<'a>> {
    let key = asked.key.as_deref()?;
    Some(Question {
        key,
        label: asked.label.as_deref().unwrap_or_default(),
        scale: match asked.value_type {
            Some(ValueType::FiveStarRating) => &STARS,
            Some(ValueType::Nps) => &SCALE,
            _ => &[],
        },
        given: given.get(key).map(String::as_str).unwrap_or_default(),
    })
}

fn thanks(state: &AppState, channel: &str) -> Response {
    let words = words(state, channel);
    page(&words, &words.thanks, None, Vec::new(), StatusCode::OK)
}

fn over(words: &SurveyPage) -> Response {
    page(words, &words.over, None, Vec::new(), StatusCode::NOT_FOUND)
}

/// A link that is none is answered like one that is over, in the words that there are without a channel.
fn refused(refusal: Refusal) -> Result<Response, Problem> {
    if refusal.code != RefusalCode::NotFound {
        return Err(refusal.into());
    }
    Ok(over(&SurveyPage::default()))
}

/// The channel's words; those of a channel that asks nothing any more are English.
fn words(state: &AppState, channel: &str) -> SurveyPage {
    let channel = state.config.channels.get(channel);
    let survey = channel.and_then(|channel| channel.survey.as_ref());
    survey.map(|survey| survey.page.clone()).unwrap_or_default()
}

fn page(
    words: &SurveyPage,
    title: &str,
    says: Option<&str>,
    questions: Vec<Question<'_>>,
    status: StatusCode,
) -> Response {
    let page = Page {
        words,
        direction: direction(&words.language),
        title,
        says,
        questions,
        style: STYLE,
    };
    let Ok(html) = page.render() else {
        return Problem::internal().into_response();
    };
    let mut response = (status, Html(html)).into_response();
    policy::govern(&mut response, &policy::of_survey(STYLE));
    policy::isolate(&mut response);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_channel_and_a_customer_say_is_text_and_never_markup() {
        let hostile = "</textarea><script>x()</script>\"'&";
        let words = SurveyPage::default();
        let questions = vec![
            Question {
                key: "csat",
                label: hostile,
                scale: &STARS,
                given: "4",
            },
            Question {
                key: "comment",
                label: hostile,
                scale: &[],
                given: hostile,
            },
        ];
        let page = Page {
            words: &words,
            direction: "ltr",
            title: hostile,
            says: Some(hostile),
            questions,
            style: STYLE,
        };
        let html = page.render().expect("rendered");
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("&#60;script&#62;").count(), 6, "{html}");
        assert_eq!(html.matches("<input type=\"radio\" name=\"csat\"").count(), 5);
        assert_eq!(html.matches(" checked").count(), 1);
    }
}
