//! Is a call from the relay, whole, and recent?

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How far the relay's clock may be from ours, in seconds. An older call is a replay.
const WINDOW_SECONDS: u64 = 300;

/// Checks `portico-signature` (`v1=` and the hex HMAC-SHA256 of `<timestamp>.<body>`) and `portico-timestamp` (epoch
/// seconds) against the clock.
pub(crate) fn verify(secret: &str, timestamp: &str, signature: &str, body: &[u8], now_seconds: u64) -> bool {
    let recent = timestamp
        .parse::<u64>()
        .is_ok_and(|sent| sent.abs_diff(now_seconds) <= WINDOW_SECONDS);
    let Some(hex) = signature.strip_prefix("v1=") else {
        return false;
    };
    recent && bool::from(expected(secret, timestamp, body).as_bytes().ct_eq(hex.as_bytes()))
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
    fn a_changed_foreign_or_old_call_is_not() {
        assert!(!check("secret", "1700000000", b"{ }", NOW));
        assert!(!check("other", "1700000000", b"{}", NOW));
        assert!(!check("secret", "1700000001", b"{}", NOW));
        assert!(!check("secret", "1700000000", b"{}", NOW + WINDOW_SECONDS + 1));
        assert!(!verify("secret", "", "", b"{}", NOW));
    }
}
