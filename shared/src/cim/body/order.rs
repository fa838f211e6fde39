//! The receipt of an order (not of a message).

use crate::cim::record::record;
use crate::json::{Number, Value};

record! {
    /// What was ordered and paid: object-model 1.21.1 `ReceiptMessage`.
    pub struct OrderBody {
        /// Text with it.
        pub markdown_text: Option<String> = "markdownText",
        /// `receipt`.
        pub template_type: Option<String> = "templateType",
        /// Whether the customer may pass it on.
        pub sharable: Option<bool> = "sharable",
        /// Who ordered.
        pub recipient_name: Option<String> = "recipientName",
        /// Who sold.
        pub merchant_name: Option<String> = "merchantName",
        /// The order's number.
        pub order_number: Option<String> = "orderNumber",
        /// For example `EUR`.
        pub currency: Option<String> = "currency",
        /// How it was paid; spelt `paymentMethode` on the wire.
        pub payment_method: Option<String> = "paymentMethode",
        /// When, as text.
        pub timestamp: Option<String> = "timestamp",
        /// What was ordered.
        pub elements: Vec<OrderElement> = "elements" always,
        /// Where it goes.
        pub address: Option<OrderAddress> = "address",
        /// What it costs.
        pub summary: Option<OrderSummary> = "summary",
        /// Discounts and the like.
        pub adjustments: Vec<OrderAdjustment> = "adjustments",
        /// Free.
        pub additional_details: Option<Value> = "additionalDetails",
    }
    prepare = time_as_text;
}

fn time_as_text(fields: &mut crate::cim::decode::Fields<'_>) {
    fields.number_to_text("timestamp");
    fields.number_to_text("orderNumber");
}

record! {
    /// One article: object-model 1.21.1 `ReceiptElement`.
    pub struct OrderElement {
        /// Its name.
        pub title: Option<String> = "title",
        /// More about it.
        pub subtitle: Option<String> = "subtitle",
        /// How many.
        pub quantity: Option<Number> = "quantity",
        /// For each.
        pub price: Option<Number> = "price",
        /// For example `EUR`.
        pub currency: Option<String> = "currency",
        /// A picture.
        pub image_url: Option<String> = "imageUrl",
    }
}

record! {
    /// Where an order goes: object-model 1.21.1 `Address`.
    pub struct OrderAddress {
        /// First line.
        pub street1: Option<String> = "street1",
        /// Second line.
        pub street2: Option<String> = "street2",
        /// Town.
        pub city: Option<String> = "city",
        /// Postal code.
        pub postal_code: Option<String> = "postalCode",
        /// State or province.
        pub state: Option<String> = "state",
        /// Country.
        pub country: Option<String> = "country",
    }
}

record! {
    /// What an order costs: object-model 1.21.1 `Summary`.
    pub struct OrderSummary {
        /// Before shipping and tax.
        pub subtotal: Option<Number> = "subtotal",
        /// Shipping.
        pub shipping_cost: Option<Number> = "shippingCost",
        /// Tax.
        pub total_tax: Option<Number> = "totalTax",
        /// All together.
        pub total_cost: Option<Number> = "totalCost",
    }
}

record! {
    /// A discount or the like: object-model 1.21.1 `Adjustment`.
    pub struct OrderAdjustment {
        /// Its name.
        pub name: Option<String> = "name",
        /// How much.
        pub amount: Option<Number> = "amount",
    }
}
