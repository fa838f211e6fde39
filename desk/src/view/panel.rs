//! Who the customer is, what they said of themselves, where they are, what was reported of them before, and who else
//! takes part.

mod before;

use super::activity::facts;
use super::components::{fact, icon_button, identity_tag, moment};
use crate::action::Action;
use crate::i18n::{activity as messages, t};
use crate::state::{Desk, Identity, channel_name, customer_name, identity};
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::cim::SenderType;
use portico_shared::frame::{Person, Summary};
use portico_shared::text::says_nothing;
use portico_ui::avatar::avatar;
use portico_ui::browser::{host_of, is_composing, safe_url};
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
    html::aside()
        .class("panel")
        .attr("aria-label", t().customer())
        .on(ev::keydown, move |event| {
            if event.key() == "Escape" && !is_composing(&event) {
                desk.toggle_panel();
            }
        })
        .child(
            html::header()
                .class("panel__head")
                .child(html::h2().child(t().customer()))
                .child(icon_button(
                    "icon-button",
                    X,
                    t().close(),
                    Action::TogglePanel,
                    move || desk.toggle_panel(),
                )),
        )
        .child((desk.parts.panel)(desk))
        .into_any()
}

/// What is in it.
pub(crate) fn inside(desk: Desk) -> AnyView {
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
    (
        move || shown.get().map(|shown| customer(&shown)),
        before::view(desk),
        move || shown.get().map(|shown| conversation(desk, &shown)),
    )
        .into_any()
}

fn customer(shown: &Shown) -> AnyView {
    let summary = &shown.summary;
    let name = customer_name(summary);
    (
        html::div()
            .class("panel__who")
            .child(avatar(summary.conversation.as_str(), "CUSTOMER", &name))
            .child(
                html::div()
                    .child(html::p().class("panel__name").attr("dir", "auto").child(name))
                    .child(identity_tag(shown.identity)),
            ),
        section(t().claims(), claims(&summary.details.data)),
        place(&summary.details.data).map(|place| section(t().where_they_are(), place)),
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
        .map(|person| participant(person, me.as_deref(), summary, &name))
        .collect();
    (
        section(t().people(), html::ul().class("people").child(people).into_any()),
        section(t().details(), details(summary, channel.clone(), desk.today())),
    )
        .into_any()
}

fn section(title: &'static str, inside: AnyView) -> AnyView {
    html::section()
        .class("panel__section")
        .child(html::h3().child(title))
        .child(inside)
        .into_any()
}

fn claims(data: &Map<String, Value>) -> AnyView {
    let form = form_data(data);
    if form.is_empty() {
        return html::p().class("panel__note").child(t().claims_none()).into_any();
    }
    (facts(&form), html::p().class("panel__note").child(t().claims_note())).into_any()
}

fn place(data: &Map<String, Value>) -> Option<AnyView> {
    let said = |key: &str| said(data, key);
    let address = said("page_url").and_then(safe_url);
    let host = address.as_deref().and_then(host_of).unwrap_or_default();
    let page = Page::of(address, &host, said("page_title")).map(page);
    let lines = [
        page.map(|page| fact(t().page(), page)),
        said("language").map(|language| fact(t().language(), language.to_owned())),
        said("timezone").map(|zone| fact(t().timezone(), zone.replace('_', " "))),
        said("referrer").map(|from| fact(t().source(), from.to_owned())),
    ];
    let lines: Vec<_> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| html::dl().class("facts").child(lines).into_any())
}

fn page(page: Page) -> AnyView {
    let words = match page.link {
        Some(address) => page_link(&address, page.words),
        None => page.words.into_any(),
    };
    let place = page
        .place
        .map(|place| html::small().class("panel__place").attr("dir", "ltr").child(place));
    (words, place).into_any()
}

fn page_link(address: &str, words: String) -> AnyView {
    html::a()
        .attr("href", address.to_owned())
        .attr("title", address.to_owned())
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
        .child(words)
        .child(" ")
        .child(icon(EXTERNAL_LINK))
        .into_any()
}

fn participant(person: &Person, me: Option<&str>, summary: &Summary, customer: &str) -> AnyView {
    let Participant {
        picture,
        letters,
        name,
        part,
    } = Participant::of(person, me, summary, customer);
    html::li()
        .child(avatar(&picture, person.kind.as_str(), &letters))
        .child(html::span().class("people__name").attr("dir", "auto").child(name))
        .child(html::span().class("people__part").child(part))
        .into_any()
}

fn details(summary: &Summary, channel: Option<String>, today: i64) -> AnyView {
    html::dl()
        .class("facts")
        .child(fact(t().started(), moment(summary.started_at, today)))
        .child(channel.map(|channel| fact(t().channel(), channel)))
        .child(fact(t().state(), messages::plain(summary.state.as_str())))
        .child(fact(
            t().reference(),
            html::span().class("reference").child(summary.conversation.to_string()),
        ))
        .into_any()
}

/// The data that is not about where the customer is.
fn form_data(data: &Map<String, Value>) -> Map<String, Value> {
    data.iter()
        .filter(|(key, _)| !WHERE.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn said<'a>(data: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    let text = data.get(key)?.as_str()?;
    (!says_nothing(text)).then_some(text)
}

/// The page, which the visitor names: its title proves nothing, so where it lies stands under it, and only what no
/// network on the way can have changed is a link.
#[derive(Debug, PartialEq)]
struct Page {
    /// The title, or where it lies.
    words: String,
    /// Where the words lead.
    link: Option<String>,
    /// Where it lies, unless the words say so.
    place: Option<String>,
}

impl Page {
    fn of(address: Option<String>, host: &str, title: Option<&str>) -> Option<Self> {
        let place = address.as_deref().map(|address| place_of(address, host));
        let title = title.filter(|title| Some(*title) != place.as_deref());
        Some(Self {
            words: title.map(str::to_owned).or_else(|| place.clone())?,
            link: address.filter(|address| address.starts_with("https:")),
            place: place.filter(|_| title.is_some()),
        })
    }
}

/// Host and path of an address; what follows them says little and may be long.
fn place_of(address: &str, host: &str) -> String {
    let path = address.splitn(4, '/').nth(3).unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    match path {
        "" => host.to_owned(),
        path => format!("{host}/{path}"),
    }
}

/// Who takes part.
#[derive(Debug, PartialEq)]
struct Participant {
    /// What the colour of the picture follows from.
    picture: String,
    /// What the letters in the picture are of.
    letters: String,
    name: String,
    /// What kind of actor it is, and its role where that says more.
    part: String,
}

impl Participant {
    fn of(person: &Person, me: Option<&str>, summary: &Summary, customer: &str) -> Self {
        let kind = messages::kind(person.kind.as_str());
        if person.kind == SenderType::Customer {
            return Self {
                picture: summary.conversation.to_string(),
                letters: customer.to_owned(),
                name: customer.to_owned(),
                part: kind.to_owned(),
            };
        }
        let role = person.role.as_ref().and_then(|role| messages::role(role.as_str()));
        let is_me = Some(person.id.as_str()) == me;
        Self {
            picture: person.id.clone(),
            letters: person.name.clone(),
            name: if is_me {
                t().you().to_owned()
            } else {
                person.name.clone()
            },
            part: match role.filter(|role| *role != "assistant") {
                Some(role) => format!("{kind}, {role}"),
                None => kind.to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{person, summary};
    use serde_json::json;

    fn map(json: Value) -> Map<String, Value> {
        json.as_object().cloned().expect("an object")
    }

    #[test]
    fn the_form_is_what_says_nothing_of_where_the_customer_is() {
        let data = map(json!({ "page_url": "https://shop.example", "timezone": "Europe/Berlin", "order": "7" }));
        assert_eq!(form_data(&data), map(json!({ "order": "7" })));
    }

    #[test]
    fn a_blank_text_or_anything_else_is_not_said() {
        let data = map(json!({ "language": " \u{200b}", "timezone": 7, "referrer": "search" }));
        let said = ["language", "timezone", "referrer", "page_url"].map(|key| said(&data, key));
        assert_eq!(said, [None, None, Some("search"), None]);
    }

    fn page(address: &str, title: Option<&str>) -> Page {
        Page::of(Some(address.to_owned()), "shop.example", title).expect("a page")
    }

    #[test]
    fn where_a_page_lies_stands_under_its_title() {
        let shoes = page("https://shop.example/shoes?size=42#red", Some("Shoes"));
        assert_eq!(
            (shoes.words.as_str(), shoes.place.as_deref()),
            ("Shoes", Some("shop.example/shoes"))
        );
        let untitled = page("https://shop.example/", None);
        assert_eq!((untitled.words.as_str(), untitled.place), ("shop.example", None));
        let same = page("https://shop.example/shoes", Some("shop.example/shoes"));
        assert_eq!(same.place, None);
    }

    #[test]
    fn only_a_page_that_no_network_can_have_changed_is_a_link() {
        assert!(page("https://shop.example/", Some("Shop")).link.is_some());
        assert!(page("http://shop.example/", Some("Shop")).link.is_none());
        let nowhere = Page::of(None, "", Some("Shop")).expect("a page");
        assert_eq!(
            (nowhere.words.as_str(), nowhere.link, nowhere.place),
            ("Shop", None, None)
        );
        assert_eq!(Page::of(None, "", None), None);
    }

    #[test]
    fn people_are_called_by_name_and_the_agent_who_looks_is_you() {
        let of = |person: Person| {
            let shown = Participant::of(&person, Some("ada"), &summary(), "Carol");
            (shown.picture, shown.letters, shown.name)
        };
        let strings = |texts: (&str, &str, &str)| (texts.0.to_owned(), texts.1.to_owned(), texts.2.to_owned());
        assert_eq!(of(person("bob", "AGENT", "PRIMARY")), strings(("bob", "bob", "bob")));
        assert_eq!(
            of(person("ada", "AGENT", "PRIMARY")),
            strings(("ada", "ada", t().you()))
        );
        assert_eq!(
            of(person("7", "CUSTOMER", "CUSTOMER")),
            strings(("c-1", "Carol", "Carol"))
        );
    }

    #[test]
    fn a_role_is_named_where_it_says_more_than_the_kind() {
        let part = |kind: &str, role: &str| Participant::of(&person("x", kind, role), None, &summary(), "Carol").part;
        let primary = messages::role("PRIMARY").expect("a role");
        assert_eq!(
            part("AGENT", "PRIMARY"),
            format!("{}, {primary}", messages::kind("AGENT"))
        );
        assert_eq!(part("BOT", "ASSISTANT"), messages::kind("BOT"));
        assert_eq!(part("CUSTOMER", "PRIMARY"), messages::kind("CUSTOMER"));
    }
}
