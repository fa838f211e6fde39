//! Where one activity of a customer lies among the others.

use portico_shared::cim::CimEvent;

/// The place of an activity among those of its customer, by which a reader goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityPlace {
    /// Its time, in epoch milliseconds. Many can have the same one.
    pub at: i64,
    /// In the order in which the store took them.
    pub number: i64,
}

/// An activity, and where it lies.
pub type PlacedActivity = (ActivityPlace, CimEvent);
