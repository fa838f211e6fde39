//! Bodies of agents, bots and apps that no customer is shown.

use crate::cim::Timestamp;
use crate::cim::body::Attachment;
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::json::{Map, Value};

record! {
    /// What an agent noted when the talk was over: object-model 1.21.1 `WrapUpMessage`.
    pub struct WrapUpBody {
        /// Blank as a rule.
        pub markdown_text: Option<String> = "markdownText",
        /// The agent's note.
        pub note: Option<String> = "note",
        /// Up to five of `{categoryName, value}`; any JSON in the model.
        pub wrapups: Vec<Value> = "wrapups" always,
    }
}

record! {
    /// What a bot asks the system to do: object-model 1.21.1 `ActionMessageBody`.
    pub struct ActionBody {
        /// Blank as a rule.
        pub markdown_text: Option<String> = "markdownText",
        /// For example `FIND_AGENT`.
        pub name: Option<String> = "name",
        /// What the action needs.
        pub data: Option<Value> = "data",
    }
}

record! {
    /// Free JSON under a type of its own: object-model 1.21.1 `CustomMessage`.
    pub struct CustomBody {
        /// Text with it.
        pub markdown_text: Option<String> = "markdownText",
        /// The JSON.
        pub json_node: Option<Value> = "jsonNode",
    }
}

record! {
    /// Free JSON as details: object-model 1.21.1 `StructuredMessage`.
    pub struct StructuredBody {
        /// Text with it.
        pub markdown_text: Option<String> = "markdownText",
        /// The JSON.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}

record! {
    /// A comment on a social post: object-model 1.21.1 `CommentMessage`.
    pub struct CommentBody {
        /// The comment.
        pub markdown_text: Option<String> = "markdownText",
        /// Which post.
        pub post_id: Option<String> = "postId",
        /// What sort of comment.
        pub item_type: Option<CommentItemType> = "itemType",
        /// A file with it.
        pub attachment: Option<Attachment> = "attachment",
    }
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

record! {
    /// A whole visit to an IVR, sent once when the call leaves it. Further attributes lie in `extra`.
    pub struct IvrBody {
        /// Blank as a rule.
        pub markdown_text: Option<String> = "markdownText",
        /// Which call.
        pub call_id: Option<String> = "callId",
        /// Which leg of it.
        pub leg: Option<String> = "leg",
        /// How the call came in, as in `INBOUND`.
        pub start_direction: Option<String> = "startDirection",
        /// `DIALOG_ENDED`: hung up in the IVR; `TRANSFER`: went to an agent.
        pub end_direction: Option<String> = "endDirection",
        /// When it came in.
        pub start_time: Option<Timestamp> = "startTime",
        /// When it left.
        pub end_time: Option<Timestamp> = "endTime",
        /// What the caller chose, in order.
        pub activities: Vec<IvrActivity> = "activities" always,
    }
}

record! {
    /// One choice in an IVR's menu.
    pub struct IvrActivity {
        /// Which menu.
        pub menu: Option<String> = "menu",
        /// What was chosen.
        pub selection: Option<String> = "selection",
        /// When; milliseconds since 1970 as text, unlike the times of the whole visit.
        pub timestamp: Option<String> = "timestamp",
        /// Free.
        pub metadata: Option<Map> = "metadata",
    }
    prepare = time_as_text;
}

fn time_as_text(fields: &mut crate::cim::decode::Fields<'_>) {
    fields.number_to_text("timestamp");
}
