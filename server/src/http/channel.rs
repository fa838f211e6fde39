//! How the widget looks on one channel.

use super::AppState;
use super::extract::PageOrigin;
use super::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::{Path, State};
use portico_core::config::{Channel, Consent};
use portico_core::forms;
use portico_shared::http::{ComposerRules, FileRules, WidgetConfig};
use std::sync::Arc;

/// What the widget shows on this channel. All of it is public.
#[utoipa::path(
    get, path = "/api/channels/{id}/widget", tag = "customers", params(("id" = String, Path, description = "The channel's service identifier")),
    responses(
        (status = 200, description = "What the widget shows", body = WidgetConfig),
        (status = 403, description = "The page is not on the channel's list", body = ProblemBody),
        (status = 404, description = "No such channel", body = ProblemBody),
    )
)]
pub(super) async fn widget(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    PageOrigin(origin): PageOrigin,
) -> Result<Json<WidgetConfig>, Problem> {
    let channel = state.config.channels.get(&id).ok_or_else(Problem::not_found)?;
    // Browsers state no origin when a page asks its own.
    if origin.is_some() {
        state.only_visitors(&id, origin.as_deref())?;
    }
    Ok(Json(config(channel, state.registry.services().clock.now_ms())))
}

/// What browsers learn of a channel at a time, in epoch milliseconds.
pub(super) fn config(channel: &Channel, now: i64) -> WidgetConfig {
    let set = &channel.widget;
    WidgetConfig {
        title: set.title.clone(),
        greeting: set.greeting.clone(),
        expectation: set.expectation.clone(),
        starters: set.starters.clone(),
        accent: set.accent.clone(),
        files: FileRules {
            max_bytes: channel.files.max_bytes,
            types: channel.files.types.clone(),
        },
        composer: ComposerRules {
            voice_seconds: channel.voice_seconds().into(),
            location: channel.composer.location,
            contact: channel.composer.contact,
        },
        prechat: channel.prechat.as_ref().map(forms::body),
        hours: channel.business_hours().map(|hours| hours.windows(now)),
        transcript: set.transcript,
        consent: channel.consent.as_ref().map(Consent::terms),
    }
}
