//! What the relay takes and answers over HTTP, defined once for the relay, the widget and the desk. Conversations
//! themselves go over the socket, in [frames](crate::frame).
//!
//! | request | takes | answers |
//! |---|---|---|
//! | `POST /api/session` | [`SessionBody`] | [`SessionAnswer`] |
//! | `GET /api/channels/{id}/widget` | | [`WidgetConfig`] |
//! | `GET /api/conversations` | | [`EarlierConversations`] |
//! | `GET /api/push` | | [`PushKeyAnswer`] |
//! | `PUT /api/push` | [`PushBody`] | nothing (204) |
//! | `DELETE /api/push` | [`PushEndBody`] | nothing (204) |
//! | `DELETE /api/customer` | | [`ErasureAnswer`] |
//! | `POST /api/customers/search` | [`CustomerSearchBody`] | [`CustomerList`] |
//! | `GET /api/customers/{id}` | | [`CustomerAnswer`] |
//! | `GET /api/customers/{id}/suggestions` | | [`CustomerSuggestions`] |
//! | `PUT /api/customers/{id}/identities` | [`IdentityBody`] | nothing (204) |
//! | `DELETE /api/customers/{id}/identities` | [`IdentityBody`] | nothing (204) |
//! | `GET /api/labels` | | a list of [`CustomerLabel`] |
//! | `PUT /api/customers/{id}/labels/{label}` | | nothing (204) |
//! | `DELETE /api/customers/{id}/labels/{label}` | | nothing (204) |
//! | `PUT /api/customers/{id}/merged/{other}` | | nothing (204) |
//! | `DELETE /api/customers/{id}/merged/{other}` | | nothing (204) |
//! | `GET /api/customers/{id}/merges` | | [`CustomerMerges`] |
//! | `GET /api/attributes` | | a list of [`AttributeKind`] |
//! | `PUT /api/customers/{id}/attributes/{key}` | [`AttributeBody`] | nothing (204) |
//! | `DELETE /api/customers/{id}/attributes/{key}` | | nothing (204) |
//! | `POST /api/customers/{id}/attributes/reveal` | [`RevealBody`] | a list of [`AttributeValue`] |
//! | `POST /api/v1/customers/{id}/export` | | a ZIP archive |
//! | `POST /api/login` | [`LoginBody`] | [`LoginAnswer`] |
//! | `GET /api/login` | | [`LoginWays`] |
//! | `POST /api/login/oidc` | | [`LoginAnswer`] |
//! | `POST /api/logout` | | nothing (204) |
//! | `GET /api/me` | | [`UserAnswer`] |
//! | `GET /api/wrapups` | | a list of [`WrapupCategory`] |
//! | `GET /api/v1/conversations/{id}/customer-activities` | | a list of [`CimEvent`](crate::cim::CimEvent) |
//! | `POST /api/v1/activities` | a [`CimMessage`](crate::cim::CimMessage) | [`ActivityAnswer`] |
//! | `GET /api/v1/audit` | | [`AuditPart`] |
//! | `GET /api/v1/programs` | | a list of [`ProgramEntry`] |
//! | `POST /api/v1/programs` | [`NewProgram`] | [`ProgramRegistered`] (201) |
//! | `PATCH /api/v1/programs/{program}` | [`ProgramChange`] | [`ProgramChanged`] |
//! | `POST /api/v1/programs/{program}/keys` | | [`IssuedKey`] (201) |
//! | `DELETE /api/v1/programs/{program}/keys/{prefix}` | | nothing (204) |
//! | `POST /api/v1/programs/{program}/secrets` | | [`IssuedSecret`] (201) |
//! | `DELETE /api/v1/programs/{program}/secrets/{secret}` | | nothing (204) |
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
mod audit;
mod composer;
mod consent;
mod customers;
mod erasure;
mod files;
mod problem;
mod programs;
mod push;
mod staff;
mod survey;
mod visitor;

pub use activity::ActivityAnswer;
pub use audit::{AuditActor, AuditEntry, AuditObject, AuditPart};
pub use composer::ComposerRules;
pub use consent::{Consent, ConsentTerms, ConsentText};
pub use customers::{
    AttributeBody, AttributeKind, AttributeValue, CustomerAnswer, CustomerIdentity, CustomerLabel, CustomerList,
    CustomerMerge, CustomerMerges, CustomerSearchBody, CustomerSuggestion, CustomerSuggestions, IdentityBody,
    IdentitySource, RevealBody,
};
pub use erasure::{ErasedCounts, ErasureAnswer, KeptData};
pub use files::{FileLink, FileRules, StoredFile, upload};
pub use problem::{ProblemBody, ProblemCode};
pub use programs::{
    IssuedKey, IssuedSecret, NewProgram, ProgramChange, ProgramChanged, ProgramEntry, ProgramKey, ProgramKind,
    ProgramRegistered, ProgramSecret,
};
pub use push::{PushBody, PushEndBody, PushKeyAnswer, PushSubscription};
pub use staff::{LoginAnswer, LoginBody, LoginWays, UserAnswer, UserChange, UserEntry, UserSession, WrapupCategory};
pub use survey::SurveyLink;
pub use visitor::{EarlierConversations, SessionAnswer, SessionBody, SessionCustomer, WidgetConfig};
