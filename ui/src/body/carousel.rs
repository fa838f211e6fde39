//! Cards side by side: they snap when swiped, have arrows for pointers, and scroll with the keyboard like any list.

use super::picture::Picture;
use super::{BodyContext, buttons, plain, text_at};
use crate::browser::safe_url;
use crate::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, EXTERNAL_LINK, icon};
use crate::parts::{auto_span, icon_button, link};
use leptos::html;
use leptos::prelude::*;

use portico_shared::customer::{CustomerCarousel, CustomerCarouselElement};
use portico_shared::text::says_nothing;

/// How far an arrow scrolls, as a part of what is visible: the next card comes in whole.
const STEP: f64 = 0.8;

pub(super) fn view(body: &CustomerCarousel, context: &BodyContext) -> AnyView {
    let slides = NodeRef::<html::Ul>::new();
    let cards: Vec<_> = body.elements.iter().map(|element| card(element, context)).collect();
    let row = html::ul()
        .class("slides")
        .attr("tabindex", "0")
        .attr("aria-label", context.messages.cards)
        .node_ref(slides)
        .child(cards);
    let arrows = (body.elements.len() > 1).then(|| {
        let (previous, next) = (context.messages.previous, context.messages.next);
        html::div()
            .class("slides__arrows")
            .child(icon_button("slides__arrow", CHEVRON_LEFT, previous, move || {
                scroll(slides, -STEP)
            }))
            .child(icon_button("slides__arrow", CHEVRON_RIGHT, next, move || {
                scroll(slides, STEP)
            }))
    });
    html::div()
        .class("body body--slides")
        .child(plain::view(context))
        .child(row)
        .child(arrows)
        .into_any()
}

fn card(element: &CustomerCarouselElement, context: &BodyContext) -> AnyView {
    let details = element.additional_carousel_element_details.as_ref();
    let title = text_at(details, "title");
    let picture = text_at(details, "image_url").and_then(safe_url).map(|address| {
        let alt = text_at(details, "alt").or(title).unwrap_or_default();
        let picture = Picture {
            class: "slide__picture",
            alt: alt.to_owned(),
            address,
            room: None,
        };
        // The card says in words what it is about.
        picture.or(|picture| picture, || ().into_any())
    });
    let open = address_of(element).and_then(safe_url).map(|address| {
        let inside = (auto_span("", context.messages.open_link), icon(EXTERNAL_LINK));
        link("choice choice--link", address, inside)
    });
    let lines = html::div()
        .class("slide__lines")
        .child(title.map(|title| auto_span("body__name", title)))
        .child(text_of(element).map(|text| auto_span("slide__text", text)));
    let buttons = buttons::row("body__column", &element.buttons, text_at(details, "id"), context);
    html::li()
        .class("slide")
        .child(picture)
        .child(lines)
        .child(buttons)
        .child(open)
        .into_any()
}

/// The text of a card, unless it only repeats the title.
fn text_of(element: &CustomerCarouselElement) -> Option<&str> {
    let title = text_at(element.additional_carousel_element_details.as_ref(), "title");
    let text = element.text.as_deref().filter(|text| !says_nothing(text));
    text.filter(|text| Some(*text) != title)
}

/// Where a card leads: what its default action says, or its own address.
fn address_of(element: &CustomerCarouselElement) -> Option<&str> {
    let action = element.default_action.as_ref().and_then(|action| action.url.as_deref());
    action.or(element.url.as_deref())
}

/// Scrolls by a part of the visible width; forward means to the left where text runs from the right.
fn scroll(slides: NodeRef<html::Ul>, part: f64) {
    let Some(row) = slides.get_untracked() else { return };
    let sign = if row.matches(":dir(rtl)").unwrap_or(false) {
        -1.0
    } else {
        1.0
    };
    row.scroll_by_with_x_and_y(f64::from(row.client_width()) * part * sign, 0.0);
}

#[cfg(test)]
mod tests {
    use super::{address_of, text_of};

    use portico_shared::customer::CustomerCarouselElement;
    use serde_json::json;

    fn card(members: serde_json::Value) -> CustomerCarouselElement {
        serde_json::from_value(members).expect("a card")
    }

    #[test]
    fn a_text_that_repeats_the_title_is_left_out() {
        let titled = |text| {
            card(json!({ "text": text, "buttons": [], "additionalCarouselElementDetails": { "title": "Shoes" } }))
        };
        assert_eq!(text_of(&titled("Shoes")), None);
        assert_eq!(text_of(&titled("\u{200b}")), None);
        assert_eq!(text_of(&titled("Red ones")), Some("Red ones"));
    }

    #[test]
    fn the_default_action_goes_before_the_address_of_the_card() {
        let own = json!({ "url": "https://shop.example/1", "buttons": [] });
        assert_eq!(address_of(&card(own)), Some("https://shop.example/1"));
        let action = json!({
            "url": "https://shop.example/1",
            "buttons": [],
            "defaultAction": { "type": "web_url", "url": "https://shop.example/2" },
        });
        assert_eq!(address_of(&card(action)), Some("https://shop.example/2"));
    }
}
