//! The JSON form of a draft: a body, and as much of a header as is its sender's to state.

use super::Draft;
use crate::cim::MessageBody;
use crate::ids::MessageId;
use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Serialize, Serializer};
use serde_with::skip_serializing_none;

/// A draft as it stands in a frame. What it does not name only the relay states.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftKeys {
    body: MessageBody,
    #[serde(default, deserialize_with = "lenient::or_default")]
    header: Header,
}

#[skip_serializing_none]
#[derive(Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Header {
    intent: Option<String>,
    entities: Option<Map>,
    original_message_id: Option<MessageId>,
    additional_data: Option<Map>,
    language: Option<Map>,
}

impl From<DraftKeys> for Draft {
    fn from(DraftKeys { body, header }: DraftKeys) -> Self {
        Self {
            body,
            intent: header.intent,
            entities: header.entities,
            original_message_id: header.original_message_id,
            additional_data: header.additional_data,
            language: header.language,
        }
    }
}

/// `body`, and `header` where the draft states anything about it.
#[derive(Serialize)]
struct Written<'d> {
    body: &'d MessageBody,
    #[serde(skip_serializing_if = "is_blank")]
    header: Header,
}

fn is_blank(header: &Header) -> bool {
    *header == Header::default()
}

impl Serialize for Draft {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let header = Header {
            intent: self.intent.clone(),
            entities: self.entities.clone(),
            original_message_id: self.original_message_id.clone(),
            additional_data: self.additional_data.clone(),
            language: self.language.clone(),
        };
        Written {
            body: &self.body,
            header,
        }
        .serialize(to)
    }
}
