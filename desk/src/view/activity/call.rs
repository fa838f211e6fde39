//! Phone calls: one leg that began or ended, or a whole call summed up.

use super::facts::facts;
use super::frame::CardHead;
use super::recording::player;
use crate::i18n::{self, activity as messages};
use crate::view::components::{clock, fact};
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::body::VoiceBody;
use portico_shared::cim::{CallLeg, EventName, Intent, VoiceActivity};
use portico_ui::icon::CALL;
use portico_ui::time::stopwatch;
use serde_json::Value;

/// A leg that began or ended.
pub(super) fn leg(card: &Card, leg: &VoiceBody) -> AnyView {
    let dialog = leg.extra.get("dialog").and_then(Value::as_object);
    let said = |key: &str| {
        dialog?
            .get(key)?
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let intent = card.event.message().and_then(|message| message.header.intent.clone());
    let title = match (&card.event.name, intent) {
        (EventName::CallLegStarted, _) | (_, Some(Intent::CallLegStarted)) => messages::CALL_STARTED,
        (EventName::CallLegEnded, _) | (_, Some(Intent::CallLegEnded)) => messages::CALL_ENDED,
        _ => messages::CALL,
    };
    let caller = said("customerNumber").or_else(|| said("ani"));
    let reason = leg.reason_code.as_deref().map(messages::plain);
    let line = [Some(card.author.name.clone()), caller.clone(), reason.clone()];
    let line = line
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let known = [
        (messages::CALLER, caller),
        (messages::DIALLED, said("dialedNumber").or_else(|| said("dnis"))),
        (i18n::QUEUE, said("queueName")),
        (
            messages::EXTENSION,
            leg.leg
                .as_deref()
                .and_then(|leg| leg.split(':').next())
                .map(str::to_owned),
        ),
        (messages::REASON, reason),
        (i18n::STATE, said("state").map(|state| messages::plain(&state))),
        (i18n::REFERENCE, leg.call_id.clone()),
    ];
    let known: Vec<_> = known
        .into_iter()
        .filter_map(|(name, value)| Some(fact(name, value?)))
        .collect();
    let head = CardHead {
        picture: CALL,
        class: "card__icon--call",
        title: title.to_owned(),
        line,
        number: length(dialog.and_then(|dialog| dialog.get("participants"))),
        at_ms: card.at_ms(),
    };
    head.over(Some(html::dl().class("facts").child(known).into_any()))
}

/// How long the leg took, where its participant says when it began and last changed.
fn length(participants: Option<&Value>) -> Option<AnyView> {
    let first = participants?.as_array()?.first()?;
    let at = |key: &str| portico_shared::cim::Timestamp::parse(first.get(key)?.as_str()?);
    let took = at("stateChangeTime")?.ms() - at("startTime")?.ms();
    (took > 0).then(|| html::span().class("card__number").child(stopwatch(took)).into_any())
}

/// A whole call.
pub(super) fn whole(card: &Card, call: &VoiceActivity) -> AnyView {
    let took = call.duration.map(|seconds| stopwatch(seconds * 1_000));
    let held = call
        .hold_time
        .as_ref()
        .and_then(serde_json::Number::as_f64)
        .filter(|seconds| *seconds >= 1.0);
    let held = held.map(|seconds| stopwatch((seconds * 1_000.0) as i64));
    let legs: Vec<_> = call.call_legs.iter().map(leg_line).collect();
    let line = held
        .as_ref()
        .map(|held| format!("{} {held}", messages::HELD))
        .unwrap_or_default();
    let known = (
        call.start_time.map(|time| fact(messages::BEGAN, clock(time.ms()))),
        call.end_time.map(|time| fact(messages::FINISHED, clock(time.ms()))),
        took.clone().map(|took| fact(messages::DURATION, took)),
        held.map(|held| fact(messages::HELD, held)),
        (!legs.is_empty()).then(|| fact(messages::LEGS, html::ul().child(legs))),
    );
    let inside = (
        call.recording_url.as_deref().map(player),
        html::dl().class("facts").child(known),
        (!call.extra.is_empty()).then(|| facts(&call.extra)),
    );
    let head = CardHead {
        picture: CALL,
        class: "card__icon--call",
        title: messages::CALL_WHOLE.to_owned(),
        line,
        number: took.map(|took| html::span().class("card__number").child(took).into_any()),
        at_ms: card.at_ms(),
    };
    head.over(Some(inside.into_any()))
}

fn leg_line(leg: &CallLeg) -> AnyView {
    let name = leg.sender.as_ref().map(|sender| sender.sender_name.clone());
    let ended = leg.end_direction.as_deref().map(messages::plain);
    let took = leg.duration.map(|seconds| stopwatch(seconds * 1_000));
    let line = [name, ended, took]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    html::li().child(line).into_any()
}
