//! A visit on a website: its session, and what the widget shows there.

use super::{ComposerRules, Consent, ConsentTerms, FileRules};
use crate::availability::OpenWindow;
use crate::frame::Summary;
use crate::ids::{ConversationId, CustomerId};
use crate::json::Value;
use crate::lenient;
use crate::role::Role;
use serde::{Deserialize, Serialize};

/// What a browser asks for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionBody {
    /// The channel's service identifier, as in the script tag.
    pub channel: String,
    /// `refresh` of the last answer, kept by this browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<String>,
    /// The site's token for the customer that is signed in there. With it, `refresh` says who the browser was until now: an
    /// anonymous visitor's live chat becomes the customer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// What the visitor has agreed to, on a channel that asks for consent. Said once it is given; `refresh` proves it from
    /// then on, up to the next version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// A visit may begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SessionAnswer {
    /// Goes into the socket's first frame, never into a URL.
    pub token: String,
    /// When the token ends, in epoch milliseconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub expires_at: i64,
    /// Gets the next token. Kept by the browser, in the storage of the widget's frame.
    pub refresh: String,
    /// Whose visit it is.
    pub customer: SessionCustomer,
    /// The live conversation of the visitor that `refresh` proved, which is the customer's from now on. The visitor's tokens
    /// are good for nothing any more. Absent when nothing was to be linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub linked: Option<ConversationId>,
}

/// A customer as it may know itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SessionCustomer {
    /// Its id.
    #[schema(value_type = String)]
    pub id: CustomerId,
    /// What it is called.
    pub name: String,
    /// Whether the site's back end vouched for it.
    pub verified: bool,
}

/// Conversations of a known customer that are over, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>"))]
pub struct EarlierConversations<R: Role> {
    /// Each as a `conversation` frame has it.
    pub conversations: Vec<Summary<R>>,
    /// Where to go on; absent at the end of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<ConversationId>,
}

/// What the widget shows on one channel. All of it is public.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WidgetConfig {
    /// Heading of the window.
    pub title: String,
    /// First words on first open.
    pub greeting: String,
    /// What to expect: who answers, and how soon.
    pub expectation: String,
    /// Two or three first questions to tap.
    #[serde(default)]
    pub starters: Vec<String>,
    /// Accent colour, `#rrggbb`.
    pub accent: String,
    /// What files it takes.
    #[serde(default)]
    pub files: FileRules,
    /// What customers may send beside texts and files.
    #[serde(default)]
    pub composer: ComposerRules,
    /// What visitors are asked before their first message: a body of type `FORM_DATA`. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub prechat: Option<Value>,
    /// When the team answers: the last time before now, the present one and the next ones, in order. Absent for a team without
    /// hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Vec<OpenWindow>>,
    /// Whether visitors may save the conversation as a file. A relay that says nothing of it lets them.
    #[serde(default = "yes")]
    pub transcript: bool,
    /// What visitors are asked to agree to before anything is kept of them. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentTerms>,
}

fn yes() -> bool {
    true
}
