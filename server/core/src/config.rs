//! What an operator can set, once it is checked: code behind it does not ask again whether an origin is one or a queue
//! exists. The program reads it from files and environment; the crate `portico` holds the defaults and the checks.

mod composer;
mod consent;
mod customer_attribute;
mod form;
mod hours;
mod label;
mod link_previews;
mod oidc;
mod proactive;
mod programs;
mod retention;
mod role;
mod routing;
mod survey;
mod trusted_proxies;
mod wrapup;

pub use composer::Composer;
pub use consent::{Consent, ConsentText};
pub use customer_attribute::CustomerAttribute;
pub use form::{Form, Question};
pub use hours::{Holiday, Hours};
pub use label::Label;
pub use link_previews::{LinkAuthor, LinkPreviewsConfig, PrivateNetworks};
pub use oidc::{Oidc, OidcRole};
pub use proactive::Proactive;
pub use programs::ProgramsConfig;
pub use role::RoleConfig;
pub use routing::Routing;
pub use survey::{Survey, SurveyPage};
pub use trusted_proxies::TrustedProxies;
pub use wrapup::WrapupCategory;

use crate::hours::BusinessHours;
use crate::identity::Origin;
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The whole configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where and how the relay listens.
    pub server: Server,
    /// Where conversations are kept.
    pub store: StoreConfig,
    /// What the log looks like.
    pub log: Log,
    /// Rates.
    pub limits: Limits,
    /// Where the bytes of files are kept, and how many there may be.
    pub files: FilesConfig,
    /// Timers of routing.
    pub routing: Routing,
    /// Notifications for browsers whose pages are closed.
    pub push: PushConfig,
    /// The OpenID provider at which users may sign in; none when absent.
    #[serde(default)]
    pub oidc: Option<Oidc>,
    /// What previews of links may be made of.
    pub link_previews: LinkPreviewsConfig,
    /// The demo shop, served on a port (and so an origin) of its own.
    pub demo: Demo,
    /// Channels by service identifier: the "number dialled".
    pub channels: BTreeMap<String, Channel>,
    /// Queues by name.
    pub queues: BTreeMap<String, Queue>,
    /// Bots by id.
    pub bots: BTreeMap<String, Bot>,
    /// Bots and apps that are registered while the relay runs.
    pub programs: ProgramsConfig,
    /// Roles of users by name, beside those that come with the relay and in their place.
    pub roles: BTreeMap<String, RoleConfig>,
    /// Wrap-up codes that agents choose from.
    pub wrapups: Vec<WrapupCategory>,
    /// Labels that customers may have.
    pub labels: Vec<Label>,
    /// What may be noted of customers.
    pub attributes: Vec<CustomerAttribute>,
    /// Users created at start if they do not exist yet, for example for a demo.
    pub users: Vec<BootstrapUser>,
}

impl Config {
    /// The relay's own origin as browsers see it, given the address that it really listens at.
    pub fn own_origin(&self, listening: SocketAddr) -> Origin {
        let text = if self.server.public_url.is_empty() {
            format!("http://{listening}")
        } else {
            self.server.public_url.clone()
        };
        text.parse()
            .expect("public_url was checked when it was loaded, and an address makes an origin")
    }

    /// The folder of files: `<store>-files` if none is set.
    pub fn files_folder(&self) -> PathBuf {
        if self.files.folder.as_os_str().is_empty() {
            let mut beside = self.store.path.clone().into_os_string();
            beside.push("-files");
            PathBuf::from(beside)
        } else {
            self.files.folder.clone()
        }
    }
}

impl Channel {
    /// The origins that may embed the widget.
    pub fn origins(&self) -> impl Iterator<Item = Origin> {
        self.origins
            .iter()
            .map(|origin| origin.parse().expect("origins were checked when they were loaded"))
    }

    /// When the team answers; `None` for a team without hours.
    pub fn business_hours(&self) -> Option<BusinessHours> {
        let hours = self.hours.as_ref()?;
        Some(BusinessHours::new(hours).expect("hours were checked when they were loaded"))
    }
}

/// Where and how the relay listens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address of the one HTTP and WebSocket listener.
    pub listen: SocketAddr,
    /// The relay's own origin as browsers see it, without a trailing slash. Empty: `http://<listen>`.
    pub public_url: String,
    /// Longest time that shutting down may take, in seconds.
    pub drain_seconds: u64,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Folder of browser files that are served instead of those in the program. Empty: those in the program.
    pub assets: PathBuf,
}

/// Where conversations are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// The SQLite file; created when missing.
    pub path: PathBuf,
    /// Whether writes that wait are committed together. Off only to measure what it is worth.
    pub group_commit: bool,
}

/// Where the bytes of files are kept, and how many there may be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    /// The folder. Empty: beside the store, see [`Config::files_folder`].
    pub folder: PathBuf,
    /// An S3 bucket instead of the folder. Empty: the folder.
    pub bucket: String,
    /// What keys in the bucket begin with.
    pub prefix: String,
    /// Where the bucket is asked for. Empty: at AWS.
    pub endpoint: String,
    /// The bucket's region.
    pub region: String,
    /// Who asks for the bucket. Empty: as the environment of AWS says.
    pub access_key_id: String,
    /// Proves it.
    pub secret: SecretString,
    /// Files that a customer may have uploaded and not posted; a contact-centre user has ten times as many.
    pub at_once: u32,
    /// Bytes that a customer may upload within 24 hours; a contact-centre user has ten times as many.
    pub bytes_per_day: u64,
}

/// What the log looks like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// For people or for programs.
    pub format: LogFormat,
    /// A `tracing` filter, for example `info,portico=debug`.
    pub filter: String,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Rates.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Frames per minute of one customer over all its connections, after the burst.
    pub frames_per_minute: u32,
    /// Frames that it may send at once.
    pub frames_burst: u32,
    /// The same of a contact-centre user.
    pub agent_frames_per_minute: u32,
    /// Frames that it may send at once.
    pub agent_frames_burst: u32,
    /// The same of a bot.
    pub bot_frames_per_minute: u32,
    /// Frames that it may send at once.
    pub bot_frames_burst: u32,
    /// New visitor sessions, and requests to erase a customer, per minute from one address (IPv6: one /64); a /48 as a whole
    /// has ten times as many.
    pub sessions_per_minute: u32,
    /// Sign-in attempts per minute for one username from one address; an address as a whole has ten times as many,
    /// because a contact centre may be behind one, a username over all addresses ten times as many, and an IPv6 /48
    /// ten times as many as an address.
    pub sign_ins_per_minute: u32,
    /// Uploads begun per minute from one address (IPv6: one /64); a /48 as a whole has ten times as many.
    pub uploads_per_minute: u32,
    /// Connections at once, sockets among them.
    pub connections: usize,
    /// Connections at once from one address (IPv6: one /64); a /48 as a whole has ten times as many. Behind a trusted
    /// proxy, sockets.
    pub connections_per_address: usize,
    /// Open sockets of one customer.
    pub sockets_per_customer: usize,
}

/// Notifications for browsers whose pages are closed (Web Push).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushConfig {
    /// The private key of VAPID, in base64url. Empty: the store makes one and keeps it.
    pub key: SecretString,
    /// Where push services reach the operator: a `mailto:` or `https:` address. Empty: the relay's own origin.
    pub contact: String,
    /// Whether push services on this machine are called, also without TLS. For tests alone.
    pub loopback: bool,
}

/// The demo shop.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    /// Address of the shop; nothing is served when absent.
    pub listen: Option<SocketAddr>,
}

/// One channel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// What agents see.
    pub name: String,
    /// Exact origins that may embed the widget: scheme, host and port, nothing else.
    pub origins: Vec<String>,
    /// The bot that is assigned to new conversations; none when empty.
    #[serde(default)]
    pub bot: String,
    /// The queue that FIND_AGENT goes to unless the bot names one.
    pub queue: String,
    /// The chat is ended after this many seconds without a message of the customer while no agent serves; 0 never.
    #[serde(default)]
    pub customer_activity_timeout: u64,
    /// How long conversations are kept after their end, in days. 0: for good.
    #[serde(default)]
    pub retention_days: u32,
    /// Keys that verify tokens of the site's back end.
    #[serde(default)]
    pub keys: Vec<CustomerKey>,
    /// When the team answers. Absent: always.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// What visitors are told whose pages are all closed and whose browser wants to hear of it.
    #[serde(default)]
    pub push: ChannelPush,
    /// The authors whose messages have previews of the pages that they link to; empty: no message has one.
    #[serde(default)]
    pub link_previews: Vec<LinkAuthor>,
    /// What the widget shows.
    pub widget: WidgetConfig,
    /// What files it takes. The relay fills in its default for a channel that says nothing.
    #[serde(default)]
    pub files: ChannelFiles,
    /// What customers may send beside texts and files.
    #[serde(default)]
    pub composer: Composer,
    /// What visitors are asked before their first message; nothing when absent.
    #[serde(default)]
    pub prechat: Option<Form>,
    /// What the chat offers by itself; nothing when absent.
    #[serde(default)]
    pub proactive: Vec<Proactive>,
    /// What customers are asked when a chat is over; nothing when absent.
    #[serde(default)]
    pub survey: Option<Survey>,
    /// What visitors are asked to agree to before anything is kept of them; nothing when absent.
    #[serde(default)]
    pub consent: Option<Consent>,
}

/// What a notification says to a visitor whose pages are all closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelPush {
    /// Nothing: there are none.
    Off,
    /// That there is a message.
    #[default]
    Note,
    /// Who wrote it, and the beginning of its text.
    Text,
}

/// What files a channel takes, and for how long they are kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelFiles {
    /// The largest file, in bytes. 0: none at all.
    pub max_bytes: u64,
    /// Media types that are taken, by what a file's content is.
    pub types: Vec<String>,
    /// How long a file that was posted is kept, in days. 0: for good.
    pub keep_days: u32,
}

/// A key that verifies customer tokens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerKey {
    /// `kid` in the token's header.
    pub kid: String,
    /// The one algorithm that this key verifies; what a token's header asks for changes nothing.
    pub algorithm: KeyAlgorithm,
    /// HS256: the shared secret. Others: the public key in PEM.
    pub key: SecretString,
    /// Required `iss`.
    pub issuer: String,
    /// Required `aud`.
    pub audience: String,
}

/// How a customer token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum KeyAlgorithm {
    /// HMAC with SHA-256 and a shared secret.
    #[serde(rename = "HS256")]
    Hs256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA with P-256 and SHA-256.
    #[serde(rename = "ES256")]
    Es256,
}

/// What the widget shows on one channel. All of it is public.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Whether visitors may save the conversation as a file.
    #[serde(default = "yes")]
    pub transcript: bool,
}

fn yes() -> bool {
    true
}

/// One queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// What agents see.
    pub name: String,
}

/// One bot.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bot {
    /// What customers see.
    pub name: String,
    /// Where the relay posts activities to. Empty: the bot connects by WebSocket with its key.
    #[serde(default)]
    pub webhook: String,
    /// Signs each webhook call (HMAC-SHA256).
    #[serde(default)]
    pub secret: SecretString,
    /// One call's time limit in seconds.
    #[serde(default = "ten")]
    pub timeout_seconds: u64,
    /// Without a webhook: an agent is asked for when the bot has not answered a customer for so long, in seconds.
    #[serde(default = "minute")]
    pub answer_seconds: u64,
}

fn minute() -> u64 {
    60
}

fn ten() -> u64 {
    10
}

/// A user that is created at start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BootstrapUser {
    /// Sign-in name.
    pub username: String,
    /// Password in clear; meant for demos.
    pub password: SecretString,
    /// First name, shown to customers.
    pub first_name: String,
    /// Last name.
    #[serde(default)]
    pub last_name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// Queues that the user serves; empty means all.
    #[serde(default)]
    pub queues: Vec<String>,
    /// How many conversations at once.
    #[serde(default = "five")]
    pub max_tasks: u8,
}

fn five() -> u8 {
    5
}
