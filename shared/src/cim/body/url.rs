//! Links and stickers.

use crate::cim::record::record;
use crate::json::Value;

record! {
    /// A link with a text, and the link to a call's recording: object-model 1.21.1 `UrlMessage`.
    pub struct UrlBody {
        /// The text to show.
        pub markdown_text: Option<String> = "markdownText",
        /// Where it leads.
        pub media_url: String = "mediaUrl" required,
        /// Free.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}

record! {
    /// A sticker of a social channel: object-model 1.21.1 `StickerMessage`.
    pub struct StickerBody {
        /// Text with it.
        pub markdown_text: Option<String> = "markdownText",
        /// The picture.
        pub media_url: Option<String> = "mediaUrl",
        /// The channel's id of it.
        pub sticker_id: Option<String> = "stickerId",
        /// Free.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}
