//! The customer's address on a channel, the service it dialled, and what the web channel adds to it.

use crate::json::{Map, Value, from_value};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::skip_serializing_none;

/// Who wrote where: object-model 1.21.1 `ChannelData`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ChannelData {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The customer's address on this channel: phone number, e-mail, handle, browser id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub channel_customer_identifier: String,
    /// The "number dialled", which selects the channel and with it bot, queue and SLA.
    #[serde(deserialize_with = "lenient::or_default")]
    pub service_identifier: String,
    /// 0 to 10, 10 being the most urgent.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub request_priority: i64,
    /// From the pre-chat form's `first_name`.
    pub customer_first_name: Option<String>,
    /// From the pre-chat form's `last_name`.
    pub customer_last_name: Option<String>,
    /// Further facts; see [`ChannelData::web`].
    #[serde(deserialize_with = "lenient::or_default")]
    pub additional_attributes: Vec<Attribute>,
}

impl ChannelData {
    /// What a web chat adds: the value of the attribute of type `WebChannelData`, if it can be read.
    pub fn web(&self) -> Option<WebChannelData> {
        let attribute = self
            .additional_attributes
            .iter()
            .find(|attribute| attribute.kind == WEB_CHANNEL_DATA)?;
        from_value(attribute.value.clone()).ok()
    }
}

const WEB_CHANNEL_DATA: &str = "WebChannelData";

/// One named fact: object-model 1.21.1 `Attribute`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", remote = "Self")]
pub struct Attribute {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its name.
    #[serde(deserialize_with = "lenient::or_default")]
    pub key: String,
    /// Its value type, `String2000` or `WebChannelData` for example; free text in practice.
    #[serde(rename = "type", deserialize_with = "lenient::or_default")]
    pub kind: String,
    /// Its value, of any kind.
    pub value: Value,
}

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut attribute = Self::deserialize(from)?;
        if attribute.kind == WEB_CHANNEL_DATA {
            form_id_as_text(&mut attribute.value);
        }
        Ok(attribute)
    }
}

/// The id of a web form is whatever JavaScript's random generator gave: text here, wherever it stands.
fn form_id_as_text(web: &mut Value) {
    if let Some(Value::Object(form)) = web.get_mut("formData")
        && let Some(id) = form.get_mut("id")
        && id.is_number()
    {
        *id = Value::String(id.to_string());
    }
}

/// What the web channel knows of a browser and its visitor: object-model 1.21.1 `WebChannelData`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WebChannelData {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// `browserId`, `browserIdExpiryTime`, `browserName`, `deviceType`.
    pub browser_device_info: Option<Map>,
    /// The queue the visitor asked for.
    pub queue: Option<String>,
    /// Where and in what language the browser is.
    pub locale: Option<WebLocale>,
    /// The pre-chat form.
    pub form_data: Option<WebFormData>,
}

/// Where and in what language a browser is.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WebLocale {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// As the browser names it.
    pub timezone: Option<String>,
    /// One language tag, or an array of them.
    pub language: Option<Value>,
    /// The country.
    pub country: Option<String>,
}

/// A pre-chat form as the web channel hands it on: object-model 1.21.1 `FormData`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WebFormData {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Made up by the widget.
    #[serde(deserialize_with = "lenient::text_or_number")]
    pub id: Option<String>,
    /// Which form.
    pub form_id: Option<String>,
    /// `web-widget`, `web-init` or `auto-video-start`.
    pub filled_by: Option<String>,
    /// What was filled in.
    #[serde(deserialize_with = "lenient::or_default")]
    pub attributes: Vec<Attribute>,
    /// When, in ISO 8601.
    pub created_on: Option<String>,
    /// What newer widgets add.
    pub entities: Option<Value>,
}
