//! The receipt of an order: what it is called, what was ordered, and what it costs.

use super::{BodyContext, Messages, text_at, unknown, with_text};
use crate::money::money;
use crate::parts::auto_span;
use crate::time::{Style, number, write};
use leptos::html;
use leptos::prelude::*;
use portico_shared::json::Value;

/// Numbers from here on are milliseconds since 1970, those below are seconds.
const FIRST_MS: i64 = 100_000_000_000;

/// The last point in time that browsers can write, in milliseconds.
const LAST_MS: i64 = 8_640_000_000_000_000;

/// A line of a receipt: what it is about, and what there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    name: String,
    value: String,
    is_total: bool,
}

pub(super) fn view(order: &Value, context: &BodyContext) -> AnyView {
    let locale = &context.locale;
    let price = |amount: f64, currency: &str| money(amount, currency, locale);
    let date = |at_ms: i64| write(at_ms, Style::Day, locale);
    let count = |count: f64| number(count, locale);
    let rows = rows(order, context.messages, price, date, count);
    if rows.is_empty() {
        return unknown::view(context);
    }
    let row = |row: Row| {
        let class = match row.is_total {
            true => "order__row order__row--total",
            false => "order__row",
        };
        html::div()
            .class(class)
            .child(html::dt().attr("dir", "auto").child(row.name))
            .child(html::dd().attr("dir", "auto").child(row.value))
    };
    let merchant = text_at(Some(order), "merchantName");
    let card = html::div()
        .class("body__card order")
        .child(merchant.map(|merchant| auto_span("body__name", merchant)))
        .child(html::dl().child(rows.into_iter().map(row).collect::<Vec<_>>()));
    with_text(context, card)
}

/// The lines of a receipt, its total last.
fn rows(
    order: &Value,
    messages: &Messages,
    money: impl Fn(f64, &str) -> String,
    date: impl Fn(i64) -> String,
    count: impl Fn(f64) -> String,
) -> Vec<Row> {
    let own = text_at(Some(order), "currency").unwrap_or_default();
    let row = |name: &str, value: Option<String>| {
        value.map(|value| Row {
            name: name.to_owned(),
            value,
            is_total: false,
        })
    };
    let sum = |member: &str| {
        let amount = order.get("summary")?.get(member)?.as_f64()?;
        Some(money(amount, own))
    };
    let mut rows = Vec::new();
    rows.extend(row(messages.order_number, text_of(order, "orderNumber")));
    let placed = text_of(order, "timestamp").map(|at| at_ms(&at).map_or(at, &date));
    rows.extend(row(messages.order_date, placed));
    rows.extend(list(order, "elements").filter_map(|element| position(element, own, &money, &count)));
    rows.extend(row(messages.order_subtotal, sum("subtotal")));
    rows.extend(list(order, "adjustments").filter_map(|adjustment| {
        let amount = adjustment.get("amount")?.as_f64()?;
        row(text_at(Some(adjustment), "name")?, Some(money(amount, own)))
    }));
    rows.extend(row(messages.order_shipping, sum("shippingCost")));
    rows.extend(row(messages.order_tax, sum("totalTax")));
    rows.extend(row(messages.order_address, address(order)));
    rows.extend(row(messages.order_payment, text_of(order, "paymentMethode")));
    let total = row(messages.order_total, sum("totalCost"));
    rows.extend(total.map(|row| Row { is_total: true, ..row }));
    rows
}

/// What was ordered, how often, and what each of it costs.
fn position(
    element: &Value,
    own: &str,
    money: impl Fn(f64, &str) -> String,
    count: impl Fn(f64) -> String,
) -> Option<Row> {
    let title = text_at(Some(element), "title")?;
    let name = match text_at(Some(element), "subtitle") {
        Some(more) => [title, ", ", more].concat(),
        None => title.to_owned(),
    };
    let currency = text_at(Some(element), "currency").unwrap_or(own);
    let price = element.get("price").and_then(Value::as_f64);
    let quantity = match element.get("quantity").and_then(Value::as_f64) {
        Some(quantity) => Some(count(quantity)),
        None => text_of(element, "quantity"),
    };
    let parts = [quantity, price.map(|price| money(price, currency))];
    let value = parts.into_iter().flatten().collect::<Vec<_>>().join(" × ");
    Some(Row {
        name,
        value,
        is_total: false,
    })
}

/// Who gets it, and where, in one line.
fn address(order: &Value) -> Option<String> {
    let place = order.get("address")?;
    let town = [text_at(Some(place), "postalCode"), text_at(Some(place), "city")];
    let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let part = |member| text_at(Some(place), member).map(str::to_owned);
    let parts = [
        part("street1"),
        part("street2"),
        Some(town).filter(|town| !town.is_empty()),
        part("state"),
        part("country"),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return None;
    }
    let recipient = text_at(Some(order), "recipientName").map(str::to_owned);
    Some(recipient.into_iter().chain(parts).collect::<Vec<_>>().join(", "))
}

/// A point in time that is a number; anything else is written as it is.
fn at_ms(text: &str) -> Option<i64> {
    match text.parse().ok()? {
        seconds @ 0..FIRST_MS => Some(seconds * 1_000),
        ms @ FIRST_MS..=LAST_MS => Some(ms),
        _ => None,
    }
}

/// A member as text, which may be a number.
fn text_of(value: &Value, member: &str) -> Option<String> {
    match value.get(member)? {
        Value::Number(number) => Some(number.to_string()),
        _ => text_at(Some(value), member).map(str::to_owned),
    }
}

fn list<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(member).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{Row, rows};
    use crate::body::Messages;
    use serde_json::{Value, json};

    fn messages() -> Messages {
        Messages {
            order_number: "Order number",
            order_date: "Date",
            order_subtotal: "Subtotal",
            order_shipping: "Shipping",
            order_tax: "Tax",
            order_total: "Total",
            order_payment: "Paid with",
            order_address: "Deliver to",
            ..Messages::default()
        }
    }

    fn of(order: &Value) -> Vec<(String, String)> {
        let rows = in_rows(order);
        rows.into_iter().map(|row| (row.name, row.value)).collect()
    }

    fn in_rows(order: &Value) -> Vec<Row> {
        let money = |amount: f64, currency: &str| format!("{amount:.2} {currency}");
        rows(
            order,
            &messages(),
            money,
            |at_ms| format!("day {at_ms}"),
            |count| count.to_string(),
        )
    }

    fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        rows.iter().map(owned).collect()
    }

    #[test]
    fn a_receipt_says_what_was_ordered_and_what_it_costs() {
        let order = json!({
            "orderNumber": "1001", "currency": "EUR", "paymentMethode": "Visa", "timestamp": "1428444852",
            "recipientName": "Sam", "elements": [
                { "title": "Shirt", "subtitle": "blue", "quantity": 2, "price": 19.9 },
                { "title": "Pin", "price": 1, "currency": "USD" },
                { "title": "\u{200b}" },
            ],
            "address": { "street1": "1 Street", "street2": "", "city": "Town", "postalCode": "00000", "country": "XX" },
            "summary": { "subtotal": 39.8, "shippingCost": 4.95, "totalTax": 7.15, "totalCost": 51.9 },
            "adjustments": [{ "name": "New customer", "amount": -5 }],
        });
        let expected = pairs(&[
            ("Order number", "1001"),
            ("Date", "day 1428444852000"),
            ("Shirt, blue", "2 × 19.90 EUR"),
            ("Pin", "1.00 USD"),
            ("Subtotal", "39.80 EUR"),
            ("New customer", "-5.00 EUR"),
            ("Shipping", "4.95 EUR"),
            ("Tax", "7.15 EUR"),
            ("Deliver to", "Sam, 1 Street, 00000 Town, XX"),
            ("Paid with", "Visa"),
            ("Total", "51.90 EUR"),
        ]);
        assert_eq!(of(&order), expected);
    }

    #[test]
    fn an_article_that_is_called_total_is_not_the_total() {
        let order = json!({
            "elements": [{ "title": "Total", "quantity": 2.0 }],
            "adjustments": [{ "name": "Total", "amount": 1 }],
            "summary": { "totalCost": 2 },
        });
        let rows = in_rows(&order);
        assert_eq!(
            rows.iter().map(|row| row.is_total).collect::<Vec<_>>(),
            [false, false, true]
        );
        assert_eq!(rows[0].value, "2");
    }

    #[test]
    fn what_a_receipt_does_not_say_has_no_line() {
        assert_eq!(of(&json!({})), pairs(&[]));
        assert_eq!(
            of(&json!({ "address": { "city": " " }, "recipientName": "Sam" })),
            pairs(&[])
        );
        for odd in ["on Monday", "99999999999999999", "-1"] {
            let order = json!({ "orderNumber": 7, "timestamp": odd, "elements": "none", "summary": 3, "currency": 5 });
            assert_eq!(of(&order), pairs(&[("Order number", "7"), ("Date", odd)]));
        }
    }
}
