//! A place: its name, and a link to a map. No map is drawn, because nothing of another site is loaded here.

use super::{BodyContext, text_at, unknown, with_text};
use crate::icon::{EXTERNAL_LINK, MAP_PIN, icon};
use crate::parts::{auto_span, link};
use leptos::html;
use leptos::prelude::*;

use portico_shared::customer::CustomerLocation;

pub(super) fn view(body: &CustomerLocation, context: &BodyContext) -> AnyView {
    let (Some(north), Some(east)) = (&body.location.latitude, &body.location.longitude) else {
        return unknown::view(context);
    };
    let (north, east) = (north.to_string(), east.to_string());
    let details = body.additional_details.as_ref();
    let name = text_at(details, "name").map_or_else(|| [&north, ", ", &east].concat(), str::to_owned);
    let address = text_at(details, "address").unwrap_or(context.messages.open_map);
    let accuracy = details.and_then(|details| details.get("accuracyInMetres")?.as_u64());
    let accuracy = accuracy.map(|metres| auto_span("body__note", ["± ", &metres.to_string(), " m"].concat()));
    let lines = html::div()
        .class("body__lines")
        .child(auto_span("body__name", name))
        .child(accuracy)
        .child(auto_span("body__note", address));
    let inside = (icon(MAP_PIN), lines, icon(EXTERNAL_LINK));
    with_text(context, link("body__card", map_address(&north, &east), inside))
}

/// Where a map shows the place.
fn map_address(north: &str, east: &str) -> String {
    [
        "https://www.openstreetmap.org/?mlat=",
        north,
        "&mlon=",
        east,
        "#map=16/",
        north,
        "/",
        east,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::map_address;

    #[test]
    fn the_map_is_centred_on_a_mark_at_the_place() {
        assert_eq!(
            map_address("48.2", "16.37"),
            "https://www.openstreetmap.org/?mlat=48.2&mlon=16.37#map=16/48.2/16.37"
        );
    }
}
