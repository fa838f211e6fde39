//! What types alone cannot say about a configuration. All problems are found at once, so that an operator corrects
//! a file in one go.

mod attributes;
mod composer;
mod consent;
mod files;
mod form;
mod labels;
mod oidc;
mod proactive;
mod push;
mod retention;
mod roles;
mod survey;
#[cfg(test)]
mod tests;

pub use retention::warnings;

use super::secrets;
use portico_core::config::{BootstrapUser, Bot, Channel, Config, CustomerKey, KeyAlgorithm};
use portico_core::delivery::MAX_BOT_SECONDS;
use portico_core::hours::{BusinessHours, Mistake};
use portico_core::identity::origin::is_loopback;
use portico_core::identity::people::{MAX_NAME_CHARS, MIN_PASSWORD_CHARS, is_name, is_username};
use portico_core::identity::{CustomerKeys, Origin};
use portico_shared::ids::ParticipantId;
use portico_shared::text::says_nothing;
use secrecy::ExposeSecret;
use std::fmt;

/// Shorter shared secrets can be guessed from one token, in bytes.
const MIN_SHARED_SECRET_BYTES: usize = 32;

/// Shorter webhook secrets can be guessed from one call, in bytes.
const MIN_WEBHOOK_SECRET_BYTES: usize = 16;

/// One wrong value, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `channels.demo.origins[0]`.
    pub key: String,
    /// What stands there, without what is secret in it; absent for secrets and for keys that are missing or unknown.
    pub value: Option<String>,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}: {value:?}: {}", self.key, self.what),
            None => write!(f, "{}: {}", self.key, self.what),
        }
    }
}

/// Collects problems of one file.
struct Check<'a> {
    config: &'a Config,
    found: Vec<Problem>,
}

/// Everything that is wrong with a configuration.
pub(super) fn problems(config: &Config) -> Vec<Problem> {
    let mut check = Check {
        config,
        found: Vec::new(),
    };
    check.server();
    check.limits();
    check.files();
    check.push();
    check.oidc();
    for (id, channel) in &config.channels {
        check.channel(id, channel);
    }
    for (id, queue) in &config.queues {
        check.name(format!("queues.{id}.name"), &queue.name);
    }
    for (id, bot) in &config.bots {
        check.bot(id, bot);
    }
    check.roles();
    for (at, user) in config.users.iter().enumerate() {
        check.user(at, user);
    }
    check.wrapups();
    check.labels();
    check.attributes();
    check.found
}

impl Check<'_> {
    fn wrong(&mut self, key: impl Into<String>, value: &str, what: impl Into<String>) {
        let key = key.into();
        self.found.push(Problem {
            value: secrets::shown_of_wrong(&key, value),
            key,
            what: what.into(),
        });
    }

    fn wrong_secret(&mut self, key: String, what: impl Into<String>) {
        self.found.push(Problem {
            key,
            value: None,
            what: what.into(),
        });
    }

    fn name(&mut self, key: String, name: &str) {
        if !is_name(name) {
            self.wrong(
                key,
                name,
                format!("a name is one line of at most {MAX_NAME_CHARS} characters"),
            );
        }
    }

    fn server(&mut self) {
        let config = self.config;
        let (url, listen) = (&config.server.public_url, config.server.listen);
        if url.is_empty() && listen.ip().is_unspecified() {
            let what =
                format!("browsers cannot ask for {listen}: say what the relay is called, as in https://chat.example");
            self.wrong("server.public_url", url, what);
        } else if !url.is_empty()
            && let Err(error) = url.parse::<Origin>()
        {
            self.wrong("server.public_url", url, error.to_string());
        }
        if let Ok(own) = url.parse::<Origin>()
            && !own.is_secure()
            && !own.is_loopback()
        {
            let what = "passwords and conversations would cross the network in clear: https://, with TLS in front of the relay";
            self.wrong("server.public_url", url, what);
        }
        if config.server.drain_seconds == 0 {
            self.wrong(
                "server.drain_seconds",
                "0",
                "open sockets need at least one second to say goodbye",
            );
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&config.log.filter) {
            self.wrong("log.filter", &config.log.filter, error.to_string());
        }
    }

    fn limits(&mut self) {
        let limits = &self.config.limits;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        for (name, value) in [
            ("limits.frames_per_minute", limits.frames_per_minute),
            ("limits.frames_burst", limits.frames_burst),
            ("limits.agent_frames_per_minute", limits.agent_frames_per_minute),
            ("limits.agent_frames_burst", limits.agent_frames_burst),
            ("limits.bot_frames_per_minute", limits.bot_frames_per_minute),
            ("limits.bot_frames_burst", limits.bot_frames_burst),
            ("limits.sessions_per_minute", limits.sessions_per_minute),
            ("limits.sign_ins_per_minute", limits.sign_ins_per_minute),
            ("limits.uploads_per_minute", limits.uploads_per_minute),
            ("files.at_once", self.config.files.at_once),
            ("limits.connections", number(limits.connections)),
            ("limits.connections_per_address", number(limits.connections_per_address)),
            ("limits.sockets_per_customer", number(limits.sockets_per_customer)),
        ] {
            if value == 0 {
                self.wrong(name, "0", "at least 1, or nobody gets through");
            }
        }
        if self.config.routing.offer_seconds == 0 {
            self.wrong(
                "routing.offer_seconds",
                "0",
                "an offer that rings for no time cannot be answered",
            );
        }
    }

    fn channel(&mut self, id: &str, channel: &Channel) {
        let at = format!("channels.{id}");
        if !is_path_segment(id) {
            self.wrong(
                &at,
                id,
                "a channel's id is made of letters, digits, - and _, because it stands in addresses",
            );
        }
        for (index, origin) in channel.origins.iter().enumerate() {
            if let Err(error) = origin.parse::<Origin>() {
                self.wrong(format!("{at}.origins[{index}]"), origin, error.to_string());
            }
        }
        if !channel.bot.is_empty() && !self.config.bots.contains_key(&channel.bot) {
            self.wrong(format!("{at}.bot"), &channel.bot, "no such bot under bots");
        }
        if !self.config.queues.contains_key(&channel.queue) {
            self.wrong(format!("{at}.queue"), &channel.queue, "no such queue under queues");
        }
        if !is_colour(&channel.widget.accent) {
            self.wrong(
                format!("{at}.widget.accent"),
                &channel.widget.accent,
                "a colour is #rrggbb",
            );
        }
        self.channel_files(&format!("{at}.files"), &channel.files);
        self.composer(&format!("{at}.composer"), &channel.composer);
        if let Some(Err(mistakes)) = channel.hours.as_ref().map(BusinessHours::new) {
            for Mistake { key, value, what } in mistakes {
                self.wrong(format!("{at}.hours.{key}"), &value, what);
            }
        }
        self.name(format!("{at}.name"), &channel.name);
        self.name(format!("{at}.widget.title"), &channel.widget.title);
        if let Some(form) = &channel.prechat {
            self.form(&format!("{at}.prechat"), form);
        }
        if let Some(survey) = &channel.survey {
            self.survey(&format!("{at}.survey"), survey);
        }
        self.proactive(&format!("{at}.proactive"), &channel.proactive);
        if let Some(consent) = &channel.consent {
            self.consent(&format!("{at}.consent"), consent);
        }
        for (index, key) in channel.keys.iter().enumerate() {
            self.customer_key(&format!("{at}.keys[{index}]"), key, &channel.keys[..index]);
        }
    }

    fn customer_key(&mut self, at: &str, key: &CustomerKey, before: &[CustomerKey]) {
        if key.kid.is_empty() {
            self.wrong(format!("{at}.kid"), &key.kid, "a key needs a name");
        }
        if before.iter().any(|other| other.kid == key.kid) {
            self.wrong(
                format!("{at}.kid"),
                &key.kid,
                "another key of this channel has this kid",
            );
        }
        // The bar stands between issuer and subject in a customer's identifier.
        if key.issuer.is_empty() || key.issuer.contains('|') || !key.issuer.bytes().all(|byte| byte.is_ascii_graphic())
        {
            self.wrong(
                format!("{at}.issuer"),
                &key.issuer,
                "an issuer is visible ASCII without |",
            );
        }
        if key.audience.is_empty() {
            self.wrong(
                format!("{at}.audience"),
                &key.audience,
                "tokens for somebody else must not be good here",
            );
        }
        let weak = key.key.expose_secret().len() < MIN_SHARED_SECRET_BYTES;
        if key.algorithm == KeyAlgorithm::Hs256 && weak {
            self.wrong_secret(
                format!("{at}.key"),
                format!("a shared secret has at least {MIN_SHARED_SECRET_BYTES} bytes"),
            );
        }
        if let Err(error) = CustomerKeys::new(std::slice::from_ref(key)) {
            self.wrong_secret(format!("{at}.key"), error.to_string());
        }
    }

    fn bot(&mut self, id: &str, bot: &Bot) {
        let at = format!("bots.{id}");
        if ParticipantId::parse(id).is_none() {
            self.wrong(&at, id, "a bot's id is short visible ASCII");
        }
        self.name(format!("{at}.name"), &bot.name);
        if bot.answer_seconds == 0 {
            self.wrong(format!("{at}.answer_seconds"), "0", "no bot answers in no time");
        }
        if bot.webhook.is_empty() {
            return;
        }
        match reqwest::Url::parse(&bot.webhook) {
            Ok(url) if url.scheme() == "https" && url.has_host() => {}
            Ok(url) if url.scheme() == "http" && url.host_str().is_some_and(is_loopback) => {}
            Ok(_) => self.wrong(
                format!("{at}.webhook"),
                &bot.webhook,
                "an address begins with https://, or with http:// on this machine: customers' words go there",
            ),
            Err(error) => self.wrong(format!("{at}.webhook"), &bot.webhook, error.to_string()),
        }
        if bot.secret.expose_secret().len() < MIN_WEBHOOK_SECRET_BYTES {
            let what =
                format!("a webhook needs a secret of at least {MIN_WEBHOOK_SECRET_BYTES} bytes to know our calls by");
            self.wrong_secret(format!("{at}.secret"), what);
        }
        if bot.timeout_seconds == 0 {
            self.wrong(format!("{at}.timeout_seconds"), "0", "no bot answers in no time");
        }
        if bot.timeout_seconds > MAX_BOT_SECONDS {
            let what = format!("at most {MAX_BOT_SECONDS}: no customer waits longer for one answer");
            self.wrong(format!("{at}.timeout_seconds"), &bot.timeout_seconds.to_string(), what);
        }
    }

    fn user(&mut self, index: usize, user: &BootstrapUser) {
        let at = format!("users[{index}]");
        if !is_username(&user.username) {
            self.wrong(
                format!("{at}.username"),
                &user.username,
                "a username is visible ASCII in lower case",
            );
        }
        let before = self.config.users.iter().take(index);
        if before.into_iter().any(|other| other.username == user.username) {
            self.wrong(
                format!("{at}.username"),
                &user.username,
                "another user before has this name",
            );
        }
        self.name(format!("{at}.first_name"), &user.first_name);
        if !user.last_name.is_empty() {
            self.name(format!("{at}.last_name"), &user.last_name);
        }
        if user.password.expose_secret().chars().count() < MIN_PASSWORD_CHARS {
            let what = format!("a password has at least {MIN_PASSWORD_CHARS} characters");
            self.wrong_secret(format!("{at}.password"), what);
        }
        self.roles_of(&at, user);
        for (queue_index, queue) in user.queues.iter().enumerate() {
            if !self.config.queues.contains_key(queue) {
                self.wrong(
                    format!("{at}.queues[{queue_index}]"),
                    queue,
                    "no such queue under queues",
                );
            }
        }
        if user.max_tasks == 0 {
            self.wrong(
                format!("{at}.max_tasks"),
                "0",
                "an agent serves at least one conversation",
            );
        }
    }

    fn label(&mut self, key: String, text: &str) {
        if !is_label(text) {
            self.wrong(key, text, "must be one line in which something is seen");
        }
    }

    fn wrapups(&mut self) {
        for (index, category) in self.config.wrapups.iter().enumerate() {
            let at = format!("wrapups[{index}]");
            self.label(format!("{at}.category"), &category.category);
            for (index, value) in category.values.iter().enumerate() {
                self.label(format!("{at}.values[{index}]"), value);
            }
            if category.values.is_empty() {
                self.wrong(format!("{at}.values"), "", "a category needs at least one value");
            }
        }
    }
}

/// Whether agents can read and choose it: something is seen, and it is one line.
fn is_label(text: &str) -> bool {
    !says_nothing(text) && !text.contains(char::is_control)
}

fn is_path_segment(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    ParticipantId::parse(text).is_some() && text.bytes().all(allowed)
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
