//! How a request is refused.

use serde::{Deserialize, Serialize};

/// What a refused request is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// For programs: stable.
    pub code: ProblemCode,
    /// For developers, in English; never shown to customers.
    pub message: String,
    /// Not before this many milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// Why a request is refused, for programs. Stable; `docs/protocol.md` says of each what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// Not JSON of the shape that is read here.
    Malformed,
    /// A rule of CIM or of the relay is broken.
    InvalidBody,
    /// A frame that is not known.
    UnknownFrame,
    /// A field that only the relay may state.
    ForbiddenField,
    /// A socket for another protocol.
    SubprotocolRequired,
    /// No token, or none that is good.
    TokenRefused,
    /// A token that was good.
    TokenExpired,
    /// The proof of an earlier visit is not good.
    RefreshRefused,
    /// The site's proof of who a customer is, is not good.
    IdentityRefused,
    /// Username or password is wrong.
    WrongCredentials,
    /// The page that asks is not on the list.
    OriginRefused,
    /// The visitor has not agreed to the channel's terms, or to older ones.
    ConsentRequired,
    /// Proven, but not allowed.
    Forbidden,
    /// Nothing is here, or nothing that the caller may know of.
    NotFound,
    /// No channel has this name.
    UnknownChannel,
    /// The address takes other methods.
    MethodNotAllowed,
    /// The request came in too slowly.
    Timeout,
    /// Somebody else was faster.
    Conflict,
    /// The chat is over.
    ConversationEnded,
    /// The offer is no longer there.
    OfferGone,
    /// The body is too long.
    TooLarge,
    /// The body does not say that it is JSON.
    NotJson,
    /// A file with more bytes than its channel takes.
    FileTooLarge,
    /// A picture with more pixels than the relay takes, however few bytes it has.
    PictureTooLarge,
    /// A file whose content is of a type that its channel does not take.
    FileTypeRefused,
    /// No such file, or not any more, or none that the caller may know of.
    FileGone,
    /// More files that were not posted than one may have at once.
    TooManyFiles,
    /// Bytes for another place of a file than where they go on.
    Offset,
    /// Another version of the protocol of uploads.
    UploadVersion,
    /// The body does not say that it is a part of a file.
    UploadType,
    /// No WebSocket was asked for.
    #[serde(rename = "not_a_websocket")]
    NotAWebSocket,
    /// More than the rate allows.
    RateLimited,
    /// One address has as many connections as one may have.
    TooManyConnections,
    /// Our fault.
    Internal,
    /// Too much to do.
    Busy,
    /// The store takes nothing.
    Unavailable,
    /// All connections that the relay takes are taken.
    Full,
    /// The relay stops.
    Draining,
}

impl ProblemCode {
    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed
            | Self::InvalidBody
            | Self::UnknownFrame
            | Self::ForbiddenField
            | Self::SubprotocolRequired => 400,
            Self::TokenRefused
            | Self::TokenExpired
            | Self::RefreshRefused
            | Self::IdentityRefused
            | Self::WrongCredentials => 401,
            Self::OriginRefused | Self::ConsentRequired | Self::Forbidden => 403,
            Self::NotFound | Self::UnknownChannel | Self::FileGone => 404,
            Self::MethodNotAllowed => 405,
            Self::Timeout => 408,
            Self::Conflict | Self::ConversationEnded | Self::OfferGone | Self::Offset => 409,
            Self::UploadVersion => 412,
            Self::TooLarge | Self::FileTooLarge | Self::PictureTooLarge => 413,
            Self::NotJson | Self::FileTypeRefused | Self::UploadType => 415,
            Self::NotAWebSocket => 426,
            Self::RateLimited | Self::TooManyConnections | Self::TooManyFiles => 429,
            Self::Internal => 500,
            Self::Busy | Self::Unavailable | Self::Full | Self::Draining => 503,
        }
    }
}
