//! The chat as a page with a plain form, for browsers that refuse the widget's program, or in which it fails. It needs no
//! script: each press sends the form, and the answer is the page anew. Where scripts run, one sends the form and looks for
//! answers in the background.
//!
//! Who writes is proven by a visitor's token in the form, which lasts an hour and is replaced by each answer. Browsers refuse
//! cookies to a frame on another site's page, and a token in an address would end up in histories and logs. A form that
//! another site sends is refused by its origin, and has no token. Where the channel asks for consent, the page has nothing to
//! write into before it is given, and nobody has a token.

mod chat;
mod page;
mod words;

use self::chat::Chat;
use self::page::Page;
use self::words::{Sentences, Words};
use super::extract::{PageOrigin, Remote};
use super::frame;
use super::problem::{Problem, ProblemCode};
use super::{AppState, access};
use crate::permissions::Verb;
use axum::Extension;
use axum::extract::{Form, FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use portico_core::config::Channel;
use portico_core::conversation::Refusal;
use portico_shared::frame::RefusalCode;
use serde::Deserialize;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// What the form says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    /// The visitor's token; empty at a first visit.
    visit: String,
    /// The message's client id: a form that is sent twice makes one message.
    id: String,
    /// What is written.
    text: String,
    /// The title of the answer that was pressed.
    choice: String,
    /// Which version of the channel's terms stands on the page.
    version: u32,
    /// In which language.
    language: String,
    /// What a script has on the page already: a look that finds nothing else is answered by nothing.
    known: String,
    /// Set by a script, which has the page's own script and styles.
    part: String,
    wants: Wants,
}

/// Which button was pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wants {
    /// To send what is written.
    #[default]
    Send,
    /// To agree to the channel's terms. What is written stays in the text box.
    Agree,
    /// To see what is new.
    Look,
    /// To end the chat.
    End,
}

/// What the page says of what was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// The token's time is over: the next message begins a new chat.
    Anew,
    /// The channel's terms, and nothing else: they are to be agreed to first.
    Terms,
    /// It can never be sent.
    Refused,
    /// The chat was over by then.
    Ended,
    /// The relay has too much to do, or the visitor writes too fast.
    Later,
}

/// Which channel's page it is, and what says which language its reader speaks.
pub(super) struct Asked {
    id: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    verb: &'static Verb,
}

impl FromRequestParts<Arc<AppState>> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let path = Path::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| Problem::not_found())?;
        let query = Query::from_request_parts(parts, state).await;
        let verb = Extension::from_request_parts(parts, state).await;
        let Extension(verb) = verb.map_err(|_| Problem::internal())?;
        Ok(Self {
            id,
            query: query.map(|Query(query)| query).unwrap_or_default(),
            headers: parts.headers.clone(),
            verb,
        })
    }
}

/// What each answer needs: the channel and the visitor's language.
struct Site<'a> {
    id: &'a str,
    channel: &'a Channel,
    language: String,
    words: Words,
    sentences: &'static Sentences,
}

/// The page of a visitor who has not written yet.
pub(super) async fn show(State(state): State<Arc<AppState>>, asked: Asked) -> Result<Response, Problem> {
    let site = site(&state, &asked).await?;
    answer(&state, &site, &Page::new(&site))
}

/// Takes a form, and answers the chat as it stands afterwards.
pub(super) async fn take(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    PageOrigin(origin): PageOrigin,
    asked: Asked,
    Form(filled): Form<Filled>,
) -> Result<Response, Problem> {
    state.only_own(origin.as_deref())?;
    let Some(outcome) = act(&state, address, &asked, &filled).await? else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let site = site(&state, &asked).await?;
    let mut page = Page::new(&site);
    page.is_whole = filled.part.is_empty();
    page.shows(outcome);
    answer(&state, &site, &page)
}

/// What became of a form.
#[derive(Default)]
struct Outcome {
    /// The token for the next form.
    visit: String,
    says: Option<Says>,
    /// What is left in the text box.
    text: String,
    /// Set for a visitor who sends too fast.
    retry_after: Option<Duration>,
    chat: Option<Chat>,
}

impl Outcome {
    /// What was written is still in the text box, and why it was not sent stands over it.
    fn refused(filled: &Filled, says: Says) -> Self {
        Self {
            says: Some(says),
            text: filled.message(),
            ..Self::default()
        }
    }
}

/// Does what the form says; nothing if it looks for what is new and finds nothing.
async fn act(state: &AppState, address: IpAddr, asked: &Asked, filled: &Filled) -> Result<Option<Outcome>, Problem> {
    if filled.visit.is_empty() && matches!(filled.wants, Wants::Look | Wants::End) {
        return Ok(Some(Outcome::default()));
    }
    let visit = match chat::visit(state, address, &asked.id, filled).await {
        Ok(visit) => visit,
        Err(problem) => {
            let says = unproven(&problem).ok_or_else(|| problem.clone())?;
            let retry_after = problem.wait();
            return Ok(Some(Outcome {
                retry_after,
                ..Outcome::refused(filled, says)
            }));
        }
    };
    let who = visit.who();
    access::permit(asked.verb, &who)?;
    if let Err(wait) = state.frame_rates.take(&who, &who.key()) {
        // The chat itself is not read for those who ask too often.
        return Ok(Some(Outcome {
            visit: visit.token,
            retry_after: Some(Duration::from_millis(wait)),
            ..Outcome::refused(filled, Says::Later)
        }));
    }
    let mut outcome = match chat::carry_out(&state.registry, &visit, filled).await {
        Err(refusal) => Outcome::refused(filled, says(&refusal)),
        Ok(()) if filled.wants == Wants::Agree => Outcome {
            text: filled.message(),
            ..Outcome::default()
        },
        Ok(()) => Outcome::default(),
    };
    let found = chat::find(&state.registry, &who).await?;
    if filled.wants == Wants::Look && found.as_ref().is_some_and(|found| chat::mark(found) == filled.known) {
        return Ok(None);
    }
    if let Some(found) = found {
        outcome.chat = Some(Chat::load(&state.registry, &who, &found).await?);
    }
    outcome.visit = visit.token;
    Ok(Some(outcome))
}

/// What is said to a visitor who could not be proven, if the page goes on all the same.
fn unproven(problem: &Problem) -> Option<Says> {
    match problem.code() {
        ProblemCode::TokenExpired | ProblemCode::TokenRefused => Some(Says::Anew),
        ProblemCode::ConsentRequired => Some(Says::Terms),
        ProblemCode::RateLimited | ProblemCode::Unavailable => Some(Says::Later),
        _ => None,
    }
}

fn says(refusal: &Refusal) -> Says {
    match refusal.code {
        RefusalCode::ConversationEnded => Says::Ended,
        RefusalCode::InvalidBody | RefusalCode::Malformed => Says::Refused,
        RefusalCode::Forbidden => Says::Anew,
        _ => Says::Later,
    }
}

async fn site<'a>(state: &'a AppState, asked: &'a Asked) -> Result<Site<'a>, Problem> {
    let channel = state.config.channels.get(&asked.id).ok_or_else(Problem::not_found)?;
    let spoken = frame::spoken(&state.assets, &asked.query, &asked.headers).await;
    Ok(Site {
        id: &asked.id,
        channel,
        sentences: Sentences::of(&spoken.language),
        words: spoken
            .file
            .as_deref()
            .and_then(Words::read)
            .unwrap_or_else(Words::english),
        language: spoken.tag,
    })
}

fn answer(state: &AppState, site: &Site<'_>, page: &Page<'_>) -> Result<Response, Problem> {
    let own_id = state.registry.services().clock.uuid();
    let embedders = state.origins.embedders(site.id);
    let mut response = page.answer(&own_id, embedders).ok_or_else(Problem::internal)?;
    if let Some(wait) = page.retry_after {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        let seconds = wait.as_millis().div_ceil(1_000);
        let seconds = HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX));
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    Ok(response)
}
