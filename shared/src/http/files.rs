//! Files: what a channel takes, how one is uploaded, and where one is read. An upload is one of [tus](https://tus.io) 1.0.0,
//! so that one that was cut goes on where it stopped.

use crate::lenient;
use serde::{Deserialize, Serialize};

/// What an upload says in its headers.
pub mod upload {
    /// The protocol's version: sent with each request about an upload.
    pub const TUS_RESUMABLE: &str = "tus-resumable";
    /// The one version there is.
    pub const TUS_VERSION: &str = "1.0.0";
    /// All bytes of the file; sent when it is begun.
    pub const UPLOAD_LENGTH: &str = "upload-length";
    /// The bytes that are there already: where the next ones go.
    pub const UPLOAD_OFFSET: &str = "upload-offset";
    /// What is known of the file: keys with values in base64, separated by commas.
    pub const UPLOAD_METADATA: &str = "upload-metadata";
    /// Until when an upload can be continued, as an HTTP date.
    pub const UPLOAD_EXPIRES: &str = "upload-expires";
    /// The media type of a part of an upload.
    pub const CONTENT_TYPE: &str = "application/offset+octet-stream";
    /// Key of [`UPLOAD_METADATA`]: the file's name.
    pub const FILENAME: &str = "filename";
    /// Key of [`UPLOAD_METADATA`]: the media type that the sender takes it for. The content decides.
    pub const FILETYPE: &str = "filetype";
    /// Key of [`UPLOAD_METADATA`]: the conversation in which a contact-centre user will post it, whose channel's rules hold.
    pub const CONVERSATION: &str = "conversation";
}

/// What files a channel takes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FileRules {
    /// The largest file, in bytes. 0: none at all.
    #[serde(default, deserialize_with = "lenient::natural")]
    pub max_bytes: u64,
    /// Media types that are taken.
    #[serde(default)]
    pub types: Vec<String>,
}

/// A file that is there as a whole: what an attachment says of it. The relay writes its own record into a message,
/// whatever the attachment says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoredFile {
    /// Where it is: good in a message, and for reading only with a signature or a token.
    pub media_url: String,
    /// What its content is.
    pub mime_type: String,
    /// Its bytes.
    #[serde(deserialize_with = "lenient::natural")]
    pub size: u64,
    /// Its name, without what a name may not have.
    pub media_name: String,
}

/// Where a file can be read for some minutes without a token: for pictures, players and downloads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FileLink {
    /// An address on the relay's own origin, with a signature.
    pub url: String,
    /// How long the address is good from now on.
    #[serde(deserialize_with = "lenient::natural")]
    pub expires_in_seconds: u64,
    /// Its name.
    pub name: String,
    /// What its content is.
    pub mime_type: String,
    /// Its bytes.
    #[serde(deserialize_with = "lenient::natural")]
    pub size: u64,
}
