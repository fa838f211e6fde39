//! Cards side by side: they snap when swiped, have arrows for pointers, and scroll with the keyboard like any list.

use super::{Around, buttons, plain, text_at};
use crate::browser::safe_url;
use crate::el::{block, icon_button, link, words};
use crate::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, EXTERNAL_LINK, icon};
use leptos::html;
use leptos::prelude::*;

use portico_shared::cim::body::{CarouselBody, CarouselElement};

/// How far an arrow scrolls, as a part of what is visible: the next card comes in whole.
const STEP: f64 = 0.8;

pub(super) fn view(body: &CarouselBody, around: &Around) -> AnyView {
    let list = NodeRef::<html::Ul>::new();
    let cards: Vec<AnyView> = body.elements.iter().map(|element| card(element, around)).collect();
    let several = cards.len() > 1;
    let row = html::ul().class("cards").node_ref(list).attr("tabindex", "0").attr("aria-label", around.words.cards);
    let row = row.child(cards).into_any();
    let arrows = several.then(|| {
        let back = icon_button("cards__arrow", CHEVRON_LEFT, around.words.previous, Box::new(move || scroll(list, -STEP)));
        let on = icon_button("cards__arrow", CHEVRON_RIGHT, around.words.next, Box::new(move || scroll(list, STEP)));
        block("cards__arrows", vec![back, on])
    });
    block("body body--cards", vec![plain::view(around), row, arrows.into_any()])
}

fn card(element: &CarouselElement, around: &Around) -> AnyView {
    let details = element.additional_carousel_element_details.as_ref();
    let title = text_at(details, "title");
    let text = element.text.as_deref().filter(|text| !text.trim().is_empty() && Some(*text) != title);
    let alt = text_at(details, "alt").or(title).unwrap_or_default().to_owned();
    let picture = text_at(details, "image_url").and_then(safe_url).map(|address| {
        html::img().class("card__picture").attr("src", address).attr("alt", alt).attr("loading", "lazy").into_any()
    });
    let own = element.default_action.as_ref().and_then(|action| action.url.as_deref()).or(element.url.as_deref());
    let open = own.and_then(safe_url).map(|address| {
        link("choice choice--link", address, vec![words("", around.words.open_link), icon(EXTERNAL_LINK)])
    });
    let lines = vec![
        title.map(|title| words("body__name", title)).into_any(),
        text.map(|text| words("card__text", text)).into_any(),
    ];
    let buttons = buttons::row("body__column", &element.buttons, text_at(details, "id"), around);
    let parts = vec![picture.into_any(), block("card__lines", lines), buttons, open.into_any()];
    html::li().class("card").child(parts).into_any()
}

/// Scrolls by a part of the visible width; `STEP` forward means to the left where text runs from the right.
fn scroll(list: NodeRef<html::Ul>, part: f64) {
    let Some(list) = list.get_untracked() else { return };
    let sign = if list.matches(":dir(rtl)").unwrap_or(false) { -1.0 } else { 1.0 };
    list.scroll_by_with_x_and_y(f64::from(list.client_width()) * part * sign, 0.0);
}
