//! What a session does, one sentence per test, seen from its host.

#[path = "session/host.rs"]
mod host;

#[path = "session/agents.rs"]
mod agents;
#[path = "session/beginnings.rs"]
mod beginnings;
#[path = "session/connection.rs"]
mod connection;
#[path = "session/describe.rs"]
mod describe;
#[path = "session/marks.rs"]
mod marks;
#[path = "session/places.rs"]
mod places;
#[path = "session/posts.rs"]
mod posts;
#[path = "session/queue.rs"]
mod queue;
#[path = "session/roles.rs"]
mod roles;
#[path = "session/storage.rs"]
mod storage;
#[path = "session/timeline.rs"]
mod timeline;
