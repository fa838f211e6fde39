//! Who a session stands for.

use super::extract::Staff;
use super::problem::ProblemBody;
use axum::Json;
use portico_core::identity::StaffPrincipal;
use portico_shared::http::UserAnswer;

/// The signed-in user.
#[utoipa::path(
    get, path = "/api/me", tag = "staff", security(("bearer" = [])),
    responses(
        (status = 200, description = "The signed-in user", body = UserAnswer),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
    )
)]
pub(super) async fn show(Staff(staff): Staff) -> Json<UserAnswer> {
    Json(answer(staff))
}

/// What is told of a contact-centre user.
pub(super) fn answer(staff: StaffPrincipal) -> UserAnswer {
    UserAnswer {
        id: staff.id,
        username: staff.username,
        first_name: staff.first_name,
        last_name: staff.last_name,
        roles: staff.roles,
        queues: staff.queues,
        max_tasks: staff.max_tasks,
    }
}
