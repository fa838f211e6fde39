//! What only agents do, where there are none: nothing rings, and nothing is wished for.

use super::Session;
use portico_shared::frame::{Accepted, Refused, Welcome};
use portico_shared::ids::ClientId;

/// What a session has only for an agent: nothing.
#[derive(Debug, Default)]
pub(super) struct AtWork {}

impl AtWork {
    pub(super) fn disconnected(&self) {}
}

impl Session {
    pub(super) fn welcomed_at_work(&self, _: &mut Welcome) {}

    pub(super) fn flush_wishes(&self) {}

    pub(super) fn offer_taken(&self, _: &Accepted) {}

    pub(super) fn accept_refused(&self, _: &ClientId, _: Refused) {}

    pub(super) fn wish_refused(&self, _: Option<i64>) {}

    pub(super) fn wishes_deadline(&self) -> Option<i64> {
        None
    }
}
