//! The receipt of an order: what it is called, what was ordered, and what it costs.

use super::{BodyContext, text_at, unknown, with_text};
use crate::money::money;
use crate::parts::auto_span;
use crate::time::{Style, number, write};
use leptos::html;
use leptos::prelude::*;
use portico_client::{ReceiptLine, ReceiptNames, receipt};
use portico_shared::json::Value;

pub(super) fn view(order: &Value, context: &BodyContext) -> AnyView {
    let locale = &context.locale;
    let price = |amount: f64, currency: &str| money(amount, currency, locale);
    let date = |at_ms: i64| write(at_ms, Style::Day, locale);
    let count = |count: f64| number(count, locale);
    let messages = context.messages;
    let names = ReceiptNames {
        number: messages.order_number,
        date: messages.order_date,
        subtotal: messages.order_subtotal,
        shipping: messages.order_shipping,
        tax: messages.order_tax,
        address: messages.order_address,
        payment: messages.order_payment,
        total: messages.order_total,
    };
    let rows = receipt(order, names, price, date, count);
    if rows.is_empty() {
        return unknown::view(context);
    }
    let row = |row: ReceiptLine| {
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
