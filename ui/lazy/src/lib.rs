//! Parts of both the widget and the desk that are fetched when they are first needed: forms and rich message bodies, of
//! which most chats have none, and files that are sent.
//!
//! [`split`] has the split points, and nothing of a part may be named anywhere else in a document that splits it off: what
//! is reachable without its split point stays in the program that is fetched at once. [`Part`] draws a part, or what
//! stands in its place while it is on its way and when it does not come; the parts that one of the two has for itself are
//! such, too.

mod part;
mod split;

pub use part::{Fetch, NotFetched, Notices, Part, now, now_or_later};

use leptos::prelude::*;
use portico_shared::customer::{CustomerBody, CustomerPreview};
use portico_ui::attachments::Tray;
use portico_ui::body::{self, BodyContext, BodyPart};

static FORMS: Part = Part::new(|| Box::pin(async { Ok(split::fetch_forms().await?) }));
static RICH: Part = Part::new(|| Box::pin(async { Ok(split::fetch_rich().await?) }));
static PREVIEWS: Part = Part::new(|| Box::pin(async { Ok(split::fetch_preview().await?) }));
static ATTACHMENTS: Part = Part::new(|| Box::pin(async { Ok(split::fetch_attachments().await?) }));

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

/// Draws what a page calls itself that a message links to. It comes when it comes: the message has its link.
pub fn preview(preview: CustomerPreview) -> AnyView {
    let card = move || now(split::preview(Box::new(preview.clone())));
    PREVIEWS.draw_over(card, || ())
}

/// Fetches what files need in the background, because one may be picked soon.
pub fn expect_files() {
    ATTACHMENTS.expect();
}

/// The files that are to be sent. Those that are picked before it is there are taken up when it is.
pub fn files(tray: Tray, notices: Notices) -> AnyView {
    let list = move || now(split::files(tray));
    ATTACHMENTS.draw(list, || None, notices)
}
