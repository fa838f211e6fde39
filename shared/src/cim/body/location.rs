//! A place on the map.

use crate::cim::record::record;
use crate::json::{Number, Value};

record! {
    /// A place: object-model 1.21.1 `LocationMessage`.
    pub struct LocationBody {
        /// Text with it.
        pub markdown_text: Option<String> = "markdownText",
        /// Where.
        pub location: Place = "location" required,
        /// Free; `name`, `address` and `url` are usual.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}

record! {
    /// A point on the earth: object-model 1.21.1 `Location`.
    pub struct Place {
        /// Degrees north.
        pub latitude: Option<Number> = "latitude",
        /// Degrees east.
        pub longitude: Option<Number> = "longitude",
    }
}
