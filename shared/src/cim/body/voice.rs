//! A leg of a call: the activity "agent call".

use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A call leg that began, ended, or was held: object-model 1.21.1 `VoiceMessage`. Everything else about the call,
/// `dialog` above all, lies in `extra`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct VoiceBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Blank as a rule.
    pub markdown_text: Option<String>,
    /// Which call.
    pub call_id: Option<String>,
    /// Which leg: `<extension>:<agent>:<call>`.
    pub leg: Option<String>,
    /// Why, as in `DIALOG_ENDED`.
    #[serde(deserialize_with = "lenient::text_or_number")]
    pub reason_code: Option<String>,
}
