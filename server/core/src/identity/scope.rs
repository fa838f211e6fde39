//! What keys of apps may be good for. Bots have no scopes: what one may do follows from the conversations that it is in.

use crate::store::CredentialKind;

/// Reporting activities takes it.
pub const REPORT: &str = "activities:write";

/// Saying what customers are known by takes it.
pub const IDENTIFY: &str = "identities:write";

/// Putting labels on customers takes it.
pub const LABEL: &str = "labels:write";

/// Noting attributes of customers takes it.
pub const DESCRIBE: &str = "attributes:write";

/// All that there are.
const KNOWN: [&str; 4] = [REPORT, IDENTIFY, LABEL, DESCRIBE];

/// A key would have a scope that means nothing, and its owner would find out only when it is refused.
#[derive(Debug, thiserror::Error)]
pub enum ScopeError {
    /// A misspelt one, or one of another release.
    #[error("no app has the scope {0:?}; there are: {known}", known = KNOWN.join(", "))]
    Unknown(String),
    /// A bot's key.
    #[error("a bot's key has no scopes, and needs none")]
    OfBot,
}

/// Whether a key of this kind can have these scopes.
pub(crate) fn check(kind: CredentialKind, scopes: &[String]) -> Result<(), ScopeError> {
    match kind {
        CredentialKind::App => {
            let unknown = scopes.iter().find(|scope| !KNOWN.contains(&scope.as_str()));
            unknown.map_or(Ok(()), |scope| Err(ScopeError::Unknown(scope.clone())))
        }
        CredentialKind::Bot | CredentialKind::Staff if scopes.is_empty() => Ok(()),
        CredentialKind::Bot | CredentialKind::Staff => Err(ScopeError::OfBot),
    }
}
