//! Cards side by side: they snap when swiped, have arrows for pointers, and scroll with the keyboard like any list.

use super::{Around, buttons, plain, text_at};
use crate::browser::safe_url;
use crate::el::{El, block, el, icon_button, link, words};
use crate::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, EXTERNAL_LINK, draw};

use portico_shared::cim::body::{CarouselBody, CarouselElement};

/// How far an arrow scrolls, as a part of what is visible: the next card comes in whole.
const STEP: f64 = 0.8;

pub(super) fn view(body: &CarouselBody, around: &Around) -> El {
    let cards = body.elements.iter().map(|element| card(element, around)).collect();
    let row = el("ul")
        .class("slides")
        .attr("tabindex", "0")
        .attr("aria-label", around.messages.cards)
        .children(cards);
    let arrows = (body.elements.len() > 1).then(|| {
        let (back, on) = (row.clone(), row.clone());
        let back = Box::new(move || scroll(&back, -STEP));
        let on = Box::new(move || scroll(&on, STEP));
        let back = icon_button("slides__arrow", CHEVRON_LEFT, around.messages.previous, back);
        block(
            "slides__arrows",
            vec![
                back,
                icon_button("slides__arrow", CHEVRON_RIGHT, around.messages.next, on),
            ],
        )
    });
    block("body body--slides", Vec::new())
        .maybe(plain::view(around))
        .child(row)
        .maybe(arrows)
}

fn card(element: &CarouselElement, around: &Around) -> El {
    let details = element.additional_carousel_element_details.as_ref();
    let title = text_at(details, "title");
    let text = element
        .text
        .as_deref()
        .filter(|text| !text.trim().is_empty() && Some(*text) != title);
    let picture = text_at(details, "image_url").and_then(safe_url).map(|address| {
        let alt = text_at(details, "alt").or(title).unwrap_or_default();
        el("img")
            .class("slide__picture")
            .attr("alt", alt)
            .attr("loading", "lazy")
            .attr("src", &address)
    });
    let own = element
        .default_action
        .as_ref()
        .and_then(|action| action.url.as_deref())
        .or(element.url.as_deref());
    let open = own.and_then(safe_url).map(|address| {
        link(
            "choice choice--link",
            &address,
            vec![words("", around.messages.open_link), draw(EXTERNAL_LINK)],
        )
    });
    let title = title.map(|title| words("body__name", title));
    let text = text.map(|text| words("slide__text", text));
    let lines = block("slide__lines", Vec::new()).maybe(title).maybe(text);
    let buttons = buttons::row("body__column", &element.buttons, text_at(details, "id"), around);
    el("li")
        .class("slide")
        .maybe(picture)
        .child(lines)
        .maybe(buttons)
        .maybe(open)
}

/// Scrolls by a part of the visible width; forward means to the left where text runs from the right.
fn scroll(row: &El, part: f64) {
    let row = row.node();
    let sign = if row.matches(":dir(rtl)").unwrap_or(false) {
        -1.0
    } else {
        1.0
    };
    row.scroll_by_with_x_and_y(f64::from(row.client_width()) * part * sign, 0.0);
}
