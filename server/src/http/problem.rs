//! How the relay says no over HTTP: a status, and `{code, message}` in JSON.

use crate::conversation::Refusal;
use crate::identity::AuthError;
use crate::identity::password::PasswordError;
use crate::identity::session::SessionError;
use crate::identity::sign_in::SignInError;
use crate::store::StoreError;
use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use portico_shared::frame::RefusalCode;
use serde::Serialize;
use std::time::Duration;

/// Clients that the store or a limit turned away without saying for how long come back after this.
const LATER: Duration = Duration::from_secs(1);

/// Those for whom there is no place come back after this.
const NO_PLACE: Duration = Duration::from_secs(5);

/// A refused request.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    body: ProblemBody,
}

/// What a refused request is answered with.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// For programs: stable.
    code: &'static str,
    /// For developers, in English; never shown to customers.
    message: String,
    /// Not before this many milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl Problem {
    /// A problem with a status, a code for programs and a message for developers.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            body: ProblemBody {
                code,
                message: message.into(),
                retry_after_ms: None,
            },
        }
    }

    /// The same, to be tried again no earlier than this.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.body.retry_after_ms = u64::try_from(wait.as_millis()).ok();
        self
    }

    /// No such page, or none that the caller may know of.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "nothing is here")
    }

    /// The page that asks is not on the list.
    pub fn origin() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "origin_refused",
            "this origin is not on the list of the channel",
        )
    }

    /// No token, or none that is good.
    pub fn token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "token_refused",
            AuthError::Refused.to_string(),
        )
    }

    /// Proven, but not allowed.
    pub fn forbidden(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// More than the rate allows.
    pub fn rate_limited(wait: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", "too many attempts").retry_after(wait)
    }

    /// All connections that the relay takes are taken.
    pub fn full() -> Self {
        let message = "the relay has as many connections as it takes";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "full", message).retry_after(NO_PLACE)
    }

    /// One address has as many connections as one may have.
    pub fn crowded() -> Self {
        let message = "this address has as many connections as one may have";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_connections", message).retry_after(NO_PLACE)
    }

    /// The relay stops and takes no new work.
    pub fn draining() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "draining",
            "the relay is shutting down",
        )
        .retry_after(LATER)
    }

    /// The body is too long, or not what the endpoint reads.
    fn unreadable(status: StatusCode, message: String) -> Self {
        let code = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "not_json",
            _ => "malformed",
        };
        Self::new(status, code, message)
    }

    /// Our fault. The cause is in the log, not in the answer.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the relay failed to answer",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let seconds = self.body.retry_after_ms.map(|wait| wait.div_ceil(1_000));
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(seconds) = seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, code) = match refusal.code {
            RefusalCode::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            RefusalCode::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            RefusalCode::Draining => (StatusCode::SERVICE_UNAVAILABLE, "draining"),
            RefusalCode::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            RefusalCode::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            RefusalCode::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            RefusalCode::ConversationEnded => (StatusCode::CONFLICT, "conversation_ended"),
            RefusalCode::OfferGone => (StatusCode::CONFLICT, "offer_gone"),
            RefusalCode::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            RefusalCode::UnknownFrame => (StatusCode::BAD_REQUEST, "unknown_frame"),
            RefusalCode::ForbiddenField => (StatusCode::BAD_REQUEST, "forbidden_field"),
            RefusalCode::InvalidBody | RefusalCode::Other(_) => (StatusCode::BAD_REQUEST, "invalid_body"),
        };
        let problem = Self::new(status, code, refusal.message);
        match refusal.retry_after_ms {
            Some(wait) => problem.retry_after(Duration::from_millis(wait)),
            None => problem,
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Expired => Self::new(StatusCode::UNAUTHORIZED, "token_expired", error.to_string()),
            AuthError::Refused => Self::token(),
            AuthError::Unavailable => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", error.to_string()).retry_after(LATER)
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Full | StoreError::Stopped(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "the store takes nothing at the moment",
            )
            .retry_after(LATER),
            StoreError::Conflict(_) | StoreError::Taken(_) => {
                Self::new(StatusCode::CONFLICT, "conflict", "somebody else was faster").retry_after(LATER)
            }
            StoreError::TooDeep => Self::new(StatusCode::BAD_REQUEST, "invalid_body", error.to_string()),
            StoreError::Damaged(_) | StoreError::Failed(_) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a request failed at the store"
                );
                Self::internal()
            }
        }
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        let message = error.to_string();
        match error {
            SessionError::UnknownChannel(_) => Self::new(StatusCode::NOT_FOUND, "unknown_channel", message),
            SessionError::Refresh(_) => Self::new(StatusCode::UNAUTHORIZED, "refresh_refused", message),
            SessionError::Identity(_) => Self::new(StatusCode::UNAUTHORIZED, "identity_refused", message),
            SessionError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::new(StatusCode::UNAUTHORIZED, "wrong_credentials", error.to_string()),
            SignInError::Unknown => Self::token(),
            SignInError::Password(PasswordError::Busy) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string()).retry_after(LATER)
            }
            SignInError::Store(error) => error.into(),
            SignInError::Password(PasswordError::TooLong | PasswordError::Hash(_))
            | SignInError::Scope(_)
            | SignInError::Random(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "signing in failed");
                Self::internal()
            }
        }
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::unreadable(rejection.status(), rejection.body_text())
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        Self::unreadable(rejection.status(), rejection.body_text())
    }
}
