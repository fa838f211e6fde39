//! What a browser brings from the provider's answer to the desk: whom it has signed in, and when. It is no token: it opens a
//! session for a minute and nothing else, and no session is open before the desk asks for one.

use super::AttemptKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use portico_shared::ids::ParticipantId;

/// How long it is good, in seconds: the desk asks as soon as it is loaded.
pub(crate) const TICKET_SECONDS: i64 = 60;

const TICKET: &str = "ticket";

impl AttemptKey {
    pub(super) fn ticket(&self, user: &ParticipantId, now_ms: i64) -> String {
        let says = format!("{user}.{now_ms}");
        let mac = URL_SAFE_NO_PAD.encode(self.mac(TICKET, &says).finalize().into_bytes());
        format!("{says}.{mac}")
    }

    /// Whom a ticket was given for, if it was given here and its time is not over.
    pub(super) fn holder(&self, ticket: &str, now_ms: i64) -> Option<ParticipantId> {
        let (says, mac) = ticket.rsplit_once('.')?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(TICKET, says).verify_slice(&mac).ok()?;
        let (user, given_ms) = says.rsplit_once('.')?;
        let age_ms = now_ms.checked_sub(given_ms.parse().ok()?)?;
        let is_good = (0..TICKET_SECONDS * 1_000).contains(&age_ms);
        ParticipantId::parse(user).filter(|_| is_good)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn a_ticket_names_its_holder_for_a_minute() {
        let key = AttemptKey::new([7; 32]);
        let user = ParticipantId::new("oidc-1");
        let ticket = key.ticket(&user, NOW);
        let at = |now| key.holder(&ticket, now);
        assert_eq!(at(NOW), Some(user.clone()));
        assert_eq!(at(NOW + TICKET_SECONDS * 1_000 - 1), Some(user));
        assert_eq!(at(NOW + TICKET_SECONDS * 1_000), None);
        assert_eq!(at(NOW - 1), None);
    }

    #[test]
    fn a_ticket_that_was_changed_or_made_elsewhere_names_nobody() {
        let key = AttemptKey::new([7; 32]);
        let ticket = key.ticket(&ParticipantId::new("oidc-1"), NOW);
        for forged in [
            ticket.replacen("oidc-1", "oidc-2", 1),
            ticket.replacen(&NOW.to_string(), &(NOW + 1).to_string(), 1),
            AttemptKey::new([8; 32]).ticket(&ParticipantId::new("oidc-1"), NOW),
            ticket.rsplit_once('.').expect("three parts").0.to_owned(),
            String::new(),
        ] {
            assert_eq!(key.holder(&forged, NOW), None, "{forged}");
        }
    }
}
