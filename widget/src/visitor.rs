//! What the browser keeps of a visitor: a refresh token, a draft and unsent posts, under names made of the channel and,
//! for a signed identity, its subject, so that two visitors of one browser never meet.

mod draft;

use crate::first_screen;
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose};
use serde_json::{Map, Value};
use std::cell::Cell;

use draft::DRAFT;
use portico_shared::http::Consent;
use portico_shared::json::{self, text_of};
use portico_shared::text::says_nothing;
use portico_ui::attachments;
use portico_ui::browser::mint;
use portico_ui::storage::ScopedStorage;

/// The key of the refresh token.
const REFRESH: &str = "refresh";

/// The key of what was entered into the form before a chat.
const PRECHAT: &str = "prechat";

/// The key of what the visitor has agreed to.
const CONSENT: &str = "consent";

/// What is kept of one visitor.
pub(crate) struct VisitorStore {
    scope: Scope,
    own: ScopedStorage,
    /// What this browser's unknown visitor left: a refresh token of the same channel.
    anonymous: ScopedStorage,
    /// Of this tab alone, whoever the visitor is.
    tab: ScopedStorage,
    /// Whether the visitor was forgotten: what comes later is not kept.
    is_closed: Cell<bool>,
}

impl VisitorStore {
    /// The store of a visitor, who is unknown without a signed identity.
    pub(crate) fn new(channel: &str, identity: Option<&str>) -> Self {
        let scope = Scope::of(channel, identity);
        let anonymous = Scope::of(channel, None);
        Self {
            own: ScopedStorage::local(scope.name("me.")),
            anonymous: ScopedStorage::local(anonymous.name("me.")),
            tab: ScopedStorage::session(scope.channel_name()),
            scope,
            is_closed: Cell::new(false),
        }
    }

    /// Keeps nothing more.
    pub(crate) fn close(&self) {
        self.is_closed.set(true);
    }

    fn keep(&self, key: &str, text: &str) {
        if !self.is_closed.get() {
            self.own.put(key, text);
        }
    }

    /// Where unsent posts are.
    pub(crate) fn outbox(&self) -> ScopedStorage {
        ScopedStorage::local(self.scope.name("out."))
    }

    /// Where those of this browser's unknown visitor are.
    pub(crate) fn anonymous_outbox(&self) -> ScopedStorage {
        ScopedStorage::local(Scope::of(&self.scope.channel, None).name("out."))
    }

    /// The database of the copy of unsent posts, of all visitors of the channel: their names there say whose they are.
    pub(crate) fn copy_name(&self) -> String {
        self.scope.cache_name()
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

    /// Whether nothing proves to the relay who the visitor is: it becomes one by asking.
    pub(crate) fn is_new(&self) -> bool {
        !self.is_signed() && self.refresh().is_none()
    }

    /// The name of the lock by which the tabs of a new visitor take turns to ask.
    pub(crate) fn turn_name(&self) -> String {
        [&self.scope.cache_name(), ".visitor"].concat()
    }

    /// What proves to the relay who this browser was before. Who a known customer was before is of no use to the relay.
    pub(crate) fn refresh(&self) -> Option<String> {
        self.anonymous.get(REFRESH).or_else(|| self.own.get(REFRESH))
    }

    /// What proves to the relay who the visitor is, since an earlier visit.
    pub(crate) fn own_refresh(&self) -> Option<String> {
        self.own.get(REFRESH)
    }

    /// Keeps the newest proof.
    pub(crate) fn keep_refresh(&self, refresh: &str) {
        self.keep(REFRESH, refresh);
    }

    /// Who the browser's proof names, to notice that it is another visitor's by now.
    pub(crate) fn customer(&self) -> Option<String> {
        subject(&self.own.get(REFRESH)?)
    }

    /// Whether this is the full key of something without which the visitor is not known here any more.
    pub(crate) fn is_lost_without(&self, key: &str) -> bool {
        matches!(self.own.own(key), Some(REFRESH | CONSENT))
    }

    /// What the visitor has agreed to.
    pub(crate) fn consent(&self) -> Option<Consent> {
        json::from_str(&self.own.get(CONSENT)?).ok()
    }

    /// Which version of the channel's terms that was.
    pub(crate) fn agreed_to(&self) -> Option<u32> {
        self.consent().map(|consent| consent.version)
    }

    /// Keeps what the visitor has agreed to: the first thing that is kept.
    pub(crate) fn keep_consent(&self, consent: &Consent) {
        if let Ok(text) = serde_json::to_string(consent) {
            self.keep(CONSENT, &text);
        }
    }

    /// What was written in this tab and not sent, or else the newest of what was written in others.
    pub(crate) fn draft(&self) -> String {
        draft::read(&self.own, &self.tab)
    }

    /// Keeps what is written in this tab.
    pub(crate) fn keep_draft(&self, text: &str) {
        if !self.is_closed.get() {
            draft::keep(&self.own, &self.tab, text, || mint().as_str().to_owned());
        }
    }

    /// Forgets what was written, in all tabs.
    pub(crate) fn forget_drafts(&self) {
        draft::forget(&self.own, &self.tab);
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
            false => self.keep(PRECHAT, &text_of(&Value::Object(entered))),
        }
    }

    /// What an unknown visitor has agreed to, written, entered and not sent is this known customer's, who has signed in
    /// meanwhile. What waits to be sent is not touched here: another tab may be sending it.
    pub(crate) fn adopt_entered(&self) {
        if !self.is_signed() {
            return;
        }
        // Not the next customer's, too, who has not read it.
        if let Some(agreed) = self.anonymous.take(CONSENT)
            && is_newer(&agreed, self.agreed_to())
        {
            self.own.put(CONSENT, &agreed);
        }
        let mine = draft::own(&self.anonymous, &self.tab);
        draft::adopt_mark(&self.anonymous, &self.own);
        match self.anonymous.take(DRAFT) {
            Some(newest) => {
                let written = mine.filter(|mine| !mine.is_empty()).unwrap_or(newest);
                self.keep_draft(&both(self.own.get(DRAFT), written));
            }
            // Another tab was the first, and what it has written is that one's; or there is none, and what the customer had begun
            // stays.
            None => mine
                .filter(|mine| !mine.is_empty())
                .into_iter()
                .for_each(|mine| self.keep_draft(&mine)),
        }
        if let Some(entered) = self.anonymous.take(PRECHAT)
            && self.own.get(PRECHAT).is_none()
        {
            self.own.put(PRECHAT, &entered);
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
                    let own = channel.get(&name);
                    match own {
                        // The drafts of the customer's tabs count by it.
                        Some(_) if name.ends_with(draft::MARK) => {}
                        own => channel.put(&name, &both(own.filter(|_| name.ends_with(DRAFT)), text)),
                    }
                }
            }
        }
    }

    /// Forgets every visitor of a channel: at once, but for the copy of unsent messages, which is gone when this is done.
    pub(crate) fn forget_all(channel: &str) -> impl Future<Output = ()> + use<> {
        let scope = Scope::of(channel, None);
        ScopedStorage::local(scope.channel_name()).clear();
        ScopedStorage::session(scope.channel_name()).clear();
        attachments::forget_all(&scope.cache_name());
        first_screen::forget();
        first_screen::delete_copy()
    }
}

/// Whether a consent that was kept is to a later version than this one, if to any.
fn is_newer(kept: &str, version: Option<u32>) -> bool {
    json::from_str::<Consent>(kept).is_ok_and(|consent| Some(consent.version) > version)
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
    /// Of the signed identity, as it stands in names; empty for an unknown visitor.
    subject: String,
    is_signed: bool,
}

impl Scope {
    fn of(channel: &str, identity: Option<&str>) -> Self {
        Self {
            channel: channel.to_owned(),
            subject: identity
                .and_then(subject)
                .map(|subject| in_names(&subject))
                .unwrap_or_default(),
            is_signed: identity.is_some(),
        }
    }

    /// What everything of the channel begins with.
    fn channel_name(&self) -> String {
        ["portico.", &self.channel, "."].concat()
    }

    /// What the browser's store for responses, and the database of unsent posts, are called.
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

/// What the parts of a visitor's things are called.
const PARTS: [&str; 4] = ["me", "out", "files", "alerts"];

/// A subject as it stands in names: no piece of it is the name of a part, so that the things of `omar` are told from those of
/// `omar.out`. So an address under the domain `.me` ends with a mark, and one under another domain stays as it is. The first screen
/// (`first.js`) and the plain chat (`plain.js`) mark them alike.
fn in_names(subject: &str) -> String {
    let mut name = String::new();
    for (at, piece) in subject.split('.').enumerate() {
        if at > 0 {
            name.push('.');
        }
        name.push_str(piece);
        if PARTS.contains(&piece.trim_end_matches('%')) {
            name.push('%');
        }
    }
    name
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
    use super::{Scope, TOKEN, both, is_newer, subject};
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
    fn no_name_of_one_customer_begins_like_those_of_another_one() {
        let subjects = [
            "omar",
            "omar.out",
            "omar.out%",
            "omar.files",
            "omar.me.draft",
            "out",
            ".out",
            "",
            "omar@shop.example",
            "omar@shop.me",
        ];
        let scopes = subjects.map(|subject| match subject {
            "" => Scope::of("shop", None),
            subject => Scope::of("shop", Some(&jwt(&format!(r#"{{"sub":"{subject}"}}"#)))),
        });
        for (at, scope) in scopes.iter().enumerate() {
            for other in scopes
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, other)| other)
            {
                for [part, of_other] in [
                    ["out.", "me."],
                    ["out.", "out."],
                    ["files.", "files."],
                    ["me.", "alerts."],
                ] {
                    let (name, of_other) = (scope.name(part), other.name(of_other));
                    assert!(!of_other.starts_with(&name), "{of_other} {name}");
                }
            }
        }
        assert_eq!(scopes[8].name("out."), "portico.shop.omar@shop.example.out.");
        assert_eq!(scopes[9].name("out."), "portico.shop.omar@shop.me%.out.");
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
    fn consent_of_the_unknown_visitor_counts_where_the_customer_has_given_none_to_as_new_terms() {
        let kept = r#"{"version":2,"language":"en"}"#;
        assert!(is_newer(kept, None));
        assert!(is_newer(kept, Some(1)));
        assert!(!is_newer(kept, Some(2)));
        assert!(!is_newer("torn", None));
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
