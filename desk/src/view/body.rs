//! What a message says, drawn for an agent, who has not chosen to look at what strangers send: a customer's picture or
//! film is loaded when the agent asks for it, and a link whose words name no address says where it leads.

use crate::i18n;
use crate::state::Desk;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::{TimelineMessage, Voice};
use portico_shared::cim::MessageBody;
use portico_ui::body::{BodyContext, body};
use portico_ui::browser::{host_of, safe_url};
use portico_ui::icon::{DOWNLOAD, EYE, icon};
use portico_ui::parts::{auto_span, button};
use portico_ui::text::{LinkStyle, text};

/// The message's body.
pub(crate) fn view(desk: Desk, message: &TimelineMessage) -> AnyView {
    if message.deleted {
        return html::em().child(i18n::DELETED).into_any();
    }
    let Some(content) = message.body().cloned() else {
        return ().into_any();
    };
    let context = BodyContext {
        messages: &i18n::BODIES,
        locale: i18n::locale().to_owned(),
        text: message.text(),
        links: LinkStyle::WithHost,
        answer: message.answer.clone(),
        on_reply: None,
    };
    match held(message, &content) {
        Some(held) => on_demand(desk, message.key.clone(), held, content, context),
        None => body(&content, &context),
    }
}

/// What is not loaded by itself.
struct Held {
    /// What the button says.
    words: &'static str,
    /// Whose server would learn that an agent looks.
    host: String,
}

fn held(message: &TimelineMessage, body: &MessageBody) -> Option<Held> {
    let (words, address) = match body {
        MessageBody::Image(media) => (i18n::SHOW_PICTURE, Some(&media.attachment.media_url)),
        MessageBody::Sticker(sticker) => (i18n::SHOW_PICTURE, sticker.media_url.as_ref()),
        MessageBody::Video(media) => (i18n::SHOW_VIDEO, Some(&media.attachment.media_url)),
        _ => return None,
    };
    let host = host_of(&safe_url(address?)?)?;
    (message.author.voice == Voice::Customer).then_some(Held { words, host })
}

/// A button in the body's place, until it is pressed. What was asked for once stays when the message is drawn again.
fn on_demand(desk: Desk, key: String, held: Held, content: MessageBody, context: BodyContext) -> AnyView {
    let wanted = RwSignal::new(desk.is_loaded(&key));
    let inside = move || {
        if wanted.get() {
            return body(&content, &context);
        }
        let key = key.clone();
        let press = move || {
            desk.load(key.clone());
            wanted.set(true);
        };
        let lines = html::div().class("body__lines").child((
            auto_span("body__name", held.words),
            auto_span("body__note", held.host.as_str()),
        ));
        let card = (icon(EYE), lines, icon(DOWNLOAD));
        let said = context.text.as_deref().map(|said| text(said, LinkStyle::Plain));
        html::div()
            .class("body")
            .child((button("body__card held", card, press), said))
            .into_any()
    };
    html::div().class("body").child(inside).into_any()
}
