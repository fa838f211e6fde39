//! Message bodies as views: one file per kind. What a body is stands in `portico_shared::customer`; how it looks in
//! `style/bodies.css`, `style/slides.css` and `style/forms.css`.

mod buttons;
mod carousel;
mod contact;
mod form;
mod location;
mod media;
mod messages;
mod order;
mod picture;
mod plain;
mod preview;
mod room;
mod stored;
mod template;
mod unknown;
mod url;

use crate::file_links::FileLinks;
use crate::text::LinkStyle;
use leptos::html;
use leptos::prelude::*;
use portico_shared::json::{Map, Value};
use portico_shared::text::says_nothing;
use serde::de::DeserializeOwned;

use portico_client::Answer;
use portico_shared::customer::{BodyJson, CustomerBody, CustomerForm};
use portico_shared::frame::Draft;
use portico_shared::ids::MessageId;

pub use form::{PrechatForm, prechat};
pub use messages::Messages;
pub use preview::preview;
pub use template::words as template_words;

/// What surrounds a body when it is drawn.
#[derive(Clone)]
pub struct BodyContext {
    /// The document's texts for what bodies say themselves.
    pub messages: &'static Messages,
    /// Where numbers and dates are written for.
    pub locale: String,
    /// The text to show: decoded, or the newest if it was changed.
    pub text: Option<String>,
    /// What links of the text show beside their labels.
    pub links: LinkStyle,
    /// Links to files that lie at the relay.
    pub files: FileLinks,
    /// What the customer did about it.
    pub answer: Answer,
    /// Takes the customer's answer. `None` where there is none to give: in the agent's view, on own messages.
    pub on_reply: Option<Callback<Reply>>,
}

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
    Form(BodyJson<CustomerForm>),
}

impl Reply {
    /// The message that gives this answer to `original`.
    pub fn into_draft(self, original: MessageId) -> Draft<CustomerBody> {
        let mut draft = match self {
            Self::Button { title, payload, card } => {
                let mut draft = Draft::new(CustomerBody::plain(title));
                draft.intent = Some(payload);
                draft.additional_data = card.map(|card| {
                    let mut data = Map::new();
                    data.insert("carousalCardId".to_owned(), Value::from(card));
                    data
                });
                draft
            }
            Self::Form(form) => Draft::new(CustomerBody::FormData(form)),
        };
        draft.original_message_id = Some(original);
        draft
    }
}

/// Draws a body. Notices and receipts are no bodies of their own in a timeline; they come out as unknown.
pub fn body(content: &CustomerBody, context: &BodyContext) -> AnyView {
    match BodyPart::of(content) {
        BodyPart::Basic => basic(content, context),
        BodyPart::Rich => rich(content, context),
        BodyPart::Form => form(content, context),
    }
}

/// Which part of a program draws a body: a document for visitors has only the first one from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyPart {
    /// Texts, buttons, links; and what is unknown.
    Basic,
    /// Pictures, films, sounds, files, cards, contacts, places, receipts and templates.
    Rich,
    /// Forms.
    Form,
}

impl BodyPart {
    /// The part that draws this body.
    pub fn of(content: &CustomerBody) -> Self {
        match content {
            CustomerBody::FormData(_) => Self::Form,
            CustomerBody::Image(_)
            | CustomerBody::Video(_)
            | CustomerBody::Audio(_)
            | CustomerBody::File(_)
            | CustomerBody::Sticker(_)
            | CustomerBody::Location(_)
            | CustomerBody::Contact(_)
            | CustomerBody::Carousel(_)
            | CustomerBody::Order(_)
            | CustomerBody::Template(_) => Self::Rich,
            _ => Self::Basic,
        }
    }
}

/// Draws a body of [`BodyPart::Basic`].
pub fn basic(content: &CustomerBody, context: &BodyContext) -> AnyView {
    match content {
        CustomerBody::Plain(_) => text(context).unwrap_or_else(|| html::span().into_any()),
        CustomerBody::Url(url) => url::link_card(&url.media_url, context),
        CustomerBody::Button(buttons) => buttons::view(buttons, context),
        _ => unknown(context),
    }
}

/// Draws a body of [`BodyPart::Rich`].
pub fn rich(content: &CustomerBody, context: &BodyContext) -> AnyView {
    match content {
        CustomerBody::Image(media) => read(media, context, media::image),
        CustomerBody::Video(media) => read(media, context, media::video),
        CustomerBody::Audio(media) => read(media, context, media::audio),
        CustomerBody::File(media) => read(media, context, media::file),
        CustomerBody::Sticker(sticker) => read(sticker, context, url::sticker),
        CustomerBody::Location(location) => read(location, context, location::view),
        CustomerBody::Contact(contact) => read(contact, context, contact::view),
        CustomerBody::Carousel(carousel) => read(carousel, context, carousel::view),
        CustomerBody::Order(order) => order::view(&order.value(), context),
        CustomerBody::Template(template) => template::view(&template.value(), context),
        _ => unknown(context),
    }
}

/// Draws a body of [`BodyPart::Form`].
pub fn form(content: &CustomerBody, context: &BodyContext) -> AnyView {
    match content {
        CustomerBody::FormData(form) => read(form, context, |read, context| form::view(form, read, context)),
        _ => unknown(context),
    }
}

/// Draws a body that is read only now. One that the relay would not have let through is drawn as unknown.
fn read<T: DeserializeOwned>(
    body: &BodyJson<T>,
    context: &BodyContext,
    view: impl FnOnce(&T, &BodyContext) -> AnyView,
) -> AnyView {
    match body.read() {
        Ok(body) => view(&body, context),
        Err(_) => unknown(context),
    }
}

/// Draws a body of which no more than its text can be shown.
pub fn unknown(context: &BodyContext) -> AnyView {
    unknown::view(context)
}

/// The text of any body, if it has one.
pub fn text(context: &BodyContext) -> Option<AnyView> {
    plain::view(context)
}

/// A block whose first child is the text of the body, if it has one.
fn with_text(context: &BodyContext, rest: impl IntoView + 'static) -> AnyView {
    html::div()
        .class("body")
        .child(plain::view(context))
        .child(rest.into_any())
        .into_any()
}

/// A text member of free JSON, if it is there and says something.
fn text_at<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a str> {
    value?.get(key)?.as_str().filter(|text| !says_nothing(text))
}

#[cfg(test)]
mod tests {
    use super::{BodyPart, Reply};

    use portico_shared::customer::CustomerBody;
    use portico_shared::ids::MessageId;

    #[test]
    fn only_texts_buttons_and_links_are_drawn_without_another_part() {
        let part = |json: serde_json::Value| BodyPart::of(&serde_json::from_value(json).expect("a body"));
        assert_eq!(BodyPart::of(&CustomerBody::plain("Hello")), BodyPart::Basic);
        let buttons = serde_json::json!({ "type": "BUTTON", "buttons": [] });
        assert_eq!(part(buttons), BodyPart::Basic);
        assert_eq!(part(serde_json::json!({ "type": "SOMETHING_NEW" })), BodyPart::Basic);
        let cards = serde_json::json!({ "type": "CAROUSEL", "elements": [] });
        assert_eq!(part(cards), BodyPart::Rich);
        for kind in ["RECEIPT", "TEMPLATE"] {
            assert_eq!(part(serde_json::json!({ "type": kind })), BodyPart::Rich, "{kind}");
        }
        let form = serde_json::json!({ "type": "FORM_DATA", "formId": "f-1", "sections": [] });
        assert_eq!(part(form), BodyPart::Form);
    }

    #[test]
    fn a_pressed_button_is_a_text_with_its_payload_and_its_card() {
        let reply = Reply::Button {
            title: "Red".into(),
            payload: "colour:red".into(),
            card: Some("card-7".into()),
        };
        let draft = reply.into_draft(MessageId::new("m-1"));
        assert_eq!(draft.body, CustomerBody::plain("Red"));
        assert_eq!(draft.intent.as_deref(), Some("colour:red"));
        assert_eq!(draft.original_message_id, Some(MessageId::new("m-1")));
        let card = draft.additional_data.expect("a card is named");
        assert_eq!(
            card.get("carousalCardId").and_then(|card| card.as_str()),
            Some("card-7")
        );
    }

    #[test]
    fn a_button_that_stands_on_no_card_names_none() {
        let reply = Reply::Button {
            title: "Red".into(),
            payload: "colour:red".into(),
            card: None,
        };
        assert_eq!(reply.into_draft(MessageId::new("m-1")).additional_data, None);
    }
}
