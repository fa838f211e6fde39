//! How the relay says no over HTTP: a status, and `{code, message}` in JSON.

pub use portico_shared::http::{ProblemBody, ProblemCode};

use axum::Json;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use portico_core::conversation::Refusal;
use portico_core::identity::AuthError;
use portico_core::identity::password::PasswordError;
use portico_core::identity::staff_session::StaffSessionError;
use portico_core::identity::visitor_session::VisitorSessionError;
use portico_core::store::StoreError;
use portico_shared::frame::RefusalCode;
use std::error::Error;
use std::time::Duration;
use tower_http::timeout::TimeoutError;

/// Clients that the store or a limit turned away without saying for how long come back after this.
const LATER: Duration = Duration::from_secs(1);

/// Those for whom there is no place come back after this.
const NO_PLACE: Duration = Duration::from_secs(5);

/// A refused request.
#[derive(Debug, Clone)]
pub struct Problem(ProblemBody);

impl Problem {
    /// A problem with a code for programs and a message for developers.
    pub fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self(ProblemBody {
            code,
            message: message.into(),
            retry_after_ms: None,
        })
    }

    /// The same, to be tried again no earlier than this.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after_ms = u64::try_from(wait.as_millis()).ok();
        self
    }

    /// No such page, or none that the caller may know of.
    pub fn not_found() -> Self {
        Self::new(ProblemCode::NotFound, "nothing is here")
    }

    /// The page that asks is not on the list.
    pub fn origin() -> Self {
        Self::new(
            ProblemCode::OriginRefused,
            "this origin is not on the list of the channel",
        )
    }

    /// No token, or none that is good.
    pub fn token() -> Self {
        Self::new(ProblemCode::TokenRefused, AuthError::Refused.to_string())
    }

    /// Proven, but not allowed.
    pub fn forbidden(message: &'static str) -> Self {
        Self::new(ProblemCode::Forbidden, message)
    }

    /// More than the rate allows.
    pub fn rate_limited(wait: Duration) -> Self {
        Self::new(ProblemCode::RateLimited, "too many attempts").retry_after(wait)
    }

    /// All connections that the relay takes are taken.
    pub fn full() -> Self {
        Self::new(ProblemCode::Full, "the relay has as many connections as it takes").retry_after(NO_PLACE)
    }

    /// One address has as many connections as one may have.
    pub fn crowded() -> Self {
        let message = "this address has as many connections as one may have";
        Self::new(ProblemCode::TooManyConnections, message).retry_after(NO_PLACE)
    }

    /// The relay stops and takes no new work.
    pub fn draining() -> Self {
        Self::new(ProblemCode::Draining, "the relay is shutting down").retry_after(LATER)
    }

    /// The body is too long, or not what the endpoint reads.
    fn unreadable(status: StatusCode, message: String) -> Self {
        let code = match status {
            StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::NotJson,
            _ => ProblemCode::Malformed,
        };
        Self::new(code, message)
    }

    /// Which one it is.
    pub fn code(&self) -> ProblemCode {
        self.0.code
    }

    /// How long the caller is asked to wait.
    pub fn wait(&self) -> Option<Duration> {
        self.0.retry_after_ms.map(Duration::from_millis)
    }

    /// Our fault. The cause is in the log, not in the answer.
    pub fn internal() -> Self {
        Self::new(ProblemCode::Internal, "the relay failed to answer")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self(body) = self;
        let status = status(body.code);
        let seconds = body.retry_after_ms.map(|wait| wait.div_ceil(1_000));
        let mut response = (status, Json(body)).into_response();
        if let Some(seconds) = seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn status(code: ProblemCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal.code {
            RefusalCode::Busy => ProblemCode::Busy,
            RefusalCode::Unavailable => ProblemCode::Unavailable,
            RefusalCode::Draining => ProblemCode::Draining,
            RefusalCode::RateLimited => ProblemCode::RateLimited,
            RefusalCode::Forbidden => ProblemCode::Forbidden,
            RefusalCode::NotFound => ProblemCode::NotFound,
            RefusalCode::ConversationEnded => ProblemCode::ConversationEnded,
            RefusalCode::OfferGone => ProblemCode::OfferGone,
            RefusalCode::AlreadyAnswered => ProblemCode::Conflict,
            RefusalCode::Malformed => ProblemCode::Malformed,
            RefusalCode::UnknownFrame => ProblemCode::UnknownFrame,
            RefusalCode::ForbiddenField => ProblemCode::ForbiddenField,
            RefusalCode::InvalidBody | RefusalCode::Other(_) => ProblemCode::InvalidBody,
        };
        let problem = Self::new(code, refusal.message);
        match refusal.retry_after_ms {
            Some(wait) => problem.retry_after(Duration::from_millis(wait)),
            None => problem,
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Expired => Self::new(ProblemCode::TokenExpired, error.to_string()),
            AuthError::Refused | AuthError::Changed => Self::token(),
            AuthError::Unavailable => Self::new(ProblemCode::Unavailable, error.to_string()).retry_after(LATER),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Full | StoreError::Stopped(_) => {
                Self::new(ProblemCode::Unavailable, "the store takes nothing at the moment").retry_after(LATER)
            }
            StoreError::Erased(_) => Self::token(),
            StoreError::FileGone(_) => Self::new(ProblemCode::FileGone, "the file is gone"),
            StoreError::Conflict(_) | StoreError::CustomerChanged(_) | StoreError::Taken(_) => {
                Self::new(ProblemCode::Conflict, "somebody else was faster").retry_after(LATER)
            }
            StoreError::TooDeep | StoreError::ReservedName => Self::new(ProblemCode::InvalidBody, error.to_string()),
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

impl From<VisitorSessionError> for Problem {
    fn from(error: VisitorSessionError) -> Self {
        let message = error.to_string();
        match error {
            VisitorSessionError::UnknownChannel(_) => Self::new(ProblemCode::UnknownChannel, message),
            VisitorSessionError::Refresh(_) => Self::new(ProblemCode::RefreshRefused, message),
            VisitorSessionError::Consent(_) => Self::new(ProblemCode::ConsentRequired, message),
            VisitorSessionError::Identity(_) => Self::new(ProblemCode::IdentityRefused, message),
            VisitorSessionError::Store(error) => error.into(),
        }
    }
}

impl From<StaffSessionError> for Problem {
    fn from(error: StaffSessionError) -> Self {
        match error {
            StaffSessionError::Wrong => Self::new(ProblemCode::WrongCredentials, error.to_string()),
            StaffSessionError::Unknown => Self::token(),
            StaffSessionError::Password(PasswordError::Busy) => {
                Self::new(ProblemCode::Busy, error.to_string()).retry_after(LATER)
            }
            StaffSessionError::Store(error) => error.into(),
            StaffSessionError::Password(PasswordError::TooLong | PasswordError::Hash(_))
            | StaffSessionError::Scope(_)
            | StaffSessionError::Random(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "signing in failed");
                Self::internal()
            }
        }
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        if is_caused_by::<TimeoutError>(&rejection) {
            return Self::new(ProblemCode::Timeout, "the body came in too slowly");
        }
        Self::unreadable(rejection.status(), rejection.body_text())
    }
}

/// Whether an error, or what it wraps, is one of this type.
fn is_caused_by<E: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |&error| error.source());
    causes.any(|error| error.is::<E>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use utoipa::PartialSchema;

    #[test]
    fn the_protocol_says_of_each_code_what_to_do() {
        let schema = serde_json::to_value(ProblemCode::schema()).expect("JSON");
        let codes: Vec<ProblemCode> = serde_json::from_value(schema["enum"].clone()).expect("codes");
        let document = include_str!("../../../docs/protocol.md");
        let (_, table) = document.split_once("## Answers over HTTP").expect("the table");
        let rows = table
            .lines()
            .filter(|line| line.starts_with("| 4") || line.starts_with("| 5"));
        assert_eq!(rows.count(), codes.len());
        for code in codes {
            let Ok(Value::String(name)) = serde_json::to_value(code) else {
                panic!("{code:?} has no name");
            };
            let row = format!("\n| {} | `{name}` | ", code.status());
            assert!(table.contains(&row), "{row}");
        }
    }
}
