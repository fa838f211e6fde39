//! The receipt of an order (not of a message).

use crate::json::{Map, Number, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// What was ordered and paid: object-model 1.21.1 `ReceiptMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OrderBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with it.
    pub markdown_text: Option<String>,
    /// `receipt`.
    pub template_type: Option<String>,
    /// Whether the customer may pass it on.
    pub sharable: Option<bool>,
    /// Who ordered.
    pub recipient_name: Option<String>,
    /// Who sold.
    pub merchant_name: Option<String>,
    /// The order's number.
    #[serde(deserialize_with = "lenient::text_or_number")]
    pub order_number: Option<String>,
    /// For example `EUR`.
    pub currency: Option<String>,
    /// How it was paid; spelt `paymentMethode` on the wire.
    #[serde(rename = "paymentMethode")]
    pub payment_method: Option<String>,
    /// When, as text.
    #[serde(deserialize_with = "lenient::text_or_number")]
    pub timestamp: Option<String>,
    /// What was ordered.
    #[serde(deserialize_with = "lenient::or_default")]
    pub elements: Vec<OrderElement>,
    /// Where it goes.
    pub address: Option<OrderAddress>,
    /// What it costs.
    pub summary: Option<OrderSummary>,
    /// Discounts and the like.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<OrderAdjustment>,
    /// Free.
    pub additional_details: Option<Value>,
}

/// One article: object-model 1.21.1 `ReceiptElement`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OrderElement {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its name.
    pub title: Option<String>,
    /// More about it.
    pub subtitle: Option<String>,
    /// How many.
    pub quantity: Option<Number>,
    /// For each.
    pub price: Option<Number>,
    /// For example `EUR`.
    pub currency: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
}

/// Where an order goes: object-model 1.21.1 `Address`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OrderAddress {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// First line.
    pub street1: Option<String>,
    /// Second line.
    pub street2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// What an order costs: object-model 1.21.1 `Summary`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OrderSummary {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Before shipping and tax.
    pub subtotal: Option<Number>,
    /// Shipping.
    pub shipping_cost: Option<Number>,
    /// Tax.
    pub total_tax: Option<Number>,
    /// All together.
    pub total_cost: Option<Number>,
}

/// A discount or the like: object-model 1.21.1 `Adjustment`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderAdjustment {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its name.
    pub name: Option<String>,
    /// How much.
    pub amount: Option<Number>,
}
