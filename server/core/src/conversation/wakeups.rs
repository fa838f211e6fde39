//! Which workers have something to do after a commit.

use super::Services;
use crate::store::Change;

/// The workers that have something to do after a commit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wakeups {
    routing: bool,
    delivery: bool,
    timers: bool,
}

impl Wakeups {
    /// The workers that these changes concern.
    pub(super) fn of(changes: &[Change]) -> Self {
        let mut wakeups = Self::default();
        for change in changes {
            match change {
                Change::Task(_) | Change::AgentState(_) | Change::AgentFree { .. } => wakeups.routing = true,
                // A settled delivery makes way for the next one of its conversation.
                Change::Deliver(_) | Change::Settle(_) | Change::Retry { .. } | Change::Dead { .. } => {
                    wakeups.delivery = true;
                }
                Change::SetTimer(_) => wakeups.timers = true,
                Change::UnlessErased { .. }
                | Change::Customer { .. }
                | Change::EraseConversation(_)
                | Change::Rest { .. }
                | Change::MoveAuthor { .. }
                | Change::MoveActivities { .. }
                | Change::StateIdentity { .. }
                | Change::RetractIdentities { .. }
                | Change::MoveIdentities { .. }
                | Change::LabelCustomer { .. }
                | Change::UnlabelCustomer { .. }
                | Change::SetAttribute { .. }
                | Change::UnsetAttribute { .. }
                | Change::MergeCustomers(_)
                | Change::UndoMerge { .. }
                | Change::User(_)
                | Change::Credential(_)
                | Change::EndSessions(_)
                | Change::Audit(_)
                | Change::AuditIfChanged(_)
                | Change::PostponeTimer { .. }
                | Change::CancelTimer { .. }
                | Change::CustomerActivity { .. }
                | Change::PostFile { .. }
                // Notifications wait a while before they are due, and their worker looks by itself.
                | Change::Push(_)
                | Change::SettlePush(_)
                | Change::RetryPush { .. }
                | Change::DeferPush { .. }
                | Change::Program(_)
                | Change::Unsubscribe { .. } => {}
            }
        }
        wakeups
    }

    /// Wakes them.
    pub(super) fn wake(self, services: &Services) {
        if self.routing {
            services.wake_routing.notify_one();
        }
        if self.delivery {
            services.wake_delivery.notify_one();
        }
        if self.timers {
            services.wake_timers.notify_one();
        }
    }
}
