//! What the crash test writes down.
