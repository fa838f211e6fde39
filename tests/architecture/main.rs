//! What the code promises about itself, checked by reading it: who depends on whom, who touches the outside world, how
//! long a file may be, and that the documents name things that exist.
//!
//! `workspace` reads the sources, `words` finds names in them, the other modules hold the rules. A rule that must not
//! hold somewhere says so in a table of exceptions, with the reason.

mod documents;
mod layers;
mod packages;
mod rules;
mod verbs;
mod words;
mod workspace;
