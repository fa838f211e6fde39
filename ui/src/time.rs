//! Times in the reader's language, by the browser's own `Intl`.

use crate::browser::{now_ms, upper};
use gloo_timers::callback::Interval;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};

/// One day, in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// How often it is asked whether a new day has begun, in milliseconds.
const LOOK_EVERY_MS: u32 = 20_000;

/// How a point in time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `14:05`
    Clock,
    /// `Friday`
    Weekday,
    /// `Friday, 21 November`
    Day,
    /// `21 Nov`
    ShortDay,
    /// `21 November 2025 at 14:05`
    DayAndClock,
    /// `21 November 2025 at 14:05:09`
    Exact,
}

thread_local! {
    /// Formatters made so far: making one costs far more than using it.
    static MADE: RefCell<Vec<(Style, String, Function)>> = const { RefCell::new(Vec::new()) };
}

/// A point in time, written for a locale, whose name must be [`canonical`].
pub fn write(ms: i64, style: Style, locale: &str) -> String {
    let format = MADE.with_borrow_mut(|made| {
        if let Some((.., format)) = made.iter().find(|(other, of, _)| *other == style && of == locale) {
            return format.clone();
        }
        let format = Intl::DateTimeFormat::new(&locales(locale), &options(style)).format();
        made.push((style, locale.to_owned(), format.clone()));
        format
    });
    let written = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(ms as f64));
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A point in time as programs read it.
pub fn machine_readable(ms: i64) -> String {
    Date::new(&JsValue::from_f64(ms as f64)).to_iso_string().into()
}

/// `today`, `yesterday`, or the day's date.
pub fn day(ms: i64, now: i64, locale: &str) -> String {
    match days_between(ms, now) {
        days @ 0..=1 => capital(&relative_in(-days, "day", locale)),
        _ => write(ms, Style::Day, locale),
    }
}

/// A day to come within a sentence: `today`, `tomorrow`, `Friday`; after a week, its date. `widget/first.js` writes it as well.
pub fn coming_day(ms: i64, now: i64, locale: &str) -> String {
    match days_between(now, ms) {
        days @ ..=1 => relative_in(days, "day", locale),
        2..=6 => write(ms, Style::Weekday, locale),
        _ => write(ms, Style::Day, locale),
    }
}

/// `now`, `5 minutes ago`, `3 hours ago`; past a day, the date.
pub fn ago(ms: i64, now: i64, locale: &str) -> String {
    let seconds = (now - ms).max(0) / 1000;
    match seconds {
        0..60 => relative_in(0, "second", locale),
        60..3_600 => relative_in(-(seconds / 60), "minute", locale),
        3_600..86_400 => relative_in(-(seconds / 3_600), "hour", locale),
        _ => write(ms, Style::ShortDay, locale),
    }
}

/// The day that it is where the reader is, as a number that changes at midnight.
pub fn today() -> ReadSignal<i64> {
    let (today, set_today) = signal(local_day(now_ms()));
    // A device that slept at midnight makes up for it when it wakes.
    Interval::new(LOOK_EVERY_MS, move || {
        let day = local_day(now_ms());
        if today.try_get_untracked().is_some_and(|known| known != day) {
            set_today.set(day);
        }
    })
    .forget();
    today
}

/// How many midnights of the reader's own time zone lie between two points.
pub fn days_between(earlier: i64, later: i64) -> i64 {
    local_day(later) - local_day(earlier)
}

/// A span as a stopwatch shows it: `0:07`, `12:30`, `1:02:03`.
pub fn stopwatch(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = String::new();
    if hours > 0 {
        text.push_str(&hours.to_string());
        text.push(':');
        push_two(&mut text, minutes);
    } else {
        text.push_str(&minutes.to_string());
    }
    text.push(':');
    push_two(&mut text, seconds);
    text
}

/// A number with the locale's digits and separators.
pub fn number(value: f64, locale: &str) -> String {
    js_sys::Number::from(value).to_locale_string(locale).into()
}

/// The plural form that suits a number: `one`, `few`, `other` and so on.
pub fn plural_form(value: f64, locale: &str) -> String {
    Intl::PluralRules::new(&locales(locale), &Object::new())
        .select(value)
        .into()
}

fn push_two(text: &mut String, value: i64) {
    if value < 10 {
        text.push('0');
    }
    text.push_str(&value.to_string());
}

/// Which day of the reader's own time zone, counted from 1970.
pub fn local_day(ms: i64) -> i64 {
    let behind_minutes = Date::new(&JsValue::from_f64(ms as f64)).get_timezone_offset() as i64;
    (ms - behind_minutes * 60_000).div_euclid(DAY_MS)
}

fn relative_in(value: i64, unit: &str, locale: &str) -> String {
    let options = object(&[("numeric", "auto")]);
    Intl::RelativeTimeFormat::new(&locales(locale), &options)
        .format(value as f64, unit)
        .into()
}

fn capital(text: &str) -> String {
    let first = text.chars().next().map_or(0, char::len_utf8);
    match text.split_at_checked(first) {
        Some((first, rest)) => upper(first) + rest,
        None => text.to_owned(),
    }
}

/// A locale's canonical name, or `None` if it is no name of a locale. Everything else here needs a canonical one.
pub fn canonical(locale: &str) -> Option<String> {
    let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
    let check: Function = Reflect::get(&intl, &JsValue::from_str("getCanonicalLocales"))
        .ok()?
        .dyn_into()
        .ok()?;
    let found: Array = check
        .call1(&intl, &JsValue::from_str(&locale.replace('_', "-")))
        .ok()?
        .dyn_into()
        .ok()?;
    found.get(0).as_string()
}

/// The name of the reader's time zone, as in `Europe/Berlin`; empty if the browser does not say.
pub fn zone() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    let zone = Reflect::get(&format, &JsValue::from_str("timeZone"));
    zone.ok().and_then(|zone| zone.as_string()).unwrap_or_default()
}

fn locales(locale: &str) -> Array {
    Array::of1(&JsValue::from_str(locale))
}

fn options(style: Style) -> Object {
    match style {
        Style::Clock => object(&[("hour", "numeric"), ("minute", "2-digit")]),
        Style::Weekday => object(&[("weekday", "long")]),
        Style::Day => object(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]),
        Style::ShortDay => object(&[("day", "numeric"), ("month", "short")]),
        Style::DayAndClock => object(&[("dateStyle", "long"), ("timeStyle", "short")]),
        Style::Exact => object(&[("dateStyle", "long"), ("timeStyle", "medium")]),
    }
}

fn object(pairs: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in pairs {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    object
}

#[cfg(test)]
mod tests {
    use super::stopwatch;

    #[test]
    fn a_stopwatch_shows_hours_only_when_there_are_any() {
        assert_eq!(stopwatch(-5), "0:00");
        assert_eq!(stopwatch(7_999), "0:07");
        assert_eq!(stopwatch(750_000), "12:30");
        assert_eq!(stopwatch(3_723_000), "1:02:03");
    }
}
