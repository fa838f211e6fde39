//! Text.

use super::Around;
use crate::el::El;
use crate::text::text;

/// The text of any body, if it has one.
pub(super) fn view(around: &Around) -> Option<El> {
    around
        .text
        .as_deref()
        .map(str::trim_end)
        .filter(|words| !words.is_empty())
        .map(text)
}
