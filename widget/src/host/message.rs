//! What the page around the frame says, as it is understood here.

use crate::visitor::subject;
use serde_json::{Map, Value};

use portico_ui::alerts::{PageAlerts, Permission};

/// The member that says that a message is of a host, and of which version.
pub(super) const VERSION_KEY: &str = "portico";

/// The version of the page's messages.
const VERSION: u64 = 1;

/// A message of the host.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum HostMessage {
    /// All that it knows of the page and the visitor; comes again when something of it has changed.
    Init(Box<Init>),
    /// Something to be done once.
    Command(HostCommand),
    /// What it may do to call the visitor back.
    Alerts(PageAlerts),
    /// A message of a later version.
    Unknown,
}

/// All that the host knows of the page and the visitor. What it leaves out is empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Init {
    /// The signed identity of the visitor.
    pub(crate) identity: Option<String>,
    /// The page's random name of the visit: it is another one after each logout.
    pub(crate) visit: String,
    /// The language that the page wishes; empty if it leaves that to the document's address.
    pub(crate) locale: String,
    /// `light`, `dark`, or anything else for what the device says.
    pub(crate) theme: String,
    /// The page's accent, as `#rrggbb`.
    pub(crate) accent: String,
    /// What the chat begins with instead of the channel's greeting; empty if the page leaves that to the channel.
    pub(crate) greeting: String,
    /// Where the visitor is.
    pub(crate) page: Page,
    /// What the page says about the visitor, unproven.
    pub(crate) data: Map<String, Value>,
    /// Whether the window is open.
    pub(crate) open: bool,
    /// Whether everything that is kept of visitors has to go.
    pub(crate) forget: bool,
    /// Which version of the channel's terms the visitor has agreed to on the page; 0 if it does not say.
    pub(crate) consent: u32,
}

/// The page around the frame.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) title: String,
}

/// What the host asks the chat to do, once. The host says it again to the next document, unless it was told that it is
/// done; what was done all the same is known by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostCommand {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) kind: HostCommandKind,
}

/// What is to be done with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostCommandKind {
    /// Put in the composer.
    Compose,
    /// Sent.
    Send,
    /// There is none: all that is known of the visitor is erased.
    Erase,
}

/// Why a command is not carried out, as scripts of the page read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommandRefusal {
    /// The text says nothing.
    Empty,
    /// The text is longer than a message may be.
    TooLong,
    /// Too many messages wait to be sent.
    Busy,
    /// The visitor has not agreed to the channel's terms.
    Consent,
    /// The relay could not do it now.
    Unavailable,
}

impl CommandRefusal {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Busy => "busy",
            Self::Consent => "consent",
            Self::Unavailable => "unavailable",
        }
    }
}

impl HostMessage {
    /// Reads a message; `None` if it is none of a host. Site owners write settings as they like, so that a member of
    /// another type counts as left out.
    pub(crate) fn parse(message: &Value) -> Option<Self> {
        if message.get(VERSION_KEY)?.as_u64() != Some(VERSION) {
            return None;
        }
        Some(match text_at(message, "type").as_str() {
            "init" => Self::Init(Box::new(Init::of(message))),
            "compose" => Self::Command(HostCommand::of(message, HostCommandKind::Compose)),
            "alerts" => Self::Alerts(PageAlerts {
                sounds: is_true(message, "sound"),
                desktop: Permission::parse(&text_at(message, "desktop")),
                pushes: message.get("push").and_then(Value::as_str).map(str::to_owned),
            }),
            "send" => Self::Command(HostCommand::of(message, HostCommandKind::Send)),
            "erase" => Self::Command(HostCommand::of(message, HostCommandKind::Erase)),
            _ => Self::Unknown,
        })
    }
}

impl Init {
    fn of(message: &Value) -> Self {
        let page = message.get("page").unwrap_or(&Value::Null);
        Self {
            identity: Some(text_at(message, "identity")).filter(|jwt| !jwt.is_empty()),
            visit: text_at(message, "visit"),
            locale: text_at(message, "locale"),
            theme: text_at(message, "theme"),
            accent: text_at(message, "accent"),
            greeting: text_at(message, "greeting"),
            page: Page {
                url: text_at(page, "url"),
                title: text_at(page, "title"),
            },
            data: match message.get("data") {
                Some(Value::Object(data)) => data.clone(),
                _ => Map::new(),
            },
            open: is_true(message, "open"),
            forget: is_true(message, "forget"),
            consent: version_at(message, "consent"),
        }
    }
}

impl HostCommand {
    fn of(message: &Value, kind: HostCommandKind) -> Self {
        Self {
            id: text_at(message, "id"),
            text: text_at(message, "text"),
            kind,
        }
    }
}

/// Who the visitor is, as the host last said it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Visit {
    pub(super) name: String,
    pub(super) identity: Option<String>,
    /// Whether all visitors before it are forgotten, which the host says again until it is told so.
    pub(super) has_forgotten: bool,
}

/// What an `init` means for the chat on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VisitorChange {
    /// The same visitor, perhaps with a new proof: the chat goes on.
    Same,
    /// An unknown visitor has signed in, as on each page that names its customer: another chat.
    SignedIn,
    /// Another customer than the one before: another chat.
    Other,
    /// The visitor has left: another chat, and what was asked for before is void.
    Left,
}

impl Visit {
    /// Whether an `init` has all visitors forgotten, and not those of this very visit.
    pub(super) fn forgets(&self, init: &Init) -> bool {
        init.forget && !(self.has_forgotten && !init.visit.is_empty() && self.name == init.visit)
    }

    /// Takes over what an `init` says of the visitor.
    pub(super) fn receive(&mut self, init: &Init) -> VisitorChange {
        let left = self.forgets(init) || self.name != init.visit;
        let whose = |identity: &Option<String>| identity.as_deref().map(subject);
        let other = init.identity.is_some() && whose(&self.identity) != whose(&init.identity);
        let was_known = self.identity.is_some();
        if left {
            *self = Self {
                name: init.visit.clone(),
                identity: None,
                has_forgotten: init.forget,
            };
        }
        if init.identity.is_some() {
            self.identity.clone_from(&init.identity);
        }
        match (left, other) {
            (true, _) => VisitorChange::Left,
            (false, true) if was_known => VisitorChange::Other,
            (false, true) => VisitorChange::SignedIn,
            (false, false) => VisitorChange::Same,
        }
    }
}

fn text_at(value: &Value, key: &str) -> String {
    let text = value.get(key).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// A version, as a number or, from an attribute of the tag, as its digits.
fn version_at(value: &Value, key: &str) -> u32 {
    let version = match value.get(key) {
        Some(Value::Number(number)) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    version.unwrap_or_default()
}

/// Whether a member is there and says yes, as JavaScript understands it.
fn is_true(value: &Value, key: &str) -> bool {
    match value.get(key) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        // A browser writes every zero as one; what reads other spellings brings a table of 10 kB.
        Some(Value::Number(number)) => number.as_u64() != Some(0),
        Some(Value::Bool(true) | Value::Array(_) | Value::Object(_)) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{HostCommand, HostCommandKind, HostMessage, Init, Page, Visit, VisitorChange};
    use portico_ui::alerts::{PageAlerts, Permission};
    use serde_json::{Value, json};

    fn init(message: Value) -> Init {
        match HostMessage::parse(&message) {
            Some(HostMessage::Init(init)) => *init,
            other => panic!("{other:?}"),
        }
    }

    fn signed(subject: &str, proof: u32) -> String {
        use base64::Engine as _;
        let claims = json!({ "sub": subject, "exp": proof }).to_string();
        [
            "h",
            &base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims),
            "s",
        ]
        .join(".")
    }

    #[test]
    fn only_messages_of_a_host_are_read() {
        assert_eq!(HostMessage::parse(&json!({ "type": "init" })), None);
        assert_eq!(HostMessage::parse(&json!({ "portico": 2, "type": "init" })), None);
        assert_eq!(HostMessage::parse(&json!("init")), None);
        let later = json!({ "portico": 1, "type": "something new" });
        assert_eq!(HostMessage::parse(&later), Some(HostMessage::Unknown));
    }

    #[test]
    fn init_says_where_the_visitor_is_and_how_the_chat_looks() {
        let said = init(json!({
            "portico": 1,
            "type": "init",
            "visit": "v-1",
            "locale": "de-AT",
            "theme": "dark",
            "accent": "#0a0a0a",
            "greeting": "Need a hand?",
            "page": { "url": "https://shop.example/", "title": "Shop" },
            "data": { "plan": "gold" },
            "open": true,
            "forget": false,
        }));
        assert_eq!((said.visit.as_str(), said.theme.as_str()), ("v-1", "dark"));
        assert_eq!(
            (said.locale.as_str(), said.greeting.as_str()),
            ("de-AT", "Need a hand?")
        );
        let page = Page {
            url: "https://shop.example/".into(),
            title: "Shop".into(),
        };
        assert_eq!(said.page, page);
        assert_eq!(said.data.get("plan"), Some(&json!("gold")));
        assert!(said.open);
        assert!(!said.forget);
        assert_eq!(said.identity, None);
    }

    #[test]
    fn a_member_of_another_type_counts_as_left_out() {
        let said = init(json!({
            "portico": 1, "type": "init", "identity": 7, "theme": null, "page": "here", "data": [1], "open": "",
        }));
        assert_eq!(said, Init::default());
    }

    #[test]
    fn a_page_says_which_terms_were_agreed_to_on_it() {
        let said = |consent: Value| init(json!({ "portico": 1, "type": "init", "consent": consent })).consent;
        assert_eq!([said(json!(3)), said(json!("3"))], [3, 3]);
        for nothing in [
            json!(null),
            json!(""),
            json!("yes"),
            json!(true),
            json!(-1),
            json!(1.5),
            json!([3]),
        ] {
            assert_eq!(said(nothing.clone()), 0, "{nothing}");
        }
    }

    #[test]
    fn a_page_says_how_it_may_call_a_visitor_back() {
        let said = json!({ "portico": 1, "type": "alerts", "sound": true, "desktop": "granted" });
        let alerts = PageAlerts {
            sounds: true,
            desktop: Permission::Granted,
            pushes: None,
        };
        assert_eq!(HostMessage::parse(&said), Some(HostMessage::Alerts(alerts)));
        let nothing = PageAlerts {
            sounds: false,
            desktop: Permission::Off,
            pushes: None,
        };
        let said = json!({ "portico": 1, "type": "alerts" });
        assert_eq!(HostMessage::parse(&said), Some(HostMessage::Alerts(nothing.clone())));
        let said = json!({ "portico": 1, "type": "alerts", "push": "" });
        let pushes = Some(String::new());
        assert_eq!(
            HostMessage::parse(&said),
            Some(HostMessage::Alerts(PageAlerts { pushes, ..nothing }))
        );
    }

    #[test]
    fn commands_have_a_text_and_an_id() {
        let command = |kind, name: &str| {
            let message = json!({ "portico": 1, "type": name, "id": "0.5", "text": "Hello" });
            let command = HostCommand {
                id: "0.5".into(),
                text: "Hello".into(),
                kind,
            };
            assert_eq!(HostMessage::parse(&message), Some(HostMessage::Command(command)));
        };
        command(HostCommandKind::Compose, "compose");
        command(HostCommandKind::Send, "send");
        command(HostCommandKind::Erase, "erase");
    }

    #[test]
    fn a_new_proof_of_the_same_customer_changes_nothing() {
        let mut visit = Visit::default();
        let said = |proof| Init {
            identity: Some(signed("omar", proof)),
            ..Init::default()
        };
        assert_eq!(visit.receive(&said(1)), VisitorChange::SignedIn);
        assert_eq!(visit.receive(&said(2)), VisitorChange::Same);
        assert_eq!(visit.identity, Some(signed("omar", 2)));
        assert_eq!(visit.receive(&Init::default()), VisitorChange::Same);
        assert_eq!(visit.identity, Some(signed("omar", 2)), "a page may leave it out");
    }

    #[test]
    fn who_signs_in_after_a_while_is_no_other_customer() {
        let mut visit = Visit::default();
        assert_eq!(visit.receive(&Init::default()), VisitorChange::Same);
        let omar = Init {
            identity: Some(signed("omar", 1)),
            ..Init::default()
        };
        assert_eq!(visit.receive(&omar), VisitorChange::SignedIn);
    }

    #[test]
    fn another_customer_and_a_logout_begin_anew() {
        let mut visit = Visit::default();
        let said = |subject| Init {
            identity: Some(signed(subject, 1)),
            ..Init::default()
        };
        visit.receive(&said("omar"));
        assert_eq!(visit.receive(&said("leila")), VisitorChange::Other);
        let logout = Init {
            visit: "v-2".into(),
            ..Init::default()
        };
        assert_eq!(visit.receive(&logout), VisitorChange::Left);
        assert_eq!(visit.identity, None);
        let forget = Init { forget: true, ..logout };
        assert_eq!(visit.receive(&forget), VisitorChange::Left);
        // The host says it again until it is told, and that visitor has written something meanwhile.
        assert_eq!(visit.receive(&forget), VisitorChange::Same);
        let next = Init {
            visit: "v-3".into(),
            ..forget
        };
        assert_eq!(visit.receive(&next), VisitorChange::Left);
    }
}
