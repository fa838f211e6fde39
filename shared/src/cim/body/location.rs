//! A place on the map.

use crate::json::{Map, Number, Value};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A place: object-model 1.21.1 `LocationMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LocationBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with it.
    pub markdown_text: Option<String>,
    /// Where.
    pub location: Place,
    /// Free; `name`, `address` and `url` are usual.
    pub additional_details: Option<Value>,
}

/// A point on the earth: object-model 1.21.1 `Location`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Degrees north.
    pub latitude: Option<Number>,
    /// Degrees east.
    pub longitude: Option<Number>,
}
