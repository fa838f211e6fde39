//! What a message says, drawn for an agent, who has not chosen to look at what strangers send: a customer's picture or
//! film is loaded when the agent asks for it, and a link whose words name no address says where it leads.

use crate::i18n::{self, t};
use crate::parts::notices;
use crate::state::Desk;
use leptos::html;
use leptos::prelude::*;
use portico_client::agent::TimelineMessage;
use portico_client::timeline::Voice;
use portico_shared::cim::MessageBody;
use portico_shared::customer::CustomerBody;
use portico_ui::body::{BodyContext, unknown};
use portico_ui::browser::{host_of, safe_url};
use portico_ui::file_links::stored_id;
use portico_ui::icon::{DOWNLOAD, EYE, icon};
use portico_ui::parts::{auto_span, button};
use portico_ui::text::{LinkStyle, text};

/// The message's body.
pub(crate) fn view(desk: Desk, message: &TimelineMessage) -> AnyView {
    if message.deleted {
        return html::em().child(t().deleted()).into_any();
    }
    let Some(content) = message.body().cloned() else {
        return ().into_any();
    };
    let context = BodyContext {
        messages: i18n::bodies(),
        locale: i18n::locale().to_owned(),
        text: message.text(),
        links: LinkStyle::WithHost,
        files: desk.file_links,
        answer: message.answer.clone(),
        on_reply: None,
    };
    // What the customer sees of it, in the same form; the rest has cards of its own.
    let Some(shown) = CustomerBody::of(&content) else {
        return unknown(&context);
    };
    match on_demand_of(message, &content) {
        Some(media) => on_demand(desk, message.key.clone(), media, shown, context),
        None => portico_lazy::body(&shown, &context, notices()),
    }
}

/// A customer's picture or film, which is not loaded by itself.
struct OnDemand {
    /// What the button says.
    words: &'static str,
    /// Whose server would learn that an agent looks.
    host: String,
}

fn on_demand_of(message: &TimelineMessage, body: &MessageBody) -> Option<OnDemand> {
    let (words, address) = media_of(body).filter(|_| message.author.voice == Voice::Customer)?;
    if stored_id(address).is_some() {
        // Looking at what lies at the relay tells no other server.
        return None;
    }
    let host = host_of(&safe_url(address)?)?;
    Some(OnDemand { words, host })
}

/// What the button for a picture or a film says, and where it lies.
fn media_of(body: &MessageBody) -> Option<(&'static str, &str)> {
    match body {
        MessageBody::Image(media) => Some((t().show_picture(), &media.attachment.media_url)),
        MessageBody::Sticker(sticker) => Some((t().show_picture(), sticker.media_url.as_deref()?)),
        MessageBody::Video(media) => Some((t().show_video(), &media.attachment.media_url)),
        _ => None,
    }
}

/// A button in the body's place, until it is pressed. What was asked for once stays when the message is drawn again.
fn on_demand(desk: Desk, key: String, media: OnDemand, content: CustomerBody, context: BodyContext) -> AnyView {
    let wanted = RwSignal::new(desk.is_loaded(&key));
    let inside = move || {
        if wanted.get() {
            return portico_lazy::body(&content, &context, notices());
        }
        let key = key.clone();
        let press = move || {
            desk.load(key.clone());
            wanted.set(true);
        };
        let lines = html::div()
            .class("body__lines")
            .child(auto_span("body__name", media.words))
            .child(auto_span("body__note", media.host.as_str()));
        let card = (icon(EYE), lines, icon(DOWNLOAD));
        let said = context.text.as_deref().map(|said| text(said, LinkStyle::Plain));
        html::div()
            .class("body")
            .child(button("body__card held", card, press))
            .child(said)
            .into_any()
    };
    html::div().class("body").child(inside).into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::body;
    use serde_json::json;

    #[test]
    fn pictures_and_films_wait_for_the_agent_and_texts_do_not() {
        let address = "https://pictures.example/cat.png";
        let media = |kind: &str| {
            let attachment = json!({ "mediaUrl": address, "mimeType": "image/png", "size": 1 });
            body(json!({ "type": kind, "attachment": attachment, "mediaUrl": address }))
        };
        assert_eq!(media_of(&media("IMAGE")), Some((t().show_picture(), address)));
        assert_eq!(media_of(&media("VIDEO")), Some((t().show_video(), address)));
        assert_eq!(media_of(&media("AUDIO")), None);
        assert_eq!(media_of(&MessageBody::plain("Look at my cat")), None);
    }
}
