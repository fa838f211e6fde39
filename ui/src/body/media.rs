//! Pictures, films, sounds and documents.

use super::picture::Picture;
use super::{BodyContext, plain, text_at, unknown};
use crate::browser::safe_url;
use crate::icon::{DOWNLOAD, FILE, PLAY, icon};
use crate::parts::{auto_span, link};
use crate::time::number;
use leptos::html;
use leptos::prelude::*;

use portico_shared::customer::CustomerMedia;
use portico_shared::text::says_nothing;

/// A picture; a press opens it whole.
pub(super) fn image(media: &CustomerMedia, context: &BodyContext) -> AnyView {
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(context);
    };
    let name = name_of(media).unwrap_or(context.messages.picture);
    let picture = Picture {
        class: "body__picture",
        alt: name.to_owned(),
        address: thumbnail(media).unwrap_or_else(|| address.clone()),
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
    let name = name_of(media).unwrap_or(context.messages.video);
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(context);
    };
    if text_at(media.additional_details.as_ref(), "videoProvider").is_some() {
        let inside = (icon(PLAY), auto_span("body__name", name));
        return with_caption(media, context, link("body__card", address, inside));
    }
    let film = html::video()
        .class("body__picture")
        .attr("aria-label", name.to_owned())
        .attr("controls", "")
        .attr("preload", "metadata")
        .attr("src", address)
        .attr("poster", thumbnail(media));
    with_caption(media, context, film.into_any())
}

/// A sound.
pub(super) fn audio(media: &CustomerMedia, context: &BodyContext) -> AnyView {
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
    with_caption(media, context, sound.into_any())
}

/// A document: its name and size, and a press saves it.
pub(super) fn file(media: &CustomerMedia, context: &BodyContext) -> AnyView {
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
    size: Option<String>,
    download: &'static str,
}

impl Document {
    fn new(media: &CustomerMedia, name: &str, address: String, context: &BodyContext) -> Self {
        let size = media.attachment.size.map(|bytes| {
            let (value, unit) = size(bytes);
            number(value as f64, &context.locale) + unit
        });
        Self {
            name: name.to_owned(),
            address,
            size,
            download: context.messages.download,
        }
    }

    fn card(&self) -> AnyView {
        let size = self.size.as_deref().map(|size| auto_span("body__note", size));
        let lines = html::div()
            .class("body__lines")
            .child(auto_span("body__name", self.name.as_str()))
            .child(size);
        let hidden = auto_span("unseen", self.download);
        let inside = (icon(FILE), lines, icon(DOWNLOAD), hidden);
        link("body__card", self.address.clone(), inside)
    }
}

fn thumbnail(media: &CustomerMedia) -> Option<String> {
    media.attachment.thumbnail.as_deref().and_then(safe_url)
}

fn with_caption(media: &CustomerMedia, context: &BodyContext, picture: AnyView) -> AnyView {
    let caption = caption_of(media).map(|caption| auto_span("body__note", caption));
    html::div()
        .class("body")
        .child(picture)
        .child(caption)
        .child(plain::view(context))
        .into_any()
}

/// The caption, unless it is shown as the name already.
fn caption_of(media: &CustomerMedia) -> Option<&str> {
    let caption = media.caption.as_deref().filter(|text| !says_nothing(text))?;
    (name_of(media) != Some(caption)).then_some(caption)
}

/// What to call the file: a label, a name, or a caption.
fn name_of(media: &CustomerMedia) -> Option<&str> {
    let file = &media.attachment;
    let own = [file.media_label.as_deref(), file.media_name.as_deref()];
    let found = [
        text_at(media.additional_details.as_ref(), "fileName"),
        media.caption.as_deref(),
    ];
    own.into_iter().chain(found).flatten().find(|name| !says_nothing(name))
}

/// `41 kB`, rounded, as a number to write and its unit.
fn size(bytes: i64) -> (i64, &'static str) {
    match bytes.max(0) {
        bytes @ 0..1_000_000 => ((bytes + 999) / 1_000, " kB"),
        bytes => ((bytes + 500_000) / 1_000_000, " MB"),
    }
}

#[cfg(test)]
mod tests {
    use super::{caption_of, name_of, size};

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

    #[test]
    fn sizes_are_rounded_up_to_kilobytes_and_to_the_nearest_megabyte() {
        assert_eq!(size(-3), (0, " kB"));
        assert_eq!(size(1), (1, " kB"));
        assert_eq!(size(40_001), (41, " kB"));
        assert_eq!(size(1_400_000), (1, " MB"));
        assert_eq!(size(1_500_000), (2, " MB"));
    }
}
