//! Signing in: the page before the console, and the dialog over it when a login ends.

mod provider;

use super::components::mark;
use super::dialog;
use crate::api;
use crate::i18n::t;
use crate::state::{Desk, Login};
use leptos::attr::Attribute;
use leptos::html::HtmlElement;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use portico_shared::http::{LoginAnswer, LoginBody};
use portico_ui::fetch::FetchError;
use portico_ui::icon::{ALERT, INFO, icon};

/// The page of an agent who is not signed in.
pub(crate) fn page(login: Login) -> AnyView {
    let card = html::div()
        .class("sign-in__card")
        .child(html::span().class("sign-in__mark").child(mark()))
        .child(
            html::div()
                .child(html::h1().child(t().sign_in_title()))
                .child(html::p().child(t().sign_in_intro())),
        )
        .child(login.has_ended().then(|| {
            html::p()
                .class("tag tag--warn sign-in__ended")
                .child(icon(INFO))
                .child(t().session_ended())
        }))
        .child(login.is_brought().then(|| provider::collect(login)))
        .child(form(String::new(), move |answer| login.begin(answer)))
        .child(provider::link());
    html::main().class("sign-in").child(card).into_any()
}

/// The dialog that asks for the password again, while the console keeps what was typed.
pub(crate) fn again(desk: Desk) -> AnyView {
    let username = desk.user().map(|user| user.username).unwrap_or_default();
    let body = move || {
        (
            html::div()
                .class("dialog__head")
                .child(html::h2().attr("id", "again-title").child(t().sign_in()))
                .child(html::p().child(t().session_ended())),
            html::div()
                .class("dialog__body")
                .child(form(username.clone(), move |fresh| desk.renewed(fresh)))
                .child(provider::link())
                .child(
                    html::button()
                        .class("link-button")
                        .attr("type", "button")
                        .on(ev::click, move |_| desk.sign_out())
                        .child(t().sign_out()),
                ),
        )
            .into_any()
    };
    dialog::modal("again-title", "", body, || {})
}

fn form(username: String, done: impl Fn(LoginAnswer) + Copy + Send + Sync + 'static) -> AnyView {
    // An agent who signs in again is known already: the console holds what this person typed.
    let known = !username.is_empty();
    let name = RwSignal::new(username);
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(credentials) = credentials(&name.get_untracked(), password.get_untracked()) else {
            problem.set(Some(t().sign_in_missing().to_owned()));
            return;
        };
        busy.set(true);
        problem.set(None);
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the answer; a page that is gone is not told"
        )]
        spawn_local(async move {
            let answer = api::login(&credentials).await;
            match settle(answer, busy, problem) {
                Outcome::SignedIn(login) => done(login),
                Outcome::Failed => {}
                // The person has signed out meanwhile, and this login with it. That the relay hears of it is best effort.
                Outcome::Unwanted(login) => drop(api::logout(&login.token).await),
            }
        });
    };
    let said = move || {
        let alert = |text| {
            html::p()
                .class("problem")
                .child(icon(ALERT))
                .child(html::span().child(text))
        };
        html::div().attr("role", "alert").child(problem.get().map(alert))
    };
    html::form()
        .class("sign-in__form")
        .attr("novalidate", true)
        .on(ev::submit, submit)
        .child(labelled(
            t().username(),
            "desk-user",
            input("text", "username", name).prop("readOnly", known),
        ))
        .child(labelled(
            t().password(),
            "desk-password",
            input("password", "current-password", password).attr("autofocus", known),
        ))
        .child(said)
        .child(
            html::button()
                .class("button button--primary button--big button--wide")
                .attr("type", "submit")
                .attr("aria-busy", move || busy.get().to_string())
                .child(move || if busy.get() { t().signing_in() } else { t().sign_in() }),
        )
        .into_any()
}

/// What became of a sign-in.
#[derive(Debug, PartialEq)]
enum Outcome {
    SignedIn(LoginAnswer),
    Failed,
    /// The login came when the form that asked for it was gone.
    Unwanted(LoginAnswer),
}

/// Takes the relay's answer into the form, which may be gone by now.
fn settle(answer: Result<LoginAnswer, FetchError>, busy: RwSignal<bool>, problem: RwSignal<Option<String>>) -> Outcome {
    let is_gone = busy.try_set(false).is_some();
    match answer {
        Ok(login) if is_gone => Outcome::Unwanted(login),
        Ok(login) => Outcome::SignedIn(login),
        Err(error) => {
            // A form that is gone shows nothing.
            let _ = problem.try_set(Some(problem_words(&error)));
            Outcome::Failed
        }
    }
}

fn labelled(label: &'static str, id: &'static str, input: HtmlElement<html::Input, impl Attribute, ()>) -> AnyView {
    let label = html::label().class("field__label").attr("for", id).child(label);
    html::div()
        .class("field")
        .child(label)
        .child(input.attr("id", id))
        .into_any()
}

fn input(
    kind: &'static str,
    complete: &'static str,
    value: RwSignal<String>,
) -> HtmlElement<html::Input, impl Attribute, ()> {
    html::input()
        .class("input")
        .attr("name", complete)
        .attr("type", kind)
        .attr("autocomplete", complete)
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr("required", true)
        .prop("value", move || value.get())
        .on(ev::input, move |event| value.set(event_target_value(&event)))
}

/// What to sign in with, if both are there. A space before or after a user name is a slip.
fn credentials(username: &str, password: String) -> Option<LoginBody> {
    let username = username.trim().to_owned();
    let is_complete = !username.is_empty() && !password.is_empty();
    is_complete.then_some(LoginBody { username, password })
}

/// What the person is told about a sign-in that failed.
fn problem_words(error: &FetchError) -> String {
    match error {
        FetchError::Refused { status: 401 | 403, .. } => t().sign_in_wrong().to_owned(),
        FetchError::Refused {
            retry_after_ms: Some(ms),
            ..
        } => t().sign_in_later(ms.div_ceil(1000) as usize),
        FetchError::Unreachable | FetchError::Refused { .. } => t().sign_in_unreachable().to_owned(),
        FetchError::Unreadable => t().sign_in_broken().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::http::UserAnswer;
    use portico_shared::ids::ParticipantId;

    fn refused(status: u16, retry_after_ms: Option<u64>) -> String {
        problem_words(&FetchError::Refused {
            status,
            retry_after_ms,
            body: String::new(),
        })
    }

    fn login() -> LoginAnswer {
        LoginAnswer {
            token: "t-1".to_owned(),
            expires_at: 1_000,
            user: UserAnswer {
                id: ParticipantId::new("u-1"),
                username: "ada".to_owned(),
                first_name: String::new(),
                last_name: String::new(),
                roles: Vec::new(),
                queues: Vec::new(),
                max_tasks: 5,
            },
        }
    }

    #[test]
    fn an_answer_that_comes_after_a_sign_out_signs_nobody_in() {
        let console = Owner::new();
        let (busy, problem) = console.with(|| (RwSignal::new(true), RwSignal::new(None::<String>)));
        assert_eq!(settle(Ok(login()), busy, problem), Outcome::SignedIn(login()));
        assert_eq!(settle(Err(FetchError::Unreachable), busy, problem), Outcome::Failed);
        assert_eq!(problem.get_untracked().as_deref(), Some(t().sign_in_unreachable()));
        console.cleanup();
        drop(console);
        assert_eq!(settle(Ok(login()), busy, problem), Outcome::Unwanted(login()));
        assert_eq!(settle(Err(FetchError::Unreachable), busy, problem), Outcome::Failed);
    }

    #[test]
    fn a_user_name_is_sent_without_spaces_and_a_password_as_it_is() {
        let sent = credentials(" ada ", " secret ".to_owned()).expect("complete");
        assert_eq!((sent.username.as_str(), sent.password.as_str()), ("ada", " secret "));
    }

    #[test]
    fn what_is_incomplete_is_not_sent() {
        assert!(credentials("  ", "secret".to_owned()).is_none());
        assert!(credentials("ada", String::new()).is_none());
    }

    #[test]
    fn a_sign_in_that_failed_says_what_to_do() {
        assert_eq!(refused(401, None), t().sign_in_wrong());
        assert_eq!(refused(403, None), t().sign_in_wrong());
        assert_eq!(refused(429, Some(1_200)), t().sign_in_later(2));
        assert_eq!(refused(503, None), t().sign_in_unreachable());
        assert_eq!(problem_words(&FetchError::Unreachable), t().sign_in_unreachable());
        assert_eq!(problem_words(&FetchError::Unreadable), t().sign_in_broken());
    }
}
