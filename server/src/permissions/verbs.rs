//! The requests of HTTP, by what they take.

use super::{Access, Denied, Verb};
use portico_core::identity::Permission;

const fn open(method: &'static str, path: &'static str, does: &'static str) -> Verb {
    Verb {
        method,
        path,
        access: Access::Open,
        does,
    }
}

const fn requires(method: &'static str, path: &'static str, access: (Permission, Denied), does: &'static str) -> Verb {
    Verb {
        method,
        path,
        access: Access::Requires(access.0, access.1),
        does,
    }
}

const fn proves(method: &'static str, path: &'static str, access: (Permission, Denied), does: &'static str) -> Verb {
    Verb {
        method,
        path,
        access: Access::Proves(access.0, access.1),
        does,
    }
}

const SESSION_OWN: (Permission, Denied) = (Permission::SessionOwn, Denied::Forbidden);
const WRAPUPS_READ: (Permission, Denied) = (Permission::WrapupsRead, Denied::Forbidden);
const ACTIVITIES_READ: (Permission, Denied) = (Permission::ActivitiesRead, Denied::Forbidden);
const ACTIVITIES_WRITE: (Permission, Denied) = (Permission::ActivitiesWrite, Denied::NoKey);
const SURVEY_LINK: (Permission, Denied) = (Permission::SurveyLink, Denied::NotFound);
const USERS_READ: (Permission, Denied) = (Permission::UsersRead, Denied::Forbidden);
const USERS_MANAGE: (Permission, Denied) = (Permission::UsersManage, Denied::Forbidden);
const AUDIT_READ: (Permission, Denied) = (Permission::AuditRead, Denied::Forbidden);
const PROGRAMS_READ: (Permission, Denied) = (Permission::ProgramsRead, Denied::Forbidden);
const PROGRAMS_MANAGE: (Permission, Denied) = (Permission::ProgramsManage, Denied::Forbidden);
const EARLIER: (Permission, Denied) = (Permission::ConversationsEarlier, Denied::Forbidden);
const NOTIFICATIONS: (Permission, Denied) = (Permission::NotificationsSubscribe, Denied::Forbidden);
const ERASE: (Permission, Denied) = (Permission::CustomerErase, Denied::Forbidden);
const PLAIN: (Permission, Denied) = (Permission::ConversationsStart, Denied::Forbidden);
const BEGIN_FILE: (Permission, Denied) = (Permission::FilesWrite, Denied::Forbidden);
const WRITE_FILE: (Permission, Denied) = (Permission::FilesWrite, Denied::NoFile);
const READ_FILE: (Permission, Denied) = (Permission::FilesRead, Denied::NoFile);

const CUSTOMERS_READ: (Permission, Denied) = (Permission::CustomersRead, Denied::Forbidden);
const IDENTITIES_WRITE: (Permission, Denied) = (Permission::IdentitiesWrite, Denied::Forbidden);

const LABELS_WRITE: (Permission, Denied) = (Permission::LabelsWrite, Denied::Forbidden);

const MERGE: (Permission, Denied) = (Permission::CustomersMerge, Denied::Forbidden);

const ATTRIBUTES_WRITE: (Permission, Denied) = (Permission::AttributesWrite, Denied::Forbidden);

const ATTRIBUTES_REVEAL: (Permission, Denied) = (Permission::AttributesReveal, Denied::Forbidden);

const EXPORT: (Permission, Denied) = (Permission::CustomersExport, Denied::Forbidden);

/// Every request that is answered.
pub const VERBS: &[Verb] = &[
    open("POST", "/api/session", "Begins a visit; the body proves whose."),
    open(
        "OPTIONS",
        "/api/session",
        "Tells a page of a channel's site that it may.",
    ),
    open(
        "GET",
        "/api/channels/{id}/widget",
        "What the chat of a channel looks like.",
    ),
    open(
        "OPTIONS",
        "/api/channels/{id}/widget",
        "Tells a page of a channel's site that it may.",
    ),
    open("GET", "/ws", "Opens a socket; its first frame proves whose."),
    open("POST", "/api/login", "Signs a user in; the body proves whom."),
    open("GET", "/api/login", "How users sign in beside a password."),
    open("GET", "/api/login/oidc", "Sends a browser to the OpenID provider."),
    open(
        "GET",
        "/api/login/oidc/callback",
        "Takes it back; what the provider says proves whom.",
    ),
    open(
        "POST",
        "/api/login/oidc",
        "Opens a session; the ticket in a cookie proves whose.",
    ),
    requires("POST", "/api/logout", SESSION_OWN, "Signs out."),
    requires("GET", "/api/me", SESSION_OWN, "Who is signed in."),
    requires("GET", "/api/wrapups", WRAPUPS_READ, "The wrap-up codes."),
    requires(
        "GET",
        "/api/v1/conversations/{id}/customer-activities",
        ACTIVITIES_READ,
        "What was reported of the customer beside its conversations.",
    ),
    requires("POST", "/api/v1/activities", ACTIVITIES_WRITE, "Reports an activity."),
    requires(
        "GET",
        "/api/v1/conversations/{id}/survey",
        SURVEY_LINK,
        "A link to the survey.",
    ),
    requires(
        "GET",
        "/api/conversations",
        EARLIER,
        "The customer's conversations that are over.",
    ),
    requires("GET", "/api/push", NOTIFICATIONS, "The key for notifications."),
    requires("PUT", "/api/push", NOTIFICATIONS, "Asks for notifications."),
    requires("DELETE", "/api/push", NOTIFICATIONS, "Asks for none any more."),
    requires("GET", "/api/v1/users", USERS_READ, "All contact-centre users."),
    requires(
        "PATCH",
        "/api/v1/users/{username}",
        USERS_MANAGE,
        "Disables, enables, or gives other roles.",
    ),
    requires(
        "GET",
        "/api/v1/users/{username}/sessions",
        USERS_READ,
        "Where a user is signed in.",
    ),
    requires(
        "DELETE",
        "/api/v1/users/{username}/sessions",
        USERS_MANAGE,
        "Ends all sessions of a user.",
    ),
    requires(
        "DELETE",
        "/api/v1/users/{username}/sessions/{id}",
        USERS_MANAGE,
        "Ends one of them.",
    ),
    requires("GET", "/api/v1/audit", AUDIT_READ, "Who did what."),
    requires("GET", "/api/v1/programs", PROGRAMS_READ, "All bots and apps."),
    requires("POST", "/api/v1/programs", PROGRAMS_MANAGE, "Registers one."),
    requires(
        "PATCH",
        "/api/v1/programs/{program}",
        PROGRAMS_MANAGE,
        "Changes, disables or enables one.",
    ),
    requires(
        "POST",
        "/api/v1/programs/{program}/keys",
        PROGRAMS_MANAGE,
        "Makes a key beside the one that there is.",
    ),
    requires(
        "DELETE",
        "/api/v1/programs/{program}/keys/{prefix}",
        PROGRAMS_MANAGE,
        "Takes a key back.",
    ),
    requires(
        "POST",
        "/api/v1/programs/{program}/secrets",
        PROGRAMS_MANAGE,
        "Makes a secret beside the one that there is.",
    ),
    requires(
        "DELETE",
        "/api/v1/programs/{program}/secrets/{secret}",
        PROGRAMS_MANAGE,
        "Signs no call with a secret any more.",
    ),
    proves("DELETE", "/api/customer", ERASE, "Erases the customer."),
    requires("POST", "/api/customers/search", CUSTOMERS_READ, "Finds customers."),
    requires("GET", "/api/customers/{id}", CUSTOMERS_READ, "A customer."),
    requires(
        "GET",
        "/api/customers/{id}/suggestions",
        CUSTOMERS_READ,
        "Who may be the same person.",
    ),
    requires(
        "PUT",
        "/api/customers/{id}/identities",
        IDENTITIES_WRITE,
        "Notes by what a customer is known.",
    ),
    requires(
        "DELETE",
        "/api/customers/{id}/identities",
        IDENTITIES_WRITE,
        "Takes that back.",
    ),
    requires(
        "PUT",
        "/api/customers/{id}/merged/{other}",
        MERGE,
        "Shows two customers as one.",
    ),
    requires("DELETE", "/api/customers/{id}/merged/{other}", MERGE, "Undoes that."),
    requires(
        "GET",
        "/api/customers/{id}/merges",
        CUSTOMERS_READ,
        "What was merged and undone.",
    ),
    requires(
        "GET",
        "/api/attributes",
        CUSTOMERS_READ,
        "What may be noted of customers.",
    ),
    requires(
        "PUT",
        "/api/customers/{id}/attributes/{key}",
        ATTRIBUTES_WRITE,
        "Notes something of a customer.",
    ),
    requires(
        "DELETE",
        "/api/customers/{id}/attributes/{key}",
        ATTRIBUTES_WRITE,
        "Forgets it.",
    ),
    requires(
        "POST",
        "/api/customers/{id}/attributes/reveal",
        ATTRIBUTES_REVEAL,
        "Shows what is personal, and records that.",
    ),
    requires(
        "POST",
        "/api/v1/customers/{id}/export",
        EXPORT,
        "All that is known of a customer, as a file, and records that.",
    ),
    requires("GET", "/api/labels", CUSTOMERS_READ, "The labels that there are."),
    requires(
        "PUT",
        "/api/customers/{id}/labels/{label}",
        LABELS_WRITE,
        "Labels a customer.",
    ),
    requires(
        "DELETE",
        "/api/customers/{id}/labels/{label}",
        LABELS_WRITE,
        "Takes a label away.",
    ),
    requires("POST", "/api/files", BEGIN_FILE, "Begins an upload."),
    requires("HEAD", "/api/files/{id}", WRITE_FILE, "How far an upload is."),
    requires("PATCH", "/api/files/{id}", WRITE_FILE, "Adds bytes to an upload."),
    requires(
        "DELETE",
        "/api/files/{id}",
        WRITE_FILE,
        "Gives up a file that is not posted.",
    ),
    requires("GET", "/api/files/{id}", READ_FILE, "A link to a file."),
    proves("GET", "/files/{id}", READ_FILE, "A file, by a link or a token."),
    open("GET", "/healthz", "Whether the relay lives."),
    open("GET", "/readyz", "Whether it takes writes."),
    open("GET", "/metrics", "What it counts."),
    open("GET", "/api/openapi.json", "What it answers over HTTP."),
    open("GET", "/widget/frame/{channel}", "The chat's document."),
    open("GET", "/widget/plain/{channel}", "The chat as a form."),
    proves(
        "POST",
        "/widget/plain/{channel}",
        PLAIN,
        "What the form says; its token proves for whom.",
    ),
    open("GET", "/widget/{*path}", "What the chat's document loads."),
    open("GET", "/survey/{token}", "The page of a survey; the link is the proof."),
    open("POST", "/survey/{token}", "Its answers."),
    open("GET", "/desk", "The desk's document."),
    open("GET", "/desk/", "The same."),
    open("GET", "/desk/{*path}", "What it loads."),
    open("GET", "/embed.js", "The script tag."),
    open("GET", "/embed/chat.js", "What it loads when a visitor wants to chat."),
    open("GET", "/embed/alerts.js", "What it loads for the first answer."),
    open("GET", "/embed/proactive.js", "What it loads to offer messages."),
    open("GET", "/embed/proactive/{channel}", "Which messages those are."),
    open("GET", "/embed/subscribe.js", "What it loads for notifications."),
    open("GET", "/embed/worker.js", "What shows them."),
    open("GET", "/shims/{name}", "Scripts for pages written for other chats."),
];

/// The row of a request, by its method and the path of its route.
pub fn find(method: &str, path: &str) -> Option<&'static Verb> {
    let row = |method: &str| VERBS.iter().find(|verb| verb.path == path && verb.method == method);
    row(method).or_else(|| row("GET").filter(|_| method == "HEAD"))
}
