//! Has the customer's browsers told of what is said to it, in case that no page of it is open.

use super::Transaction;
use crate::config::ChannelPush;
use crate::push::{DELAY_MS, WORTH_MS};
use crate::store::{Change, NewEvent, NewPush};
use portico_shared::cim::{EventName, Intent};
use portico_shared::ids::Seq;
use portico_shared::visibility::{Viewer, is_said, is_visible};

impl Transaction<'_> {
    /// The newest message to the customer is told, if the channel tells any and the chat goes on: a survey is none to come
    /// back for.
    pub(super) fn push_to_customer(&mut self) {
        let record = &self.state.record;
        let channel = self.services.config.channels.get(&record.channel);
        if self.state.is_ended() || channel.is_none_or(|channel| channel.push == ChannelPush::Off) {
            return;
        }
        let Some(newest) = self.events.iter().rposition(|new| is_to_customer(new)) else {
            return;
        };
        let push = NewPush {
            customer: record.customer.clone(),
            channel: record.channel.clone(),
            conversation: record.id.clone(),
            seq: Seq(self.base.0 + newest as u64 + 1),
            due_at: self.now.saturating_add(DELAY_MS),
            expires_at: self.now.saturating_add(WORTH_MS),
        };
        self.change(Change::Push(push));
    }
}

/// Whether a customer is to come back for it: others have said it, and not as a new text of an old message.
fn is_to_customer(new: &NewEvent) -> bool {
    let event = &new.event;
    let is_edit = |intent: &Option<Intent>| *intent == Some(Intent::Update);
    is_said(event)
        && event.name != EventName::CustomerMessage
        && is_visible(Viewer::Customer, event)
        && !event.message().is_some_and(|message| is_edit(&message.header.intent))
}
