//! Brings waiting requests and ready agents together. `core` is the pure choice; the task around it reads the store,
//! lets the conversations' actors reserve, and is woken whenever a request or an agent changed.

use crate::conversation::Registry;

/// Offers requests to agents until the relay stops.
pub async fn run(_registry: Registry) {}
