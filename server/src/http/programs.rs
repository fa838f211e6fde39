//! Bots and apps as those who manage them see, register and change them.

mod keys;

pub(super) use keys::{
    __path_retire_key, __path_retire_secret, __path_rotate_key, __path_rotate_secret, retire_key, retire_secret,
    rotate_key, rotate_secret,
};

use super::AppState;
use super::extract::{Json, Staff};
use super::problem::{Problem, ProblemBody, ProblemCode};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portico_core::audit::Attribution;
use portico_core::identity::StaffPrincipal;
use portico_core::programs::ProgramError;
use portico_shared::http::{NewProgram, ProgramChange, ProgramChanged, ProgramEntry, ProgramRegistered};
use std::sync::Arc;

/// All bots and apps that are configured or registered, with their live keys. Apps of keys that an operator made by hand are not
/// among them.
#[utoipa::path(
    get, path = "/api/v1/programs", tag = "administration", security(("bearer" = [])),
    responses(
        (status = 200, description = "The programs, those of the configuration first", body = Vec<ProgramEntry>),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn list(
    State(state): State<Arc<AppState>>,
    _: Staff,
) -> Result<axum::Json<Vec<ProgramEntry>>, Problem> {
    Ok(axum::Json(state.programs.list().await?))
}

/// Registers a bot or an app, which may be used at once. Its first key, and the secret that signs calls to its webhook, are
/// answered this once.
#[utoipa::path(
    post, path = "/api/v1/programs", tag = "administration", security(("bearer" = [])),
    request_body = NewProgram,
    responses(
        (status = 201, description = "It is registered", body = ProgramRegistered),
        (status = 400, description = "A name, a scope, a channel or a webhook that it cannot have; the message says which", body = ProblemBody),
        (status = 409, description = "`conflict`: the id is taken, or there are as many programs as there may be", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn register(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Json(new): Json<NewProgram>,
) -> Result<(StatusCode, axum::Json<ProgramRegistered>), Problem> {
    let registered = state.programs.register(new, &by(&state, &staff)).await?;
    Ok((StatusCode::CREATED, axum::Json(registered)))
}

/// Changes a registered program; what is absent stays as it is. A disabled one's keys are refused, its sockets close within five
/// seconds, and it is not called: what is to be delivered to it waits until it is enabled.
#[utoipa::path(
    patch, path = "/api/v1/programs/{program}", tag = "administration", security(("bearer" = [])),
    params(("program" = String, Path, description = "Its id")),
    request_body = ProgramChange,
    responses(
        (status = 200, description = "The program as it is now", body = ProgramChanged),
        (status = 400, description = "A name, a scope, a channel or a webhook that it cannot have; the message says which", body = ProblemBody),
        (status = 404, description = "No such program", body = ProblemBody),
        (status = 409, description = "`conflict`: it stands in the configuration", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn change(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path(program): Path<String>,
    Json(change): Json<ProgramChange>,
) -> Result<axum::Json<ProgramChanged>, Problem> {
    let changed = state.programs.change(&program, change, &by(&state, &staff)).await?;
    Ok(axum::Json(changed))
}

/// Who changes something now.
fn by(state: &AppState, staff: &StaffPrincipal) -> Attribution {
    Attribution::user(staff, state.registry.services().clock.as_ref())
}

impl From<ProgramError> for Problem {
    fn from(error: ProgramError) -> Self {
        let code = match error {
            ProgramError::Unknown(_) | ProgramError::NoSuch(_) => ProblemCode::NotFound,
            ProgramError::Taken { .. }
            | ProgramError::Configured(_)
            | ProgramError::Registered(_)
            | ProgramError::Full(_)
            | ProgramError::LastSecret => ProblemCode::Conflict,
            ProgramError::Id(_)
            | ProgramError::Name(_)
            | ProgramError::Scope(_)
            | ProgramError::Channel { .. }
            | ProgramError::Webhook(_)
            | ProgramError::Bound(_) => ProblemCode::Malformed,
            ProgramError::Key(error) => return error.into(),
            ProgramError::Store(error) => return error.into(),
            ProgramError::Stopped => ProblemCode::Unavailable,
            ProgramError::Random(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a program was not changed");
                return Self::internal();
            }
        };
        Self::new(code, error.to_string())
    }
}
