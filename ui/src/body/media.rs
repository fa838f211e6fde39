//! Pictures, films, sounds and documents.

use super::picture::Picture;
use super::room::Room;
use super::{BodyContext, plain, stored, text_at, unknown};
use crate::browser::safe_url;
use crate::file_links::stored_id;
use crate::file_size::file_size;
use crate::icon::{DOWNLOAD, FILE, PLAY, icon};
use crate::parts::{auto_span, link};
use crate::time::stopwatch;
use leptos::html;
use leptos::prelude::*;

use portico_shared::customer::CustomerMedia;
use portico_shared::text::says_nothing;

/// A picture; a press opens it whole.
pub(super) fn image(media: &CustomerMedia, context: &BodyContext) -> AnyView {
    if let Some(id) = stored_id(&media.attachment.media_url) {
        return stored::image(media, &id, context);
    }
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(context);
    };
    let name = name_of(media).unwrap_or(context.messages.picture);
    let picture = Picture {
        class: "body__picture",
        alt: name.to_owned(),
        address: thumbnail(media).unwrap_or_else(|| address.clone()),
        room: Room::known(media.additional_details.as_ref()),
    };
    let instead = Document::new(media, name, address.clone(), context);
    let shown = picture.or(
        move |picture| link("body__frame", address.clone(), picture),
        move || instead.card(),
    );
    with_caption(media, context, shown)
}

/// A film. A clip of another site is a link to it: nothing of that site is loaded here.
pub(super) fn video(media: &CustomerMedia, context: &BodyContext) -> AnyView {
    if let Some(id) = stored_id(&media.attachment.media_url) {
        return stored::video(media, &id, context);
    }
    let name = name_of(media).unwrap_or(context.messages.video);
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(context);
    };
    if text_at(media.additional_details.as_ref(), "videoProvider").is_some() {
        let inside = (icon(PLAY), auto_span("body__name", name));
        return with_caption(media, context, link("body__card", address, inside));
    }
    let room = Room::known(media.additional_details.as_ref());
    let film = html::video()
        .class("body__picture")
        .style(("inline-size", room.as_ref().map(|room| room.width.clone())))
        .style(("aspect-ratio", room.map(|room| room.ratio)))
        .attr("aria-label", name.to_owned())
        .attr("controls", "")
        .attr("preload", "metadata")
        .attr("src", address)
        .attr("poster", thumbnail(media));
    with_caption(media, context, film.into_any())
}

/// A sound.
pub(super) fn audio(media: &CustomerMedia, context: &BodyContext) -> AnyView {
    if let Some(id) = stored_id(&media.attachment.media_url) {
        return stored::audio(media, &id, context);
    }
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(context);
    };
    let sound = html::audio()
        .class("body__sound")
        .attr(
            "aria-label",
            name_of(media).unwrap_or(context.messages.audio).to_owned(),
        )
        .attr("controls", "")
        .attr("preload", "none")
        .attr("src", address);
    with_caption(media, context, (sound, length(media)).into_any())
}

/// A document: its name and size, and a press saves it.
pub(super) fn file(media: &CustomerMedia, context: &BodyContext) -> AnyView {
    if let Some(id) = stored_id(&media.attachment.media_url) {
        return stored::file(media, &id, context);
    }
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(context);
    };
    let name = name_of(media).unwrap_or(context.messages.file);
    with_caption(media, context, Document::new(media, name, address, context).card())
}

/// What a press saves.
struct Document {
    name: String,
    address: String,
    size: Option<i64>,
    context: BodyContext,
}

impl Document {
    fn new(media: &CustomerMedia, name: &str, address: String, context: &BodyContext) -> Self {
        Self {
            name: name.to_owned(),
            address,
            size: media.attachment.size,
            context: context.clone(),
        }
    }

    fn card(&self) -> AnyView {
        let hidden = auto_span("unseen", self.context.messages.download);
        let inside = (
            icon(FILE),
            lines(&self.name, self.size, &self.context, None),
            icon(DOWNLOAD),
            hidden,
        );
        link("body__card", self.address.clone(), inside)
    }
}

/// What a document is called, how large it is, and what else there is to say.
pub(super) fn lines(name: &str, size: Option<i64>, context: &BodyContext, rest: Option<AnyView>) -> AnyView {
    let size = size.map(|bytes| auto_span("body__note", file_size(bytes, &context.locale)));
    html::div()
        .class("body__lines")
        .child(auto_span("body__name", name))
        .child(size)
        .child(rest)
        .into_any()
}

fn thumbnail(media: &CustomerMedia) -> Option<String> {
    media.attachment.thumbnail.as_deref().and_then(safe_url)
}

pub(super) fn with_caption(media: &CustomerMedia, context: &BodyContext, picture: AnyView) -> AnyView {
    let caption = caption_of(media).map(|caption| auto_span("body__note", caption));
    html::div()
        .class("body")
        .child(picture)
        .child(caption)
        .child(plain::view(context))
        .into_any()
}

/// How long a recording is, as minutes and seconds, if its sender says it.
pub(super) fn length(media: &CustomerMedia) -> Option<AnyView> {
    let seconds = media.additional_details.as_ref()?.get("durationInSeconds")?.as_u64()?;
    // A sender can say what it likes: no more than a week.
    let seconds = i64::try_from(seconds.min(7 * 24 * 3_600)).unwrap_or_default();
    Some(auto_span("body__note", stopwatch(seconds * 1_000)))
}

/// The caption, unless it is shown as the name already.
fn caption_of(media: &CustomerMedia) -> Option<&str> {
    let caption = media.caption.as_deref().filter(|text| !says_nothing(text))?;
    (name_of(media) != Some(caption)).then_some(caption)
}

/// What to call the file: a label, a name, or a caption.
pub(super) fn name_of(media: &CustomerMedia) -> Option<&str> {
    let file = &media.attachment;
    let own = [file.media_label.as_deref(), file.media_name.as_deref()];
    let found = [
        text_at(media.additional_details.as_ref(), "fileName"),
        media.caption.as_deref(),
    ];
    own.into_iter().chain(found).flatten().find(|name| !says_nothing(name))
}

#[cfg(test)]
mod tests {
    use super::{caption_of, name_of};

    use portico_shared::customer::{CustomerBody, CustomerMedia};

    fn media(members: serde_json::Value) -> CustomerMedia {
        let mut body = serde_json::json!({
            "type": "FILE",
            "attachment": { "mediaUrl": "https://files.example/1", "mimeType": "application/pdf", "size": 5 },
        });
        for (key, value) in members.as_object().expect("members").clone() {
            match value {
                serde_json::Value::Object(inside) => {
                    let place = body[&key].as_object_mut();
                    match place {
                        Some(place) => place.extend(inside),
                        None => body[&key] = inside.into(),
                    }
                }
                value => body[&key] = value,
            }
        }
        match serde_json::from_value(body).expect("a body") {
            CustomerBody::File(media) => media.read().expect("media"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_called_by_its_label_its_name_or_its_caption() {
        let named = serde_json::json!({
            "attachment": { "mediaLabel": "\u{200b}", "mediaName": "invoice.pdf" },
            "caption": "Your invoice",
        });
        let named = media(named);
        assert_eq!(name_of(&named), Some("invoice.pdf"));
        assert_eq!(caption_of(&named), Some("Your invoice"));
        let found = media(serde_json::json!({ "additionalDetails": { "fileName": "found.pdf" } }));
        assert_eq!(name_of(&found), Some("found.pdf"));
    }

    #[test]
    fn a_caption_that_is_the_name_is_not_shown_twice() {
        let only = media(serde_json::json!({ "caption": "Your invoice" }));
        assert_eq!(name_of(&only), Some("Your invoice"));
        assert_eq!(caption_of(&only), None);
    }
}
