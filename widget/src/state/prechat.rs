//! What a channel asks before the first message, and whether it is still to be asked.

use super::{Agreement, Chat};
use crate::prechat::{Known, to_ask};
use crate::visitor::claims;
use leptos::prelude::*;
use serde_json::{Map, Value};

use portico_client::customer::Session;
use portico_client::timeline::CustomerItem;
use portico_client::{Change, Connection, Customer, CustomerCommand};
use portico_shared::customer::{BodyJson, CustomerBody, CustomerForm};
use portico_ui::browser::mint;
use portico_ui::net::Link;
use portico_ui::reactive::effect;

/// What a visitor without a live chat may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Write: the first message starts a chat.
    Writes,
    /// Fill the form that goes before it.
    Asked,
    /// Neither: it is not known yet whether a chat is live, or what is asked.
    Waits,
    /// Agree to what the channel asks: nothing goes before that.
    Agrees,
    /// Nothing: it has declined that.
    Declined,
}

impl Opening {
    fn of(has_form: bool, is_under_way: bool, may_come: bool) -> Self {
        match (has_form, is_under_way, may_come) {
            (false, ..) | (true, true, _) => Self::Writes,
            (true, false, true) => Self::Waits,
            (true, false, false) => Self::Asked,
        }
    }
}

impl Chat {
    /// What stands before the first message. A chat that goes on, or that something unsent begins, has nothing before it.
    pub(crate) fn opening(self) -> Opening {
        match self.agreement() {
            Agreement::Given => {}
            Agreement::Unknown => return Opening::Waits,
            Agreement::Asked => return Opening::Agrees,
            Agreement::Declined => return Opening::Declined,
        }
        let has_form = self.document.config.with(|config| config.prechat.is_some()) && self.prechat().is_some();
        let is_live = self.with_current(|chat| chat.is_live()).unwrap_or(false);
        let begins = self
            .timeline
            .with(|timeline| timeline.items.iter().any(is_under_way) || self.link.read(Session::is_beginning));
        let connects = self.connection() == Connection::Connecting && !self.has_waited.get();
        let may_come = self.is_known && self.current().is_none() && connects && !self.was_online();
        Opening::of(has_form, is_live || begins, may_come)
    }

    /// The form, with what is known already; `None` if there is nothing to ask.
    pub(crate) fn prechat(self) -> Option<Value> {
        let form = self.document.config.with(|config| config.prechat.clone())?;
        let identity = self.document.host.identity().get();
        let known = Known {
            claims: identity.as_deref().and_then(claims).unwrap_or_default(),
            entered: self.store.with_value(|store| store.prechat()),
            page: self.document.host.data(),
        };
        to_ask(&form, &known)
    }

    /// Keeps what is entered into the form.
    pub(crate) fn keep_prechat(self, entered: Map<String, Value>) {
        self.store.with_value(|store| store.keep_prechat(entered));
    }

    /// Whether the form that was sent is to be filled again: the relay has refused it, or else a chat would be there.
    pub(crate) fn was_refused(self) -> bool {
        self.has_sent_form.get_untracked()
    }

    /// Asks for the form anew when the relay has refused the one that was sent: a page that is open for long may have one of before.
    pub(super) fn renew_refused_form(self) {
        let is_refused = Memo::new(move |_| self.has_sent_form.get() && self.opening() == Opening::Asked);
        effect(move |_| {
            if is_refused.get() {
                self.document.reload_config.run(());
            }
        });
    }

    /// Begins a chat with the filled form. What was entered is kept until the chat is there.
    pub(crate) fn begin_with(self, form: BodyJson<CustomerForm>) {
        self.has_sent_form.set(true);
        self.start();
        self.stay_at_end();
        let begin = CustomerCommand::Begin {
            client_id: mint(),
            data: Map::new(),
            form: Some(Box::new(CustomerBody::FormData(form))),
        };
        self.link.act(begin);
        self.to_composer();
    }
}

/// Whether a message is on its way. One that failed begins nothing.
fn is_under_way(item: &CustomerItem) -> bool {
    item.seq().is_none() && item.message().is_some_and(|message| !message.is_failed())
}

/// Whether a try to reach the relay has failed.
pub(super) fn has_waited(link: Link<Customer>) -> Memo<bool> {
    Memo::new(move |before: Option<&bool>| {
        let waits = link.watch(&Change::Connection, |session| {
            matches!(session.connection(), Connection::Waiting { .. })
        });
        waits || before == Some(&true)
    })
}

#[cfg(test)]
mod tests {
    use super::{Opening, is_under_way};
    use crate::fixtures::{failed, item, own_message, stored};

    #[test]
    fn a_message_that_failed_begins_no_chat() {
        assert!(is_under_way(&item(own_message("c-1", "Hello"))));
        assert!(!is_under_way(&item(failed("c-1"))));
        assert!(!is_under_way(&stored(1)));
    }

    #[test]
    fn the_form_goes_before_the_first_message_and_not_into_a_chat() {
        assert_eq!(Opening::of(false, false, true), Opening::Writes);
        assert_eq!(Opening::of(true, true, true), Opening::Writes);
        assert_eq!(Opening::of(true, false, true), Opening::Waits);
        assert_eq!(Opening::of(true, false, false), Opening::Asked);
    }
}
