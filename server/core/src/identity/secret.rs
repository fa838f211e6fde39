//! Opaque secrets: long random texts that are handed out once and kept as their SHA-256 only. With 256 bits of
//! randomness nothing slower than one hash is needed to keep them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Random bytes in one secret.
const BYTES: usize = 32;

/// A secret longer than this was not made here, in bytes.
const MAX_BYTES: usize = 128;

/// Letters of a secret that are no secret: 48 of its 256 bits tell it from all others.
const PREFIX_LETTERS: usize = 8;

/// What a secret stands for, told by its first letters, so that a leaked one is recognised by those who search for such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// `pst_…`: a signed-in user.
    StaffSession,
    /// `pk_…`: a key of a bot or an app.
    ApiKey,
    /// `whsec_…`: the secret that signs calls to a webhook. It signs nobody in, and the store keeps it in clear, since a signature takes it.
    Webhook,
}

impl SecretKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::StaffSession => "pst_",
            Self::ApiKey => "pk_",
            Self::Webhook => "whsec_",
        }
    }
}

/// A fresh secret. It is shown to its owner once and then forgotten.
pub fn mint(kind: SecretKind) -> Result<String, getrandom::Error> {
    Ok(format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random()?)))
}

/// What may be shown of a secret, so that people tell it from others.
pub fn prefix(secret: &str) -> String {
    let kind = secret.find('_').map_or(0, |end| end + 1);
    secret.chars().take(kind + PREFIX_LETTERS).collect()
}

/// Random bytes from the operating system.
#[expect(clippy::disallowed_methods, reason = "the one place that makes secrets")]
pub fn random() -> Result<[u8; BYTES], getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// What kind of secret a text claims to be.
pub(super) fn kind_of(text: &str) -> Option<SecretKind> {
    if text.len() > MAX_BYTES {
        return None;
    }
    [SecretKind::StaffSession, SecretKind::ApiKey]
        .into_iter()
        .find(|kind| text.starts_with(kind.prefix()))
}

/// Whether a text claims to be a secret of staff, of a bot or of an app, and so no token of a customer.
pub fn is_secret(text: &str) -> bool {
    kind_of(text).is_some()
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_tells_its_kind_and_nothing_else() {
        let secret = mint(SecretKind::ApiKey).expect("the system has randomness");
        assert_eq!(kind_of(&secret), Some(SecretKind::ApiKey));
        assert_eq!(secret.len(), 3 + 43);
        assert!(secret.starts_with(&prefix(&secret)) && prefix(&secret).len() == 3 + PREFIX_LETTERS);
        assert_ne!(secret, mint(SecretKind::ApiKey).expect("the system has randomness"));
        assert_eq!(kind_of("eyJhbGciOiJIUzI1NiJ9.e30.x"), None);
        assert_eq!(kind_of(&format!("pk_{}", "x".repeat(MAX_BYTES))), None);
    }
}
