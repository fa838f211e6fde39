//! Who the customer is, what they said of themselves, where they are, what was reported of them before, and who else
//! takes part.

mod before;

use super::activity::facts;
use super::components::{fact, icon_button, identity_tag, moment};
use crate::action::Action;
use crate::i18n::{self, activity as messages};
use crate::state::{Desk, Identity, channel_name, customer_name, identity};
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::frame::{Person, Summary};
use portico_ui::avatar::avatar;
use portico_ui::browser::{host_of, safe_url};
use portico_ui::icon::{EXTERNAL_LINK, X, icon};
use serde_json::{Map, Value};

/// Members of the conversation data that say where the customer is; everything else is the form's.
const WHERE: &[&str] = &["page_url", "page_title", "language", "timezone", "referrer"];

/// What the panel shows.
#[derive(Clone, PartialEq)]
struct Shown {
    summary: Summary,
    channel: Option<String>,
    me: Option<String>,
    identity: Identity,
}

/// The panel.
pub(crate) fn view(desk: Desk) -> AnyView {
    let shown = Memo::new(move |_| {
        desk.watch_open(|session, conversation| {
            let mut summary = conversation.summary().clone();
            // Its newest message changes all the time and is not shown here.
            summary.last = None;
            let entries = session.entries(Some(conversation.id()));
            Shown {
                summary,
                channel: channel_name(conversation),
                me: session.me().map(|me| me.id.clone()),
                identity: identity(&entries),
            }
        })
    });
    html::aside()
        .class("panel")
        .attr("aria-label", i18n::CUSTOMER)
        .on(ev::keydown, move |event| {
            if event.key() == "Escape" {
                desk.toggle_panel();
            }
        })
        .child((
            html::header().class("panel__head").child((
                html::h2().child(i18n::CUSTOMER),
                icon_button("icon-button", X, i18n::CLOSE, Action::TogglePanel, move || {
                    desk.toggle_panel()
                }),
            )),
            move || shown.get().map(|shown| customer(&shown)),
            before::view(desk),
            move || shown.get().map(|shown| conversation(desk, &shown)),
        ))
        .into_any()
}

fn customer(shown: &Shown) -> AnyView {
    let summary = &shown.summary;
    let name = customer_name(summary);
    (
        html::div().class("panel__who").child((
            avatar(summary.conversation.as_str(), "CUSTOMER", &name),
            html::div().child((
                html::p().class("panel__name").attr("dir", "auto").child(name),
                identity_tag(shown.identity),
            )),
        )),
        section(i18n::CLAIMS, claims(&summary.data)),
        place(&summary.data).map(|place| section(i18n::WHERE, place)),
    )
        .into_any()
}

fn conversation(desk: Desk, shown: &Shown) -> AnyView {
    let Shown {
        summary, channel, me, ..
    } = shown;
    let name = customer_name(summary);
    let people: Vec<_> = summary
        .people
        .iter()
        .map(|person| someone(person, me.as_deref(), summary, &name))
        .collect();
    (
        section(i18n::PEOPLE, html::ul().class("people").child(people).into_any()),
        section(i18n::DETAILS, details(summary, channel.clone(), desk.today())),
    )
        .into_any()
}

fn section(title: &'static str, inside: AnyView) -> AnyView {
    html::section()
        .class("panel__section")
        .child((html::h3().child(title), inside))
        .into_any()
}

fn claims(data: &Map<String, Value>) -> AnyView {
    let form: Map<_, _> = data
        .iter()
        .filter(|(key, _)| !WHERE.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if form.is_empty() {
        return html::p().class("panel__note").child(i18n::CLAIMS_NONE).into_any();
    }
    (facts(&form), html::p().class("panel__note").child(i18n::CLAIMS_NOTE)).into_any()
}

fn place(data: &Map<String, Value>) -> Option<AnyView> {
    let said = |key: &str| {
        data.get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
    };
    let page = page(said("page_url").and_then(safe_url), said("page_title"));
    let lines = [
        page.map(|page| fact(i18n::PAGE, page)),
        said("language").map(|language| fact(i18n::LANGUAGE, language.to_owned())),
        said("timezone").map(|zone| fact(i18n::TIMEZONE, zone.replace('_', " "))),
        said("referrer").map(|from| fact(messages::SOURCE, from.to_owned())),
    ];
    let lines: Vec<_> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| html::dl().class("facts").child(lines).into_any())
}

/// The page, which the visitor names: its title proves nothing, so where it lies stands under it, and only what no
/// network on the way can have changed is a link.
fn page(address: Option<String>, title: Option<&str>) -> Option<AnyView> {
    let place = address.as_deref().map(place_of);
    let title = title.filter(|title| Some(*title) != place.as_deref());
    let words = match title.map(str::to_owned).or_else(|| place.clone())? {
        words if address.as_deref().is_some_and(|address| address.starts_with("https:")) => page_link(&address?, words),
        words => words.into_any(),
    };
    let place = place.filter(|_| title.is_some());
    let place = place.map(|place| html::small().class("panel__place").attr("dir", "ltr").child(place));
    Some((words, place).into_any())
}

fn page_link(address: &str, words: String) -> AnyView {
    html::a()
        .attr("href", address.to_owned())
        .attr("title", address.to_owned())
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
        .child((words, " ", icon(EXTERNAL_LINK)))
        .into_any()
}

/// Host and path of an address; what follows them says little and may be long.
fn place_of(address: &str) -> String {
    let host = host_of(address).unwrap_or_default();
    let path = address.splitn(4, '/').nth(3).unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    match path {
        "" => host,
        path => format!("{host}/{path}"),
    }
}

fn someone(person: &Person, me: Option<&str>, summary: &Summary, customer: &str) -> AnyView {
    let (picture, name) = match person.kind.as_str() {
        "CUSTOMER" => (summary.conversation.as_str(), customer.to_owned()),
        _ if Some(person.id.as_str()) == me => (person.id.as_str(), i18n::YOU.to_owned()),
        _ => (person.id.as_str(), person.name.clone()),
    };
    let letters = match person.kind.as_str() {
        "CUSTOMER" => &name,
        _ => &person.name,
    };
    let role = person
        .role
        .as_deref()
        .and_then(messages::role)
        .filter(|role| person.kind != "CUSTOMER" && *role != "assistant");
    let kind = messages::kind(&person.kind);
    let part = role.map_or_else(|| kind.to_owned(), |role| format!("{kind}, {role}"));
    html::li()
        .child((
            avatar(picture, &person.kind, letters),
            html::span().class("people__name").attr("dir", "auto").child(name),
            html::span().class("people__part").child(part),
        ))
        .into_any()
}

fn details(summary: &Summary, channel: Option<String>, today: i64) -> AnyView {
    html::dl()
        .class("facts")
        .child((
            fact(i18n::STARTED, moment(summary.started_at, today)),
            channel.map(|channel| fact(i18n::CHANNEL, channel)),
            fact(i18n::STATE, messages::plain(&summary.state)),
            fact(
                i18n::REFERENCE,
                html::span().class("reference").child(summary.conversation.to_string()),
            ),
        ))
        .into_any()
}
