//! What follows from a request: for each kind one function from the conversation as it stands to a `Step`, to
//! nothing, or to a refusal. Planning reads the store where it must and writes nothing.

mod activity;
mod body;
mod bot;
pub(super) mod bounds;
mod describe;
mod end;
mod link;
mod mark;
mod post;
mod recent;
mod serve;
mod start;
mod timer;

use super::state::State;
use super::step::Planned;
use super::{Ask, Deps, Refusal};
use crate::store::Change;
use portico_shared::ids::ConversationId;

pub(super) use activity::{check_activity, stand_alone};
pub(super) use recent::offer;

/// Decides one request.
pub(super) async fn plan<'a>(deps: &'a Deps, id: &ConversationId, state: Option<&State>, ask: &Ask) -> Planned<'a> {
    match (state, ask) {
        (None, Ask::Start { who, start, known }) => start::start(deps, id, who, start, known.as_deref()).map(Some),
        (None, Ask::Timer(timer)) => {
            deps.store.apply(vec![Change::CancelTimer(timer.key.clone())]).await?;
            Ok(None)
        }
        (None, _) => Err(Refusal::not_found()),
        (Some(state), ask) => plan_live(deps, state, ask).await,
    }
}

async fn plan_live<'a>(deps: &'a Deps, state: &State, ask: &Ask) -> Planned<'a> {
    match ask {
        Ask::Post { who, post } => post::post(deps, state, who, post).await,
        Ask::End { who, client_id } => end::end(deps, state, who, client_id),
        Ask::Accept {
            who,
            task,
            client_id,
            via,
        } => serve::accept(deps, state, who, (task, client_id, *via)),
        Ask::Leave { who, client_id } => serve::leave(deps, state, who, client_id),
        Ask::Reserve { task, agent } => serve::reserve(deps, state, task, agent).await,
        Ask::Withdraw { task, agent } => Ok(serve::withdraw(deps, state, task, agent)),
        Ask::Mark { who, up_to, kind } => mark::mark(deps, state, who, *up_to, *kind).await,
        Ask::Describe { who, data } => describe::describe(deps, state, who, data),
        Ask::Link(signed_in) => link::link(deps, state, signed_in).await,
        Ask::Timer(timer) => Ok(timer::timer(deps, state, timer)),
        Ask::BotReply(reply) => bot::reply(deps, state, reply).await,
        Ask::BotFailed { bot, delivery, error } => Ok(bot::failed(deps, state, (bot, *delivery, error))),
        Ask::Activity { who, message } => activity::activity(deps, state, who, message),
        // The actor sees to these by itself; a conversation is opened once.
        Ask::Start { .. } | Ask::Join { .. } | Ask::Part(_) | Ask::Typing { .. } => Ok(None),
    }
}
