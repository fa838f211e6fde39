//! Passwords of contact-centre users: Argon2id, on few threads at once, because each check costs 19 MiB and tens of
//! milliseconds, and with the same work for names that do not exist.

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Checks that run at once. Further ones wait, so that signing in never takes all processors from the conversations.
const AT_ONCE: usize = 2;

/// A check that did not begin within this time is given up as busy.
const WAIT: Duration = Duration::from_secs(5);

/// A longer password is refused unread, in bytes.
pub const MAX_BYTES: usize = 1_024;

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Above [`MAX_BYTES`].
    #[error("a password has at most {MAX_BYTES} bytes")]
    TooLong,
    /// Argon2 itself failed.
    #[error("the password cannot be hashed: {0}")]
    Hash(argon2::password_hash::Error),
    /// Too many checks wait.
    #[error("too many passwords are being checked")]
    Busy,
}

/// The PHC text that is kept of a password.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

/// Checked for names that do not exist: made from a random password that was not kept.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$TJXvdaoF9pkLGzLDcfRTNw$VdWOrxCjTpswvXFPHhvHSJ+Sv+Bi+KD+mO4D1zpcAyU";

/// Checks passwords.
pub(super) struct Passwords {
    slots: Arc<Semaphore>,
}

impl Passwords {
    pub(super) fn new() -> Self {
        Self {
            slots: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Whether the password belongs to the hash; without a hash the same work is done for nothing.
    pub(super) async fn fits(&self, password: String, kept: Option<String>) -> Result<bool, PasswordError> {
        if password.len() > MAX_BYTES {
            return Ok(false);
        }
        let slot = tokio::time::timeout(WAIT, Arc::clone(&self.slots).acquire_owned()).await;
        let Ok(Ok(slot)) = slot else {
            return Err(PasswordError::Busy);
        };
        let exists = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODY.to_owned());
        #[expect(
            clippy::disallowed_methods,
            reason = "awaited in the same function, so that a stop waits for it"
        )]
        let checked = tokio::task::spawn_blocking(move || {
            let fits = verify(&password, &kept);
            drop(slot);
            fits
        });
        Ok(checked.await.unwrap_or(false) && exists)
    }
}

fn verify(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new();
        let kept = hash("correct horse").expect("hashes");
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(
            passwords
                .fits("correct horse".into(), Some(kept.clone()))
                .await
                .expect("checked")
        );
        assert!(
            !passwords
                .fits("correct house".into(), Some(kept))
                .await
                .expect("checked")
        );
        assert!(
            !passwords
                .fits("correct horse".into(), Some("damaged".into()))
                .await
                .expect("checked")
        );
        assert!(!passwords.fits("correct horse".into(), None).await.expect("checked"));
    }

    #[test]
    fn a_name_that_does_not_exist_costs_as_much_as_one_that_does() {
        let kept = hash("correct horse").expect("hashes");
        let settings = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(settings(NOBODY), settings(&kept));
        assert!(PasswordHash::new(NOBODY).is_ok_and(|hash| hash.hash.is_some_and(|hash| hash.len() == 32)));
    }

    #[test]
    fn an_endless_password_is_refused_before_work_is_done() {
        assert!(matches!(hash(&"x".repeat(MAX_BYTES + 1)), Err(PasswordError::TooLong)));
    }
}
