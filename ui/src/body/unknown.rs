//! A type that this version does not know: its text, or a sentence that says so.

use super::{Around, plain};
use crate::el::{El, words};

pub(super) fn view(around: &Around) -> El {
    plain::view(around).unwrap_or_else(|| words("body__note", around.messages.unknown))
}
