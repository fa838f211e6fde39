//! The timeline of the conversation on the screen.

use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

use portico_client::customer::TimelineMessage;
use portico_client::timeline::{CustomerItem, TimelineItem, customer_items};
use portico_client::{Change, Customer};
use portico_shared::ids::{ConversationId, Seq};
use portico_ui::net::Link;
use portico_ui::time::local_day;

/// What is shown, oldest first, and where each item stands.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    pub(crate) items: Vec<CustomerItem>,
    places: HashMap<String, usize>,
}

impl Timeline {
    pub(crate) fn new(items: Vec<CustomerItem>) -> Self {
        let places = items.iter().enumerate().map(|(at, item)| (item.key(), at)).collect();
        Self { items, places }
    }

    /// The keys of all items, in order.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.items.iter().map(TimelineItem::key).collect()
    }

    /// The item of a key.
    pub(crate) fn item(&self, key: &str) -> Option<&CustomerItem> {
        self.items.get(*self.places.get(key)?)
    }

    /// The message of a key, if it looks otherwise than before.
    pub(crate) fn changed_message(&self, before: &TimelineMessage) -> Option<&TimelineMessage> {
        let message = self.item(&before.key)?.message()?;
        (!message.looks_like(before)).then_some(message)
    }

    /// Whether nothing is shown.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The last position that is shown.
    pub(crate) fn head(&self) -> Option<Seq> {
        self.items.iter().filter_map(TimelineItem::seq).max()
    }
}

/// The timeline of the current conversation, or of what begins one.
pub(super) fn of(link: Link<Customer>, current: Memo<Option<ConversationId>>) -> Memo<Arc<Timeline>> {
    let build = move |_: Option<&Arc<Timeline>>| {
        let current = current.get();
        link.watch(&Change::Conversation(None), |_| ());
        let entries = link.watch(&Change::Conversation(current.clone()), |session| {
            session.entries(current.as_ref())
        });
        Arc::new(Timeline::new(customer_items(&entries, local_day)))
    };
    // It is built anew only when something has changed: a comparison would find that out once more.
    Memo::new_with_compare(build, |_, _| true)
}

#[cfg(test)]
mod tests {
    use super::Timeline;
    use crate::fixtures::{failed, item, own_message, stored};

    #[test]
    fn items_are_found_by_their_keys() {
        let timeline = Timeline::new(vec![stored(1), item(own_message("c-1", "Hello"))]);
        assert_eq!(timeline.keys(), [stored(1).key(), "c-1".to_owned()]);
        assert!(timeline.item("c-1").is_some());
        assert!(timeline.item("c-2").is_none());
        assert_eq!(timeline.head(), stored(1).seq());
    }

    #[test]
    fn a_message_that_looks_the_same_has_not_changed() {
        let before = own_message("c-1", "Hello");
        let timeline = Timeline::new(vec![item(before.clone())]);
        assert!(timeline.changed_message(&before).is_none());
        let timeline = Timeline::new(vec![item(failed("c-1"))]);
        assert!(timeline.changed_message(&before).is_some());
    }
}
