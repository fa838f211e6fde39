//! What the browser keeps of a visitor: a refresh token, a draft and unsent posts, under names made of the channel and,
//! for a signed identity, its subject, so that two visitors of one browser never meet.

use crate::first_screen;
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose};
use serde_json::{Map, Value};

use portico_shared::json::text_of;
use portico_shared::text::says_nothing;
use portico_ui::attachments;
use portico_ui::storage::ScopedStorage;

/// The key of the refresh token.
const REFRESH: &str = "refresh";

/// The key of the draft.
const DRAFT: &str = "draft";

/// The key of what was entered into the form before a chat.
const PRECHAT: &str = "prechat";

/// What is kept of one visitor.
pub(crate) struct VisitorStore {
    scope: Scope,
    own: ScopedStorage,
    /// What this browser's unknown visitor left: a refresh token of the same channel.
    anonymous: ScopedStorage,
}

impl VisitorStore {
    /// The store of a visitor, who is unknown without a signed identity.
    pub(crate) fn new(channel: &str, identity: Option<&str>) -> Self {
        let scope = Scope::of(channel, identity);
        let anonymous = Scope::of(channel, None);
        Self {
            own: ScopedStorage::local(scope.name("me.")),
            anonymous: ScopedStorage::local(anonymous.name("me.")),
            scope,
        }
    }

    /// Where unsent posts are.
    pub(crate) fn outbox(&self) -> ScopedStorage {
        ScopedStorage::local(self.scope.name("out."))
    }

    /// Where files that are not sent yet are noted.
    pub(crate) fn files(&self) -> ScopedStorage {
        ScopedStorage::local(self.scope.name("files."))
    }

    /// Where it is kept how the visitor wants to be called back.
    pub(crate) fn alert_choices(&self) -> ScopedStorage {
        ScopedStorage::local(self.scope.name("alerts."))
    }

    /// Under which name the browser keeps the bytes of files, of all visitors of the channel: a file's note says whose it is.
    pub(crate) fn file_cache(&self) -> String {
        self.scope.cache_name()
    }

    /// Whether the visitor has a signed identity.
    pub(crate) fn is_signed(&self) -> bool {
        self.scope.is_signed
    }

    /// Whether the visitor was here before.
    pub(crate) fn is_known(&self) -> bool {
        self.is_signed() || self.own.get(REFRESH).is_some()
    }

    /// What proves to the relay who this browser was before. Who a known customer was before is of no use to the relay.
    pub(crate) fn refresh(&self) -> Option<String> {
        self.anonymous.get(REFRESH).or_else(|| self.own.get(REFRESH))
    }

    /// Keeps the newest proof.
    pub(crate) fn keep_refresh(&self, refresh: &str) {
        self.own.put(REFRESH, refresh);
    }

    /// Who the browser's proof names, to notice that it is another visitor's by now.
    pub(crate) fn customer(&self) -> Option<String> {
        subject(&self.own.get(REFRESH)?)
    }

    /// What was written and not sent.
    pub(crate) fn draft(&self) -> String {
        self.own.get(DRAFT).unwrap_or_default()
    }

    /// Keeps what is written.
    pub(crate) fn keep_draft(&self, text: &str) {
        match text {
            "" => self.own.remove(DRAFT),
            text => self.own.put(DRAFT, text),
        }
    }

    /// What was entered into the form before a chat, by the keys of its questions.
    pub(crate) fn prechat(&self) -> Map<String, Value> {
        let kept = self.own.get(PRECHAT);
        kept.and_then(|kept| serde_json::from_str(&kept).ok())
            .unwrap_or_default()
    }

    /// Keeps what is entered there.
    pub(crate) fn keep_prechat(&self, entered: Map<String, Value>) {
        match entered.is_empty() {
            true => self.own.remove(PRECHAT),
            false => self.own.put(PRECHAT, &text_of(&Value::Object(entered))),
        }
    }

    /// The chat of the unknown visitor is this known customer's now: what is unsent and the draft go with it, the draft
    /// behind one that the customer has already. The next document reads them as its own.
    pub(crate) fn adopt_anonymous(&self) {
        let channel = ScopedStorage::local(self.scope.channel_name());
        for (key, text) in channel.all() {
            if let Some(moved) = self.scope.adopted(&key) {
                channel.remove(&key);
                if let Some(name) = moved {
                    let own = channel.get(&name).filter(|_| name.ends_with(DRAFT));
                    channel.put(&name, &both(own, text));
                }
            }
        }
    }

    /// Forgets every visitor of a channel.
    pub(crate) fn forget_all(channel: &str) {
        let scope = Scope::of(channel, None);
        ScopedStorage::local(scope.channel_name()).clear();
        attachments::forget_all(&scope.cache_name());
        first_screen::forget();
    }
}

/// The draft of a customer who had one and has just written another, as an unknown visitor: neither is lost.
fn both(own: Option<String>, new: String) -> String {
    match own {
        Some(own) if says_nothing(&own) || own == new => new,
        Some(own) if says_nothing(&new) => own,
        Some(own) => [own.trim_end(), "\n", &new].concat(),
        None => new,
    }
}

/// The names under which a visitor's things are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Scope {
    channel: String,
    /// Of the signed identity; empty for an unknown visitor.
    subject: String,
    is_signed: bool,
}

impl Scope {
    fn of(channel: &str, identity: Option<&str>) -> Self {
        Self {
            channel: channel.to_owned(),
            subject: identity.and_then(subject).unwrap_or_default(),
            is_signed: identity.is_some(),
        }
    }

    /// What everything of the channel begins with.
    fn channel_name(&self) -> String {
        ["portico.", &self.channel, "."].concat()
    }

    /// Where the browser keeps the bytes of the channel's files.
    fn cache_name(&self) -> String {
        ["portico.", &self.channel].concat()
    }

    /// What one part of the visitor's things begins with.
    fn name(&self, part: &str) -> String {
        [&self.channel_name(), &self.subject, ".", part].concat()
    }

    /// What becomes of a key of the channel when this customer takes over what the unknown visitor left: nothing for
    /// the keys of others, and otherwise its new name. The refresh token goes.
    fn adopted(&self, key: &str) -> Option<Option<String>> {
        let part = key.strip_prefix('.')?;
        let stays = !part.ends_with(REFRESH);
        Some(stays.then(|| [&self.subject, ".", part].concat()))
    }
}

/// Base64 of tokens, with the padding that some issuers add.
const TOKEN: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The subject of a signed identity, to tell visitors of one browser apart. The relay checks the signature.
pub(crate) fn subject(jwt: &str) -> Option<String> {
    claims(jwt)?.get("sub")?.as_str().map(str::to_owned)
}

/// What a signed identity says.
pub(crate) fn claims(jwt: &str) -> Option<Map<String, Value>> {
    let claims = jwt.split('.').nth(1)?;
    let decoded = TOKEN
        .decode(claims)
        .or_else(|_| general_purpose::STANDARD_NO_PAD.decode(claims.trim_end_matches('=')));
    // Read like all other JSON, which is text: what reads bytes would be in the program a second time.
    serde_json::from_str(str::from_utf8(&decoded.ok()?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Scope, TOKEN, both, subject};
    use base64::Engine as _;

    fn jwt(claims: &str) -> String {
        let claims = TOKEN.encode(claims);
        ["head", claims.trim_end_matches('='), "signature"].join(".")
    }

    #[test]
    fn visitors_of_one_browser_never_meet() {
        let unknown = Scope::of("shop", None);
        let omar = Scope::of("shop", Some(&jwt(r#"{"sub":"omar"}"#)));
        assert_eq!(unknown.name("me."), "portico.shop..me.");
        assert_eq!(omar.name("me."), "portico.shop.omar.me.");
        assert_ne!(
            omar.name("out."),
            Scope::of("other", Some(&jwt(r#"{"sub":"omar"}"#))).name("out.")
        );
    }

    #[test]
    fn a_customer_takes_over_what_the_unknown_visitor_left_but_not_the_token() {
        let omar = Scope::of("shop", Some(&jwt(r#"{"sub":"omar"}"#)));
        assert_eq!(omar.adopted(".me.draft"), Some(Some("omar.me.draft".into())));
        assert_eq!(omar.adopted(".out.post-1"), Some(Some("omar.out.post-1".into())));
        assert_eq!(omar.adopted(".me.refresh"), Some(None));
        assert_eq!(omar.adopted("leila.me.draft"), None);
    }

    #[test]
    fn a_draft_of_the_customers_own_stays_before_that_of_the_visitor() {
        let drafts = |own: Option<&str>, new: &str| both(own.map(str::to_owned), new.to_owned());
        assert_eq!(drafts(None, "Half a"), "Half a");
        assert_eq!(drafts(Some("My parcel "), "Half a"), "My parcel\nHalf a");
        assert_eq!(drafts(Some("Half a"), "Half a"), "Half a");
        assert_eq!(drafts(Some(" "), "Half a"), "Half a");
        assert_eq!(drafts(Some("My parcel"), " "), "My parcel");
    }

    #[test]
    fn the_subject_is_read_from_the_claims() {
        assert_eq!(subject(&jwt(r#"{"sub":"ömar?>~"}"#)).as_deref(), Some("ömar?>~"));
        assert_eq!(subject(&jwt(r#"{"sub":7}"#)), None);
        assert_eq!(subject("no token"), None);
        assert_eq!(subject("a.%%%.c"), None);
    }
}
