//! Address cards, with numbers to call and addresses to write to.

use super::{BodyContext, text_at, with_text};
use crate::avatar::avatar;
use crate::icon::{Icon, MAIL, PHONE, icon};
use crate::parts::{auto_span, link};
use leptos::html;
use leptos::prelude::*;
use portico_shared::json::Value;
use portico_shared::text::says_nothing;

use portico_shared::customer::{CustomerContact, CustomerContacts};

pub(super) fn view(body: &CustomerContacts, context: &BodyContext) -> AnyView {
    with_text(context, body.contacts.iter().map(card).collect::<Vec<_>>())
}

fn card(contact: &CustomerContact) -> AnyView {
    let name = &contact.name.formatted_name;
    let more = contact.additional_contact_details.as_ref();
    let company = text_at(more.and_then(|more| more.get("org")), "company");
    let phones = contact.phones.iter().filter_map(|phone| phone.phone.as_deref());
    let phones = phones.filter(|number| !says_nothing(number));
    let mails = match more.and_then(|more| more.get("emails")) {
        Some(Value::Array(mails)) => mails.iter().filter_map(|mail| text_at(Some(mail), "email")).collect(),
        _ => Vec::new(),
    };
    let lines = html::div()
        .class("body__lines")
        .child(auto_span("body__name", name.as_str()))
        .child(company.map(|company| auto_span("body__note", company)))
        .child(phones.map(|number| reach(PHONE, "tel:", number)).collect::<Vec<_>>())
        .child(
            mails
                .into_iter()
                .map(|mail| reach(MAIL, "mailto:", mail))
                .collect::<Vec<_>>(),
        );
    html::div()
        .class("body__card")
        .child(avatar(name, "CUSTOMER", name))
        .child(lines)
        .into_any()
}

fn reach(picture: Icon, scheme: &str, address: &str) -> AnyView {
    let inside = (icon(picture), auto_span("", address));
    link("body__reach", [scheme, &bare(address)].concat(), inside)
}

/// A number or an address without what would end it and begin something else in a link.
fn bare(address: &str) -> String {
    address
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '?' && *c != '&')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn an_address_carries_nothing_but_itself_into_the_link() {
        assert_eq!(bare("+49 30 1234"), "+49301234");
        assert_eq!(bare("a@example.org?subject=x&body=y"), "a@example.orgsubject=xbody=y");
    }
}
