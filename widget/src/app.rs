//! The document: its language, and one chat per visitor.

use crate::alerts;
use crate::availability;
use crate::config::{self, Config};
use crate::files;
use crate::first_screen;
use crate::host::{self, Host};
use crate::i18n::{self, locale, t};
use crate::notifications;
use crate::parts::Parts;
use crate::state::{Agreement, Chat, Document, Instead};
use crate::token::{self, Told};
use crate::unsent::{self, MoveCopies, UnsentHere};
use crate::view;
use crate::visitor::VisitorStore;
use leptos::html;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

use portico_client::Options;
use portico_shared::http::SessionAnswer;
use portico_ui::a11y::{self, Announcer};
use portico_ui::alerts::Alerts;
use portico_ui::attachments::Tray;
use portico_ui::browser::{document, is_persisted, listen, window};
use portico_ui::net::{DiskCopy, Link, Setup};
use portico_ui::reactive::{dynamic, effect, keyed};
use portico_ui::time;

/// The whole document.
pub(crate) fn app(host: Host, parts: Parts) -> AnyView {
    let channel = config::channel();
    let (config, reload_config) = read_config(channel.clone());
    let document = Document {
        parts,
        host,
        config: config.read_only(),
        reload_config,
        availability: availability::follow(channel.clone(), config),
        announcer: Announcer::new(),
        today: time::today(),
        instead: RwSignal::new(Instead::Nothing),
        unsent: UnsentHere::of_tab(&channel),
    };
    follow_language(host, document.instead.read_only());
    name_document(document.config);
    effect(move |_| {
        let own = document.config.with(|config| config.accent.clone());
        config::colour(&host.accent().or(own).unwrap_or_default());
    });
    let is_composing = first_screen::is_composing();
    let can_draw_messages = expect_messages(parts);
    if first_screen::has_sent() {
        (parts.expect_reader)();
    }
    // Another visitor gets another window, nothing of the one before is left in it.
    let numbers = move || host.chat().iter().map(u32::to_string).collect();
    let chat = keyed(numbers, move |_| {
        let chat = chat(document, &channel);
        // What the visitor has sent, or sees from an earlier time, does not go for a while and come again.
        let has_messages = chat.is_known() || first_screen::has_sent();
        first_screen::send_with(chat);
        let is_ready = Memo::new(move |_| !is_composing.get() && (!has_messages || can_draw_messages.get()));
        spoken(chat, files::tray(chat), alerts::alerts(chat), is_ready)
    });
    html::div()
        .class("root")
        .child(a11y::region(document.announcer))
        .child(chat)
        .into_any()
}

/// How long a chat waits for what draws its messages.
const MESSAGES_WITHIN: Duration = Duration::from_secs(5);

/// Whether what draws messages has been fetched, or has not come in time, which is said where they would stand.
fn expect_messages(parts: Parts) -> ReadSignal<bool> {
    let (has_settled, set_settled) = signal(false);
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the file; the document lives as long as the program"
    )]
    leptos::task::spawn_local(async move {
        let _ = (parts.expect_messages)().await;
        set_settled.set(true);
    });
    // Nothing else says that a fetch has come to a stand.
    set_timeout(move || set_settled.set(true), MESSAGES_WITHIN);
    has_settled
}

/// A chat's window, which takes over from the first screen as soon as it is ready. It is drawn anew for another language: all
/// of its words are other ones, and what it shows is in the chat.
fn spoken(chat: Chat, files: Tray, alerts: Alerts, is_ready: Memo<bool>) -> AnyView {
    dynamic(move || {
        i18n::track();
        is_ready.get().then(|| {
            first_screen::hand_over_to(chat);
            view::window(chat, files, alerts)
        })
    })
}

/// Speaks the language that the page wishes. The document stays: one that is loaded anew would add to the history of the
/// page, and Back would then lead into it. What is recorded or filled in goes with the window: it is drawn anew after that.
fn follow_language(host: Host, instead: ReadSignal<Instead>) {
    let wish = Memo::new(move |_| host.locale().or_else(portico_ui::i18n::wished_by_address));
    let loaded = RwSignal::new(None);
    effect(move |_| {
        let is_free = instead.get() == Instead::Nothing;
        let next = loaded.read().is_some() && is_free;
        if let Some(language) = next.then(|| loaded.write_untracked().take()).flatten() {
            i18n::speak(language);
        }
    });
    effect(move |before: Option<Option<String>>| {
        let wished = wish.get();
        if before.unwrap_or_else(portico_ui::i18n::wished_by_address) != wished {
            let asked = wished.clone();
            #[expect(
                clippy::disallowed_methods,
                reason = "ends with the answer; the document lives as long as the program"
            )]
            leptos::task::spawn_local(async move {
                let language = i18n::load(asked.clone()).await;
                // Yet another one may have been wished for meanwhile.
                if wish.get_untracked() == asked {
                    loaded.set(Some(language));
                }
            });
        }
        wished
    });
}

/// What the site's owner has set, and what asks the relay for it anew.
fn read_config(channel: String) -> (RwSignal<Config>, Callback<()>) {
    let of_page = config::of_page();
    let is_missing = of_page.is_none();
    let config = RwSignal::new(of_page.unwrap_or_default());
    if is_missing {
        load_config(channel.clone(), config, CONFIG_AGAIN_AFTER);
    }
    let reload = Callback::new(move |()| {
        let channel = channel.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the answer; the document lives as long as the program"
        )]
        leptos::task::spawn_local(async move {
            // Without an answer the chat goes on with what it has.
            if let Some((loaded, _)) = config::load(&channel).await {
                config.set(loaded);
            }
        });
    });
    (config, reload)
}

/// How long after the first failed request the next one asks for it. Each waits twice as long as the one before, up to a minute.
const CONFIG_AGAIN_AFTER: Duration = Duration::from_secs(5);
const CONFIG_AGAIN_AT_LAST: Duration = Duration::from_secs(60);

/// Asks for it until it has come, as a page has to that the relay has not completed: nothing is kept of a visitor before it is
/// known what that one has to agree to.
fn load_config(channel: String, config: RwSignal<Config>, again_after: Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer; the document lives as long as the program"
    )]
    leptos::task::spawn_local(async move {
        match config::load(&channel).await {
            Some((loaded, _)) => config.set(loaded),
            None => {
                let next = (again_after * 2).min(CONFIG_AGAIN_AT_LAST);
                set_timeout(move || load_config(channel, config, next), again_after);
            }
        }
    });
}

/// A visitor's chat, with the page and screen readers kept informed of it.
fn chat(document: Document, channel: &str) -> Chat {
    // What the visitor before was about to record or share is not this one's.
    document.instead.set(Instead::Nothing);
    let proofs = document.host.identity();
    let identity = StoredValue::new(proofs.get_untracked());
    let store = Rc::new(VisitorStore::new(channel, identity.get_value().as_deref()));
    store.adopt_entered();
    let agreed_to = RwSignal::new(store.agreed_to());
    let is_forgotten = RwSignal::new(false);
    let link = Link::new(Setup {
        options: Options {
            desk: None,
            client: Some(concat!("widget/", env!("CARGO_PKG_VERSION")).into()),
        },
        storage: document
            .unsent
            .outbox_of(&store, document.host.departures(), document.parts.move_copies),
        copy: Some(DiskCopy {
            name: store.copy_name(),
            exists: first_screen::has_copy,
            copier: document.parts.copier,
        }),
        tokens: token::source(
            channel,
            &store,
            identity,
            Told {
                has_agreed: Callback::new(move |()| {
                    let given = agreed_to.get_untracked();
                    let agreement = document.config.with_untracked(|config| Agreement::to(config, given));
                    agreement == Agreement::Given
                }),
                session: on_session(&store, document.parts.move_copies),
                forgotten: Callback::new(move |()| set_once(is_forgotten)),
                consent_required: on_consent_required(&store, agreed_to, document.reload_config),
            },
        ),
        reader: document.parts.reader,
        on_notification: Box::new(|notification| notifications::hear(&notification)),
    });
    look_who_is_there(&store);
    let chat = Chat::new(document, store, link, agreed_to, is_forgotten.read_only());
    renew_with(proofs, identity, chat);
    notifications::follow(chat);
    chat.begin();
    chat
}

/// Says it the first time alone: what is written afterwards is the new visitor's.
fn set_once(flag: RwSignal<bool>) {
    if !flag.get_untracked() {
        flag.set(true);
    }
}

/// Keeps the proof that came with a session. Where the relay has given the unknown visitor's chat to the known customer,
/// the document is loaded anew and reads all of it as the customer's.
fn on_session(store: &Rc<VisitorStore>, move_copies: MoveCopies) -> Callback<SessionAnswer> {
    let store = StoredValue::new_local(Rc::clone(store));
    Callback::new(move |answer: SessionAnswer| {
        store.with_value(|store| {
            store.keep_refresh(&answer.refresh);
            if answer.linked.is_some() && store.is_signed() {
                store.adopt_anonymous();
                unsent::move_all_copies(store, move_copies, host::reload);
            }
        });
    })
}

/// Finds out what is to be agreed to, and what was: another tab may have forgotten it.
fn on_consent_required(
    store: &Rc<VisitorStore>,
    agreed_to: RwSignal<Option<u32>>,
    reload_config: Callback<()>,
) -> Callback<()> {
    let store = StoredValue::new_local(Rc::clone(store));
    Callback::new(move |()| {
        agreed_to.set(store.with_value(|store| store.agreed_to()));
        reload_config.run(());
    })
}

/// Follows the visitor's proofs, of which each ends some day: what was begun with one goes on with the next.
fn renew_with(proofs: ReadSignal<Option<String>>, identity: token::Identity, chat: Chat) {
    effect(move |_| {
        let newest = proofs.get();
        if identity.get_value() != newest {
            identity.set_value(newest);
            chat.renew_token();
        }
    });
}

/// A page that comes back from the browser's cache has not heard what other pages of the site did meanwhile. A visitor whom
/// they have made the browser forget is not there any more; a chat that was begun on them goes on here.
fn look_who_is_there(store: &Rc<VisitorStore>) {
    let store = StoredValue::new_local(Rc::clone(store));
    let who = move || store.with_value(|store| store.customer());
    let before = StoredValue::new(None);
    listen(&window(), "pagehide", move |_| before.set_value(who()));
    listen(&window(), "pageshow", move |event| {
        if !is_persisted(&event) {
            return;
        }
        match (before.get_value(), who()) {
            (before, now) if before == now => {}
            (None, _) => host::reload(),
            (Some(_), _) => host::leave(),
        }
    });
}

/// The language and direction of the document, and its title.
fn name_document(config: ReadSignal<Config>) {
    let document = document();
    effect(move |_| {
        i18n::track();
        if let Some(root) = document.document_element() {
            // Setting attributes of the root element cannot fail.
            let _ = root.set_attribute("lang", &locale().name);
            let _ = root.set_attribute("dir", locale().direction);
        }
        let title = config.with(|config| config.title.clone());
        document.set_title(title.as_deref().unwrap_or(t().title()));
    });
}
