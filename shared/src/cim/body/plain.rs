//! Text alone.

use crate::cim::record::record;

record! {
    /// A text: object-model 1.21.1 `PlainMessage`.
    pub struct Plain {
        /// The text.
        pub markdown_text: Option<String> = "markdownText",
    }
}
