//! A place: its name, and a link to a map. No map is drawn, because nothing of another site is loaded here.

use super::{Around, text_at, unknown, with_text};
use crate::el::{El, block, link, words};
use crate::icon::{EXTERNAL_LINK, MAP_PIN, draw};

use portico_shared::cim::body::LocationBody;

pub(super) fn view(body: &LocationBody, around: &Around) -> El {
    let (Some(north), Some(east)) = (&body.location.latitude, &body.location.longitude) else {
        return unknown::view(around);
    };
    let (north, east) = (north.to_string(), east.to_string());
    let place = [north.as_str(), ", ", &east].concat();
    let name = text_at(body.additional_details.as_ref(), "name").unwrap_or(&place);
    let address = text_at(body.additional_details.as_ref(), "address").unwrap_or(around.messages.open_map);
    let map = [
        "https://www.openstreetmap.org/?mlat=",
        &north,
        "&mlon=",
        &east,
        "#map=16/",
        &north,
        "/",
        &east,
    ]
    .concat();
    let lines = block(
        "body__lines",
        vec![words("body__name", name), words("body__note", address)],
    );
    with_text(around).child(link(
        "body__card",
        &map,
        vec![draw(MAP_PIN), lines, draw(EXTERNAL_LINK)],
    ))
}
