//! Ready or not: the button that says so, and the menu with the reasons.

use super::components::keys;
use crate::action::Action;
use crate::i18n::{self, t};
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html, leptos_dom::helpers::window_event_listener};
use portico_client::{AgentState, Change};
use portico_shared::cim::agent::AgentStateName;
use portico_ui::browser::is_composing;
use portico_ui::icon::{CHECK, CHEVRON_DOWN, icon};

/// The relay's reason for a missed offer.
const MISSED: &str = "RONA";

/// The state, and how to change it.
pub(crate) fn view(desk: Desk) -> AnyView {
    let open = RwSignal::new(false);
    let place = NodeRef::<html::Div>::new();
    let state = Memo::new(move |_| {
        desk.link
            .watch(&Change::AgentState, |session| session.agent_state().cloned())
    });
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().map(event_target_node);
        let inside = place
            .get_untracked()
            .is_some_and(|place| place.contains(target.as_ref()));
        if !inside {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    html::div()
        .class("presence")
        .node_ref(place)
        .on(ev::keydown, move |event| {
            if event.key() == "Escape" && !is_composing(&event) {
                open.set(false);
            }
        })
        .child(button(state, open))
        .child(move || open.get().then(|| menu(desk, state, open)))
        .into_any()
}

fn event_target_node(target: web_sys::EventTarget) -> web_sys::Node {
    use leptos::wasm_bindgen::JsCast;
    target.unchecked_into()
}

fn button(state: Memo<Option<AgentState>>, open: RwSignal<bool>) -> AnyView {
    let dot = move || match state.with(|state| state.as_ref().is_some_and(is_ready)) {
        true => "presence__dot presence__dot--ready",
        false => "presence__dot",
    };
    html::button()
        .class("button presence__button")
        .attr("type", "button")
        .attr("aria-haspopup", "true")
        .attr("aria-expanded", move || open.get().to_string())
        .attr("aria-label", move || t().your_state(&full_label(state.get().as_ref())))
        .attr("title", Action::ToggleReady.hint())
        .on(ev::click, move |_| open.update(|open| *open = !*open))
        .child(html::span().class(dot))
        .child(
            html::span()
                .class("presence__words")
                .child(move || short_label(state.get().as_ref())),
        )
        .child(icon(CHEVRON_DOWN))
        .into_any()
}

fn menu(desk: Desk, state: Memo<Option<AgentState>>, open: RwSignal<bool>) -> AnyView {
    let choose = move |state: AgentStateName, reason: Option<&'static str>| {
        desk.set_state(state, reason.map(str::to_owned));
        open.set(false);
    };
    let now = state.get_untracked();
    let ready = now.as_ref().is_some_and(is_ready);
    let reason = now.and_then(|state| state.reason).unwrap_or_default();
    let item = move |class: &'static str, words: &'static str, chosen: bool, press: Box<dyn Fn()>| {
        html::button()
            .class("menu__item")
            .attr("type", "button")
            .attr("aria-pressed", chosen.to_string())
            .on(ev::click, move |_| press())
            .child(html::span().class(class))
            .child(html::span().child(words))
            .child(chosen.then(|| html::span().class("menu__check").child(icon(CHECK))))
    };
    let reasons: Vec<_> = i18n::reasons()
        .into_iter()
        .map(|words| {
            item(
                "presence__dot",
                words,
                !ready && reason == words,
                Box::new(move || choose(AgentStateName::NotReady, Some(words))),
            )
        })
        .collect();
    html::div()
        .class("menu")
        .child(item(
            "presence__dot presence__dot--ready",
            t().ready(),
            ready,
            Box::new(move || choose(AgentStateName::Ready, None)),
        ))
        .child(html::p().class("menu__label").child(t().choose_reason()))
        .child(reasons)
        .child(
            html::p()
                .class("menu__label menu__keys")
                .child(t().by_key())
                .child(keys(Action::ToggleReady)),
        )
        .into_any()
}

fn is_ready(state: &AgentState) -> bool {
    state.state == AgentStateName::Ready
}

/// The state with its reason.
fn full_label(state: Option<&AgentState>) -> String {
    let label = short_label(state);
    match state {
        Some(AgentState { reason: Some(_), .. }) if !state.is_some_and(is_ready) => t().not_ready_because(&label),
        Some(_) | None => label,
    }
}

/// The state as the button has room for it: of being not ready, the reason alone.
fn short_label(state: Option<&AgentState>) -> String {
    let Some(state) = state else {
        return t().state_unknown().to_owned();
    };
    match state.reason.as_deref() {
        _ if is_ready(state) => t().ready().to_owned(),
        Some(MISSED) => t().missed().to_owned(),
        Some(reason) => reason.to_owned(),
        None => t().not_ready().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(state: AgentStateName, reason: Option<&str>) -> (String, String) {
        let state = AgentState {
            state,
            reason: reason.map(str::to_owned),
            confirmed: true,
        };
        (short_label(Some(&state)), full_label(Some(&state)))
    }

    fn both(label: &str) -> (String, String) {
        (label.to_owned(), label.to_owned())
    }

    #[test]
    fn a_state_without_a_reason_has_one_label() {
        assert_eq!(labels(AgentStateName::Ready, None), both(t().ready()));
        assert_eq!(labels(AgentStateName::Ready, Some("Lunch")), both(t().ready()));
        assert_eq!(labels(AgentStateName::NotReady, None), both(t().not_ready()));
        assert_eq!((short_label(None), full_label(None)), both(t().state_unknown()));
    }

    #[test]
    fn a_reason_stands_on_the_button_and_is_read_in_full() {
        let (short, full) = labels(AgentStateName::NotReady, Some("Lunch"));
        assert_eq!((short.as_str(), full.as_str()), ("Lunch", "Not ready: Lunch"));
    }

    #[test]
    fn an_offer_that_was_missed_is_named_in_words() {
        let (short, full) = labels(AgentStateName::NotReady, Some("RONA"));
        assert_eq!(
            (short.as_str(), full),
            (t().missed(), t().not_ready_because(t().missed()))
        );
    }
}
