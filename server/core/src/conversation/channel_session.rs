//! The customer's presence on a web channel, as CIM describes it: what `CHANNEL_SESSION_STARTED` carries and what
//! every later event repeats.

use crate::config::{Channel, Config};
use crate::identity::customer::WEB as WEB_IDENTITY;
use crate::identity::customer::clean_name;
use crate::identity::{CustomerPrincipal, friendly_name};
use portico_shared::cim::channel::{
    AgentSelectionPolicy, Channel as CimChannel, ChannelConfig, ChannelConnector, ChannelMode,
    ChannelProviderInterface, ChannelType, RoutingMode, RoutingPolicy,
};
use portico_shared::cim::channel_session::{
    ChannelSessionReason, ChannelSessionState, ChannelSessionStateName, Direction,
};
use portico_shared::cim::{
    Attribute, ChannelData, ChannelSession, Customer, RoomInfo, RoomMode, Timestamp, well_known,
};
use portico_shared::ids::CustomerId;
use serde_json::{Map, Value, json};

/// What visitors without a name were called before they had names of their own.
const OF_EARLIER_VERSIONS: &str = "Visitor";

/// The channel type of every channel of this relay, in CIM's spelling.
const WEB: &str = "WEB";

/// The media routing domain of web chats.
pub(crate) const CHAT_MRD: &str = "chat";

/// The id that the attribute of a pre-chat form goes by.
const WEB_CHANNEL_DATA: &str = "WebChannelData";

/// What a new session needs besides its customer.
pub(super) struct Opening<'a> {
    pub(super) id: String,
    pub(super) conversation: String,
    pub(super) room: String,
    pub(super) now: i64,
    /// What the visitor said about itself.
    pub(super) data: &'a Map<String, Value>,
    /// The form in which it said some of that.
    pub(super) form: Option<&'a str>,
}

/// The session that a start opens.
pub(super) fn open(
    config: &Config,
    who: &CustomerPrincipal,
    customer: Customer,
    opening: Opening<'_>,
) -> ChannelSession {
    ChannelSession {
        channel_data: Some(channel_data(who, &opening)),
        id: opening.id,
        channel: Some(Box::new(channel(config, &who.channel))),
        customer: Some(customer),
        is_active: Some(true),
        conversation_id: Some(opening.conversation),
        room_info: Some(RoomInfo {
            id: opening.room,
            mode: Some(RoomMode::ContactCenter),
            ..RoomInfo::default()
        }),
        state: Some(state(ChannelSessionStateName::Started, ChannelSessionReason::Customer)),
        channel_session_direction: Some(Direction::Inbound),
        ..ChannelSession::default()
    }
}

/// The same session once it is over.
pub(super) fn ended(session: &ChannelSession, reason: ChannelSessionReason) -> ChannelSession {
    ChannelSession {
        is_active: Some(false),
        state: Some(state(ChannelSessionStateName::Ended, reason)),
        ..session.clone()
    }
}

/// The same session once it is another customer's. What the visitor said about itself stays.
pub(super) fn of_another(session: &ChannelSession, who: &CustomerPrincipal, customer: Customer) -> ChannelSession {
    let channel_data = session.channel_data.clone().map(|data| ChannelData {
        channel_customer_identifier: who.identifier.clone(),
        ..data
    });
    ChannelSession {
        customer: Some(customer),
        channel_data,
        ..session.clone()
    }
}

/// The customer that a start is for: the known one, or a new one. An anonymous customer is called what it calls
/// itself; that labels it for agents and proves nothing.
pub(super) fn customer(who: &CustomerPrincipal, known: Option<&Customer>, data: &Map<String, Value>) -> Customer {
    let mut customer = known.cloned().unwrap_or_else(|| Customer {
        id: who.id.to_string(),
        first_name: Some(who.name.clone()),
        is_anonymous: Some(!who.verified),
        version: Some(0),
        ..Customer::default()
    });
    if !customer
        .identities(WEB_IDENTITY)
        .any(|identity| identity == who.identifier)
    {
        let identities = customer.extra.entry(WEB_IDENTITY).or_insert_with(|| json!([]));
        if let Some(identities) = identities.as_array_mut() {
            identities.push(Value::from(who.identifier.clone()));
        }
    }
    let is_nameless = |name: &str| name == OF_EARLIER_VERSIONS;
    if !who.verified && customer.is_anonymous != Some(false) {
        if customer.first_name.as_deref().is_some_and(is_nameless) {
            customer.first_name = Some(who.name.clone());
        }
        let known = customer.first_name.take();
        customer.first_name = claimed(data).or(known);
    }
    customer
}

/// What agents call a customer by this name: what it has said since, if the relay has made the name up.
pub(crate) fn called(id: &str, name: &str, data: &Map<String, Value>) -> String {
    let is_made_up = name == friendly_name(&CustomerId::new(id));
    let said = is_made_up.then(|| claimed(data)).flatten();
    said.unwrap_or_else(|| name.to_owned())
}

/// What a customer says it is called.
fn claimed(data: &Map<String, Value>) -> Option<String> {
    let parts = [said(data, "first_name"), said(data, "last_name")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return said(data, "name");
    }
    Some(parts.join(" "))
}

fn channel_data(who: &CustomerPrincipal, opening: &Opening<'_>) -> ChannelData {
    let data = opening.data;
    let attribute = (!data.is_empty()).then(|| Attribute {
        key: WEB_CHANNEL_DATA.to_owned(),
        kind: WEB_CHANNEL_DATA.to_owned(),
        value: web_channel_data(opening),
        ..Attribute::default()
    });
    ChannelData {
        channel_customer_identifier: who.identifier.clone(),
        service_identifier: who.channel.clone(),
        customer_first_name: said(data, "first_name"),
        customer_last_name: said(data, "last_name"),
        additional_attributes: attribute.into_iter().collect(),
        ..ChannelData::default()
    }
}

/// The value of the attribute in the shape that desks and bots know from CX web chats.
fn web_channel_data(opening: &Opening<'_>) -> Value {
    let data = opening.data;
    let attributes: Vec<Value> = data
        .iter()
        .map(|(key, value)| json!({"key": key, "value": value, "type": "string"}))
        .collect();
    json!({
        "browserDeviceInfo": {"browserId": null, "browserIdExpiryTime": null, "browserName": null, "deviceType": null},
        "queue": "",
        "locale": {"timezone": data.get("timezone"), "language": data.get("language"), "country": null},
        "formData": {
            "id": 0,
            "formId": opening.form.unwrap_or_default(),
            "filledBy": "web-widget",
            "attributes": attributes,
            "createdOn": Timestamp::from_ms(opening.now).iso(),
        },
    })
}

fn channel(config: &Config, id: &str) -> CimChannel {
    let configured = config.channels.get(id);
    CimChannel {
        id: Some(id.to_owned()),
        name: configured.map(|channel| channel.name.clone()),
        service_identifier: Some(id.to_owned()),
        default_outbound: Some(false),
        channel_config: configured.map(|channel| channel_config(id, channel)),
        channel_connector: Some(connector()),
        channel_type: Some(web()),
        ..CimChannel::default()
    }
}

fn channel_config(id: &str, channel: &Channel) -> ChannelConfig {
    ChannelConfig {
        id: Some(id.to_owned()),
        channel_mode: Some(if channel.bot.is_empty() {
            ChannelMode::Agent
        } else {
            ChannelMode::Hybrid
        }),
        response_sla: Some(0),
        customer_activity_timeout: i64::try_from(channel.customer_activity_timeout).ok(),
        routing_policy: Some(RoutingPolicy {
            agent_selection_policy: Some(AgentSelectionPolicy::LongestAvailable),
            route_to_last_agent: Some(false),
            routing_mode: Some(RoutingMode::Push),
            routing_object_id: Some(channel.queue.clone()),
            // `agentRequestTtl` would say when a waiting request is given up: it never is.
            ..RoutingPolicy::default()
        }),
        bot_id: Some(channel.bot.clone()),
        ..ChannelConfig::default()
    }
}

fn connector() -> ChannelConnector {
    ChannelConnector {
        id: Some(well_known::WEB_CONNECTOR_ID.to_owned()),
        name: Some("Web Connector".to_owned()),
        channel_provider_interface: Some(ChannelProviderInterface {
            id: Some(well_known::WEB_CONNECTOR_ID.to_owned()),
            name: Some("Web".to_owned()),
            supported_channel_types: vec![web()],
            ..ChannelProviderInterface::default()
        }),
        ..ChannelConnector::default()
    }
}

fn web() -> ChannelType {
    ChannelType {
        id: Some(WEB_IDENTITY.to_owned()),
        name: Some(WEB.to_owned()),
        is_interactive: Some(true),
        media_routing_domain: Some(CHAT_MRD.to_owned()),
        ..ChannelType::default()
    }
}

fn state(name: ChannelSessionStateName, reason: ChannelSessionReason) -> ChannelSessionState {
    ChannelSessionState {
        name,
        reason_code: Some(reason),
        ..ChannelSessionState::default()
    }
}

/// A name that the visitor typed into a form, cleaned like one that its site vouches for, if there is any.
fn said(data: &Map<String, Value>, key: &str) -> Option<String> {
    clean_name(data.get(key)?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(verified: bool) -> CustomerPrincipal {
        CustomerPrincipal {
            id: CustomerId::new("c1"),
            channel: "shop".to_owned(),
            identifier: "visitor-1".to_owned(),
            name: "Visitor".to_owned(),
            verified,
            consent: None,
        }
    }

    fn typed(name: &str) -> Map<String, Value> {
        json!({"first_name": name}).as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn an_anonymous_customer_is_called_what_it_calls_itself() {
        let customer = customer(&visitor(false), None, &typed(" Mia "));
        assert_eq!(customer.first_name.as_deref(), Some("Mia"));
        assert_eq!(customer.identities("web").collect::<Vec<_>>(), ["visitor-1"]);
    }

    #[test]
    fn a_claimed_name_is_one_line_in_the_order_in_which_it_is_written() {
        let claimed = |name: &str| customer(&visitor(false), None, &typed(name)).first_name;
        assert_eq!(claimed("\u{202e}Mia\n\u{1b}[1m\u{2066}").as_deref(), Some("Mia[1m"));
        assert_eq!(claimed("\u{feff}A\u{2028}B\u{2029}").as_deref(), Some("AB"));
        assert_eq!(claimed("\u{202e}\n\u{200f}").as_deref(), Some("Visitor"));
    }

    #[test]
    fn a_name_that_the_relay_made_up_gives_way_to_what_the_customer_says() {
        let made_up = friendly_name(&CustomerId::new("c1"));
        let data = |data: Value| data.as_object().cloned().unwrap_or_default();
        let says = data(json!({"name": "Mia M."}));
        assert_eq!(called("c1", &made_up, &says), "Mia M.");
        assert_eq!(called("c1", &made_up, &data(json!({"plan": "gold"}))), made_up);
        assert_eq!(called("c1", "Omar", &says), "Omar");
        let before = Customer {
            first_name: Some(OF_EARLIER_VERSIONS.to_owned()),
            is_anonymous: Some(true),
            ..Customer::default()
        };
        let who = CustomerPrincipal {
            name: made_up.clone(),
            ..visitor(false)
        };
        assert_eq!(customer(&who, Some(&before), &Map::new()).first_name, Some(made_up));
        assert_eq!(
            customer(&who, Some(&before), &says).first_name.as_deref(),
            Some("Mia M.")
        );
    }

    #[test]
    fn a_verified_customer_keeps_the_name_that_its_site_vouched_for() {
        let known = customer(&visitor(true), None, &Map::new());
        let again = customer(&visitor(true), Some(&known), &typed("Somebody else"));
        assert_eq!(again.first_name.as_deref(), Some("Visitor"));
        assert_eq!(again.identities("web").count(), 1);
    }
}
