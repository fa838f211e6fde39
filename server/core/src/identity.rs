//! Who speaks. A [`Principal`] is the result of a proof (a visitor token, a staff session, an API key) and the only
//! source of identity in the relay: nothing is ever read from what a frame says about its sender.

mod consent;
pub mod customer;
mod friendly_name;
pub mod linking;
pub mod origin;
mod origins;
pub mod password;
pub mod people;
pub mod permission;
pub mod provided;
pub mod role;
pub mod scope;
pub mod secret;
pub mod sessions;
pub mod staff_session;
mod token_authenticator;
pub mod visitor;
pub mod visitor_session;

pub use consent::Consent;
pub use customer::CustomerKeys;
pub use friendly_name::friendly_name;
pub use origin::{Origin, OriginError};
pub use origins::Origins;
pub use permission::{Permission, Permissions};
pub use role::Roles;
pub use token_authenticator::TokenAuthenticator;

use crate::store::{StoreError, UserRecord};
use async_trait::async_trait;
use portico_shared::ids::{CustomerId, ParticipantId};

/// A proven identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A customer, anonymous or known, on one channel.
    Customer(CustomerPrincipal),
    /// An agent, supervisor or administrator.
    Staff(StaffPrincipal),
    /// A bot, over WebSocket with its key.
    Bot(BotPrincipal),
    /// A third-party program with scopes; it has no socket.
    App(AppPrincipal),
}

/// A customer as its token proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerPrincipal {
    /// The customer's id.
    pub id: CustomerId,
    /// The channel's service identifier that the token is bound to.
    pub channel: String,
    /// `channelData.channelCustomerIdentifier`: the visitor's or the signed-in customer's identifier on the channel.
    pub identifier: String,
    /// What to call it; of an anonymous visitor, its [`friendly_name()`].
    pub name: String,
    /// Whether the site's back end vouched for it.
    pub verified: bool,
    /// What it has agreed to, if it was asked.
    pub consent: Option<Consent>,
}

/// A contact-centre user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPrincipal {
    /// The user's id.
    pub id: ParticipantId,
    /// `ann`.
    pub username: String,
    /// Shown to customers.
    pub first_name: String,
    /// Shown to colleagues.
    pub last_name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// What they allow it.
    pub permissions: Permissions,
    /// Queues that it serves; empty means all.
    pub queues: Vec<String>,
    /// How many conversations at once.
    pub max_tasks: u8,
}

/// A bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotPrincipal {
    /// The bot's id in the configuration.
    pub id: ParticipantId,
    /// What customers see.
    pub name: String,
}

/// A third-party program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppPrincipal {
    /// Its id.
    pub id: ParticipantId,
    /// What operators call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Channels in which it may act; empty means all.
    pub channels: Vec<String>,
}

/// What a token proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// The identity that it proved.
    pub principal: Principal,
    /// When a customer's token was given, in epoch milliseconds, a whole second.
    pub issued_at: Option<i64>,
    /// When the token ends, in epoch milliseconds; never for keys.
    pub expires_at: Option<i64>,
    /// SHA-256 of the secret where it can be taken back, so that a socket can be asked about again without keeping
    /// the token.
    pub credential: Option<[u8; 32]>,
}

/// Turns tokens into principals.
#[async_trait]
pub trait Authenticate: Send + Sync + 'static {
    /// Proves a token. `origin` is the `Origin` header of the socket, absent for programs that are no browsers.
    async fn authenticate(&self, token: &str, origin: Option<&str>) -> Result<Authenticated, AuthError>;

    /// Whether what was proven then still holds: not taken back, not disabled. Asked every few seconds per socket,
    /// so it should cost one read at most.
    async fn still_holds(&self, proven: &Authenticated) -> Result<(), AuthError>;
}

/// Why a token proved nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Its time is over: fetch a new one.
    #[error("the token's time is over")]
    Expired,
    /// Malformed, not ours, taken back, or from an origin that may not use it.
    #[error("the token is refused")]
    Refused,
    /// What its bearer may do has changed: it is to be proven anew.
    #[error("the rights of the token have changed")]
    Changed,
    /// It could not be asked now.
    #[error("tokens cannot be proven now")]
    Unavailable,
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        tracing::warn!(error = %error, "a token could not be asked about");
        Self::Unavailable
    }
}

impl Principal {
    /// The identity that client ids, markers and sockets are kept by: `customer:<id>`, `agent:<id>`, `bot:<id>`,
    /// `app:<id>`.
    pub fn key(&self) -> String {
        match self {
            Self::Customer(customer) => customer_key(&customer.id),
            Self::Staff(staff) => agent_key(&staff.id),
            Self::Bot(bot) => bot_key(&bot.id),
            Self::App(app) => format!("app:{}", app.id),
        }
    }

    /// What it may do.
    pub fn permissions(&self) -> Permissions {
        match self {
            Self::Customer(_) => role::OF_CUSTOMERS,
            Self::Staff(staff) => staff.permissions,
            Self::Bot(_) => role::OF_BOTS,
            Self::App(app) => role::of_app(app),
        }
    }

    /// Whether it may do what takes this permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions().contains(permission)
    }
}

/// [`Principal::key`] of a customer.
pub fn customer_key(id: &CustomerId) -> String {
    format!("customer:{id}")
}

/// [`Principal::key`] of a contact-centre user.
pub fn agent_key(id: &ParticipantId) -> String {
    format!("agent:{id}")
}

/// [`Principal::key`] of a bot.
pub fn bot_key(id: &ParticipantId) -> String {
    format!("bot:{id}")
}

impl AppPrincipal {
    /// Whether it may act on a channel.
    pub fn may_act_on(&self, channel: &str) -> bool {
        self.channels.is_empty() || self.channels.iter().any(|own| own == channel)
    }
}

impl StaffPrincipal {
    /// A user as the store has it.
    pub fn new(user: UserRecord, roles: &Roles) -> Self {
        Self {
            permissions: roles.permissions(&user.roles),
            id: user.id,
            username: user.username,
            first_name: user.first_name,
            last_name: user.last_name,
            roles: user.roles,
            queues: user.queues,
            max_tasks: user.max_tasks,
        }
    }

    /// Whether the user may do what another proof of it allowed.
    pub fn has_rights_of(&self, other: &Self) -> bool {
        self.roles == other.roles && self.permissions == other.permissions && self.queues == other.queues
    }

    /// Whether the user is offered conversations.
    pub fn serves(&self) -> bool {
        self.permissions.contains(Permission::ConversationsServe)
    }

    /// Whether the user may look into any conversation.
    pub fn supervises(&self) -> bool {
        self.permissions.contains(Permission::ConversationsReadAny)
    }
}
