//! Where the visitor is, as the browser knows it and the visitor allows.

use js_sys::{Promise, Reflect};
use portico_shared::customer::CustomerBody;
use portico_shared::json::{Map, Value, from_str, text_of};
use portico_ui::browser::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Geolocation, Position, PositionOptions};

/// The longest that a place is waited for, in milliseconds.
const WITHIN_MS: u32 = 20_000;

/// What a browser says when the place may not be known.
const REFUSED: f64 = 1.0;

/// Why the place is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The visitor, the browser or the page around does not allow it.
    Refused,
    /// Nothing knows it.
    NotFound,
}

/// A place on the earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    /// Degrees north.
    pub(super) latitude: f64,
    /// Degrees east.
    pub(super) longitude: f64,
    /// How far from it the visitor may be, in metres.
    pub(super) accuracy: f64,
}

impl Place {
    /// Asks the browser, which asks the visitor.
    pub(super) async fn find() -> Result<Self, Trouble> {
        let asked = ask().map_err(|_| Trouble::NotFound)?;
        let found = JsFuture::from(asked).await.map_err(|error| trouble(&error))?;
        let place = found.unchecked_into::<Position>().coords();
        Ok(Self {
            latitude: rounded(place.latitude(), place.accuracy()),
            longitude: rounded(place.longitude(), place.accuracy()),
            accuracy: place.accuracy().ceil(),
        })
    }

    /// The message that says it. It is written as JSON by hand, as what writes a body of any kind would be larger.
    pub(super) fn message(self) -> CustomerBody {
        let mut location = Map::new();
        location.insert("latitude".to_owned(), self.latitude.into());
        location.insert("longitude".to_owned(), self.longitude.into());
        let mut body = Map::new();
        body.insert("type".to_owned(), "LOCATION".into());
        body.insert("location".to_owned(), Value::Object(location));
        let mut details = Map::new();
        // It is a whole number of metres, and the earth is not that large.
        details.insert("accuracyInMetres".to_owned(), (self.accuracy as u32).into());
        body.insert("additionalDetails".to_owned(), Value::Object(details));
        // What is a body when it is written is one when it is read.
        from_str(&text_of(&Value::Object(body))).unwrap_or_default()
    }
}

/// Degrees with the digits that mean something: the fifth one is a metre.
fn rounded(degrees: f64, accuracy: f64) -> f64 {
    let parts = match accuracy {
        1_000.0.. => 1e2,
        100.0.. => 1e3,
        _ => 1e5,
    };
    (degrees * parts).round() / parts
}

fn ask() -> Result<Promise, JsValue> {
    let geolocation: Geolocation = window().navigator().geolocation()?;
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(WITHIN_MS);
    Ok(Promise::new(&mut |resolve, reject| {
        // What is refused at once is rejected as well.
        let asked = geolocation.get_current_position_with_error_callback_and_options(&resolve, Some(&reject), &options);
        if let Err(error) = asked {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    }))
}

fn trouble(error: &JsValue) -> Trouble {
    let code = Reflect::get(error, &JsValue::from_str("code"));
    match code.ok().and_then(|code| code.as_f64()) {
        Some(REFUSED) => Trouble::Refused,
        _ => Trouble::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, rounded};
    use serde_json::json;

    #[test]
    fn a_place_is_told_as_exactly_as_it_is_known() {
        assert!((rounded(48.208_174_9, 12.0) - 48.208_17).abs() < 1e-9);
        assert!((rounded(-16.373_819, 99.0) + 16.373_82).abs() < 1e-9);
        assert!((rounded(48.208_174_9, 100.0) - 48.208).abs() < 1e-9);
        assert!((rounded(48.208_174_9, 5_000.0) - 48.21).abs() < 1e-9);
        let place = Place {
            latitude: 48.208_17,
            longitude: -16.5,
            accuracy: 12.0,
        };
        let message = serde_json::to_value(place.message()).expect("JSON");
        assert_eq!(
            message,
            json!({ "type": "LOCATION", "location": { "latitude": 48.208_17, "longitude": -16.5 },
                "additionalDetails": { "accuracyInMetres": 12 } })
        );
    }
}
