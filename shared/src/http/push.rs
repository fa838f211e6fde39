//! Notifications that reach a browser whose pages are closed (Web Push).

use serde::{Deserialize, Serialize};

/// What a browser binds its subscription to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PushKeyAnswer {
    /// The relay's public key of VAPID, in base64url.
    pub key: String,
}

/// A browser that wants notifications of a visitor's chats.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushBody {
    /// Where its push service is, and how to write to it.
    pub subscription: PushSubscription,
    /// The page of the site that a press on a notification opens. Its origin is one of the channel's.
    pub page: String,
    /// What a notification says instead of a message's text, in the visitor's language.
    pub note: String,
}

/// A subscription, as the browser has made it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushSubscription {
    /// Where the push service takes messages for it.
    pub endpoint: String,
    /// The browser's public key, in base64url.
    pub p256dh: String,
    /// What browser and relay share, in base64url.
    pub auth: String,
}

/// A browser that wants no more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushEndBody {
    /// Where its push service takes messages for it.
    pub endpoint: String,
}
