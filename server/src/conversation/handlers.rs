//! What follows from a request: for each kind one function from the conversation as it stands to a `Step`, to
//! nothing, or to a refusal. Planning reads the store where it must and writes nothing.

mod activity;
mod body;
mod bot;
pub(super) mod bounds;
mod end;
mod link;
mod post;
mod read_marker;
mod recent;
mod serve;
mod start;
mod timer;
mod visitor_data;

use super::state::State;
use super::transaction::Planned;
use super::{Command, Deps, Refusal};
use crate::store::Change;
use portico_shared::ids::ConversationId;

pub(super) use activity::{check_activity, stand_alone};
pub(super) use recent::offer;

/// Decides one request.
pub(super) async fn handle<'a>(
    deps: &'a Deps,
    id: &ConversationId,
    state: Option<&State>,
    ask: &Command,
) -> Planned<'a> {
    match (state, ask) {
        (None, Command::Start { who, start, known }) => start::start(deps, id, who, start, known.as_deref()).map(Some),
        (None, Command::Timer(timer)) => {
            deps.store.apply(vec![Change::CancelTimer(timer.key.clone())]).await?;
            Ok(None)
        }
        (None, _) => Err(Refusal::not_found()),
        (Some(state), ask) => handle_live(deps, state, ask).await,
    }
}

async fn handle_live<'a>(deps: &'a Deps, state: &State, ask: &Command) -> Planned<'a> {
    match ask {
        Command::Post { who, post } => post::post(deps, state, who, post).await,
        Command::End { who, client_id } => end::end(deps, state, who, client_id),
        Command::Accept {
            who,
            task,
            client_id,
            via,
        } => serve::accept(deps, state, who, (task, client_id, *via)),
        Command::Leave { who, client_id } => serve::leave(deps, state, who, client_id),
        Command::Reserve { task, agent } => serve::reserve(deps, state, task, agent).await,
        Command::Withdraw { task, agent } => Ok(serve::withdraw(deps, state, task, agent)),
        Command::MoveMarker { who, up_to, kind } => read_marker::move_marker(deps, state, who, *up_to, *kind).await,
        Command::UpdateVisitorData { who, data } => visitor_data::update(deps, state, who, data),
        Command::Link(signed_in) => link::link(deps, state, signed_in).await,
        Command::Timer(timer) => Ok(timer::timer(deps, state, timer)),
        Command::BotReply(reply) => bot::reply(deps, state, reply).await,
        Command::BotFailed { bot, delivery, error } => Ok(bot::failed(deps, state, (bot, *delivery, error))),
        Command::Activity { who, message } => activity::activity(deps, state, who, message),
        // The actor sees to these by itself; a conversation is opened once.
        Command::Start { .. } | Command::Join { .. } | Command::Part(_) | Command::Typing { .. } => Ok(None),
    }
}
