//! Who a session stands for.

use super::extract::Staff;
use super::problem::ProblemBody;
use crate::identity::StaffPrincipal;
use axum::Json;
use serde::Serialize;

/// A contact-centre user.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct UserAnswer {
    /// Its id.
    id: String,
    /// What it signs in with.
    username: String,
    /// Shown to customers.
    first_name: String,
    /// Shown to colleagues.
    last_name: String,
    /// `agent`, `supervisor`, `admin`.
    roles: Vec<String>,
    /// Queues that it serves; empty means all.
    queues: Vec<String>,
    /// How many conversations at once.
    max_tasks: u8,
}

/// The signed-in user.
#[utoipa::path(
    get, path = "/api/me", tag = "staff", security(("bearer" = [])),
    responses(
        (status = 200, description = "The signed-in user", body = UserAnswer),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
    )
)]
pub(super) async fn show(Staff(staff): Staff) -> Json<UserAnswer> {
    Json(staff.into())
}

impl From<StaffPrincipal> for UserAnswer {
    fn from(staff: StaffPrincipal) -> Self {
        Self {
            id: staff.id.to_string(),
            username: staff.username,
            first_name: staff.first_name,
            last_name: staff.last_name,
            roles: staff.roles,
            queues: staff.queues,
            max_tasks: staff.max_tasks,
        }
    }
}
