//! What customers of a channel may send beside texts and files.

use crate::lenient;
use serde::{Deserialize, Serialize};

/// What customers of a channel may send beside texts and files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComposerRules {
    /// The longest voice note that the browser records, in seconds. 0: none at all.
    #[serde(default, deserialize_with = "lenient::natural")]
    pub voice_seconds: u64,
    /// Whether they may share where they are: a `LOCATION`.
    #[serde(default)]
    pub location: bool,
    /// Whether they may share the details of a contact: a `CONTACT`.
    #[serde(default)]
    pub contact: bool,
}
