//! Message bodies as views: one file per kind. What a body is stands in `portico_shared::cim::body`; how it looks in
//! `style/bodies.css`, `style/slides.css` and `style/forms.css`.

mod buttons;
mod carousel;
mod contact;
mod form;
mod location;
mod media;
mod messages;
mod plain;
mod unknown;
mod url;

use crate::el::{El, block, el};
#[cfg(feature = "leptos")]
use leptos::prelude::AnyView;
use portico_shared::json::{Map, Value};
use std::rc::Rc;

use portico_client::Answer;
use portico_shared::cim::MessageBody;
use portico_shared::cim::body::FormDataBody;
use portico_shared::frame::Draft;
use portico_shared::ids::MessageId;

pub use messages::Messages;

/// What surrounds a body when it is drawn.
#[derive(Clone)]
pub struct Around {
    /// The document's texts for what bodies say themselves.
    pub messages: &'static Messages,
    /// Where numbers and dates are written for.
    pub locale: String,
    /// The text to show: decoded, or the newest if it was changed.
    pub text: Option<String>,
    /// What the customer did about it.
    pub answer: Answer,
    /// Takes the customer's answer. `None` where nobody answers: in the agent's view, on own messages.
    pub on_reply: Option<OnReply>,
}

/// Takes a customer's answer.
pub type OnReply = Rc<dyn Fn(Reply)>;

/// How a customer answers a body.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A button was pressed.
    Button {
        /// What stands on it.
        title: String,
        /// What it means to the bot.
        payload: String,
        /// The card that it stands on.
        card: Option<String>,
    },
    /// A form was filled.
    Form(Box<FormDataBody>),
}

impl Reply {
    /// The message that gives this answer to `original`.
    pub fn into_draft(self, original: MessageId) -> Draft {
        let mut draft = match self {
            Self::Button { title, payload, card } => {
                let mut draft = Draft::new(MessageBody::plain(title));
                draft.intent = Some(payload);
                draft.additional_data = card.map(|card| Map::from_iter([("carousalCardId".into(), Value::from(card))]));
                draft
            }
            Self::Form(form) => Draft::new(MessageBody::FormData(form)),
        };
        draft.original_message_id = Some(original);
        draft
    }
}

/// Draws a body. Notices and receipts are no bodies of their own in a timeline; they come out as unknown.
pub fn draw(body: &MessageBody, around: &Around) -> El {
    match body {
        MessageBody::Plain(_) => plain::view(around).unwrap_or_else(|| el("span")),
        MessageBody::Image(media) => media::image(media, around),
        MessageBody::Video(media) => media::video(media, around),
        MessageBody::Audio(media) => media::audio(media, around),
        MessageBody::File(media) | MessageBody::Multimedia(media) => media::file(media, around),
        MessageBody::Url(url) => url::link(&url.media_url, around),
        MessageBody::Sticker(sticker) => url::sticker(sticker, around),
        MessageBody::Location(location) => location::view(location, around),
        MessageBody::Contact(contact) => contact::view(contact, around),
        MessageBody::Button(buttons) => buttons::view(buttons, around),
        MessageBody::Carousel(carousel) => carousel::view(carousel, around),
        MessageBody::FormData(form) => form::view(form, around),
        _ => unknown::view(around),
    }
}

/// The same as a Leptos view.
#[cfg(feature = "leptos")]
pub fn body(body: &MessageBody, around: &Around) -> AnyView {
    draw(body, around).into_view()
}

/// A block whose first child is the text of the body, if it has one.
fn with_text(around: &Around) -> El {
    block("body", Vec::new()).maybe(plain::view(around))
}

/// A text member of free JSON, if it is there and says something.
fn text_at<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a str> {
    value?.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}
