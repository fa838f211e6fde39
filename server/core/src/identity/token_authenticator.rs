//! The one place where a token becomes a [`Principal`].
//!
//! A browser states its origin and cannot lie about it, so tokens of people are good from pages that may use them and
//! from nowhere else; a key of a bot needs no page. What a token is, is told by its shape, and each shape has one proof.

use super::secret::{self, SecretKind};
use super::visitor::{Purpose, VisitorTokens, not_erased};
use super::{
    AppPrincipal, AuthError, Authenticate, Authenticated, BotPrincipal, Consent, CustomerPrincipal, Origins, Principal,
    Roles, StaffPrincipal, linking,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::programs::ProgramDirectory;
use crate::store::{CredentialKind, CredentialRecord, Store};
use async_trait::async_trait;
use std::sync::Arc;

/// Proves tokens. The relay holds it behind an `Arc`.
pub struct TokenAuthenticator {
    /// What channels ask to be agreed to.
    pub config: Arc<Config>,
    /// Where sessions and keys are.
    pub store: Arc<dyn Store>,
    /// Now.
    pub clock: Arc<dyn Clock>,
    /// What proves customers.
    pub visitors: Arc<VisitorTokens>,
    /// Which pages may speak.
    pub origins: Arc<Origins>,
    /// What users may do.
    pub roles: Roles,
    /// Which bots and apps there are, and what those may do.
    pub programs: ProgramDirectory,
}

impl TokenAuthenticator {
    /// Proves a token of any kind, whatever the sender's address or page.
    pub async fn prove(&self, token: &str) -> Result<Authenticated, AuthError> {
        match secret::kind_of(token) {
            Some(kind) => self.prove_secret(kind, token).await,
            None => self.prove_visitor(token).await,
        }
    }

    /// Proves a customer who wishes to be erased, by the token of a visit or by what gets the next one, whatever the channel asks
    /// to be agreed to: who does not agree any more has to be forgotten as well.
    pub async fn prove_to_erase(&self, token: &str) -> Result<CustomerPrincipal, AuthError> {
        let now = self.clock.now_ms();
        let visit = self.visitors.prove(Purpose::Visit, token, now);
        let visitor = visit.or_else(|_| self.visitors.prove(Purpose::Refresh, token, now))?;
        linking::still_itself(&*self.store, &visitor.principal).await?;
        not_erased(&*self.store, &visitor).await?;
        Ok(visitor.principal)
    }

    async fn prove_visitor(&self, token: &str) -> Result<Authenticated, AuthError> {
        let visitor = self.visitors.prove(Purpose::Visit, token, self.clock.now_ms())?;
        let channel = self.config.channels.get(&visitor.principal.channel);
        let asked = channel.ok_or(AuthError::Refused)?.consent.as_ref();
        // The terms have changed since: the next token is given when the visitor has agreed to them.
        if !Consent::is_enough(visitor.principal.consent.as_ref(), asked) {
            return Err(AuthError::Expired);
        }
        linking::still_itself(&*self.store, &visitor.principal).await?;
        not_erased(&*self.store, &visitor).await?;
        Ok(Authenticated {
            principal: Principal::Customer(visitor.principal),
            issued_at: Some(visitor.issued_at),
            expires_at: Some(visitor.expires_at),
            credential: None,
        })
    }

    async fn prove_secret(&self, kind: SecretKind, token: &str) -> Result<Authenticated, AuthError> {
        let hash = secret::hash(token);
        let credential = self.live_credential(&hash).await?;
        let principal = match (kind, credential.kind) {
            (SecretKind::StaffSession, CredentialKind::Staff) => Principal::Staff(self.staff(&credential).await?),
            (SecretKind::ApiKey, CredentialKind::Bot) => Principal::Bot(self.bot(&credential)?),
            (SecretKind::ApiKey, CredentialKind::App) => Principal::App(self.app(&credential)?),
            (SecretKind::StaffSession, CredentialKind::Bot | CredentialKind::App)
            | (SecretKind::Webhook, _)
            | (SecretKind::ApiKey, CredentialKind::Staff) => return Err(AuthError::Refused),
        };
        Ok(Authenticated {
            principal,
            issued_at: None,
            expires_at: credential.expires_at,
            credential: Some(hash),
        })
    }

    async fn live_credential(&self, hash: &[u8; 32]) -> Result<CredentialRecord, AuthError> {
        let credential = self.store.credential(hash).await?.ok_or(AuthError::Refused)?;
        if credential.revoked {
            return Err(AuthError::Refused);
        }
        // Also where a bot of the configuration has taken the place of a program that was disabled.
        if credential.kind != CredentialKind::Staff
            && self
                .programs
                .program(&credential.subject)
                .is_some_and(|program| program.disabled)
        {
            return Err(AuthError::Refused);
        }
        self.in_time(credential.expires_at)?;
        Ok(credential)
    }

    fn in_time(&self, expires_at: Option<i64>) -> Result<(), AuthError> {
        match expires_at {
            Some(end) if end <= self.clock.now_ms() => Err(AuthError::Expired),
            Some(_) | None => Ok(()),
        }
    }

    async fn staff(&self, credential: &CredentialRecord) -> Result<StaffPrincipal, AuthError> {
        let user = self.store.user(&credential.subject).await?.ok_or(AuthError::Refused)?;
        if user.disabled {
            Err(AuthError::Refused)
        } else {
            Ok(StaffPrincipal::new(user, &self.roles))
        }
    }

    fn bot(&self, credential: &CredentialRecord) -> Result<BotPrincipal, AuthError> {
        let bot = self.programs.bot(&credential.subject);
        let bot = bot.filter(|bot| !bot.disabled).ok_or(AuthError::Refused)?;
        Ok(BotPrincipal {
            id: credential.subject.clone(),
            name: bot.name.clone(),
        })
    }

    /// An app that is not registered has what was said of its key when that was made.
    fn app(&self, credential: &CredentialRecord) -> Result<AppPrincipal, AuthError> {
        let id = credential.subject.clone();
        match self.programs.app(&id) {
            Some(app) if app.disabled => Err(AuthError::Refused),
            Some(app) => Ok(AppPrincipal {
                id,
                name: app.name.clone(),
                scopes: app.scopes.clone(),
                channels: app.channels.clone(),
            }),
            None => Ok(AppPrincipal {
                id,
                name: credential.label.clone(),
                scopes: credential.scopes.clone(),
                channels: Vec::new(),
            }),
        }
    }

    fn origin_fits(&self, principal: &Principal, origin: Option<&str>) -> bool {
        match principal {
            Principal::Customer(customer) => self.origins.may_visit(&customer.channel, origin),
            Principal::Staff(_) => self.origins.is_own(origin),
            Principal::Bot(_) => true,
            // Apps post over HTTP; what they would do on a socket is not defined.
            Principal::App(_) => false,
        }
    }
}

#[async_trait]
impl Authenticate for TokenAuthenticator {
    async fn authenticate(&self, token: &str, origin: Option<&str>) -> Result<Authenticated, AuthError> {
        let proven = self.prove(token).await?;
        if self.origin_fits(&proven.principal, origin) {
            Ok(proven)
        } else {
            Err(AuthError::Refused)
        }
    }

    async fn still_holds(&self, proven: &Authenticated) -> Result<(), AuthError> {
        self.in_time(proven.expires_at)?;
        let Some(hash) = &proven.credential else { return Ok(()) };
        let credential = self.live_credential(hash).await?;
        match &proven.principal {
            Principal::Staff(then) => {
                let now = self.staff(&credential).await?;
                // Rights are bound to the socket when it is opened, so other rights need another socket, with the same token.
                now.has_rights_of(then).then_some(()).ok_or(AuthError::Changed)
            }
            Principal::Bot(_) => self.bot(&credential).map(drop),
            Principal::App(_) => self.app(&credential).map(drop),
            Principal::Customer(_) => Ok(()),
        }
    }
}
