//! The requests of HTTP.

use super::Walk;
use super::world::{Kind, Person, Things, WHOSE, Whose, World, sign_in, visit};
use portico::permissions::{Access, Denied, Verb};
use portico_core::identity::Permission;
use reqwest::Method;
use serde_json::json;

/// Asks one verb of the relay in everyone's name.
pub(super) async fn walk(world: &World, verb: &Verb, walk: &mut Walk) {
    for person in &world.people {
        for whose in whose(verb) {
            let status = ask(world, verb, person, *whose).await;
            let is_right = match expected(verb, person, *whose) {
                Expected::Status(expected) => status == expected,
                Expected::Let => ![401, 403, 404, 500].contains(&status),
                // What is open may be absent, and asks nobody who it is.
                Expected::Open => ![401, 403, 500].contains(&status),
            };
            let what = || format!("{} {} by {}, {whose:?}: {status}", verb.method, verb.path, person.name);
            walk.note((!is_right).then(what));
        }
    }
}

enum Expected {
    Status(u16),
    /// It gets as far as the verb.
    Let,
    Open,
}

/// Whose things a verb is asked for: those of all, if it names one.
fn whose(verb: &Verb) -> &'static [Whose] {
    let names = !verb.path.contains("{username}")
        && matches!(verb.access, Access::Requires(..) | Access::Proves(..))
        && verb.path.contains("{id}");
    if names { &WHOSE } else { &WHOSE[..1] }
}

/// What the table says, and then whose it is.
fn expected(verb: &Verb, person: &Person, whose: Whose) -> Expected {
    let (permission, denied) = match verb.access {
        Access::Open => return Expected::Open,
        // It answers a page to everyone; its token stands in the form, and only a customer's is one.
        Access::Proves(Permission::ConversationsStart, _) => return Expected::Open,
        Access::Requires(permission, denied) | Access::Proves(permission, denied) => (permission, denied),
    };
    match person.kind {
        // There is a way without a token, and its links are not guessed.
        Kind::Unknown if verb.path == "/files/{id}" => return Expected::Status(404),
        Kind::Unknown | Kind::Expired => return Expected::Status(401),
        Kind::Customer | Kind::User | Kind::Bot | Kind::App => {}
    }
    if !person.may(permission) {
        return Expected::Status(match (denied, person.kind) {
            (Denied::Forbidden, _) | (Denied::NoKey, Kind::App) => 403,
            (Denied::NotFound | Denied::NoFile, _) => 404,
            (Denied::NoKey, _) => 401,
        });
    }
    if permission == Permission::CustomersExport {
        return match whose {
            Whose::Nobody => Expected::Status(404),
            Whose::Own | Whose::Another => Expected::Let,
        };
    }
    if verb.path.contains("/customers/{id}") {
        return of_customer(permission, person, whose);
    }
    let reaches = match permission {
        Permission::FilesWrite => whose == Whose::Own,
        // A program that reports may ask for any survey that there is.
        Permission::SurveyLink if person.kind == Kind::App => whose != Whose::Nobody,
        _ => person.reaches(whose),
    };
    if verb.path.contains("{id}") && !verb.path.contains("{username}") && !reaches {
        Expected::Status(404)
    } else {
        Expected::Let
    }
}

/// Customers are there for all who may look them up; what is said of one, those say who serve it or supervise, and apps.
fn of_customer(permission: Permission, person: &Person, whose: Whose) -> Expected {
    let writes = permission != Permission::CustomersRead;
    match whose {
        Whose::Nobody => Expected::Status(404),
        Whose::Own | Whose::Another if !writes || person.kind == Kind::App || person.reaches(whose) => Expected::Let,
        Whose::Own | Whose::Another => Expected::Status(403),
    }
}

async fn ask(world: &World, verb: &Verb, person: &Person, whose: Whose) -> u16 {
    let things = world.things(person, whose);
    let method = Method::from_bytes(verb.method.as_bytes()).expect("a method");
    let request = world.relay.request(method, &path(world, verb, &things));
    let request = request.header("origin", world.relay.own_origin());
    let request = match token(world, verb, person).await {
        token if token.is_empty() => request,
        token => request.bearer_auth(token),
    };
    let request = match (verb.method, verb.path) {
        ("HEAD" | "DELETE", "/api/files/{id}") => request.header("tus-resumable", "1.0.0"),
        ("POST", "/api/files") => request.header("tus-resumable", "1.0.0").header("upload-length", 5),
        ("PATCH", "/api/files/{id}") => {
            let request = request.header("tus-resumable", "1.0.0").header("upload-offset", 0);
            request
                .header("content-type", "application/offset+octet-stream")
                .body("h")
        }
        (_, "/api/customers/{id}/identities") => {
            request.json(&json!({ "channel": "email", "identifier": "mia@example.org" }))
        }
        ("POST", "/api/customers/{id}/attributes/reveal") => request.json(&json!({ "keys": ["birthday"] })),
        ("PUT", "/api/customers/{id}/attributes/{key}") => request.json(&json!({ "value": "1990-02-03" })),
        ("PATCH", "/api/v1/users/{username}" | "/api/v1/programs/{program}")
        | ("POST" | "PUT", _)
        | ("DELETE", "/api/push") => request.json(&json!({})),
        _ => request,
    };
    let answer = request.send().await.expect("answered");
    let status = answer.status().as_u16();
    if verb.path.ends_with("/export") {
        // One that is being read takes a place, of which there are few.
        let _ = answer.bytes().await;
    }
    status
}

fn path(world: &World, verb: &Verb, things: &Things) -> String {
    let id = match verb.path {
        "/api/channels/{id}/widget" => "rated",
        "/api/v1/users/{username}/sessions/{id}" => &world.session,
        "/api/v1/conversations/{id}/survey" => &things.ended,
        "/api/v1/conversations/{id}/customer-activities" => &things.conversation,
        "/api/files/{id}" if verb.method != "GET" => &things.upload,
        path if path.contains("/customers/{id}") => &things.customer,
        _ => &things.file,
    };
    let path = verb
        .path
        .replace("{id}", id)
        .replace("{channel}", "rated")
        .replace("{username}", "pat");
    path.replace("{*path}", "x.js")
        .replace("{label}", "vip")
        .replace("{key}", "birthday")
        .replace("{other}", &things.customer)
        .replace("{program}", world.program.id.as_str())
        .replace("{prefix}", world.program.keys[0].prefix.as_deref().unwrap_or_default())
        .replace("{secret}", &world.program.secrets[0].id)
        .replace("{token}", "x")
        .replace("{name}", "x.js")
}

/// The person's token, or another of the same person where the verb ends what the token is for.
async fn token(world: &World, verb: &Verb, person: &Person) -> String {
    let username = match person.name {
        "agent" => "ann",
        "supervisor" => "sam",
        "administrator" => "ada",
        "evaluator" => "eve",
        _ => "nil",
    };
    match (verb.path, person.kind) {
        ("/api/logout", Kind::User) => sign_in(&world.relay, username).await,
        ("/api/customer", Kind::Customer) => visit(&world.relay, "rated", None).await,
        _ => person.token.clone(),
    }
}
