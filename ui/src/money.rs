//! Amounts of money in the reader's language, by the browser's own `Intl`.

use js_sys::{Array, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

/// An amount in a currency: `€39.80`. What is no code of a currency stands beside the number, which has two decimals.
pub(crate) fn money(amount: f64, currency: &str, locale: &str) -> String {
    if is_code(currency) {
        return written(amount, &[("style", "currency"), ("currency", currency)], locale);
    }
    let plain = written(amount, &[("minimumFractionDigits", "2")], locale);
    [&plain, " ", currency].concat().trim_end().to_owned()
}

fn written(amount: f64, how: &[(&str, &str)], locale: &str) -> String {
    let options = Object::new();
    for (name, value) in how {
        // An object of one's own takes what it is given.
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let format = Intl::NumberFormat::new(&Array::of1(&JsValue::from_str(locale)), &options).format();
    let written = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(amount));
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Three letters. Browsers refuse anything else, by an exception.
fn is_code(currency: &str) -> bool {
    currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn a_currency_has_three_letters() {
        assert!(is_code("EUR") && is_code("usd"));
        for odd in ["", "EURO", "E1R", "€", "éu"] {
            assert!(!is_code(odd), "{odd}");
        }
    }
}
