//! One sign-in under way, as the browser that has begun it keeps it: the time and a random text. What the provider is told is
//! derived from both with a key that the relay alone has. So a cookie can neither be made up nor made younger, and what answers
//! to it fits no other.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use portico_core::identity::secret;
use sha2::Sha256;

/// How long a person may take to sign in at the provider, in seconds.
pub(crate) const ATTEMPT_SECONDS: i64 = 600;

/// The relay's key for sign-ins under way.
pub(crate) struct AttemptKey([u8; 32]);

impl AttemptKey {
    /// From what the store keeps.
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    pub(super) fn mac(&self, what: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(what.as_bytes());
        mac.update(b".");
        mac.update(text.as_bytes());
        mac
    }
}

/// A sign-in under way.
pub(super) struct Attempt<'k> {
    key: &'k AttemptKey,
    cookie: String,
}

impl<'k> Attempt<'k> {
    /// A new one.
    pub(super) fn begin(key: &'k AttemptKey, now_ms: i64) -> Result<Self, getrandom::Error> {
        let random = URL_SAFE_NO_PAD.encode(secret::random()?);
        let cookie = format!("{now_ms}.{random}");
        Ok(Self { key, cookie })
    }

    /// The one that a browser has kept, if its time is not over. Whether it was made here, its answer shows.
    pub(super) fn resume(key: &'k AttemptKey, cookie: &str, now_ms: i64) -> Option<Self> {
        let (began_ms, _) = cookie.split_once('.')?;
        let age_ms = now_ms.checked_sub(began_ms.parse().ok()?)?;
        (0..ATTEMPT_SECONDS * 1_000).contains(&age_ms).then(|| Self {
            key,
            cookie: cookie.to_owned(),
        })
    }

    /// What the browser keeps.
    pub(super) fn into_cookie(self) -> String {
        self.cookie
    }

    /// What comes back with the answer.
    pub(super) fn state(&self) -> String {
        self.derive("state")
    }

    /// What stands in the ID token.
    pub(super) fn nonce(&self) -> String {
        self.derive("nonce")
    }

    /// What proves that the code is exchanged by who asked for it.
    pub(super) fn verifier(&self) -> String {
        self.derive("verifier")
    }

    /// Whether an answer is for this one.
    pub(super) fn is_answered_by(&self, state: &str) -> bool {
        let state = URL_SAFE_NO_PAD.decode(state).unwrap_or_default();
        self.key.mac("state", &self.cookie).verify_slice(&state).is_ok()
    }

    fn derive(&self, what: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.key.mac(what, &self.cookie).finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn key() -> AttemptKey {
        AttemptKey::new([7; 32])
    }

    #[test]
    fn a_sign_in_is_finished_by_the_browser_that_began_it_and_in_its_time() {
        let key = key();
        let begun = Attempt::begin(&key, NOW).expect("randomness");
        let (state, cookie) = (begun.state(), begun.into_cookie());
        let at = |now| Attempt::resume(&key, &cookie, now);
        for now in [NOW, NOW + ATTEMPT_SECONDS * 1_000 - 1] {
            assert!(at(now).expect("in time").is_answered_by(&state));
        }
        assert!(at(NOW + ATTEMPT_SECONDS * 1_000).is_none(), "over");
        assert!(at(NOW - 1).is_none(), "from the future");
        let other = Attempt::begin(&key, NOW).expect("randomness");
        assert!(!other.is_answered_by(&state));
    }

    #[test]
    fn a_cookie_that_was_made_younger_fits_no_answer() {
        let key = key();
        let begun = Attempt::begin(&key, NOW).expect("randomness");
        let (state, cookie) = (begun.state(), begun.into_cookie());
        let later = NOW + ATTEMPT_SECONDS * 1_000;
        let forged = cookie.replacen(&NOW.to_string(), &later.to_string(), 1);
        let resumed = Attempt::resume(&key, &forged, later).expect("it looks young");
        assert!(!resumed.is_answered_by(&state));
    }

    #[test]
    fn what_the_provider_and_the_browser_see_gives_the_verifier_away_to_neither() {
        let key = key();
        let begun = Attempt::begin(&key, NOW).expect("randomness");
        let derived = [begun.state(), begun.nonce(), begun.verifier()];
        assert!(derived.iter().all(|text| text.len() == 43), "{derived:?}");
        assert!(derived[0] != derived[1] && derived[1] != derived[2] && derived[0] != derived[2]);
        let other_key = AttemptKey::new([8; 32]);
        let elsewhere = Attempt::resume(&other_key, &begun.cookie, NOW).expect("it looks young");
        assert_ne!(elsewhere.verifier(), begun.verifier());
    }

    #[test]
    fn what_is_no_cookie_of_ours_begins_nothing() {
        for text in [
            "",
            ".",
            "x.y",
            "1e3.y",
            "9223372036854775807.y",
            "-9223372036854775808.y",
        ] {
            assert!(Attempt::resume(&key(), text, NOW).is_none(), "{text}");
        }
        let begun = Attempt::begin(&key(), NOW).map(|begun| begun.is_answered_by(""));
        assert!(!begun.expect("randomness"));
    }
}
