//! Who did what, for those who may read it.

use super::AppState;
use super::extract::Staff;
use super::problem::{Problem, ProblemBody, ProblemCode};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use portico_core::audit;
use portico_core::store::{AuditAction, AuditQuery, AuditRecord};
use portico_shared::http::{AuditActor, AuditEntry, AuditObject, AuditPart};
use portico_shared::ids::CustomerId;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Records of a part, unless it is asked for fewer.
const USUAL: u32 = 50;

/// Records of a part at most.
const MOST: u32 = 500;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sought {
    since: Option<i64>,
    action: Option<String>,
    before: Option<i64>,
    limit: Option<u32>,
}

/// The audit log, the newest record first: who signed in, who changed users, who changed what is known of a customer, what was
/// erased. It is only ever added to, and each record has a hash over the one before.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "administration", security(("bearer" = [])),
    params(
        ("since" = Option<i64>, Query, description = "Not what was recorded before, in epoch milliseconds"),
        ("action" = Option<String>, Query, description = "Only records of this action"),
        ("before" = Option<i64>, Query, description = "Where to go on: `next` of the part before"),
        ("limit" = Option<u32>, Query, description = "How many at most: 50 if absent, 500 at most"),
    ),
    responses(
        (status = 200, description = "A part of the log", body = AuditPart),
        (status = 400, description = "`malformed`: no such action, or a member is no number", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn list(
    State(state): State<Arc<AppState>>,
    _signed_in: Staff,
    sought: Result<Query<Sought>, QueryRejection>,
) -> Result<Json<AuditPart>, Problem> {
    let malformed = |message: String| Problem::new(ProblemCode::Malformed, message);
    let Query(sought) = sought.map_err(|error| malformed(error.body_text()))?;
    if let Some(action) = &sought.action
        && !AuditAction::ALL.iter().any(|known| known.name() == action)
    {
        return Err(malformed("action: no such action".to_owned()));
    }
    let limit = sought.limit.unwrap_or(USUAL).clamp(1, MOST);
    let query = AuditQuery {
        since: sought.since,
        action: sought.action,
        before: sought.before,
        limit,
    };
    let store = state.registry.services().store.as_ref();
    let found = store.audit(query).await?;
    let customers = audit::customers(store, &found).await?;
    let is_full = found.len() >= limit as usize;
    Ok(Json(AuditPart {
        next: found.last().map(|last| last.number).filter(|_| is_full),
        records: found.into_iter().map(|record| entry(record, &customers)).collect(),
    }))
}

/// A record whose detail was made unreadable by somebody has none here; `portico audit verify` names it.
fn entry(record: AuditRecord, customers: &BTreeMap<String, CustomerId>) -> AuditEntry {
    let detail: BTreeMap<String, String> = serde_json::from_str(&record.detail).unwrap_or_default();
    let names = detail.values().chain([&record.object_id]);
    let named = names.filter_map(|name| Some((name.clone(), customers.get(name)?.clone())));
    AuditEntry {
        customers: named.collect(),
        number: record.number,
        at: record.at,
        actor: AuditActor {
            kind: record.actor_kind,
            id: record.actor_id,
            name: record.actor_name,
        },
        action: record.action,
        object: AuditObject {
            kind: record.object_kind,
            id: record.object_id,
        },
        detail,
        hash: hex::encode(record.hash),
    }
}
