//! Is a call from the relay, whole, and recent?

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How far the relay's clock may be from ours, in seconds. An older call is a replay.
const WINDOW_SECONDS: u64 = 300;

/// Checks `portico-signature` (`v1=` and the hex HMAC-SHA256 of `<timestamp>.<body>`, or two of them with a comma between, while
/// two secrets live) and `portico-timestamp` (epoch seconds) against the clock.
pub(crate) fn verify(secret: &str, timestamp: &str, signature: &str, body: &[u8], now_seconds: u64) -> bool {
    let recent = timestamp
        .parse::<u64>()
        .is_ok_and(|sent| sent.abs_diff(now_seconds) <= WINDOW_SECONDS);
    let expected = expected(secret, timestamp, body);
    let mut signed = signature.split(',').filter_map(|one| one.trim().strip_prefix("v1="));
    recent && signed.any(|hex| bool::from(expected.as_bytes().ct_eq(hex.as_bytes())))
}

fn expected(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_700_000_000;

    fn check(secret: &str, timestamp: &str, body: &[u8], now: u64) -> bool {
        let signature = format!("v1={}", expected("secret", "1700000000", b"{}"));
        verify(secret, timestamp, &signature, body, now)
    }

    #[test]
    fn a_call_of_the_relay_is_taken() {
        assert!(check("secret", "1700000000", b"{}", NOW));
        assert!(check("secret", "1700000000", b"{}", NOW + WINDOW_SECONDS));
    }

    #[test]
    fn a_call_that_is_signed_with_two_secrets_is_taken_by_who_knows_either() {
        let both = ["old", "new"].map(|secret| format!("v1={}", expected(secret, "1700000000", b"{}")));
        for (secret, is_known) in [("old", true), ("new", true), ("other", false)] {
            let taken = verify(secret, "1700000000", &both.join(","), b"{}", NOW);
            assert_eq!(taken, is_known, "{secret}");
        }
    }

    #[test]
    fn a_changed_foreign_or_old_call_is_not() {
        assert!(!check("secret", "1700000000", b"{ }", NOW));
        assert!(!check("other", "1700000000", b"{}", NOW));
        assert!(!check("secret", "1700000001", b"{}", NOW));
        assert!(!check("secret", "1700000000", b"{}", NOW + WINDOW_SECONDS + 1));
        assert!(!verify("secret", "", "", b"{}", NOW));
    }
}
