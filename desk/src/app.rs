//! Signed in or not: the console lives exactly as long as one agent's login.

use crate::state::{Desk, Settings, StoredLogin, stored_login};
use crate::view::{console, sign_in};
use leptos::prelude::*;

/// The document.
pub(crate) fn app() -> AnyView {
    let (login, ended) = match stored_login() {
        StoredLogin::Login(login) => (Some(login), false),
        StoredLogin::Ended => (None, true),
        StoredLogin::Nobody => (None, false),
    };
    let login = RwSignal::new(login);
    let settings = Settings::load();
    // A renewed token of the same agent must not rebuild the console.
    let who = Memo::new(move |_| login.with(|login| login.as_ref().map(|login| login.user.id.clone())));
    let page = move || match who.get() {
        Some(_) => console::view(Desk::new(login, settings)),
        None => sign_in::page(login, ended),
    };
    page.into_any()
}
