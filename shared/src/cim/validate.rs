//! Rules that new messages must keep and stored ones need not: object-model 1.21.1's annotations, and how deep JSON
//! may nest.

use crate::cim::body::{Attachment, Button, CommentBody, Place, TemplateBody};
use crate::cim::{ChannelData, CimMessage, MessageBody, MessageHeader, Sender};
use crate::json::{DecodeError, MISSING, Value, check_numbers, nests_within, to_map};
use crate::text::says_nothing;

/// How many levels of arrays and objects a body may have. Readers of JSON refuse to go deeper than 128, and a body
/// lies some levels deep in events and frames: what is accepted once must be readable everywhere.
pub const MAX_BODY_DEPTH: usize = 64;

const BLANK: &str = "must not be blank";

impl CimMessage {
    /// Whether the message may be sent to a service of Expertflow CX. The error names the first member that breaks a rule,
    /// as decoding does. The relay asks less of what it takes: the sender's rules and the body's, each by itself.
    pub fn validate(&self) -> Result<(), DecodeError> {
        within("header", header(&self.header))?;
        self.body.validate()
    }
}

impl Sender {
    /// Whether a message may name this sender: what the relay asks of a program's message.
    pub fn validate(&self) -> Result<(), DecodeError> {
        within("header.sender", sender(self))
    }
}

impl MessageBody {
    /// Whether the body may be sent: what the relay asks of a client's draft.
    pub fn validate(&self) -> Result<(), DecodeError> {
        within("body", body(self))
    }
}

/// The fault of a member, if it has one.
fn within(place: &str, checked: Result<(), DecodeError>) -> Result<(), DecodeError> {
    checked.map_err(|error| error.within(place))
}

/// The fault of the first item of the list `place` that has one.
fn each<T>(place: &str, items: &[T], check: impl Fn(&T) -> Result<(), DecodeError>) -> Result<(), DecodeError> {
    let mut items = items.iter().enumerate();
    items.try_for_each(|(index, item)| within(&format!("{place}[{index}]"), check(item)))
}

fn header(header: &MessageHeader) -> Result<(), DecodeError> {
    within("sender", sender(&header.sender))?;
    let data = header.channel_data.as_ref();
    data.map_or(Ok(()), |data| within("channelData", channel_data(data)))
}

fn sender(sender: &Sender) -> Result<(), DecodeError> {
    not_blank(&sender.id, "id")?;
    not_blank(sender.kind.as_str(), "type")
}

fn channel_data(data: &ChannelData) -> Result<(), DecodeError> {
    not_blank(&data.channel_customer_identifier, "channelCustomerIdentifier")?;
    not_blank(&data.service_identifier, "serviceIdentifier")
}

fn body(body: &MessageBody) -> Result<(), DecodeError> {
    let members = Value::Object(to_map(body));
    if !nests_within(&members, MAX_BODY_DEPTH) {
        return Err(DecodeError::new("", "nests too deep"));
    }
    check_numbers(&members)?;
    match body {
        MessageBody::Image(media)
        | MessageBody::Video(media)
        | MessageBody::Audio(media)
        | MessageBody::File(media)
        | MessageBody::Multimedia(media) => within("attachment", attachment(&media.attachment)),
        MessageBody::Url(url) | MessageBody::VoiceRecording(url) => not_blank(&url.media_url, "mediaUrl"),
        MessageBody::Location(body) => within("location", place(&body.location)),
        MessageBody::Contact(body) => each("contacts", &body.contacts, |contact| {
            within("name", not_blank(&contact.name.formatted_name, "formattedName"))
        }),
        MessageBody::Button(body) => each("buttons", &body.buttons, button),
        MessageBody::Carousel(body) => each("elements", &body.elements, |element| {
            each("buttons", &element.buttons, button)
        }),
        MessageBody::Template(body) => template(body),
        MessageBody::Comment(body) => comment(body),
        MessageBody::Email(email) => each("attachments", &email.attachments, attachment),
        _ => Ok(()),
    }
}

fn attachment(attachment: &Attachment) -> Result<(), DecodeError> {
    not_blank(&attachment.media_url, "mediaUrl")
}

fn place(place: &Place) -> Result<(), DecodeError> {
    present(place.latitude.is_some(), "latitude")?;
    present(place.longitude.is_some(), "longitude")
}

fn button(button: &Button) -> Result<(), DecodeError> {
    not_blank(&button.title, "title")?;
    not_blank(&button.payload, "payload")?;
    not_blank(&button.kind, "type")
}

fn template(template: &TemplateBody) -> Result<(), DecodeError> {
    not_blank(&template.namespace, "namespace")?;
    not_blank(&template.name, "name")?;
    not_blank(&template.language.code, "language.code")?;
    not_blank(&template.language.policy, "language.policy")
}

fn comment(comment: &CommentBody) -> Result<(), DecodeError> {
    present(comment.post_id.is_some(), "postId")?;
    present(comment.item_type.is_some(), "itemType")?;
    let file = comment.attachment.as_ref();
    file.map_or(Ok(()), |file| within("attachment", attachment(file)))
}

fn not_blank(text: &str, key: &str) -> Result<(), DecodeError> {
    if says_nothing(text) {
        Err(DecodeError::new(key, BLANK))
    } else {
        Ok(())
    }
}

fn present(is_there: bool, key: &str) -> Result<(), DecodeError> {
    if is_there {
        Ok(())
    } else {
        Err(DecodeError::new(key, MISSING))
    }
}
