//! Contact-centre users as those who manage them see and change them.

mod sessions;

pub(super) use sessions::{
    __path_end_all, __path_end_one, __path_list as __path_list_sessions, end_all, end_one, list as list_sessions,
};

use super::AppState;
use super::extract::{Json, Staff};
use super::problem::{Problem, ProblemBody, ProblemCode};
use axum::extract::{Path, State};
use portico_core::audit::Attribution;
use portico_core::conversation::Services;
use portico_core::identity::people::{self, PeopleError};
use portico_core::store::UserRecord;
use portico_shared::http::{UserChange, UserEntry};
use std::sync::Arc;

/// All contact-centre users, by name.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "administration", security(("bearer" = [])),
    responses(
        (status = 200, description = "The users", body = Vec<UserEntry>),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn list(State(state): State<Arc<AppState>>, _: Staff) -> Result<axum::Json<Vec<UserEntry>>, Problem> {
    let users = state.registry.services().store.users().await?;
    Ok(axum::Json(users.into_iter().map(|user| entry(&state, user)).collect()))
}

/// Disables or enables a user, or gives it other roles; what is absent stays as it is. A disabled user's sessions end. Sockets of a user that is
/// changed close within five seconds, and those of one that is not disabled come back with its new rights. Nobody changes oneself.
#[utoipa::path(
    patch, path = "/api/v1/users/{username}", tag = "administration", security(("bearer" = [])),
    params(("username" = String, Path, description = "What the user signs in with")),
    request_body = UserChange,
    responses(
        (status = 200, description = "The user as it is now", body = UserEntry),
        (status = 404, description = "No such user", body = ProblemBody),
        (status = 409, description = "`conflict`: it is oneself", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn change(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path(username): Path<String>,
    Json(change): Json<UserChange>,
) -> Result<axum::Json<UserEntry>, Problem> {
    if staff.username == username {
        return Err(Problem::new(
            ProblemCode::Conflict,
            "it is oneself: ask another to do it",
        ));
    }
    let Services { store, clock, .. } = state.registry.services();
    let (store, by) = (store.as_ref(), Attribution::user(&staff, clock.as_ref()));
    let name = &staff.username;
    if let Some(roles) = change.roles {
        people::set_roles(store, &by, &state.roles, &username, roles.clone()).await?;
        tracing::info!(user.name = %username, ?roles, by = %name, "a user was given other roles");
    }
    match change.disabled {
        Some(true) => {
            people::disable(store, &by, &username).await?;
            tracing::info!(user.name = %username, by = %name, "a user was disabled");
        }
        Some(false) => {
            people::enable(store, &by, &username).await?;
            tracing::info!(user.name = %username, by = %name, "a user was enabled");
        }
        None => {}
    }
    let user = people::known(store, &username).await?;
    Ok(axum::Json(entry(&state, user)))
}

fn entry(state: &AppState, user: UserRecord) -> UserEntry {
    let permissions = state.roles.permissions(&user.roles);
    UserEntry {
        id: user.id,
        username: user.username,
        first_name: user.first_name,
        last_name: user.last_name,
        roles: user.roles,
        permissions: permissions
            .iter()
            .map(|permission| permission.name().to_owned())
            .collect(),
        queues: user.queues,
        max_tasks: user.max_tasks,
        disabled: user.disabled,
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Unknown(_) | PeopleError::NoSession => Self::new(ProblemCode::NotFound, error.to_string()),
            PeopleError::Exists(_) => Self::new(ProblemCode::Conflict, error.to_string()),
            PeopleError::Username(_)
            | PeopleError::Name(_)
            | PeopleError::Role { .. }
            | PeopleError::NoRole { .. }
            | PeopleError::OfProvider(_)
            | PeopleError::ShortPassword => Self::new(ProblemCode::Malformed, error.to_string()),
            PeopleError::Store(error) => error.into(),
            PeopleError::Password(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a user was not changed");
                Self::internal()
            }
        }
    }
}
