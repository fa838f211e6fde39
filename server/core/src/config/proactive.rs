//! Messages that a channel's chat offers by itself.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One message and when it is offered: when all holds that is stated. The page looks, so that all of it is public.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Proactive {
    /// What it is known by: of what a visitor has reacted to, this is kept.
    pub id: String,
    /// What it says.
    pub text: String,
    /// On which pages: patterns of paths or addresses. Empty: on all.
    #[serde(default)]
    pub pages: Vec<String>,
    /// How long the visitor has looked at the page, in seconds.
    #[serde(default)]
    pub seconds: u32,
    /// How much of the page was on the screen, in percent.
    #[serde(default)]
    pub scroll: u8,
    /// Which visit it is at least.
    #[serde(default)]
    pub visits: u32,
    /// What the page has said of the visitor.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Whether it is offered outside business hours, too.
    #[serde(default)]
    pub closed: bool,
}
