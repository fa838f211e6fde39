//! What a message says, drawn for an agent, who has not chosen to look at what strangers send: a customer's picture or
//! film is loaded when the agent asks for it, and a link whose words name no address says where it leads.

use crate::i18n;
use crate::store::Desk;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use portico_client::timeline::{TimelineMessage, Voice};
use portico_shared::cim::MessageBody;
use portico_ui::body::{Around, draw};
use portico_ui::browser::{host_of, safe_url};
use portico_ui::el::{El, Press, block, button, el, words};
use portico_ui::icon::{DOWNLOAD, EYE, draw as picture};
use portico_ui::state::State;
use portico_ui::text::text;

/// The message's body.
pub(crate) fn view(desk: Desk, message: &TimelineMessage) -> AnyView {
    if message.deleted {
        return html::em().child(i18n::DELETED).into_any();
    }
    let Some(body) = message.body().cloned() else {
        return ().into_any();
    };
    let around = Around {
        messages: &i18n::BODIES,
        locale: i18n::locale().to_owned(),
        text: message.text(),
        answer: message.answer.clone(),
        on_reply: None,
    };
    match held(message, &body) {
        Some(held) => on_demand(desk, message.key.clone(), held, body, around),
        None => drawn(&body, &around),
    }
    .into_view()
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
fn on_demand(desk: Desk, key: String, held: Held, body: MessageBody, around: Around) -> El {
    let wanted = State::new(desk.is_loaded(&key));
    block("body", Vec::new()).child_by(move || {
        if wanted.get() {
            return Some(drawn(&body, &around));
        }
        let key = key.clone();
        let press: Press = Box::new(move || {
            desk.load(key.clone());
            wanted.set(true);
        });
        let lines = vec![words("body__name", held.words), words("body__note", &held.host)];
        let card = vec![picture(EYE), block("body__lines", lines), picture(DOWNLOAD)];
        let said = around.text.as_deref().map(text);
        Some(block("body", vec![button("body__card held", card, press)]).maybe(said))
    })
}

fn drawn(body: &MessageBody, around: &Around) -> El {
    let drawn = draw(body, around);
    say_hosts(&drawn);
    drawn
}

/// Writes the host behind each link of a text that does not name it.
fn say_hosts(drawn: &El) {
    let Ok(links) = drawn.node().query_selector_all("a.link") else {
        return;
    };
    for at in 0..links.length() {
        let link = links.get(at).and_then(|link| link.dyn_into::<web_sys::Element>().ok());
        if let Some(link) = link
            && let Some(host) = hidden_host(&link)
        {
            let host = el("span").class("link__host").text(&format!(" ({host})"));
            // The link has a parent: it was found inside one.
            let _ = link.after_with_node_1(host.node());
        }
    }
}

/// Where a link leads, unless its words say so themselves. Addresses of mail and telephones have no host.
fn hidden_host(link: &web_sys::Element) -> Option<String> {
    let host = host_of(&link.get_attribute("href")?).filter(|host| !host.is_empty())?;
    let label = link.text_content().unwrap_or_default();
    let label = label.trim();
    let named = match label.contains("://") {
        true => host_of(label),
        false => host_of(&format!("https://{label}")),
    };
    (named.as_ref() != Some(&host)).then_some(host)
}
