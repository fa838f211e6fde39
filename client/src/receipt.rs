//! The receipt of an order, line by line: what was ordered, and what it costs.

use portico_shared::json::Value;
use portico_shared::text::says_nothing;

/// Numbers from here on are milliseconds since 1970, those below are seconds.
const FIRST_MS: i64 = 100_000_000_000;

/// The last point in time that browsers can write, in milliseconds.
const LAST_MS: i64 = 8_640_000_000_000_000;

/// A line of a receipt: what it is about, and what there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// What it is about.
    pub name: String,
    /// What there is to say of it.
    pub value: String,
    /// Whether it is what all costs together.
    pub is_total: bool,
}

/// What the lines of a receipt are called, in the reader's language.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReceiptNames<'a> {
    /// The order's number.
    pub number: &'a str,
    /// When it was ordered.
    pub date: &'a str,
    /// What the articles cost together.
    pub subtotal: &'a str,
    /// What sending it costs.
    pub shipping: &'a str,
    /// Taxes.
    pub tax: &'a str,
    /// To whom and where it is sent.
    pub address: &'a str,
    /// How it was paid.
    pub payment: &'a str,
    /// All together.
    pub total: &'a str,
}

/// The lines of a receipt, its total last. Amounts with their currency, points in time in epoch milliseconds and counts are written
/// as the reader's language has them.
pub fn receipt(
    order: &Value,
    names: ReceiptNames<'_>,
    money: impl Fn(f64, &str) -> String,
    date: impl Fn(i64) -> String,
    count: impl Fn(f64) -> String,
) -> Vec<ReceiptLine> {
    let own = text_at(Some(order), "currency").unwrap_or_default();
    let row = |name: &str, value: Option<String>| {
        value.map(|value| ReceiptLine {
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
    rows.extend(row(names.number, text_of(order, "orderNumber")));
    let placed = text_of(order, "timestamp").map(|at| at_ms(&at).map_or(at, &date));
    rows.extend(row(names.date, placed));
    rows.extend(list(order, "elements").filter_map(|element| position(element, own, &money, &count)));
    rows.extend(row(names.subtotal, sum("subtotal")));
    rows.extend(list(order, "adjustments").filter_map(|adjustment| {
        let amount = adjustment.get("amount")?.as_f64()?;
        row(text_at(Some(adjustment), "name")?, Some(money(amount, own)))
    }));
    rows.extend(row(names.shipping, sum("shippingCost")));
    rows.extend(row(names.tax, sum("totalTax")));
    rows.extend(row(names.address, address(order)));
    rows.extend(row(names.payment, text_of(order, "paymentMethode")));
    let total = row(names.total, sum("totalCost"));
    rows.extend(total.map(|row| ReceiptLine { is_total: true, ..row }));
    rows
}

/// What was ordered, how often, and what each of it costs.
fn position(
    element: &Value,
    own: &str,
    money: impl Fn(f64, &str) -> String,
    count: impl Fn(f64) -> String,
) -> Option<ReceiptLine> {
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
    Some(ReceiptLine {
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

/// A text member, if it is there and says something.
fn text_at<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a str> {
    value?.get(key)?.as_str().filter(|text| !says_nothing(text))
}

#[cfg(test)]
mod tests {
    use super::{ReceiptLine, ReceiptNames, receipt};
    use serde_json::{Value, json};

    const NAMES: ReceiptNames<'_> = ReceiptNames {
        number: "Order number",
        date: "Date",
        subtotal: "Subtotal",
        shipping: "Shipping",
        tax: "Tax",
        total: "Total",
        payment: "Paid with",
        address: "Deliver to",
    };

    fn of(order: &Value) -> Vec<(String, String)> {
        let rows = in_rows(order);
        rows.into_iter().map(|row| (row.name, row.value)).collect()
    }

    fn in_rows(order: &Value) -> Vec<ReceiptLine> {
        let money = |amount: f64, currency: &str| format!("{amount:.2} {currency}");
        receipt(
            order,
            NAMES,
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
