//! Sign-in of contact-centre users at an OpenID provider: authorization code flow with PKCE.
//!
//! A sign-in is bound to the browser that began it by a cookie ([`Attempt`]), from which state, nonce and code verifier are
//! derived with a key of the relay. So nothing is kept of sign-ins under way, and nobody fills a memory with them. The crate
//! `openidconnect` checks what the provider answers; this module says with which keys, when, and what follows from the claims.

mod attempt;
mod claims;
mod discovery;
mod fetch;
mod ticket;

pub(crate) use attempt::{ATTEMPT_SECONDS, AttemptKey};
pub(crate) use fetch::FetchError;
pub(crate) use ticket::TICKET_SECONDS;

use crate::once::{OnceIn, Turn};
use attempt::Attempt;
use claims::{AllClaims, user_of};
use discovery::Discovery;
use fetch::Fetch;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret, ConfigurationError,
    CsrfToken, DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken,
    IdTokenClaims, IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use portico_core::clock::Clock;
use portico_core::config::Oidc;
use portico_core::identity::Origin;
use portico_core::identity::provided::ProvidedUser;
use portico_shared::ids::ParticipantId;
use reqwest::Url;
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Where the provider sends browsers back to.
pub(crate) const CALLBACK: &str = "/api/login/oidc/callback";

/// How far the provider's clock may be from this machine's.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// Signatures that are taken: those of keys that the provider alone has.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Fields = IdTokenFields<
    AllClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type ProvidedToken = IdToken<AllClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type ProvidedClaims = IdTokenClaims<AllClaims, CoreGenderClaim>;
type CodeError = RequestTokenError<FetchError, StandardErrorResponse<CoreErrorResponseType>>;

/// The relay as the provider's client, with what was discovered of the provider.
type RelyingParty = Client<
    AllClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a sign-in could not be begun or finished.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// No cookie, one whose time is over, or one of another sign-in than the answer is for.
    #[error("the answer is for no sign-in that this browser has begun")]
    Stray,
    /// The answer was used before.
    #[error("the sign-in was finished before")]
    Finished,
    /// The answer says that it comes from somebody else (RFC 9207).
    #[error("the answer is of another issuer")]
    Issuer,
    /// People would be sent away in clear.
    #[error("the provider signs people in at an address that is neither https:// nor on its own machine")]
    InClear,
    /// The provider has signed nobody in.
    #[error("the provider answered {0}")]
    Denied(String),
    /// What the provider says of itself could not be read.
    #[error("the provider was not discovered")]
    Discovery(#[from] DiscoveryError<FetchError>),
    /// It could not be discovered a moment ago, and is not asked again so soon.
    #[error("the provider was not discovered a moment ago")]
    DiscoveredLately,
    /// It has no place where codes are exchanged.
    #[error("the provider takes no codes")]
    NoTokenEndpoint(#[from] ConfigurationError),
    /// The code was not taken.
    #[error("the code was not exchanged")]
    Code(#[source] Box<CodeError>),
    /// The scope `openid` brought no ID token.
    #[error("the provider gave no ID token")]
    NoIdToken,
    /// The ID token is not good.
    #[error("the ID token is refused")]
    Token(#[from] ClaimsVerificationError),
    /// The ID token was made for another client.
    #[error("the ID token was made for another client")]
    AuthorizedParty,
    /// The operating system has no randomness.
    #[error("no randomness: {0}")]
    Random(#[from] getrandom::Error),
}

/// A sign-in that was begun.
pub(crate) struct Begun {
    /// Where the browser goes.
    pub(crate) url: Url,
    /// What the browser keeps meanwhile.
    pub(crate) cookie: String,
}

/// What the provider sends a browser back with.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Callback {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Signs users in at one provider.
pub(crate) struct OpenIdProvider {
    config: Oidc,
    redirect: RedirectUrl,
    fetch: Fetch,
    discovery: Discovery,
    /// Sign-ins that were finished, by their cookies, and tickets that were exchanged, for as long as they would be good.
    finished: OnceIn,
    exchanged: OnceIn,
    key: AttemptKey,
    clock: Arc<dyn Clock>,
}

impl OpenIdProvider {
    /// The provider of the configuration, for a relay of this origin. Nothing is asked of it yet.
    pub(crate) fn new(
        config: Oidc,
        own: &Origin,
        key: AttemptKey,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        let redirect = RedirectUrl::new(format!("{own}{CALLBACK}")).expect("an origin and a path are an address");
        let issuer = IssuerUrl::new(config.issuer.clone()).expect("the issuer was checked when it was loaded");
        Ok(Self {
            fetch: Fetch::new(issuer.url())?,
            finished: OnceIn::seconds(ATTEMPT_SECONDS.unsigned_abs(), clock.clone()),
            exchanged: OnceIn::seconds(TICKET_SECONDS.unsigned_abs(), clock.clone()),
            discovery: Discovery::new(issuer, clock.clone()),
            redirect,
            config,
            key,
            clock,
        })
    }

    /// What the desk calls it.
    pub(crate) fn name(&self) -> &str {
        &self.config.name
    }

    /// Begins a sign-in.
    pub(crate) async fn begin(&self) -> Result<Begun, OidcError> {
        let metadata = self.discovery.known(&self.fetch).await?;
        let attempt = Attempt::begin(&self.key, self.clock.now_ms())?;
        let client = self.client(&metadata);
        let (state, nonce) = (attempt.state(), attempt.nonce());
        let verifier = PkceCodeVerifier::new(attempt.verifier());
        let request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let (url, ..) = request.url();
        if !self.fetch.is_private(&url) {
            return Err(OidcError::InClear);
        }
        Ok(Begun {
            url,
            cookie: attempt.into_cookie(),
        })
    }

    /// Finishes a sign-in: who it is that the provider has signed in, and with which roles.
    pub(crate) async fn finish(&self, callback: Callback, cookie: Option<&str>) -> Result<ProvidedUser, OidcError> {
        let cookie = cookie.ok_or(OidcError::Stray)?;
        let attempt = Attempt::resume(&self.key, cookie, self.clock.now_ms()).ok_or(OidcError::Stray)?;
        if !attempt.is_answered_by(&callback.state) {
            return Err(OidcError::Stray);
        }
        if callback.iss.is_some_and(|issuer| issuer != self.config.issuer) {
            return Err(OidcError::Issuer);
        }
        let code = match (callback.code, callback.error) {
            (Some(code), None) => AuthorizationCode::new(code),
            (_, Some(error)) => return Err(OidcError::Denied(error)),
            (None, None) => return Err(OidcError::Denied("nothing".to_owned())),
        };
        let metadata = self.discovery.known(&self.fetch).await?;
        let token = self.exchange(&metadata, code, &attempt).await?;
        let nonce = Nonce::new(attempt.nonce());
        let claims = match self.claims(&metadata, &token, &nonce) {
            // The provider may have other keys than when it was discovered.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let metadata = self.discovery.renewed(&self.fetch).await?;
                self.claims(&metadata, &token, &nonce)?
            }
            verified => verified?,
        };
        let is_for_others = |party: &ClientId| party.as_str() != self.config.client_id;
        if claims.authorized_party().is_some_and(is_for_others) {
            return Err(OidcError::AuthorizedParty);
        }
        // Also for a provider that takes a code twice.
        self.finished.sweep();
        self.finished.turn(cookie).ok_or(OidcError::Finished)?.take();
        Ok(user_of(&claims, &self.config))
    }

    /// What the browser brings to the desk for a user who was let in.
    pub(crate) fn ticket(&self, user: &ParticipantId) -> String {
        self.key.ticket(user, self.clock.now_ms())
    }

    /// The user for whom such a ticket was given, and the turn to exchange it, which counts when it is taken. Nothing if the
    /// ticket is not good, or was exchanged.
    pub(crate) fn holder(&self, ticket: &str) -> Option<(ParticipantId, Turn<'_>)> {
        let holder = self.key.holder(ticket, self.clock.now_ms())?;
        self.exchanged.sweep();
        Some((holder, self.exchanged.turn(ticket)?))
    }

    async fn exchange(
        &self,
        metadata: &CoreProviderMetadata,
        code: AuthorizationCode,
        attempt: &Attempt<'_>,
    ) -> Result<ProvidedToken, OidcError> {
        let answer = self
            .client(metadata)
            .exchange_code(code)?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier()))
            .request_async(&self.fetch)
            .await
            .map_err(|error| OidcError::Code(Box::new(error)))?;
        answer.id_token().cloned().ok_or(OidcError::NoIdToken)
    }

    fn claims(
        &self,
        metadata: &CoreProviderMetadata,
        token: &ProvidedToken,
        nonce: &Nonce,
    ) -> Result<ProvidedClaims, ClaimsVerificationError> {
        let now = self.clock.system_time();
        let client = self.client(metadata);
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || (now - CLOCK_SKEW).into())
            .set_issue_time_verifier_fn(move |issued| {
                let is_past = SystemTime::from(issued) <= now + CLOCK_SKEW;
                is_past
                    .then_some(())
                    .ok_or_else(|| format!("issued in the future, at {issued}"))
            });
        token.claims(&verifier, nonce).cloned()
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> RelyingParty {
        let secret = self.config.secret.expose_secret();
        let secret = (!secret.is_empty()).then(|| ClientSecret::new(secret.to_owned()));
        let id = ClientId::new(self.config.client_id.clone());
        Client::from_provider_metadata(metadata.clone(), id, secret)
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(auth_type(metadata))
    }
}

/// How the relay proves who it is: as every provider must know, unless this one says that it does not.
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let methods = metadata.token_endpoint_auth_methods_supported();
    let knows = |method| methods.is_none_or(|methods| methods.contains(&method));
    if !knows(CoreClientAuthMethod::ClientSecretBasic) && knows(CoreClientAuthMethod::ClientSecretPost) {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}
