//! The answer to the survey after a chat: the customer's, in the chat's window or by a link. It is the one thing that a
//! customer may say when the chat is over, and is said once.

use super::{consent, forms, prechat, questions, recent};
use crate::conversation::event_factory::Emitter;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services};
use crate::identity::{CustomerPrincipal, Principal};
use crate::store::AskedSurvey;
use crate::survey::{no_survey, score};
use crate::telemetry::SURVEYS;
use portico_shared::cim::MessageBody;
use portico_shared::cim::body::{FormActor, FormDataBody, FormDetail};
use portico_shared::frame::Post;
use portico_shared::ids::ClientId;
use serde_json::Number;

/// The survey that a post answers.
pub(super) fn answered_by<'s>(state: &'s State, post: &Post) -> Option<&'s AskedSurvey> {
    let asked = state.record.survey.as_ref()?;
    let is_form = matches!(post.message.body, MessageBody::FormData(_));
    let names_it = post.message.original_message_id.as_ref() == Some(&asked.message);
    (is_form && names_it && post.message.intent.is_none()).then_some(asked)
}

/// Appends an answer by a link, which proves that its customer was asked.
pub(super) async fn by_link<'a>(
    services: &'a Services,
    state: &State,
    filled: &FormDataBody,
) -> Result<Option<Transaction<'a>>, Refusal> {
    let asked = state.record.survey.as_ref().ok_or_else(no_survey)?;
    let form = checked(services, state, asked, filled).await?;
    let transaction = Transaction::new(services, state);
    Ok(Some(append(transaction, asked, form, Emitter::customer_of(state))))
}

/// Appends an answer in the chat's window, after what its customer has agreed to.
pub(super) async fn in_window<'a>(
    services: &'a Services,
    state: &State,
    asked: &AskedSurvey,
    filled: &FormDataBody,
    who: &CustomerPrincipal,
    client_id: &ClientId,
) -> Result<Option<Transaction<'a>>, Refusal> {
    let form = checked(services, state, asked, filled).await?;
    let mut transaction = Transaction::new(services, state);
    consent::note(&mut transaction, who);
    let who = Principal::Customer(who.clone());
    let emitter = Emitter::principal(&who, state, Some(client_id.clone()));
    Ok(Some(append(transaction, asked, form, emitter)))
}

/// The survey with an answer that it takes. What is asked says the survey that was sent, and nothing that the answer repeats of it.
async fn checked(
    services: &Services,
    state: &State,
    asked: &AskedSurvey,
    filled: &FormDataBody,
) -> Result<FormDataBody, Refusal> {
    questions::check_open(&state.record, asked.seq)?;
    let original = recent::by_message(services, state, &asked.message).await?;
    let form = original.and_then(|stored| match stored.event.message()?.body.clone() {
        MessageBody::FormData(form) => Some(*form),
        _ => None,
    });
    let form = prechat::answered(form.ok_or_else(no_survey)?, filled);
    let refused = |_: &Refusal| metrics::counter!(SURVEYS, "outcome" => "refused").increment(1);
    forms::check_form(&form, &form).inspect_err(refused)?;
    Ok(described(form, state))
}

fn append<'a>(
    mut transaction: Transaction<'a>,
    asked: &AskedSurvey,
    filled: FormDataBody,
    emitter: Emitter,
) -> Transaction<'a> {
    transaction.answer_survey(emitter, asked, filled);
    questions::close(&mut transaction.state.record, asked.seq);
    transaction
}

/// Says who has answered, and what it comes to.
fn described(form: FormDataBody, state: &State) -> FormDataBody {
    let score = score(&form);
    FormDataBody {
        form_score: score.map(|(score, _)| Number::from(score)),
        form_weightage: score.map(|(_, best)| Number::from(best)),
        additional_detail: Some(FormDetail {
            actor: Some(FormActor {
                kind: Some("Customer".to_owned()),
                id: Some(state.record.customer.to_string()),
                ..FormActor::default()
            }),
            submission_source: Some("Web PCS".to_owned()),
            ..FormDetail::default()
        }),
        ..form
    }
}
