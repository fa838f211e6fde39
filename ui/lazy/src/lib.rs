//! Parts of the widget and the desk that are fetched when they are first needed: forms and rich message bodies, of which
//! most chats have none, the emoji picker, files that are sent, what calls a visitor back, what comes after the end of a chat,
//! and earlier chats.
//!
//! [`split`] has the split points, and nothing of a part may be named anywhere else in a document that splits it off: what
//! is reachable without its split point stays in the program that is fetched at once. [`Part`] draws a part, or what
//! stands in its place while it is on its way and when it does not come; the desk's own parts are such, too.

mod part;
mod split;

pub use part::{Fetch, NotFetched, Notices, Part, now, now_or_later};

use leptos::prelude::*;
use portico_shared::customer::CustomerBody;
use portico_ui::alerts::{Alerts, Piece};
use portico_ui::attachments::Tray;
use portico_ui::body::{self, BodyContext, BodyPart, PrechatForm};
use portico_ui::earlier::EarlierChats;
use portico_ui::ended::EndedPanel;
use portico_ui::parts::auto_span;
use portico_ui::transcript::{Format, Transcript};

static FORMS: Part = Part::new(|| Box::pin(async { Ok(split::fetch_forms().await?) }));
static PRECHAT: Part = Part::new(|| Box::pin(async { Ok(split::fetch_prechat().await?) }));
static RICH: Part = Part::new(|| Box::pin(async { Ok(split::fetch_rich().await?) }));
static EMOJI: Part = Part::new(|| Box::pin(async { Ok(split::fetch_emoji().await?) }));
static ATTACHMENTS: Part = Part::new(|| Box::pin(async { Ok(split::fetch_attachments().await?) }));
static EARLIER: Part = Part::new(|| Box::pin(async { Ok(split::fetch_earlier().await?) }));
static ALERTS: Part = Part::new(|| Box::pin(async { Ok(split::fetch_alerts().await?) }));
static ENDED: Part = Part::new(|| Box::pin(async { Ok(split::fetch_ended().await?) }));

/// Draws a message body. Its text stands there at once; the rest of a form or a rich body comes with its part.
pub fn body(content: &CustomerBody, context: &BodyContext, notices: Notices) -> AnyView {
    let (content, context) = (content.clone(), context.clone());
    let text = context.clone();
    let waiting = move || body::text(&text);
    match BodyPart::of(&content) {
        BodyPart::Basic => body::basic(&content, &context),
        BodyPart::Form => {
            let form = move || now(split::form(Box::new(content.clone()), Box::new(context.clone())));
            FORMS.draw(form, waiting, notices)
        }
        BodyPart::Rich => {
            let rich = move || now(split::rich(Box::new(content.clone()), Box::new(context.clone())));
            RICH.draw(rich, waiting, notices)
        }
    }
}

/// The form before a chat. What it is called stands there at once.
pub fn prechat(form: &PrechatForm, title: String, notices: Notices) -> AnyView {
    let form = form.clone();
    let waiting = move || Some(auto_span("body__name", title.clone()));
    let whole = move || now(split::prechat(Box::new(form.clone())));
    PRECHAT.draw(whole, waiting, notices)
}

/// A panel of emoji.
pub fn emoji_picker(name: &'static str, on_choose: Callback<&'static str>, notices: Notices) -> AnyView {
    let picker = move || now(split::emoji_picker(name, on_choose));
    EMOJI.draw(picker, || None, notices)
}

/// The files that are to be sent. Those that are picked before it is there are taken up when it is.
pub fn files(tray: Tray, notices: Notices) -> AnyView {
    let list = move || now(split::files(tray));
    ATTACHMENTS.draw(list, || None, notices)
}

/// A piece of what calls a visitor back. Nothing stands in its place: a chat goes on without.
pub fn alerts(alerts: Alerts, piece: Piece) -> AnyView {
    let whole = move || now(split::alerts(alerts, piece));
    ALERTS.draw_over(whole, || ())
}

/// What stands in the composer's place when a chat ends or has ended. Its sentence stands there at once.
pub fn ended_panel(panel: EndedPanel, notices: Notices) -> AnyView {
    let sentence = panel.sentence;
    let waiting = move || Some(auto_span("ended__why", sentence.get()));
    let whole = move || now(split::ended_panel(panel.clone()));
    ENDED.draw(whole, waiting, notices)
}

/// The list of earlier chats. What it is called stands there at once.
pub fn earlier_chats(chats: EarlierChats, notices: Notices) -> AnyView {
    let title = chats.title;
    let waiting = move || Some(auto_span("body__name", title));
    let list = move || now(split::earlier_chats(Box::new(chats.clone())));
    EARLIER.draw(list, waiting, notices)
}

/// Saves what was said as a file; calls `on_failure` if what saves it does not come.
pub fn save(transcript: Transcript, format: Format, on_failure: impl FnOnce() + 'static) {
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the file, and needs nothing of the view"
    )]
    leptos::task::spawn_local(async move {
        if split::save(Box::new(transcript), format).await.is_err() {
            on_failure();
        }
    });
}
