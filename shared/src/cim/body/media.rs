//! Pictures, films, sounds and documents.

use crate::cim::record::record;
use crate::json::Value;

record! {
    /// A file of any sort: object-model 1.21.1 `ImageMessage`, `VideoMessage`, `AudioMessage`, `FileMessage` and
    /// `MultimediaMessage`, which have the same members.
    pub struct Media {
        /// Text typed with the file.
        pub markdown_text: Option<String> = "markdownText",
        /// Shown under it; the widget puts the file's name here.
        pub caption: Option<String> = "caption",
        /// The file.
        pub attachment: Attachment = "attachment" required,
        /// Free; `videoProvider: "YOUTUBE"` makes a video a link to a clip.
        pub additional_details: Option<Value> = "additionalDetails",
    }
}

record! {
    /// A stored file: object-model 1.21.1 `Attachment`, and what the widget adds.
    pub struct Attachment {
        /// Where to fetch it.
        pub media_url: String = "mediaUrl" required,
        /// A small picture of it: its address.
        pub thumbnail: Option<String> = "thumbnail",
        /// In bytes.
        pub size: Option<i64> = "size",
        /// The name to show.
        pub media_label: Option<String> = "mediaLabel",
        /// The file's real name.
        pub media_name: Option<String> = "mediaName",
        /// For example `image/jpeg`.
        pub mime_type: Option<String> = "mimeType",
        /// The same as `mime_type`, from the widget.
        pub kind: Option<String> = "type",
        /// The file name's ending, from the widget.
        pub ext_type: Option<String> = "extType",
    }
}
