//! Phone calls: one leg that began or ended, or a whole call summed up.

use super::facts::facts;
use super::frame::{CardHead, in_line, number};
use super::recording::player;
use crate::i18n::{activity as messages, t};
use crate::view::components::{clock, fact};
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::body::VoiceBody;
use portico_shared::cim::{CallLeg, EventName, Intent, Timestamp, VoiceActivity};
use portico_shared::text::says_nothing;
use portico_ui::icon::CALL;
use portico_ui::time::stopwatch;
use serde_json::{Map, Number, Value};

/// A leg that began or ended.
pub(super) fn leg(card: &Card, leg: &VoiceBody) -> AnyView {
    let LegFacts { caller, reason, facts } = LegFacts::of(leg);
    let known: Vec<_> = facts.into_iter().map(|(name, value)| fact(name, value)).collect();
    let head = CardHead {
        picture: CALL,
        class: "card__icon--call",
        title: leg_title(card).to_owned(),
        line: in_line([Some(card.author.name.clone()), caller, reason]),
        number: leg_length(leg).map(|took| number(stopwatch(took))),
        at_ms: card.at_ms(),
    };
    head.over(Some(html::dl().class("facts").child(known).into_any()))
}

/// A whole call.
pub(super) fn whole(card: &Card, call: &VoiceActivity) -> AnyView {
    let took = call.duration.map(|seconds| stopwatch(seconds * 1_000));
    let held = held_ms(call.hold_time.as_ref()).map(stopwatch);
    let legs: Vec<_> = call
        .call_legs
        .iter()
        .map(|leg| html::li().child(leg_line(leg)))
        .collect();
    let line = held.as_ref().map(|held| format!("{} {held}", t().held()));
    let known = (
        call.start_time.map(|time| fact(t().began(), clock(time.ms()))),
        call.end_time.map(|time| fact(t().finished(), clock(time.ms()))),
        took.clone().map(|took| fact(t().duration(), took)),
        held.map(|held| fact(t().held(), held)),
        (!legs.is_empty()).then(|| fact(t().legs(), html::ul().child(legs))),
    );
    let inside = (
        call.recording_url.as_deref().map(player),
        html::dl().class("facts").child(known),
        (!call.extra.is_empty()).then(|| facts(&call.extra)),
    );
    let head = CardHead {
        picture: CALL,
        class: "card__icon--call",
        title: t().call_whole().to_owned(),
        line: line.unwrap_or_default(),
        number: took.map(number),
        at_ms: card.at_ms(),
    };
    head.over(Some(inside.into_any()))
}

/// What a leg says of itself.
#[derive(Debug, PartialEq)]
struct LegFacts {
    caller: Option<String>,
    reason: Option<String>,
    /// Names and values, those that are known.
    facts: Vec<(&'static str, String)>,
}

impl LegFacts {
    fn of(leg: &VoiceBody) -> Self {
        let said = |key: &str| dialog_text(leg, key);
        let caller = said("customerNumber").or_else(|| said("ani"));
        let reason = leg.reason_code.as_deref().map(messages::plain);
        let extension = leg.leg.as_deref().and_then(|leg| leg.split(':').next());
        let facts = [
            (t().caller(), caller.clone()),
            (t().dialled(), said("dialedNumber").or_else(|| said("dnis"))),
            (t().queue(), said("queueName")),
            (t().extension(), extension.map(str::to_owned)),
            (t().reason(), reason.clone()),
            (t().state(), said("state").map(|state| messages::plain(&state))),
            (t().reference(), leg.call_id.clone()),
        ];
        let facts = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Self {
            caller,
            reason,
            facts: facts.collect(),
        }
    }
}

fn dialog(leg: &VoiceBody) -> Option<&Map<String, Value>> {
    leg.extra.get("dialog").and_then(Value::as_object)
}

fn dialog_text(leg: &VoiceBody, key: &str) -> Option<String> {
    let text = dialog(leg)?.get(key)?.as_str()?;
    (!says_nothing(text)).then(|| text.trim().to_owned())
}

fn leg_title(card: &Card) -> &'static str {
    let intent = card.event.message().and_then(|message| message.header.intent.clone());
    match (&card.event.name, intent) {
        (EventName::CallLegStarted, _) | (_, Some(Intent::CallLegStarted)) => t().call_started(),
        (EventName::CallLegEnded, _) | (_, Some(Intent::CallLegEnded)) => t().call_ended(),
        _ => t().call(),
    }
}

/// How long the leg took, in milliseconds, where its participant says when it began and last changed.
fn leg_length(leg: &VoiceBody) -> Option<i64> {
    let first = dialog(leg)?.get("participants")?.as_array()?.first()?;
    let at = |key: &str| Timestamp::parse(first.get(key)?.as_str()?);
    let took = at("stateChangeTime")?.ms() - at("startTime")?.ms();
    (took > 0).then_some(took)
}

/// How long a call was on hold, in milliseconds, if it was for a second at least.
fn held_ms(hold_time: Option<&Number>) -> Option<i64> {
    let seconds = hold_time?.as_f64().filter(|seconds| *seconds >= 1.0)?;
    Some((seconds * 1_000.0) as i64)
}

fn leg_line(leg: &CallLeg) -> String {
    in_line([
        leg.sender.as_ref().map(|sender| sender.sender_name.clone()),
        leg.end_direction.as_deref().map(messages::plain),
        leg.duration.map(|seconds| stopwatch(seconds * 1_000)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{body, card, event, said, sender};
    use portico_shared::cim::{CimEvent, MessageBody};
    use serde_json::json;

    fn voice(members: Value) -> VoiceBody {
        let mut json = json!({ "type": "VOICE" });
        if let (Value::Object(json), Value::Object(members)) = (&mut json, members) {
            json.extend(members);
        }
        match body(json) {
            MessageBody::Voice(leg) => VoiceBody::clone(&leg),
            other => panic!("no leg: {other:?}"),
        }
    }

    #[test]
    fn a_leg_says_who_called_whom_and_leaves_out_what_it_does_not_know() {
        let leg = voice(json!({
            "callId": "call-1", "leg": "1002:agent", "reasonCode": "CALL_DROPPED",
            "dialog": { "ani": " +49 30 1 ", "customerNumber": "", "dnis": "112", "state": "DROPPED" },
        }));
        let facts = LegFacts::of(&leg);
        assert_eq!(facts.caller.as_deref(), Some("+49 30 1"));
        let expected = [
            (t().caller(), "+49 30 1"),
            (t().dialled(), "112"),
            (t().extension(), "1002"),
            (t().reason(), "Call dropped"),
            (t().state(), "Dropped"),
            (t().reference(), "call-1"),
        ];
        assert_eq!(facts.facts, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn the_customers_number_goes_before_the_line_that_was_seen() {
        let leg = voice(json!({ "dialog": { "ani": "1", "customerNumber": "2", "dnis": "3", "dialedNumber": "4" } }));
        let facts = LegFacts::of(&leg).facts;
        assert_eq!(facts, [(t().caller(), "2".to_owned()), (t().dialled(), "4".to_owned())]);
    }

    #[test]
    fn a_leg_is_titled_by_its_event_or_else_by_its_intent() {
        let leg = || said(0, "app", body(json!({ "type": "VOICE" })));
        let started = CimEvent {
            name: EventName::CallLegStarted,
            ..leg()
        };
        assert_eq!(leg_title(&card(started)), t().call_started());
        let mut ended = leg();
        ended.message_mut().expect("a message").header.intent = Some(Intent::CallLegEnded);
        assert_eq!(leg_title(&card(ended)), t().call_ended());
        assert_eq!(leg_title(&card(leg())), t().call());
        let other = event(0, "app", EventName::CallLegEnded, Default::default());
        assert_eq!(leg_title(&card(other)), t().call_ended());
    }

    #[test]
    fn a_leg_took_as_long_as_its_participant_says() {
        let took = |began: &str, changed: &str| {
            leg_length(&voice(
                json!({ "dialog": { "participants": [{ "startTime": began, "stateChangeTime": changed }] } }),
            ))
        };
        assert_eq!(took("2026-01-01T10:00:00Z", "2026-01-01T10:01:30Z"), Some(90_000));
        assert_eq!(took("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"), None);
        assert_eq!(took("2026-01-01T10:00:00Z", "soon"), None);
        assert_eq!(leg_length(&voice(json!({}))), None);
    }

    #[test]
    fn a_hold_of_less_than_a_second_is_none() {
        let held = |seconds: f64| held_ms(Number::from_f64(seconds).as_ref());
        assert_eq!(held(0.9), None);
        assert_eq!(held(90.5), Some(90_500));
        assert_eq!(held_ms(None), None);
    }

    #[test]
    fn a_leg_of_a_whole_call_is_one_line() {
        let leg = CallLeg {
            sender: Some(sender("bob")),
            end_direction: Some("CUSTOMER_ENDED".to_owned()),
            duration: Some(75),
            ..CallLeg::default()
        };
        assert_eq!(leg_line(&leg), format!("bob · Customer ended · {}", stopwatch(75_000)));
        assert_eq!(leg_line(&CallLeg::default()), "");
    }
}
