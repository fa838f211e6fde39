//! Rules that new messages must keep and stored ones need not: object-model 1.21.1's annotations, and how deep JSON
//! may nest.

use crate::cim::body::{Attachment, Button, ContactBody, LocationBody};
use crate::cim::decode::{DecodeError, Path, nests_within};
use crate::cim::{ChannelData, CimMessage, MessageBody, MessageHeader, Sender};
use crate::json::Value;

/// How many levels of arrays and objects a body may have. Readers of JSON refuse to go deeper than 128, and a body
/// lies some levels deep in events and frames: what is accepted once must be readable everywhere.
pub const MAX_BODY_DEPTH: usize = 64;

const BLANK: &str = "must not be blank";
const MISSING: &str = "missing";

impl CimMessage {
    /// Whether the message may be sent to a service of Expertflow CX. The error names the first member that breaks a rule,
    /// as decoding does. The relay asks less of what it takes: the sender's rules and the body's, each by itself.
    pub fn validate(&self) -> Result<(), DecodeError> {
        let root = Path::root("");
        header(&self.header, &root.key("header"))?;
        body(&self.body, &root.key("body"))
    }
}

impl Sender {
    /// Whether a message may name this sender: what the relay asks of a program's message.
    pub fn validate(&self) -> Result<(), DecodeError> {
        sender(self, &Path::root("header.sender"))
    }
}

impl MessageBody {
    /// Whether the body may be sent: what the relay asks of a client's draft.
    pub fn validate(&self) -> Result<(), DecodeError> {
        body(self, &Path::root("body"))
    }
}

fn header(header: &MessageHeader, at: &Path<'_>) -> Result<(), DecodeError> {
    sender(&header.sender, &at.key("sender"))?;
    header
        .channel_data
        .as_ref()
        .map_or(Ok(()), |data| channel_data(data, &at.key("channelData")))
}

fn sender(sender: &Sender, at: &Path<'_>) -> Result<(), DecodeError> {
    not_blank(&sender.id, at, "id")?;
    not_blank(sender.kind.as_str(), at, "type")
}

fn channel_data(data: &ChannelData, at: &Path<'_>) -> Result<(), DecodeError> {
    not_blank(&data.channel_customer_identifier, at, "channelCustomerIdentifier")?;
    not_blank(&data.service_identifier, at, "serviceIdentifier")
}

fn body(body: &MessageBody, at: &Path<'_>) -> Result<(), DecodeError> {
    if !nests_within(&Value::Object(body.encode()), MAX_BODY_DEPTH) {
        return Err(at.fault("nests too deep"));
    }
    match body {
        MessageBody::Image(media)
        | MessageBody::Video(media)
        | MessageBody::Audio(media)
        | MessageBody::File(media)
        | MessageBody::Multimedia(media) => attachment(&media.attachment, &at.key("attachment")),
        MessageBody::Url(url) => not_blank(&url.media_url, at, "mediaUrl"),
        MessageBody::Location(body) => location(body, at),
        MessageBody::Contact(body) => contacts(body, at),
        MessageBody::Button(body) => buttons(&body.buttons, at),
        MessageBody::Carousel(body) => {
            let at = at.key("elements");
            let mut elements = body.elements.iter().enumerate();
            elements.try_for_each(|(index, element)| buttons(&element.buttons, &at.index(index)))
        }
        _ => staff_body(body, at),
    }
}

fn staff_body(body: &MessageBody, at: &Path<'_>) -> Result<(), DecodeError> {
    match body {
        MessageBody::VoiceRecording(url) => not_blank(&url.media_url, at, "mediaUrl"),
        MessageBody::Template(template) => {
            not_blank(&template.namespace, at, "namespace")?;
            not_blank(&template.name, at, "name")?;
            let at = at.key("language");
            not_blank(&template.language.code, &at, "code")?;
            not_blank(&template.language.policy, &at, "policy")
        }
        MessageBody::Comment(comment) => {
            present(comment.post_id.is_some(), at, "postId")?;
            present(comment.item_type.is_some(), at, "itemType")?;
            comment
                .attachment
                .as_ref()
                .map_or(Ok(()), |file| attachment(file, &at.key("attachment")))
        }
        MessageBody::Email(email) => {
            let at = at.key("attachments");
            let mut files = email.attachments.iter().enumerate();
            files.try_for_each(|(index, file)| attachment(file, &at.index(index)))
        }
        _ => Ok(()),
    }
}

fn attachment(attachment: &Attachment, at: &Path<'_>) -> Result<(), DecodeError> {
    not_blank(&attachment.media_url, at, "mediaUrl")
}

fn location(body: &LocationBody, at: &Path<'_>) -> Result<(), DecodeError> {
    let at = at.key("location");
    present(body.location.latitude.is_some(), &at, "latitude")?;
    present(body.location.longitude.is_some(), &at, "longitude")
}

fn contacts(body: &ContactBody, at: &Path<'_>) -> Result<(), DecodeError> {
    let at = at.key("contacts");
    for (index, contact) in body.contacts.iter().enumerate() {
        not_blank(
            &contact.name.formatted_name,
            &at.index(index).key("name"),
            "formattedName",
        )?;
    }
    Ok(())
}

fn buttons(buttons: &[Button], at: &Path<'_>) -> Result<(), DecodeError> {
    let at = at.key("buttons");
    for (index, button) in buttons.iter().enumerate() {
        let at = at.index(index);
        not_blank(&button.title, &at, "title")?;
        not_blank(&button.payload, &at, "payload")?;
        not_blank(&button.kind, &at, "type")?;
    }
    Ok(())
}

fn not_blank(text: &str, at: &Path<'_>, key: &str) -> Result<(), DecodeError> {
    if text.trim().is_empty() {
        Err(at.key(key).fault(BLANK))
    } else {
        Ok(())
    }
}

fn present(is_there: bool, at: &Path<'_>, key: &str) -> Result<(), DecodeError> {
    if is_there {
        Ok(())
    } else {
        Err(at.key(key).fault(MISSING))
    }
}
