//! Who asks, and what for: a relay with people of every kind, and things that are theirs.

use super::client::Client;
use crate::relay::{Relay, body, identity_until, now, text};
use portico::admin::{AdminCommand, AdminReply, KeyKind, ProgramCommand, ProgramReply};
use portico_core::identity::{Permission, Permissions, role};
use portico_shared::http::{NewProgram, ProgramEntry, ProgramKind};
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// Conversations that were begun: each has an id of its own.
static STARTED: AtomicU64 = AtomicU64::new(0);

/// The password of all users.
const PASSWORD: &str = "correct horse";

/// An id that nothing has, and that a file could have.
const NONE: &str = "0123456789abcdef0123456789abcdef";

const MORE: &str = r#"
[limits]
sessions_per_minute = 100000
sign_ins_per_minute = 100000
uploads_per_minute = 100000
connections_per_address = 10000
frames_burst = 100000
agent_frames_burst = 100000
bot_frames_burst = 100000

[routing]
offer_seconds = 600

[programs]
networks = ["127.0.0.0/8"]

[roles.nothing]
permissions = []

[channels.rated]
origins = []

[channels.rated.survey]
title = "How was it?"
csat = "This chat?"

[[channels.rated.keys]]
kid = "k1"
algorithm = "HS256"
key = "a shared secret of at least 32 bytes"
issuer = "https://shop.example"
audience = "portico"

[channels.helped]
origins = []
bot = "helper"
"#;

/// What a verb is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Things {
    /// A live conversation.
    pub(super) conversation: String,
    /// One that is over, with a survey.
    pub(super) ended: String,
    /// One that an agent leaves.
    pub(super) left: String,
    /// An offer.
    pub(super) task: String,
    /// A file in a message of the conversation.
    pub(super) file: String,
    /// A file that is in no message.
    pub(super) upload: String,
    /// The customer of the conversation.
    pub(super) customer: String,
}

/// Whose things they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Own,
    Another,
    Nobody,
}

pub(super) const WHOSE: [Whose; 3] = [Whose::Own, Whose::Another, Whose::Nobody];

/// What kind of principal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Customer,
    User,
    Bot,
    App,
    /// Without a token.
    Unknown,
    /// With a customer's token whose time is over.
    Expired,
}

pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) token: String,
    pub(super) permissions: Permissions,
    pub(super) own: Things,
    /// Open for those who are welcome.
    pub(super) socket: Option<Mutex<Client>>,
}

impl Person {
    pub(super) fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// The second rule: what is one's own is reached, and by some any conversation. An upload is its owner's alone.
    pub(super) fn reaches(&self, whose: Whose) -> bool {
        match whose {
            Whose::Own => self.takes_part() || self.may(Permission::ConversationsReadAny),
            Whose::Another => self.may(Permission::ConversationsReadAny),
            Whose::Nobody => false,
        }
    }

    /// Whether it takes part in its own conversation. Supervisors have none; it is the agent's that they are asked about.
    fn takes_part(&self) -> bool {
        matches!(self.name, "customer" | "another customer" | "agent" | "bot")
    }
}

pub(super) struct World {
    pub(super) relay: Relay,
    /// The customer whose things are another's for all others comes last.
    pub(super) people: Vec<Person>,
    another: Things,
    /// A session of `pat`, whom nobody else is.
    pub(super) session: String,
    /// A registered bot with a webhook.
    pub(super) program: ProgramEntry,
}

impl World {
    pub(super) async fn build() -> Self {
        let users = ["sam", "ada", "eve", "nil", "pat"].iter().zip([
            "supervisor",
            "administrator",
            "evaluator",
            "nothing",
            "nothing",
        ]);
        let users = users.map(|(name, role)| {
            format!("[[users]]\nusername = \"{name}\"\npassword = \"{PASSWORD}\"\nfirst_name = \"A\"\nroles = [\"{role}\"]\n")
        });
        let relay = Relay::start_with(&format!("{}{MORE}", users.collect::<String>())).await;
        // Ends while the rest is built.
        let ends = now() + 8;
        let expired = visit(&relay, "rated", Some(identity_until("old", ends))).await;
        let (bot_key, app_key) = (
            key(&relay, KeyKind::Bot, "helper").await,
            key(&relay, KeyKind::App, "crm").await,
        );
        let mut bot = person("bot", Kind::Bot, bot_key, role::OF_BOTS);
        bot.socket = Some(Mutex::new(Client::hello(&relay, &bot.token).await));

        let [mut mia, mut zoe] = [
            customer(&relay, "customer", "mia").await,
            customer(&relay, "another customer", "zoe").await,
        ];
        mia.own = Things {
            customer: id_of(&relay, "mia").await,
            ..things_of_customer(&relay, &mia.token).await
        };
        let ann = agent(&relay, &mia.own).await;
        // While something rings at the only agent, this one waits.
        zoe.own = Things {
            customer: id_of(&relay, "zoe").await,
            ..things_of_customer(&relay, &zoe.token).await
        };
        zoe.own.left.clone_from(&zoe.own.conversation);
        zoe.own.task = NONE.replace('0', "1");
        let bob = visit(&relay, "helped", None).await;
        bot.own = live_things(&relay, &bob).await;
        let mut people = vec![mia, ann];
        for (name, username) in [
            ("supervisor", "sam"),
            ("administrator", "ada"),
            ("evaluator", "eve"),
            ("a role without permissions", "nil"),
        ] {
            people.push(user(&relay, name, username).await);
        }
        people.extend([
            bot,
            person(
                "app",
                Kind::App,
                app_key,
                role::OF_REPORTING_APPS
                    .and(role::OF_IDENTIFYING_APPS)
                    .and(role::OF_LABELLING_APPS)
                    .and(role::OF_DESCRIBING_APPS),
            ),
            person("nobody", Kind::Unknown, String::new(), Permissions::NONE),
            person("who was a customer", Kind::Expired, expired, Permissions::NONE),
            zoe,
        ]);
        Self::complete(relay, people, ends).await
    }

    /// Gives those who have nothing the first customer's things to ask for, and opens sockets.
    async fn complete(relay: Relay, mut people: Vec<Person>, expired_at: u64) -> Self {
        let first = people[0].own.clone();
        let another = people.last().expect("people").own.clone();
        for person in &mut people {
            let uploads = person.may(Permission::FilesWrite) && person.own.upload.is_empty();
            let upload = if uploads {
                upload(&relay, &person.token, Some(&first.conversation)).await
            } else {
                first.upload.clone()
            };
            let own = &mut person.own;
            for (thing, of_first) in [
                (&mut own.conversation, &first.conversation),
                (&mut own.ended, &first.ended),
                (&mut own.left, &first.conversation),
                (&mut own.task, &first.conversation),
                (&mut own.file, &first.file),
                (&mut own.upload, &upload),
                (&mut own.customer, &first.customer),
            ] {
                if thing.is_empty() {
                    thing.clone_from(of_first);
                }
            }
            if person.socket.is_none() && person.may(Permission::SocketConnect) {
                person.socket = Some(Mutex::new(Client::hello(&relay, &person.token).await));
            }
        }
        while now() <= expired_at {
            tokio::task::yield_now().await;
        }
        let session = hex::encode(Sha256::digest(sign_in(&relay, "pat").await));
        Self {
            program: registered(&relay).await,
            relay,
            people,
            another,
            session,
        }
    }

    /// What a person asks for.
    pub(super) fn things(&self, person: &Person, whose: Whose) -> Things {
        match whose {
            Whose::Own => person.own.clone(),
            Whose::Another if person.name == "another customer" => self.people[0].own.clone(),
            Whose::Another => self.another.clone(),
            Whose::Nobody => Things {
                conversation: NONE.to_owned(),
                ended: NONE.to_owned(),
                left: NONE.to_owned(),
                task: NONE.to_owned(),
                file: NONE.to_owned(),
                upload: NONE.to_owned(),
                customer: NONE.to_owned(),
            },
        }
    }
}

fn person(name: &'static str, kind: Kind, token: String, permissions: Permissions) -> Person {
    Person {
        name,
        kind,
        token,
        permissions,
        own: Things::default(),
        socket: None,
    }
}

/// A customer whom the site vouches for.
async fn customer(relay: &Relay, name: &'static str, subject: &str) -> Person {
    let token = visit(relay, "rated", Some(identity_until(subject, now() + 600))).await;
    person(name, Kind::Customer, token, role::OF_CUSTOMERS)
}

/// The id of a customer whom the site vouches for.
async fn id_of(relay: &Relay, subject: &str) -> String {
    let asked = json!({ "channel": "rated", "identity": identity_until(subject, now() + 600) });
    let (_, answer) = body(relay.session(&asked).await).await;
    text(&answer, "/customer/id").to_owned()
}

/// An agent who serves the first customer and one more, and at whom a third one rings.
async fn agent(relay: &Relay, of_first: &Things) -> Person {
    let mut ann = user(relay, "agent", "ann").await;
    let mut desk = Client::hello(relay, &ann.token).await;
    desk.send(&json!({"type": "state", "state": "READY"})).await;
    take(&mut desk, &of_first.conversation).await;
    ann.own = Things {
        upload: upload(relay, &ann.token, Some(&of_first.conversation)).await,
        ..of_first.clone()
    };
    let tim = visit(relay, "rated", None).await;
    let (_, left) = start(relay, &tim).await;
    take(&mut desk, &left).await;
    ann.own.left = left;
    let una = visit(relay, "rated", None).await;
    let (_, rings) = start(relay, &una).await;
    ann.own.task = offered(&mut desk, &rings).await;
    ann.socket = Some(Mutex::new(desk));
    ann
}

/// A user whose permissions are those that come with the role.
async fn user(relay: &Relay, name: &'static str, username: &str) -> Person {
    let granted = role::DEFAULTS.iter().find(|(role, _)| *role == name);
    let granted = granted.map_or(Permissions::NONE, |(_, permissions)| *permissions);
    person(
        name,
        Kind::User,
        sign_in(relay, username).await,
        granted.and(role::OF_USERS),
    )
}

/// A session of a user.
pub(super) async fn sign_in(relay: &Relay, username: &str) -> String {
    let credentials = json!({"username": username, "password": PASSWORD});
    let (_, answer) = body(relay.post("/api/login", Some(&relay.own_origin()), &credentials).await).await;
    text(&answer, "/token").to_owned()
}

/// The token of a visit, anonymous or proven by the site.
pub(super) async fn visit(relay: &Relay, channel: &str, identity: Option<String>) -> String {
    let mut asked = json!({ "channel": channel });
    if let Some(identity) = identity {
        asked["identity"] = json!(identity);
    }
    let (_, answer) = body(relay.session(&asked).await).await;
    text(&answer, "/token").to_owned()
}

async fn key(relay: &Relay, kind: KeyKind, subject: &str) -> String {
    let scopes = match kind {
        KeyKind::Bot => Vec::new(),
        KeyKind::App => [
            "activities:write",
            "identities:write",
            "labels:write",
            "attributes:write",
        ]
        .map(str::to_owned)
        .to_vec(),
    };
    let command = AdminCommand::AddKey {
        kind,
        subject: subject.into(),
        label: "test".into(),
        scopes,
    };
    match relay.administer(command).await {
        Ok(AdminReply::KeyAdded { secret, .. }) => secret,
        Ok(_) | Err(_) => panic!("a key was made"),
    }
}

async fn registered(relay: &Relay) -> ProgramEntry {
    let new = NewProgram {
        id: "fern".into(),
        kind: ProgramKind::Bot,
        name: "Fern".into(),
        scopes: Vec::new(),
        channels: Vec::new(),
        webhook: Some("http://127.0.0.1:9/".into()),
        timeout_seconds: None,
        answer_seconds: None,
    };
    let command = AdminCommand::Program(ProgramCommand::Register(new));
    match relay.administer(command).await {
        Ok(AdminReply::Program(ProgramReply::Registered(registered))) => registered.program,
        Ok(_) | Err(_) => panic!("a bot was registered"),
    }
}

/// A conversation that is over, a live one with a file in it, and a file that is in none.
async fn things_of_customer(relay: &Relay, token: &str) -> Things {
    let (mut socket, ended) = start(relay, token).await;
    // Of a chat in which nothing was said, nothing is asked.
    let hello = json!({
        "type": "post", "conversation": ended, "client_id": format!("hello-{ended}"),
        "message": {"body": {"type": "PLAIN", "markdownText": "Hello"}},
    });
    assert_eq!(socket.ask(&hello).await["type"], "accepted");
    let end = json!({"type": "end", "conversation": ended, "client_id": "end-1"});
    assert_eq!(socket.ask(&end).await["type"], "accepted");
    Things {
        ended,
        ..live_things(relay, token).await
    }
}

async fn live_things(relay: &Relay, token: &str) -> Things {
    let (mut socket, conversation) = start(relay, token).await;
    let file = upload(relay, token, None).await;
    send_bytes(relay, token, &file).await;
    let attachment = json!({
        "mediaUrl": format!("{}/files/{file}", relay.own_origin()), "mimeType": "text/plain", "size": 5, "mediaName": "a.txt",
    });
    let post = json!({
        "type": "post", "conversation": conversation, "client_id": format!("file-{file}"),
        "message": {"body": {"type": "FILE", "markdownText": "look", "attachment": attachment}},
    });
    let answer = socket.ask(&post).await;
    assert_eq!(answer["type"], "accepted", "{answer}");
    Things {
        conversation,
        file,
        upload: upload(relay, token, None).await,
        ..Things::default()
    }
}

/// Opens a conversation.
async fn start(relay: &Relay, token: &str) -> (Client, String) {
    let mut socket = Client::hello(relay, token).await;
    let id = format!("start-{}", STARTED.fetch_add(1, Ordering::Relaxed));
    let answer = socket.ask(&json!({"type": "start", "client_id": id})).await;
    assert_eq!(answer["type"], "accepted", "{answer}");
    let conversation = text(&answer, "/conversation").to_owned();
    (socket, conversation)
}

/// Begins an upload of five bytes.
async fn upload(relay: &Relay, token: &str, conversation: Option<&str>) -> String {
    use base64::Engine as _;
    let encoded = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let mut metadata = format!("filename {},filetype {}", encoded("a.txt"), encoded("text/plain"));
    if let Some(conversation) = conversation {
        metadata.push_str(&format!(",conversation {}", encoded(conversation)));
    }
    let request = relay.request(Method::POST, "/api/files").bearer_auth(token);
    let request = request.header("tus-resumable", "1.0.0").header("upload-length", 5);
    let answer = request
        .header("upload-metadata", metadata)
        .send()
        .await
        .expect("answered");
    assert_eq!(answer.status(), 201);
    let location = answer.headers()["location"].to_str().expect("text");
    location.rsplit('/').next().expect("an id").to_owned()
}

async fn send_bytes(relay: &Relay, token: &str, file: &str) {
    let request = relay
        .request(Method::PATCH, &format!("/api/files/{file}"))
        .bearer_auth(token);
    let request = request.header("tus-resumable", "1.0.0").header("upload-offset", 0);
    let request = request.header("content-type", "application/offset+octet-stream");
    assert_eq!(request.body("hello").send().await.expect("answered").status(), 200);
}

/// Waits until a conversation rings.
async fn offered(desk: &mut Client, conversation: &str) -> String {
    let offer = desk
        .expect(|frame| frame["type"] == "offer" && frame["conversation"] == conversation)
        .await;
    text(&offer, "/task").to_owned()
}

/// Takes a conversation that rings.
async fn take(desk: &mut Client, conversation: &str) {
    let task = offered(desk, conversation).await;
    let accept = json!({"type": "accept", "task": task, "client_id": format!("take-{task}")});
    assert_eq!(desk.ask(&accept).await["type"], "accepted");
}
