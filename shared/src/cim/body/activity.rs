//! Bodies of agents, bots and apps that no customer is shown.

use crate::cim::Timestamp;
use crate::cim::body::Attachment;
use crate::cim::open_enum::open_enum;
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// What an agent noted when the talk was over: object-model 1.21.1 `WrapUpMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WrapUpBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Blank as a rule.
    pub markdown_text: Option<String>,
    /// The agent's note.
    pub note: Option<String>,
    /// Up to five of `{categoryName, value}`; any JSON in the model.
    #[serde(deserialize_with = "lenient::or_default")]
    pub wrapups: Vec<Value>,
}

/// What a bot asks the system to do: object-model 1.21.1 `ActionMessageBody`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ActionBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Blank as a rule.
    pub markdown_text: Option<String>,
    /// For example `FIND_AGENT`.
    pub name: Option<String>,
    /// What the action needs.
    pub data: Option<Value>,
}

/// Free JSON under a type of its own: object-model 1.21.1 `CustomMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with it.
    pub markdown_text: Option<String>,
    /// The JSON.
    pub json_node: Option<Value>,
}

/// Free JSON as details: object-model 1.21.1 `StructuredMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StructuredBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with it.
    pub markdown_text: Option<String>,
    /// The JSON.
    pub additional_details: Option<Value>,
}

/// A comment on a social post: object-model 1.21.1 `CommentMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CommentBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The comment.
    pub markdown_text: Option<String>,
    /// Which post.
    pub post_id: Option<String>,
    /// What sort of comment.
    pub item_type: Option<CommentItemType>,
    /// A file with it.
    pub attachment: Option<Attachment>,
}

open_enum! {
    /// Sorts of comments: object-model 1.21.1 `ItemType`.
    pub enum CommentItemType: any_case {
        Video = "VIDEO",
        Text = "TEXT",
        Image = "IMAGE",
        Like = "LIKE",
        Unlike = "UNLIKE",
        Delete = "DELETE",
        Hide = "HIDE",
        PrivateReply = "PRIVATE_REPLY",
    }
}

/// A whole visit to an IVR, sent once when the call leaves it. Further attributes lie in `extra`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct IvrBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Blank as a rule.
    pub markdown_text: Option<String>,
    /// Which call.
    pub call_id: Option<String>,
    /// Which leg of it.
    pub leg: Option<String>,
    /// How the call came in, as in `INBOUND`.
    pub start_direction: Option<String>,
    /// `DIALOG_ENDED`: hung up in the IVR; `TRANSFER`: went to an agent.
    pub end_direction: Option<String>,
    /// When it came in.
    #[serde(deserialize_with = "lenient::time")]
    pub start_time: Option<Timestamp>,
    /// When it left.
    #[serde(deserialize_with = "lenient::time")]
    pub end_time: Option<Timestamp>,
    /// What the caller chose, in order.
    #[serde(deserialize_with = "lenient::or_default")]
    pub activities: Vec<IvrActivity>,
}

/// One choice in an IVR's menu.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IvrActivity {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which menu.
    pub menu: Option<String>,
    /// What was chosen.
    pub selection: Option<String>,
    /// When; milliseconds since 1970 as text, unlike the times of the whole visit.
    #[serde(deserialize_with = "lenient::text_or_number")]
    pub timestamp: Option<String>,
    /// Free.
    pub metadata: Option<Map>,
}
