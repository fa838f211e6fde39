//! The OpenAPI document. Each endpoint says what is its own; what any of them may answer is added here, once.

use super::problem::ProblemBody;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Portico",
        description = "What a relay answers over HTTP. Conversations themselves go over one WebSocket, `GET /ws`, subprotocol `portico.v1`."
    ),
    components(schemas(ProblemBody)),
    modifiers(&Bearers),
    tags(
        (name = "sockets", description = "For everyone who takes part in conversations"),
        (name = "customers", description = "For the widget"),
        (name = "staff", description = "For the desk"),
        (name = "administration", description = "For those who manage users and programs"),
        (name = "files", description = "For those who send each other files"),
        (name = "apps", description = "For third-party programs"),
        (name = "operations", description = "For operators"),
    )
)]
pub(super) struct Document;

struct Bearers;

impl Modify for Bearers {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", bearer);
    }
}

/// What every endpoint may answer.
const ANY: [(&str, &str); 4] = [
    ("408", "`timeout`: the request came in too slowly"),
    (
        "429",
        "`too_many_connections` or `rate_limited`: not before `retry_after_ms`",
    ),
    ("500", "`internal`: the relay failed; its log says why"),
    (
        "503",
        "`busy`, `unavailable`, `full` or `draining`: not before `retry_after_ms`",
    ),
];

/// What those that read a body may answer.
const WITH_BODY: [(&str, &str); 2] = [
    ("400", "`malformed`: not JSON of this shape; the message says where"),
    ("413", "`too_large`: longer than 64 KiB"),
];

/// What those that take a token may answer.
const WITH_TOKEN: [(&str, &str); 2] = [
    ("401", "`token_refused` or `token_expired`"),
    (
        "403",
        "`forbidden`: the token is for something else; or `origin_refused`",
    ),
];

/// Adds what an endpoint has not said by itself, because it holds for all of its kind.
pub(super) fn complete(document: &mut utoipa::openapi::OpenApi) {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            add(operation, &ANY);
            if operation.request_body.is_some() {
                add(operation, &WITH_BODY);
            }
            if operation.security.is_some() {
                add(operation, &WITH_TOKEN);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.head,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ]
    .into_iter()
    .flatten()
}

fn add(operation: &mut Operation, answers: &[(&str, &str)]) {
    for (status, description) in answers {
        let answers = &mut operation.responses.responses;
        answers
            .entry((*status).to_owned())
            .or_insert_with(|| RefOr::T(problem(description)));
    }
}

fn problem(description: &str) -> Response {
    let body = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new()
        .description(description)
        .content("application/json", body)
        .build()
}
