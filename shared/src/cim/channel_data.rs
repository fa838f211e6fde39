//! The customer's address on a channel, the service it dialled, and what the web channel adds to it.

use crate::cim::decode::Fields;
use crate::cim::record::record;
use crate::json::{Map, Value};

record! {
    /// Who wrote where: object-model 1.21.1 `ChannelData`.
    pub struct ChannelData {
        /// The customer's address on this channel: phone number, e-mail, handle, browser id.
        pub channel_customer_identifier: String = "channelCustomerIdentifier",
        /// The "number dialled", which selects the channel and with it bot, queue and SLA.
        pub service_identifier: String = "serviceIdentifier",
        /// 0 to 10, 10 being the most urgent.
        pub request_priority: i64 = "requestPriority",
        /// From the pre-chat form's `first_name`.
        pub customer_first_name: Option<String> = "customerFirstName",
        /// From the pre-chat form's `last_name`.
        pub customer_last_name: Option<String> = "customerLastName",
        /// Further facts; see [`ChannelData::web`].
        pub additional_attributes: Vec<Attribute> = "additionalAttributes" always,
    }
}

impl ChannelData {
    /// What a web chat adds: the value of the attribute of type `WebChannelData`, if it can be read.
    pub fn web(&self) -> Option<WebChannelData> {
        let attribute = self
            .additional_attributes
            .iter()
            .find(|attribute| attribute.kind == WEB_CHANNEL_DATA)?;
        WebChannelData::decode(attribute.value.clone()).ok()
    }
}

const WEB_CHANNEL_DATA: &str = "WebChannelData";

record! {
    /// One named fact: object-model 1.21.1 `Attribute`.
    pub struct Attribute {
        /// Its name.
        pub key: String = "key",
        /// Its value type, `String2000` or `WebChannelData` for example; free text in practice.
        pub kind: String = "type",
        /// Its value, of any kind.
        pub value: Value = "value" always,
    }
    prepare = form_id_as_text;
}

/// The id of a web form is whatever JavaScript's random generator gave: text here, wherever it stands.
fn form_id_as_text(fields: &mut Fields<'_>) {
    if fields.map.get("type").and_then(Value::as_str) != Some(WEB_CHANNEL_DATA) {
        return;
    }
    let form = fields.map.get_mut("value").and_then(|value| value.get_mut("formData"));
    if let Some(Value::Object(form)) = form
        && let Some(id) = form.get_mut("id")
        && id.is_number()
    {
        *id = Value::String(id.to_string());
    }
}

record! {
    /// What the web channel knows of a browser and its visitor: object-model 1.21.1 `WebChannelData`.
    pub struct WebChannelData {
        /// `browserId`, `browserIdExpiryTime`, `browserName`, `deviceType`.
        pub browser_device_info: Option<Map> = "browserDeviceInfo",
        /// The queue the visitor asked for.
        pub queue: Option<String> = "queue",
        /// Where and in what language the browser is.
        pub locale: Option<WebLocale> = "locale",
        /// The pre-chat form.
        pub form_data: Option<WebFormData> = "formData",
    }
}

record! {
    /// Where and in what language a browser is.
    pub struct WebLocale {
        /// As the browser names it.
        pub timezone: Option<String> = "timezone",
        /// One language tag, or an array of them.
        pub language: Option<Value> = "language",
        /// The country.
        pub country: Option<String> = "country",
    }
}

record! {
    /// A pre-chat form as the web channel hands it on: object-model 1.21.1 `FormData`.
    pub struct WebFormData {
        /// Made up by the widget.
        pub id: Option<String> = "id",
        /// Which form.
        pub form_id: Option<String> = "formId",
        /// `web-widget`, `web-init` or `auto-video-start`.
        pub filled_by: Option<String> = "filledBy",
        /// What was filled in.
        pub attributes: Vec<Attribute> = "attributes" always,
        /// When, in ISO 8601.
        pub created_on: Option<String> = "createdOn",
        /// What newer widgets add.
        pub entities: Option<Value> = "entities",
    }
    prepare = id_as_text;
}

fn id_as_text(fields: &mut Fields<'_>) {
    fields.number_to_text("id");
}
