//! What the relay takes and answers over HTTP, defined once for the relay, the widget and the desk. Conversations
//! themselves go over the socket, in [frames](crate::frame).
//!
//! | request | takes | answers |
//! |---|---|---|
//! | `POST /api/session` | [`SessionBody`] | [`SessionAnswer`] |
//! | `GET /api/channels/{id}/widget` | | [`WidgetConfig`] |
//! | `GET /api/conversations` | | [`EarlierConversations`] |
//! | `POST /api/login` | [`LoginBody`] | [`LoginAnswer`] |
//! | `POST /api/logout` | | nothing (204) |
//! | `GET /api/me` | | [`UserAnswer`] |
//! | `GET /api/wrapups` | | a list of [`WrapupCategory`] |
//! | `GET /api/v1/conversations/{id}/customer-activities` | | a list of [`CimEvent`](crate::cim::CimEvent) |
//! | `POST /api/v1/activities` | a [`CimMessage`](crate::cim::CimMessage) | [`ActivityAnswer`] |
//! | `POST /api/files` | what [`upload`] names | its address (201) |
//! | `HEAD /api/files/{id}` | | how far the upload is |
//! | `PATCH /api/files/{id}` | bytes | nothing (204), or a [`StoredFile`] once all are there |
//! | `DELETE /api/files/{id}` | | nothing (204) |
//! | `GET /api/files/{id}` | | [`FileLink`] |
//!
//! Every refused request is answered with a [`ProblemBody`] and the status of its code. A body that is sent may have no
//! member that the relay does not know, so that a misspelt one is noticed; an answer may have more than its type names,
//! so that a newer relay can say more.

mod activity;
mod files;
mod problem;
mod staff;
mod survey;
mod visitor;

pub use activity::ActivityAnswer;
pub use files::{FileLink, FileRules, StoredFile, upload};
pub use problem::{ProblemBody, ProblemCode};
pub use staff::{LoginAnswer, LoginBody, UserAnswer, WrapupCategory};
pub use survey::SurveyLink;
pub use visitor::{EarlierConversations, SessionAnswer, SessionBody, SessionCustomer, WidgetConfig};
