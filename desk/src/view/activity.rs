//! What happened besides messages: one-line notices, folded runs of system events, and cards, one file per kind.

mod call;
mod facts;
mod form;
mod frame;
mod ivr;
mod notice;
mod recording;
mod suggestion;
mod third_party;
mod wrapup;

pub(crate) use facts::facts;
pub(crate) use notice::{notice, system};

use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::{EventData, MessageBody};

/// The card of an activity.
pub(crate) fn card(card: &Card) -> AnyView {
    if let EventData::VoiceActivity(activity) = &card.event.data {
        return call::whole(card, activity);
    }
    if let EventData::Suggestion(suggestion) = &card.event.data {
        return suggestion::view(card, suggestion);
    }
    match card.event.message().map(|message| &message.body) {
        Some(MessageBody::Voice(leg)) => call::leg(card, leg),
        Some(MessageBody::IvrAggregated(visit)) => ivr::view(card, visit),
        Some(MessageBody::VoiceRecording(recording)) => recording::view(card, recording),
        Some(MessageBody::WrapUp(wrapup)) => wrapup::view(card, wrapup),
        Some(MessageBody::FormData(form)) => form::view(card, form),
        Some(_) | None => third_party::view(card),
    }
}
