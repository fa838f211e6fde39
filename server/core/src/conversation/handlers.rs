//! One handler for each kind of command: a function from the conversation as it stands to a [`Transaction`], to nothing,
//! or to a refusal. A handler reads the store where it must and writes nothing.
//!
//! [`Transaction`]: super::transaction::Transaction

mod activity;
mod attachment;
mod body;
mod bot;
pub(super) mod bounds;
mod consent;
mod deletion;
mod end;
mod erase;
mod forms;
mod link;
mod post;
mod prechat;
mod preview;
mod questions;
mod read_marker;
mod recent;
mod serve;
mod shown;
mod start;
mod survey;
mod timer;
mod visitor_data;

use super::state::State;
use super::transaction::Transaction;
use super::{Command, Refusal, Services};
use crate::store::Change;
use portico_shared::ids::ConversationId;

pub use bounds::{MAX_BODY_BYTES, MAX_DATA_BYTES, MAX_PART_BYTES};

pub(super) use activity::{check_activity, stand_alone};
pub(super) use recent::offer;

/// Runs the handler of one command.
pub(super) async fn handle<'a>(
    services: &'a Services,
    id: &ConversationId,
    state: Option<&State>,
    command: &Command,
) -> Result<Option<Transaction<'a>>, Refusal> {
    match (state, command) {
        (None, Command::Start { who, start, known }) => {
            start::start(services, id, who, start, known.as_deref()).map(Some)
        }
        (None, Command::Timer(timer)) => {
            let cancel = Change::CancelTimer {
                conversation: timer.conversation.clone(),
                kind: timer.kind.clone(),
            };
            services.store.apply(vec![cancel]).await?;
            Ok(None)
        }
        (None, _) => Err(Refusal::not_found()),
        (Some(state), command) => handle_live(services, state, command).await,
    }
}

async fn handle_live<'a>(
    services: &'a Services,
    state: &State,
    command: &Command,
) -> Result<Option<Transaction<'a>>, Refusal> {
    if state.record.erased && matches!(command, Command::Post { .. } | Command::Activity { .. }) {
        return Err(Refusal::not_found());
    }
    match command {
        Command::Post { who, post } => post::post(services, state, who, post).await,
        Command::End { who, client_id } => end::end(services, state, who, client_id),
        Command::Accept {
            who,
            task,
            client_id,
            via,
        } => serve::accept(services, state, who, task, client_id, *via),
        Command::Leave { who, client_id } => serve::leave(services, state, who, client_id),
        Command::Reserve { task, agent } => serve::reserve(services, state, task, agent).await,
        Command::Withdraw { task, agent } => Ok(serve::withdraw(services, state, task, agent)),
        Command::MoveMarker { who, up_to, kind } => read_marker::move_marker(services, state, who, *up_to, *kind).await,
        Command::UpdateVisitorData { who, data } => visitor_data::update(services, state, who, data),
        Command::Link(proof) => link::link(services, state, proof).await,
        Command::Timer(timer) => Ok(timer::timer(services, state, timer)),
        Command::BotReply(reply) => bot::reply(services, state, reply).await,
        Command::BotFailed { bot, delivery, error } => Ok(bot::failed(services, state, bot, *delivery, error)),
        Command::AnswerSurvey { filled } => survey::by_link(services, state, filled).await,
        Command::Erase {
            customer,
            stand_in,
            erasure,
        } => Ok(erase::erase(services, state, customer, stand_in, erasure)),
        Command::Preview(found) => preview::preview(services, state, found).await,
        Command::Activity { who, message } => activity::activity(services, state, who, message).await,
        // The actor handles these itself; a conversation is opened once.
        Command::Start { .. }
        | Command::Join { .. }
        | Command::Part(_)
        | Command::TellPosition(_)
        | Command::Typing { .. } => Ok(None),
    }
}
