//! The page around the frame, by `postMessage`.
//!
//! Only the parent window is heard, and the origin of its first `init` is the host's for good: nothing from another
//! origin is heard after it, and everything is posted to exactly that origin, but for the `hello` that asks for it. The relay lets only allowed origins be
//! parents (`frame-ancestors`). Opened by itself, the document has no host and is simply open.

mod message;

pub(crate) use message::{CommandRefusal, HostCommand, HostCommandKind, Page};

use crate::config;
use crate::first_screen;
use crate::visitor::VisitorStore;
use js_sys::{Array, JSON, Object, Reflect};
use leptos::prelude::*;
use message::{HostMessage, Init, VERSION_KEY, Visit, VisitorChange};
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ClientId, MessageId};
use portico_ui::alerts::PageAlerts;
use portico_ui::browser::{document, listen, window};

thread_local! {
    /// The host's origin. Apart from the handle, because the panic hook speaks to the host too.
    static ORIGIN: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Whether this document is about to go: what the host asks for is left to the next one.
    static GOING: Cell<bool> = const { Cell::new(false) };
}

/// What the host has said so far. A cheap handle.
#[derive(Clone, Copy)]
pub(crate) struct Host {
    chats: RwSignal<u32>,
    is_known: RwSignal<bool>,
    open: RwSignal<bool>,
    locale: RwSignal<String>,
    accent: RwSignal<String>,
    greeting: RwSignal<String>,
    page: RwSignal<Page>,
    data: RwSignal<Map<String, Value>>,
    identity: RwSignal<Option<String>>,
    visit: StoredValue<Visit>,
    commands: RwSignal<Vec<HostCommand>>,
    alerts: RwSignal<Option<PageAlerts>>,
    consent: RwSignal<u32>,
    departures: StoredValue<u32>,
}

impl Host {
    /// Starts to listen, and hears what was said before.
    pub(crate) fn listen() -> Self {
        let is_alone = parent().is_none();
        let host = Self {
            chats: RwSignal::new(0),
            is_known: RwSignal::new(is_alone),
            open: RwSignal::new(is_alone),
            locale: RwSignal::new(String::new()),
            accent: RwSignal::new(String::new()),
            greeting: RwSignal::new(String::new()),
            page: RwSignal::new(Page::default()),
            data: RwSignal::new(Map::new()),
            identity: RwSignal::new(None),
            visit: StoredValue::new(Visit::default()),
            commands: RwSignal::new(Vec::new()),
            alerts: RwSignal::new(None),
            consent: RwSignal::new(0),
            departures: StoredValue::new(0),
        };
        listen(&window(), "message", move |event| {
            if let Some(message) = event.dyn_ref().and_then(admitted) {
                host.receive(message);
            }
        });
        match first_screen::heard() {
            None => hello(),
            Some(heard) => heard
                .iter()
                .filter_map(admitted)
                .for_each(|message| host.receive(message)),
        }
        host
    }

    /// The number of the chat to show: it is another one for each visitor. None before the host has said who that is.
    pub(crate) fn chat(self) -> Option<u32> {
        self.is_known.get().then(|| self.chats.get())
    }

    /// Whether the window is open.
    pub(crate) fn is_open(self) -> bool {
        self.open.get()
    }

    /// The language that the page wishes, if it names one; goes before that of the document's address.
    pub(crate) fn locale(self) -> Option<String> {
        Some(self.locale.get()).filter(|locale| !locale.is_empty())
    }

    /// The page's accent, as `#rrggbb`, if it named one; goes before the channel's.
    pub(crate) fn accent(self) -> Option<String> {
        Some(self.accent.get()).filter(|accent| !accent.is_empty())
    }

    /// What the chat begins with, if the page named it; goes before the channel's greeting.
    pub(crate) fn greeting(self) -> Option<String> {
        Some(self.greeting.get()).filter(|greeting| !greeting.is_empty())
    }

    /// Where the visitor is.
    pub(crate) fn page(self) -> Page {
        self.page.get()
    }

    /// What the page says about the visitor, unproven.
    pub(crate) fn data(self) -> Map<String, Value> {
        self.data.get()
    }

    /// The signed identity of the visitor.
    pub(crate) fn identity(self) -> ReadSignal<Option<String>> {
        self.identity.read_only()
    }

    /// The newest of it now, also for what goes on when the view that began it is gone.
    pub(crate) fn proof(self) -> Option<String> {
        self.identity.get_untracked()
    }

    /// What the page can do to call the visitor back; absent until it has said so.
    pub(crate) fn alerts(self) -> ReadSignal<Option<PageAlerts>> {
        self.alerts.read_only()
    }

    /// Which version of the channel's terms the visitor has agreed to on the page; 0 if it does not say.
    pub(crate) fn consent(self) -> u32 {
        self.consent.get()
    }

    /// How often a visitor has left, as by a logout.
    pub(crate) fn departures(self) -> u32 {
        self.departures.get_value()
    }

    /// Takes what the host asked for and nothing has done yet.
    pub(crate) fn take_commands(self) -> Vec<HostCommand> {
        let commands = self.commands.get();
        if !commands.is_empty() {
            self.commands.set(Vec::new());
        }
        commands
    }

    fn receive(self, message: HostMessage) {
        match message {
            HostMessage::Init(init) => self.init(*init),
            HostMessage::Command(command) if !GOING.get() => self.commands.update(|commands| commands.push(command)),
            HostMessage::Alerts(alerts) => put(self.alerts, Some(alerts)),
            HostMessage::Command(_) | HostMessage::Unknown => {}
        }
    }

    fn init(self, init: Init) {
        let change = self.meet_visitor(&init);
        theme(&init.theme);
        put(self.locale, init.locale);
        put(self.accent, init.accent);
        put(self.greeting, init.greeting);
        put(self.page, init.page);
        put(self.data, init.data);
        put(self.consent, init.consent);
        put(self.open, init.open);
        put(self.is_known, true);
        let is_other = change == VisitorChange::Other;
        post("ready", &[("forgot", false.into()), ("other", is_other.into())]);
    }

    /// Another visitor is said before anything else changes, so that the chat of the one before is gone and not told of it.
    fn meet_visitor(self, init: &Init) -> VisitorChange {
        let mut visit = self.visit.get_value();
        let forgets = visit.forgets(init);
        let change = visit.receive(init);
        let identity = visit.identity.clone();
        self.visit.set_value(visit);
        match change {
            VisitorChange::Same => {}
            VisitorChange::SignedIn | VisitorChange::Other => self.chats.update(|chats| *chats += 1),
            VisitorChange::Left => {
                self.chats.update(|chats| *chats += 1);
                self.commands.set(Vec::new());
                self.departures.update_value(|count| *count += 1);
            }
        }
        if forgets {
            forget_visitors();
        }
        put(self.identity, identity);
        change
    }
}

/// Forgets all visitors, and says so when nothing is left.
fn forget_visitors() {
    let forgotten = VisitorStore::forget_all(&config::channel());
    // Said before anything is drawn, and so without Leptos.
    #[expect(clippy::disallowed_methods, reason = "ends when the browser has forgotten them")]
    wasm_bindgen_futures::spawn_local(async move {
        forgotten.await;
        post("ready", &[("forgot", true.into())]);
    });
}

/// Sets a signal if the new value is another one.
fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

/// Loads the document anew.
pub(crate) fn reload() {
    // A reload that the browser refuses leaves everything as it is.
    GOING.set(window().location().reload().is_ok());
}

/// Tells the host what has become of a command: it is carried out, or never will be.
pub(crate) fn answer(id: &str, carried_out: Result<(), CommandRefusal>) {
    match carried_out {
        Ok(()) => post("taken", &[("id", id.into())]),
        Err(why) => post("refused", &[("id", id.into()), ("reason", why.as_str().into())]),
    }
}

/// Tells the host what has become of a message: its id in the log, or why the relay refused it.
pub(crate) fn settled(client_id: &ClientId, outcome: Result<&MessageId, &RefusalCode>) {
    let outcome = match outcome {
        Ok(message) => ("message", message.as_str().into()),
        Err(code) => ("reason", code.as_str().into()),
    };
    post("settled", &[("id", client_id.as_str().into()), outcome]);
}

/// Begins with a new visitor: this browser has forgotten the one at hand.
pub(crate) fn leave() {
    match parent() {
        Some(_) => post("left", &[]),
        None => reload(),
    }
}

/// Asks the host to close the window.
pub(crate) fn close() {
    post("close", &[]);
}

/// Tells the launcher's badge how many messages wait, and shows the newest of them beside it.
pub(crate) fn unread(count: u32, preview: Option<(String, String)>) {
    let preview = preview.map(|(name, text)| object(&[("name", name.into()), ("text", text.into())]));
    post(
        "unread",
        &[("count", count.into()), ("preview", preview.unwrap_or(JsValue::NULL))],
    );
}

/// Has the page call the visitor back, or asks what it may do for that.
pub(crate) fn alert(members: &[(&str, JsValue)]) {
    post("alert", members);
}

/// Tells scripts of the page what happened.
pub(crate) fn event(name: &str, detail: &[(&str, &str)]) {
    let members: Vec<(&str, JsValue)> = detail
        .iter()
        .map(|(key, value)| (*key, JsValue::from_str(value)))
        .collect();
    let detail = object(&members);
    post("event", &[("name", name.into()), ("detail", detail)]);
}

/// The window around this one, if there is one.
fn parent() -> Option<Window> {
    let own = window();
    let parent = own.parent().ok().flatten()?;
    let is_self: &JsValue = own.as_ref();
    (parent.as_ref() as &JsValue != is_self).then_some(parent)
}

/// The message, if it is the host's.
fn admitted(event: &MessageEvent) -> Option<HostMessage> {
    let parent: JsValue = parent()?.into();
    if event.source().is_none_or(|source| JsValue::from(source) != parent) {
        return None;
    }
    let known = ORIGIN.with_borrow(Clone::clone);
    if known.as_ref().is_some_and(|origin| *origin != event.origin()) {
        return None;
    }
    let message = HostMessage::parse(&json_of(&event.data())?)?;
    match (known, &message) {
        (Some(_), _) => Some(message),
        (None, HostMessage::Init(_)) => {
            ORIGIN.set(Some(event.origin()));
            Some(message)
        }
        (None, HostMessage::Command(_) | HostMessage::Alerts(_) | HostMessage::Unknown) => None,
    }
}

/// A message as JSON, if it is meant for a chat; what others say to each other is not read. Member by member, because
/// the page's settings may hold what JSON does not carry: such a one is left out, and the others count.
fn json_of(message: &JsValue) -> Option<Value> {
    let message: &Object = message.dyn_ref()?;
    let version = Reflect::get(message, &JsValue::from_str(VERSION_KEY)).ok()?;
    version.as_f64()?;
    Some(Value::Object(object_of(message, |name, member| {
        match member.dyn_ref::<Object>() {
            Some(data) if name == "data" && !Array::is_array(data) => {
                Some(Value::Object(object_of(data, |_, member| value_of(member))))
            }
            Some(_) | None => value_of(member),
        }
    })))
}

/// The members of an object that can be read.
fn object_of(object: &Object, read: fn(&str, &JsValue) -> Option<Value>) -> Map<String, Value> {
    let member = |name: JsValue| {
        let member = Reflect::get(object, &name).ok()?;
        let name = name.as_string()?;
        let value = read(&name, &member)?;
        Some((name, value))
    };
    let mut members = Map::new();
    members.extend(Object::keys(object).iter().filter_map(member));
    members
}

fn value_of(member: &JsValue) -> Option<Value> {
    serde_json::from_str(&JSON::stringify(member).ok()?.as_string()?).ok()
}

/// Says that this document listens now. It is the only message before the host's origin is known, and says nothing else.
fn hello() {
    post_to("*", "hello", &[]);
}

fn post(kind: &str, members: &[(&str, JsValue)]) {
    if let Some(origin) = ORIGIN.with_borrow(Clone::clone) {
        post_to(&origin, kind, members);
    }
}

fn post_to(origin: &str, kind: &str, members: &[(&str, JsValue)]) {
    let message = object(members);
    set(&message, VERSION_KEY, &1.into());
    set(&message, "type", &kind.into());
    if let Some(parent) = parent() {
        // A host that is going away is not told any more.
        let _ = parent.post_message(&message, origin);
    }
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new().into();
    for (key, value) in members {
        set(&object, key, value);
    }
    object
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    // Setting a member of a plain object cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(key), value);
}

/// `light`, `dark`, or as the device has it.
fn theme(wanted: &str) {
    let Some(root) = document().document_element() else {
        return;
    };
    // Setting an attribute of the root element cannot fail.
    let _ = match wanted {
        "light" | "dark" => root.set_attribute("data-theme", wanted),
        _ => root.remove_attribute("data-theme"),
    };
}
