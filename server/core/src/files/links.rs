//! Links: addresses that open one file for some minutes, without a token, because pictures and players send none.

use hmac::{Hmac, Mac};
use portico_shared::ids::FileId;
use sha2::Sha256;

/// Links end at multiples of this, in seconds, so that one that is asked for again is the same, and what a browser has
/// fetched by it is found in its cache.
const STEP_SECONDS: i64 = 5 * 60;

/// Signs links. It never leaves the relay.
pub struct LinkKey([u8; 32]);

/// A link that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// When it ends, in epoch seconds.
    pub expires: i64,
    /// How long it is good from now on, in seconds.
    pub for_seconds: u64,
    /// In hexadecimal.
    pub signature: String,
}

impl LinkKey {
    /// From the secret that the store keeps.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// A link to a file, good for five to ten minutes; `now` in epoch milliseconds.
    pub(super) fn sign(&self, file: &FileId, now: i64) -> Signed {
        let now = now / 1_000;
        let expires = (now / STEP_SECONDS + 2) * STEP_SECONDS;
        Signed {
            expires,
            for_seconds: (expires - now).unsigned_abs(),
            signature: hex::encode(self.mac(file, expires).finalize().into_bytes()),
        }
    }

    /// Whether a link was signed here and is good now.
    pub(super) fn holds(&self, file: &FileId, expires: i64, signature: &str, now: i64) -> bool {
        let mut bytes = [0; 32];
        let is_hex = hex::decode_to_slice(signature, &mut bytes).is_ok();
        is_hex && now / 1_000 < expires && self.mac(file, expires).verify_slice(&bytes).is_ok()
    }

    fn mac(&self, file: &FileId, expires: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        // An id has no line break in it.
        mac.update(format!("{file}\n{expires}").as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_one_file_until_it_ends_and_with_one_key() {
        let (key, file) = (LinkKey::new([7; 32]), FileId::new("a"));
        let now = 1_767_225_600_000;
        let link = key.sign(&file, now);
        assert_eq!(link.for_seconds, 600);
        assert_eq!(
            key.sign(&file, now + 299_999),
            Signed {
                for_seconds: 301,
                ..link.clone()
            }
        );
        let holds = |key: &LinkKey, file: &str, expires: i64, signature: &str, now: i64| {
            key.holds(&FileId::new(file), expires, signature, now)
        };
        let end = link.expires * 1_000;
        assert!(holds(&key, "a", link.expires, &link.signature, end - 1));
        assert!(!holds(&key, "a", link.expires, &link.signature, end));
        assert!(!holds(&key, "b", link.expires, &link.signature, now));
        assert!(!holds(&key, "a", link.expires + 1, &link.signature, now));
        assert!(!holds(&LinkKey::new([8; 32]), "a", link.expires, &link.signature, now));
        for bad in [
            "",
            "00",
            &link.signature[1..],
            &"zz".repeat(32),
            &link.signature.repeat(2),
        ] {
            assert!(!holds(&key, "a", link.expires, bad, now), "{bad}");
        }
    }
}
