//! What can be wrong with a history.

use std::fmt;

/// Which promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// An acknowledged message does not stand in the log.
    Lost,
    /// A message stands in a log twice.
    Doubled,
    /// Messages stand in another order than they were posted in.
    Reordered,
    /// A message stands in a log that nobody posted there.
    Unexpected,
    /// A message stands elsewhere than its acknowledgement said, or was acknowledged twice differently.
    Renumbered,
    /// A log has a hole, goes back, or does not end at its head.
    Gap,
    /// A message is stamped with somebody else's name or client id.
    Misattributed,
    /// A log was not read to its end by everybody who must see it.
    Unread,
}

/// One breach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: Rule,
    /// For the person who reads the output.
    pub(crate) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.what)
    }
}

/// Findings as they are made.
#[derive(Debug, Default)]
pub(crate) struct Findings(pub(crate) Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, rule: Rule, what: String) {
        self.0.push(Finding { rule, what });
    }
}
