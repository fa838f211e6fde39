//! Signed in or not: the console lives exactly as long as one agent's login.

use crate::parts::Parts;
use crate::state::{Desk, Login, Settings};
use crate::view::{console, sign_in};
use leptos::prelude::*;

/// The document.
pub(crate) fn app(parts: Parts) -> AnyView {
    let (login, settings) = (Login::load(), Settings::load());
    // A renewed token of the same agent must not rebuild the console.
    let user_id = Memo::new(move |_| login.user().map(|user| user.id.to_string()));
    let page = move || match user_id.get() {
        Some(user_id) => console::view(Desk::new(login, settings, parts, &user_id)),
        None => sign_in::page(login),
    };
    page.into_any()
}
