//! The details of a contact: a name, and a number or an address at which it is reached.

use super::dialog::{buttons, recipient, send};
use crate::i18n::t;
use crate::state::Chat;
use leptos::prelude::*;
use leptos::{ev, html};
use std::time::Duration;

use portico_shared::customer::CustomerBody;
use portico_shared::json::{Map, Value, from_str, text_of};
use portico_shared::text::says_nothing;
use portico_ui::parts::auto_span;
use portico_ui::reactive::{dynamic, effect};

/// The longest that a field takes, in characters: a number, an address or a name is shorter.
const MAX_CHARS: u32 = 200;

/// What is entered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Contact {
    name: String,
    phone: String,
    email: String,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Phone,
    Email,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Missing,
    NeitherOfBoth,
    NoPhone,
    NoEmail,
}

impl Contact {
    /// The first thing that is wrong. What a number or an address is, its owner knows best: only what cannot be one is wrong.
    fn fault(&self) -> Option<(Field, Fault)> {
        let is_phone = self.phone.chars().filter(|char| char.is_numeric()).count() >= 3;
        let is_email = self.email.trim().split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !self.email.trim().contains(char::is_whitespace)
        });
        match (
            says_nothing(&self.name),
            says_nothing(&self.phone),
            says_nothing(&self.email),
        ) {
            (true, ..) => Some((Field::Name, Fault::Missing)),
            (_, true, true) => Some((Field::Phone, Fault::NeitherOfBoth)),
            (_, false, _) if !is_phone => Some((Field::Phone, Fault::NoPhone)),
            (.., false) if !is_email => Some((Field::Email, Fault::NoEmail)),
            _ => None,
        }
    }

    /// The message that says it. It is written as JSON by hand, as what writes a body of any kind would be larger.
    fn message(&self) -> CustomerBody {
        let one = |key: &str, text: &str| {
            let mut object = Map::new();
            object.insert(key.to_owned(), text.trim().into());
            Value::Object(object)
        };
        let mut contact = Map::new();
        contact.insert("name".to_owned(), one("formattedName", &self.name));
        if !says_nothing(&self.phone) {
            contact.insert("phones".to_owned(), Value::Array(vec![one("phone", &self.phone)]));
        }
        if !says_nothing(&self.email) {
            let mut more = Map::new();
            more.insert("emails".to_owned(), Value::Array(vec![one("email", &self.email)]));
            contact.insert("additionalContactDetails".to_owned(), Value::Object(more));
        }
        let mut body = Map::new();
        body.insert("type".to_owned(), "CONTACT".into());
        body.insert("contacts".to_owned(), Value::Array(vec![Value::Object(contact)]));
        // What is a body when it is written is one when it is read.
        from_str(&text_of(&Value::Object(body))).unwrap_or_default()
    }
}

/// The form.
#[derive(Clone, Copy)]
struct Form {
    chat: Chat,
    entered: RwSignal<Contact>,
    fault: RwSignal<Option<(Field, Fault)>>,
}

pub(super) fn contact(chat: Chat) -> AnyView {
    let form = Form {
        chat,
        entered: RwSignal::new(Contact::default()),
        fault: RwSignal::new(None),
    };
    let send = html::button()
        .class("button button--primary")
        .attr("type", "submit")
        .child(auto_span("", t().send()))
        .into_any();
    html::form()
        .class("form")
        .attr("novalidate", "")
        .on(ev::submit, move |event| {
            event.prevent_default();
            form.send();
        })
        .child(auto_span("ended__why", t().contact_ask(&recipient(chat))))
        .child(form.row(Field::Name))
        .child(form.row(Field::Phone))
        .child(form.row(Field::Email))
        .child(buttons(chat, send))
        .into_any()
}

impl Form {
    fn send(self) {
        let entered = self.entered.get_untracked();
        let fault = entered.fault();
        // Set anew, so that the field has the keyboard again.
        self.fault.set(fault);
        if fault.is_none() {
            send(self.chat, entered.message());
        }
    }

    fn row(self, field: Field) -> AnyView {
        let (id, kind, complete, label) = match field {
            Field::Name => ("contact-name", "text", "name", t().contact_name()),
            Field::Phone => ("contact-phone", "tel", "tel", t().contact_phone()),
            Field::Email => ("contact-email", "email", "email", t().contact_email()),
        };
        let fault_id = [id, "-fault"].concat();
        let fault = move || {
            self.fault
                .get()
                .and_then(|(other, fault)| (other == field).then_some(fault))
        };
        let node = NodeRef::<html::Input>::new();
        effect(move |before: Option<()>| {
            let is_first = before.is_none() && field == Field::Name;
            if let Some(input) = node.get().filter(|_| fault().is_some() || is_first) {
                // In the document only after this.
                set_timeout(move || drop(input.focus()), Duration::ZERO);
            }
        });
        let input = html::input()
            .attr("id", id)
            .attr("type", kind)
            .attr("autocomplete", complete)
            .attr("maxlength", MAX_CHARS.to_string())
            .attr("dir", if field == Field::Name { "auto" } else { "ltr" })
            .attr("aria-invalid", move || fault().map(|_| "true"))
            .attr("aria-describedby", fault_id.clone())
            .node_ref(node)
            .on(ev::input, move |event| self.enter(field, event_target_value(&event)));
        let said = move || fault().map(|fault| auto_span("form__error", sentence(fault)));
        html::div()
            .class("form__field")
            .child(
                html::label()
                    .class("form__label")
                    .attr("for", id)
                    .child(auto_span("", label)),
            )
            .child(input)
            .child(
                html::span()
                    .attr("id", fault_id)
                    .attr("role", "alert")
                    .child(dynamic(said)),
            )
            .into_any()
    }

    fn enter(self, field: Field, text: String) {
        let is_at_fault = |fault: &Option<(Field, Fault)>| fault.is_some_and(|(other, _)| other == field);
        if self.fault.with_untracked(is_at_fault) {
            self.fault.set(None);
        }
        self.entered.update(|entered| match field {
            Field::Name => entered.name = text,
            Field::Phone => entered.phone = text,
            Field::Email => entered.email = text,
        });
    }
}

fn sentence(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => t().body_missing(),
        Fault::NeitherOfBoth => t().contact_either(),
        Fault::NoPhone => t().body_not_phone(),
        Fault::NoEmail => t().body_not_email(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Contact, Fault, Field};
    use serde_json::json;

    fn entered(name: &str, phone: &str, email: &str) -> Contact {
        Contact {
            name: name.into(),
            phone: phone.into(),
            email: email.into(),
        }
    }

    #[test]
    fn a_contact_has_a_name_and_a_way_to_reach_it() {
        let fault = |name, phone, email| entered(name, phone, email).fault();
        assert_eq!(fault(" ", "", ""), Some((Field::Name, Fault::Missing)));
        assert_eq!(
            fault("Maja", "\u{200b}", " "),
            Some((Field::Phone, Fault::NeitherOfBoth))
        );
        assert_eq!(fault("Maja", "ring me", ""), Some((Field::Phone, Fault::NoPhone)));
        for wrong in ["maja", "@example.org", "maja@", "maja berg@example.org"] {
            assert_eq!(
                fault("Maja", "", wrong),
                Some((Field::Email, Fault::NoEmail)),
                "{wrong}"
            );
        }
        for number in ["112", "٠١٢٣", "۰۱۲۳", "０１２"] {
            assert_eq!(fault("Maja", number, ""), None, "{number}");
        }
        assert_eq!(fault("Maja", "+49 (30) 1234", " maja@example.org "), None);
    }

    #[test]
    fn a_contact_is_said_as_cim_has_it() {
        let said = |contact: Contact| serde_json::to_value(contact.message()).expect("JSON");
        assert_eq!(
            said(entered(" Maja Berg", "+49 30 1234 ", "maja@example.org")),
            json!({ "type": "CONTACT", "contacts": [{
                "name": { "formattedName": "Maja Berg" },
                "phones": [{ "phone": "+49 30 1234" }],
                "additionalContactDetails": { "emails": [{ "email": "maja@example.org" }] },
            }] })
        );
        let by_mail = said(entered("Maja", " ", "maja@example.org"));
        assert_eq!(by_mail["contacts"][0].get("phones"), None);
    }
}
