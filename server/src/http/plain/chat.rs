//! What a visitor does on the plain page, in the registry's commands, and the chat as it stands.

use super::{Filled, Wants};
use crate::http::AppState;
use crate::http::problem::Problem;
use metrics::counter;
use portico_client::timeline::{CustomerItem, customer_items};
use portico_client::{Answer, Content, Customer, Edited, LogEntry, LogEvent, Meaning};
use portico_core::conversation::{Command, Envelope, Item, MarkerKind, Refusal, Registry, Reply, SeenEvent, Summary};
use portico_core::identity::visitor_session::VisitorSessionRequest;
use portico_core::identity::{CustomerPrincipal, Principal};
use portico_core::telemetry::SESSIONS;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::{MessageBody, SenderType};
use portico_shared::frame::{Audience, Draft, PageRequest, Post, Range, Start};
use portico_shared::http::Consent;
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::limits::MAX_PAGE;
use portico_shared::text::{is_sendable, says_nothing};
use serde_json::Map;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// A visitor who is proven.
pub(super) struct Visit {
    customer: CustomerPrincipal,
    /// For the next form.
    pub(super) token: String,
}

impl Visit {
    pub(super) fn who(&self) -> Principal {
        Principal::Customer(self.customer.clone())
    }
}

/// Proves a visitor of a channel; without a token it is a new one, which costs what a visit costs.
pub(super) async fn visit(state: &AppState, address: IpAddr, channel: &str, filled: &Filled) -> Result<Visit, Problem> {
    if filled.visit.is_empty() {
        return begin_visit(state, address, channel, filled).await;
    }
    match state.authenticator.prove(&filled.visit).await?.principal {
        Principal::Customer(customer) if customer.channel == channel => {
            let renewed = state.visitor_sessions.renewed(&customer);
            Ok(Visit {
                token: renewed.unwrap_or_else(|| filled.visit.clone()),
                customer,
            })
        }
        _ => Err(Problem::token()),
    }
}

/// The first visit of a new visitor, who has agreed to what the channel asks.
async fn begin_visit(state: &AppState, address: IpAddr, channel: &str, filled: &Filled) -> Result<Visit, Problem> {
    state.limits.session(address)?;
    let session = state.visitor_sessions.open(VisitorSessionRequest {
        channel: channel.to_owned(),
        refresh: None,
        identity: None,
        consent: filled.consent(),
    });
    let session = session.await?;
    counter!(SESSIONS, "kind" => session.kind).increment(1);
    Ok(Visit {
        customer: session.customer,
        token: session.token,
    })
}

/// Does what was pressed.
pub(super) async fn carry_out(registry: &Registry, visit: &Visit, filled: &Filled) -> Result<(), Refusal> {
    let id = ClientId::parse(&filled.id);
    match filled.wants {
        Wants::Look | Wants::Agree => Ok(()),
        Wants::End => match (live(registry, &visit.who()).await?, id) {
            (Some(conversation), Some(client_id)) => {
                let who = visit.who();
                registry
                    .call(&conversation, Command::End { who, client_id })
                    .await
                    .map(drop)
            }
            _ => Ok(()),
        },
        Wants::Send => {
            let text = filled.message();
            match id {
                _ if says_nothing(&text) => Ok(()),
                Some(id) if is_sendable(&text) => send(registry, visit, id, text).await,
                _ => Err(Refusal::invalid("text: it is too long, or has no id")),
            }
        }
    }
}

impl Filled {
    /// What is to be sent. Browsers send a line break as two characters.
    pub(super) fn message(&self) -> String {
        let text = if self.choice.is_empty() {
            &self.text
        } else {
            &self.choice
        };
        text.replace("\r\n", "\n").trim_end().to_owned()
    }

    /// What the visitor has agreed to by the press that sent the form.
    fn consent(&self) -> Option<Consent> {
        (self.wants == Wants::Agree).then(|| Consent {
            version: self.version,
            language: self.language.clone(),
            by_page: false,
        })
    }
}

async fn send(registry: &Registry, visit: &Visit, client_id: ClientId, text: String) -> Result<(), Refusal> {
    let start = Start {
        client_id: ClientId::new(format!("start-{}", client_id.as_str())),
        data: Map::new(),
        form: None,
    };
    let conversation = registry.conversation_for(&visit.customer, &client_id, start).await?;
    let conversation = conversation.ok_or_else(|| Refusal::forbidden("the token proves nothing any more"))?;
    let post = Post {
        conversation: conversation.clone(),
        client_id,
        message: Draft::new(MessageBody::plain(text)).into(),
        audience: Audience::Everyone,
    };
    let command = Command::Post {
        who: visit.who(),
        post: Box::new(post),
    };
    registry.call(&conversation, command).await.map(drop)
}

async fn live(registry: &Registry, who: &Principal) -> Result<Option<ConversationId>, Refusal> {
    let found = find(registry, who).await?;
    let live = found.filter(|summary| is_live(&summary.state));
    Ok(live.map(|summary| summary.conversation))
}

/// A visitor's live chat, or the last one.
pub(super) async fn find(registry: &Registry, who: &Principal) -> Result<Option<Summary>, Refusal> {
    Ok(registry.summaries(who).await?.into_iter().next())
}

/// How far a chat is, for those who look again.
pub(super) fn mark(found: &Summary) -> String {
    format!("{}-{}", found.conversation, found.head.0)
}

fn is_live(state: &ConversationState) -> bool {
    !matches!(
        state,
        ConversationState::CustomerLeft
            | ConversationState::WrapUp
            | ConversationState::Closing
            | ConversationState::Closed
    )
}

/// What a chat shows.
pub(super) struct Chat {
    /// See [`mark`].
    pub(super) mark: String,
    pub(super) is_live: bool,
    /// The newest of it, oldest first.
    pub(super) items: Vec<CustomerItem>,
}

impl Chat {
    /// Reads it, and tells the other side that the visitor has it on the screen.
    pub(super) async fn load(registry: &Registry, who: &Principal, found: &Summary) -> Result<Self, Refusal> {
        let request = PageRequest {
            conversation: found.conversation.clone(),
            range: Range::Before(Seq(u64::MAX)),
            limit: Some(MAX_PAGE),
        };
        let page = registry.page(who, &request).await?;
        if found.unread > 0 {
            let command = Command::MoveMarker {
                who: who.clone(),
                up_to: page.through,
                kind: MarkerKind::Read,
            };
            let reply = Reply::none();
            registry.send(&found.conversation, Envelope { command, reply });
        }
        Ok(Self {
            mark: mark(found),
            is_live: is_live(&found.state),
            items: customer_items(&entries(&page.conversation, page.items), |_| 0),
        })
    }
}

/// What the events of a page come to, with what later ones changed of earlier ones. Positions begin anew in each chat, and
/// the page may still have the lines of the one before.
fn entries(conversation: &ConversationId, items: Vec<Item>) -> Vec<LogEntry<Customer>> {
    let mut entries: Vec<LogEntry<Customer>> = Vec::new();
    let mut edits = HashMap::new();
    let mut deleted = HashSet::new();
    for Item { seq, event, .. } in items {
        let SeenEvent::Customer(event) = event else { continue };
        match event.meaning() {
            Meaning::Message | Meaning::Notice => entries.push(LogEntry {
                key: format!("{}-{}", conversation.as_str(), seq.0),
                seq: Some(seq),
                mine: *event.emitter_kind() == SenderType::Customer,
                content: Content::Event((*event).into()),
                state: None,
                edited: None,
                // The page has the link itself.
                preview: None,
                deleted: false,
                changed: None,
                answer: Answer::Open,
            }),
            Meaning::Edit { original, text } => {
                let by_whom = (original.to_owned(), event.emitter().to_owned());
                edits.insert(by_whom, text.into_owned());
            }
            Meaning::Deleted(message) => drop(deleted.insert(message.to_owned())),
            Meaning::Delivered(_) | Meaning::Read(_) | Meaning::Preview(_) | Meaning::Silent => {}
        }
    }
    for entry in &mut entries {
        if let Content::Event(event) = &entry.content
            && let Some(id) = event.message_id()
        {
            entry.deleted = deleted.contains(id);
            let edit = edits.remove(&(id.to_owned(), event.emitter().to_owned()));
            entry.edited = edit.map(|text| Edited { text, unsent: None });
        }
    }
    entries
}
