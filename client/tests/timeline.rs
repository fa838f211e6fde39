//! What screens show of a conversation, one sentence per rule.

#[path = "timeline/world.rs"]
mod world;

#[path = "timeline/agent.rs"]
mod agent;
#[path = "timeline/customer.rs"]
mod customer;
#[path = "timeline/days.rs"]
mod days;
#[path = "timeline/message.rs"]
mod message;
#[path = "timeline/notices.rs"]
mod notices;
#[path = "timeline/runs.rs"]
mod runs;
