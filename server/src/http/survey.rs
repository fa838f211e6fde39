//! The survey after a chat by a link: who asks for one, and the page that it leads to. The page has no script and needs no
//! token; the link is the proof ([`portico_core::survey`]).

mod words;

use super::AppState;
use super::extract::{Bearer, Remote};
use super::frame::{first_screen, wishes};
use super::problem::{Problem, ProblemBody};
use super::{page, policy};
use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
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
use words::Words;

/// What a rating of stars and the other scale have to choose from.
const STARS: [&str; 5] = ["1", "2", "3", "4", "5"];
const LIKELIHOOD: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

/// How the form looks; the channel's accent comes behind it.
const STYLE: &str = include_str!("../../templates/survey.css");

/// The page.
#[derive(Template)]
#[template(path = "survey.html")]
struct Page<'a> {
    language: &'a str,
    direction: &'static str,
    /// Whether the channel has said so. Otherwise it is the reader's, and it is not known in which language the channel's texts are.
    is_said: bool,
    /// What the site is called; empty where it is not known.
    site: &'a str,
    title: &'a str,
    /// What became of it, or what is wrong.
    says: Option<&'a str>,
    /// What is asked; nothing when it cannot be answered.
    questions: Vec<Question<'a>>,
    /// What stands on the button.
    send: &'a str,
    style: &'a str,
}

/// What the page asks.
struct Question<'a> {
    key: &'a str,
    label: &'a str,
    /// What there is to choose from; nothing for a text.
    scale: Option<Scale<'a>>,
    /// What was answered before.
    given: &'a str,
}

/// Numbers to choose from.
struct Scale<'a> {
    values: &'static [&'static str],
    /// What its ends mean.
    low: &'a str,
    high: &'a str,
}

impl Question<'_> {
    fn is_given(&self, value: &str) -> bool {
        self.given == value
    }
}

/// Who reads the page, and whose survey it is.
struct Reader {
    words: Words,
    site: String,
    style: String,
}

impl Reader {
    /// Of a survey of this channel, where one is known.
    fn new(state: &AppState, channel: Option<&str>, request: &HeaderMap) -> Self {
        let wishes: Vec<String> = wishes::of_browser(request).collect();
        let channel = channel.and_then(|channel| state.config.channels.get(channel));
        let survey = channel.and_then(|channel| channel.survey.as_ref());
        let widget = channel.map(|channel| &channel.widget);
        let accent = widget.map(|widget| first_screen::style(&widget.accent));
        Self {
            words: Words::new(survey.map(|survey| &survey.page), &wishes),
            site: widget.map(|widget| widget.title.clone()).unwrap_or_default(),
            style: [page::STYLE, STYLE, &accent.unwrap_or_default()].concat(),
        }
    }

    fn asks(&self, form: &FormDataBody, given: &HashMap<String, String>, status: StatusCode) -> Response {
        let attributes = form.sections.iter().flat_map(|section| &section.attributes);
        let questions = attributes.filter_map(|asked| self.question(asked, given)).collect();
        let says = (status != StatusCode::OK).then_some(self.words.texts.again.as_str());
        self.page(form.form_title.as_deref().unwrap_or_default(), says, questions, status)
    }

    fn question<'a>(&'a self, asked: &'a FormAttribute, given: &'a HashMap<String, String>) -> Option<Question<'a>> {
        let key = asked.key.as_deref()?;
        let texts = &self.words.texts;
        let scale = match asked.value_type {
            Some(ValueType::FiveStarRating) => Some(Scale {
                values: &STARS,
                low: &texts.very_bad,
                high: &texts.very_good,
            }),
            Some(ValueType::Nps) => Some(Scale {
                values: &LIKELIHOOD,
                low: &texts.not_likely,
                high: &texts.very_likely,
            }),
            _ => None,
        };
        Some(Question {
            key,
            label: asked.label.as_deref().unwrap_or_default(),
            scale,
            given: given.get(key).map(String::as_str).unwrap_or_default(),
        })
    }

    fn thanks(&self) -> Response {
        self.page(&self.words.texts.thanks, None, Vec::new(), StatusCode::OK)
    }

    fn over(&self) -> Response {
        self.page(&self.words.texts.over, None, Vec::new(), StatusCode::NOT_FOUND)
    }

    /// What cannot be shown or taken now, with the status and the waiting time that programs are told.
    fn busy(&self, problem: Problem) -> Response {
        let told = problem.into_response();
        let texts = &self.words.texts;
        let mut page = self.page(&texts.busy, Some(&texts.busy_why), Vec::new(), told.status());
        if let Some(wait) = told.headers().get(RETRY_AFTER) {
            page.headers_mut().insert(RETRY_AFTER, wait.clone());
        }
        page
    }

    /// A link that is none is answered like one that is over.
    fn refused(&self, refusal: Refusal) -> Response {
        match refusal.code {
            RefusalCode::NotFound => self.over(),
            _ => self.busy(refusal.into()),
        }
    }

    fn page(&self, title: &str, says: Option<&str>, questions: Vec<Question<'_>>, status: StatusCode) -> Response {
        let page = Page {
            language: &self.words.language,
            direction: direction(&self.words.language),
            is_said: self.words.is_said,
            site: &self.site,
            title,
            says,
            questions,
            send: &self.words.texts.send,
            style: &self.style,
        };
        let Ok(html) = page.render() else {
            return Problem::internal().into_response();
        };
        let mut response = (status, Html(html)).into_response();
        policy::govern(&mut response, &policy::of_page(&self.style));
        policy::isolate(&mut response);
        response
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
    request: HeaderMap,
) -> Response {
    let reader = |channel: Option<&str>| Reader::new(&state, channel, &request);
    if let Err(problem) = state.limits.survey(address) {
        return reader(None).busy(problem);
    }
    match state.surveys.show(&token).await {
        Ok(Survey::Open { form, channel }) => reader(Some(&channel)).asks(&form, &HashMap::new(), StatusCode::OK),
        Ok(Survey::Answered { channel }) => reader(Some(&channel)).thanks(),
        Ok(Survey::Over { channel }) => reader(Some(&channel)).over(),
        Err(refusal) => reader(None).refused(refusal),
    }
}

/// Takes an answer from the page.
pub(super) async fn answer(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    Path(token): Path<String>,
    request: HeaderMap,
    given: Result<Form<HashMap<String, String>>, FormRejection>,
) -> Response {
    let reader = |channel: Option<&str>| Reader::new(&state, channel, &request);
    if let Err(problem) = state.limits.survey(address) {
        return reader(None).busy(problem);
    }
    let (form, reader) = match state.surveys.show(&token).await {
        Ok(Survey::Open { form, channel }) => (form, reader(Some(&channel))),
        Ok(Survey::Answered { channel }) => return reader(Some(&channel)).thanks(),
        Ok(Survey::Over { channel }) => return reader(Some(&channel)).over(),
        Err(refusal) => return reader(None).refused(refusal),
    };
    let Ok(Form(given)) = given else {
        return reader.asks(&form, &HashMap::new(), StatusCode::BAD_REQUEST);
    };
    match state.surveys.answer(&token, filled(&form, &given)).await {
        Ok(()) => reader.thanks(),
        Err(refusal) => match refusal.code {
            RefusalCode::InvalidBody => reader.asks(&form, &given, StatusCode::BAD_REQUEST),
            RefusalCode::AlreadyAnswered => reader.thanks(),
            _ => reader.refused(refusal),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_channel_and_a_customer_say_is_text_and_never_markup() {
        let hostile = "</textarea><script>x()</script>\"'&";
        let questions = vec![
            Question {
                key: "csat",
                label: hostile,
                scale: Some(Scale {
                    values: &STARS,
                    low: "very bad",
                    high: "very good",
                }),
                given: "4",
            },
            Question {
                key: "comment",
                label: hostile,
                scale: None,
                given: hostile,
            },
        ];
        let page = Page {
            language: "en",
            direction: "ltr",
            is_said: false,
            site: hostile,
            title: hostile,
            says: Some(hostile),
            questions,
            send: "Send",
            style: STYLE,
        };
        let html = page.render().expect("rendered");
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("&#60;script&#62;").count(), 7, "{html}");
        assert_eq!(html.matches("<input type=\"radio\" name=\"csat\"").count(), 5);
        assert_eq!(html.matches(" checked").count(), 1);
        assert_eq!(
            html.matches(" lang=\"\"").count(),
            4,
            "the site, the title and two questions: {html}"
        );
        for end in ["low", "high"] {
            assert_eq!(
                html.matches(&format!("aria-describedby=\"csat-{end}\"")).count(),
                1,
                "{end}"
            );
        }
    }

    #[test]
    fn the_style_ends_where_it_should() {
        assert!(!STYLE.contains("</"), "it stands in the page as it is");
    }
}
