//! What a message says: one type per value of `body.type`.
//!
//! A known type is read strictly and its faults are reported; only an unknown type is kept as it came. That is why
//! this is not an untagged enumeration: trying types until one fits would turn a damaged image into an unknown body.

mod button;
mod carousel;
mod contact;
mod form_data;
mod location;
mod media;
mod notice;
mod plain;
mod receipt;
mod url;

mod activity;
mod email;
mod order;
mod template;
mod voice;

use crate::cim::decode::{DecodeError, Fault, Field, Fields, Path, decode_root};
use crate::cim::record::serde_forms;
use crate::cim::write::Object;
use crate::json::{Map, Value};

pub use button::{Button, ButtonBody, ButtonMessageType};
pub use carousel::{CarouselBody, CarouselElement, CarouselMessageType, DefaultAction};
pub use contact::{Contact, ContactBody, ContactName, Phone};
pub use form_data::{FormActor, FormDataBody, FormDetail};
pub use location::{LocationBody, Place};
pub use media::{Attachment, Media};
pub use notice::{NotificationBody, NotificationType};
pub use plain::Plain;
pub use receipt::{DeletedBody, DeliveryBody, DeliveryStatus};
pub use url::{StickerBody, UrlBody};

pub use activity::{
    ActionBody, CommentBody, CommentItemType, CustomBody, IvrActivity, IvrBody, StructuredBody, WrapUpBody,
};
pub use email::EmailBody;
pub use order::{OrderAddress, OrderAdjustment, OrderBody, OrderElement, OrderSummary};
pub use template::{
    ComponentType, ParameterType, TemplateBody, TemplateComponent, TemplateLanguage, TemplateParameter,
};
pub use voice::VoiceBody;

macro_rules! bodies {
    ($(
        $(#[doc = $doc:literal])* $variant:ident($ty:ty) = $tag:literal
    ),* $(,)?) => {
        /// The body of a message: object-model 1.21.1 `MessageBody` and its kinds.
        #[derive(Debug, Clone, PartialEq)]
        pub enum MessageBody {
            $(
                #[doc = concat!("`", $tag, "`.")]
                $(#[doc = $doc])*
                $variant($ty),
            )*
            /// A type that this version does not know: the object-model's `GenericMessage`.
            Other {
                /// The type's name, as it came unless it is a known one.
                tag: String,
                /// Its text, which any type may have.
                markdown_text: Option<String>,
                /// Everything else, as it came.
                fields: Map,
            },
        }

        /// Every type name in its canonical spelling.
        const TAGS: &[&str] = &[$( $tag ),*];

        impl MessageBody {
            /// The type's name on the wire, as in `PLAIN`.
            pub fn type_name(&self) -> &str {
                match self {
                    $( Self::$variant(_) => $tag, )*
                    Self::Other { tag, .. } => tag,
                }
            }

            /// The text, which any type may have: the chat's own dialect of markdown, or base64 of it if the header
            /// says so (see [`crate::cim::CimMessage::text`]).
            pub fn markdown_text(&self) -> Option<&str> {
                match self {
                    $( Self::$variant(body) => body.markdown_text.as_deref(), )*
                    Self::Other { markdown_text, .. } => markdown_text.as_deref(),
                }
            }

            /// Replaces the text.
            pub fn set_markdown_text(&mut self, text: Option<String>) {
                match self {
                    $( Self::$variant(body) => body.markdown_text = text, )*
                    Self::Other { markdown_text, .. } => *markdown_text = text,
                }
            }

            /// The type-specific members, without `type`.
            fn members(&self) -> Map {
                match self {
                    $( Self::$variant(body) => body.encode(), )*
                    Self::Other { markdown_text, fields, .. } => {
                        let mut map = fields.clone();
                        crate::cim::decode::put(&mut map, "markdownText", markdown_text);
                        map
                    }
                }
            }

            /// Writes the type-specific members.
            fn push_members(&self, object: &mut Object<'_>) {
                match self {
                    $( Self::$variant(body) => body.push_members(object), )*
                    Self::Other { .. } => object.put_all(&self.members()),
                }
            }

            fn read_as(tag: String, fields: Fields<'_>) -> Self {
                let Fields { map, at, fault } = fields;
                match tag.as_str() {
                    $( $tag => Self::$variant(Field::read(Value::Object(map), at, fault)), )*
                    _ => Self::other(tag, map),
                }
            }
        }
    };
}

bodies! {
    /// Text.
    Plain(Plain) = "PLAIN",
    Image(Media) = "IMAGE",
    Video(Media) = "VIDEO",
    Audio(Media) = "AUDIO",
    File(Media) = "FILE",
    Multimedia(Media) = "MULTIMEDIA",
    /// A link.
    Url(UrlBody) = "URL",
    Sticker(StickerBody) = "STICKER",
    Location(LocationBody) = "LOCATION",
    Contact(ContactBody) = "CONTACT",
    /// A question with buttons to answer it.
    Button(ButtonBody) = "BUTTON",
    Carousel(CarouselBody) = "CAROUSEL",
    /// Something the system says to clients; typing, from both sides.
    Notification(NotificationBody) = "NOTIFICATION",
    /// A message was delivered or read.
    DeliveryNotification(DeliveryBody) = "DELIVERYNOTIFICATION",
    /// A message was deleted.
    DeletedNotification(DeletedBody) = "DELETEDNOTIFICATION",
    /// A form to fill, or one that was filled.
    FormData(Box<FormDataBody>) = "FORM_DATA",
    /// An order's receipt.
    Receipt(Box<OrderBody>) = "RECEIPT",
    /// A WhatsApp template.
    Template(TemplateBody) = "TEMPLATE",
    Structured(StructuredBody) = "StructuredMessage",
    /// Free JSON.
    Custom(CustomBody) = "CUSTOM",
    /// What an agent noted at the end.
    WrapUp(WrapUpBody) = "WRAPUP",
    /// What a bot asks the system to do.
    Action(ActionBody) = "ACTION",
    /// A call leg.
    Voice(VoiceBody) = "VOICE",
    /// A comment on a social post.
    Comment(CommentBody) = "COMMENT",
    Email(Box<EmailBody>) = "EMAIL",
    /// A link to a call's recording.
    VoiceRecording(UrlBody) = "VOICE_RECORDING",
    /// A whole visit to an IVR.
    IvrAggregated(Box<IvrBody>) = "IVR_AGGREGATED_ACTIVITY",
}

/// Spellings that older clients use, in upper case.
const OLDER_TAGS: &[(&str, &str)] = &[("CAROUSAL", "CAROUSEL")];

impl MessageBody {
    /// A text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Plain(Plain {
            markdown_text: Some(text.into()),
            ..Plain::default()
        })
    }

    /// Reads the JSON form. Faults are reported below `body`, where a message has it.
    pub fn decode(value: Value) -> Result<Self, DecodeError> {
        decode_root(value, "body")
    }

    /// The canonical JSON form.
    pub fn encode(&self) -> Map {
        let mut map = self.members();
        map.insert("type".to_owned(), Value::String(self.type_name().to_owned()));
        map
    }

    fn other(tag: String, mut fields: Map) -> Self {
        let markdown_text = match fields.remove("markdownText") {
            Some(Value::String(text)) => Some(text),
            Some(value) => {
                fields.insert("markdownText".to_owned(), value);
                None
            }
            None => None,
        };
        Self::Other {
            tag,
            markdown_text,
            fields,
        }
    }
}

impl Default for MessageBody {
    /// An empty text.
    fn default() -> Self {
        Self::Plain(Plain::default())
    }
}

impl Field for MessageBody {
    fn blank() -> Self {
        Self::default()
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        let mut fields = Fields::open(value, at, fault);
        let tag: String = fields.need("type");
        Self::read_as(canonical(tag), fields)
    }

    fn write(&self) -> Value {
        Value::Object(self.encode())
    }

    fn push_json(&self, out: &mut Vec<u8>) {
        let mut object = Object::open(out);
        object.put_text("type", self.type_name());
        self.push_members(&mut object);
        object.close();
    }
}

serde_forms!(MessageBody);

/// The canonical spelling of a known type, in whatever case it came; any other as it is.
fn canonical(tag: String) -> String {
    let older = OLDER_TAGS
        .iter()
        .find(|(older, _)| older.eq_ignore_ascii_case(&tag))
        .map(|(_, tag)| tag);
    match older.or_else(|| TAGS.iter().find(|known| known.eq_ignore_ascii_case(&tag))) {
        Some(known) => (*known).to_owned(),
        None => tag,
    }
}
