//! The document: its language, and one chat per visitor.

use crate::config::{self, Config};
use crate::host::Host;
use crate::i18n::{locale, t};
use crate::net::Kept;
use crate::news;
use crate::store::{Chat, Document};
use crate::view::window;
use portico_ui::browser::document;

use portico_ui::a11y::{self, Announcer};
use portico_ui::el::{El, el};
use portico_ui::state::{State, effect};
use portico_ui::time;

/// The whole document.
pub(crate) fn app(host: Host) -> El {
    let channel = config::channel();
    let config = State::new(Config::default());
    let wanted = channel.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer; the document lives as long as the program"
    )]
    wasm_bindgen_futures::spawn_local(async move { config.set(config::load(&wanted).await) });
    let document = Document {
        host,
        config,
        announcer: Announcer::new(),
        today: time::today(),
    };
    name_document(document);
    effect(Box::new(move || {
        let own = config.with(|config| config.accent.clone());
        let accent = Some(host.accent.get()).filter(|accent| !accent.is_empty());
        config::colour(&accent.or(own).unwrap_or_default());
    }));
    el("div")
        .class("root")
        .child(El::of_view(a11y::region(document.announcer)))
        .child_by(move || host.heard.get().then(|| window(visit(document, &channel))))
}

/// A visitor's chat, and who is told of its news.
fn visit(document: Document, channel: &str) -> Chat {
    let kept = Kept::of(channel, document.host.identity.now());
    let link = kept.link(Box::new(|news| news::hear(&news)));
    kept.follow(document.host.identity, link);
    let chat = Chat::new(document, &kept, link);
    news::tell_host(chat);
    news::tell(chat);
    chat.begin();
    chat
}

/// The language and direction of the document, and its title.
fn name_document(of: Document) {
    let document = document();
    let Some(root) = document.document_element() else {
        return;
    };
    let locale = locale();
    // Setting attributes of the root element cannot fail.
    let _ = root.set_attribute("lang", &locale.name);
    let _ = root.set_attribute("dir", locale.direction);
    effect(Box::new(move || {
        let title = of.config.with(|config| config.title.clone());
        document.set_title(title.as_deref().unwrap_or(t().title()));
    }));
}
