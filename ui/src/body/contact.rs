//! Address cards, with numbers to call and addresses to write to.

use super::{Around, text_at, with_text};
use crate::avatar;
use crate::el::{El, block, link, words};
use crate::icon::{Icon, MAIL, PHONE, draw};
use portico_shared::json::Value;

use portico_shared::cim::body::{Contact, ContactBody};

pub(super) fn view(body: &ContactBody, around: &Around) -> El {
    with_text(around).children(body.contacts.iter().map(card).collect())
}

fn card(contact: &Contact) -> El {
    let name = &contact.name.formatted_name;
    let more = contact.additional_contact_details.as_ref();
    let mut lines = block("body__lines", vec![words("body__name", name)]);
    let org = more.and_then(|more| more.get("org"));
    lines = lines.maybe(text_at(org, "company").map(|company| words("body__note", company)));
    for phone in &contact.phones {
        lines = lines.maybe(phone.phone.as_deref().map(|number| reach(PHONE, "tel:", number)));
    }
    if let Some(Value::Array(mails)) = more.and_then(|more| more.get("emails")) {
        for mail in mails {
            lines = lines.maybe(text_at(Some(mail), "email").map(|mail| reach(MAIL, "mailto:", mail)));
        }
    }
    block("body__card", vec![avatar::draw(name, "CUSTOMER", name), lines])
}

fn reach(picture: Icon, scheme: &str, address: &str) -> El {
    let plain: String = address
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '?' && *c != '&')
        .collect();
    link(
        "body__reach",
        &[scheme, &plain].concat(),
        vec![draw(picture), words("", address)],
    )
}
