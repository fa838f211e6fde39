//! In a composer's place: the form that goes before the first message.

use crate::i18n::{bodies, t};
use crate::state::Chat;
use leptos::html;
use leptos::prelude::*;
use serde_json::Value;

use portico_shared::customer::BodyJson;
use portico_ui::body::PrechatForm;

/// The form. It is not drawn anew for what the page says later, which does not take away what was entered.
pub(super) fn prechat(chat: Chat) -> AnyView {
    let form = untrack(|| chat.prechat()).unwrap_or_default();
    let title = form.get("formTitle").and_then(Value::as_str).unwrap_or_default();
    let title = title.to_owned();
    let form = PrechatForm {
        form: BodyJson::of_value(&form),
        messages: bodies(),
        submit: t().prechat_submit(),
        refused: chat.was_refused().then(|| t().prechat_refused()),
        is_open: Signal::derive(move || chat.document.host.is_open()),
        on_change: Callback::new(move |entered| chat.keep_prechat(entered)),
        on_submit: Callback::new(move |form| chat.begin_with(form)),
    };
    foot((chat.document.parts.prechat)(form, title))
}

/// What stands there until it is known whether a chat goes on.
pub(super) fn waiting() -> AnyView {
    foot(())
}

fn foot(inside: impl IntoView + 'static) -> AnyView {
    html::footer().class("prechat").child(inside.into_any()).into_any()
}
