//! What happens in a conversation besides messages, from CIM's codes.

use super::t;
use portico_shared::cim::MessageBody;

/// What a message is. A kind that has no name here keeps its own.
pub(crate) fn content(body: &MessageBody) -> String {
    let words = match body {
        MessageBody::Plain(_) | MessageBody::Template(_) | MessageBody::Structured(_) | MessageBody::Custom(_) => {
            t().content_message()
        }
        MessageBody::Image(_) => t().body_picture(),
        MessageBody::Video(_) => t().body_video(),
        MessageBody::Audio(_) => t().body_audio(),
        MessageBody::File(_) | MessageBody::Multimedia(_) => t().body_file(),
        MessageBody::Url(_) => t().content_link(),
        MessageBody::Sticker(_) => t().content_sticker(),
        MessageBody::Location(_) => t().content_location(),
        MessageBody::Contact(_) => t().content_contact(),
        MessageBody::Button(_) => t().body_choices(),
        MessageBody::Carousel(_) => t().body_cards(),
        MessageBody::FormData(_) => t().form(),
        MessageBody::Receipt(_) => t().content_order(),
        MessageBody::Comment(_) => t().content_comment(),
        MessageBody::Email(_) => t().content_email(),
        MessageBody::DeletedNotification(_) => t().deleted(),
        other => return plain(other.type_name()),
    };
    words.to_owned()
}

/// Why a session ended, from CIM's reason codes.
pub(crate) fn chat_ended(reason: Option<&str>) -> String {
    let reason = match reason {
        Some("CUSTOMER") => t().chat_ended_by_customer(),
        Some("AGENT") => t().chat_ended_by_agent(),
        Some("INACTIVITY") => t().chat_ended_idle(),
        Some("NETWORK") => t().chat_ended_network(),
        Some("FORCE_CLOSED") => t().chat_ended_by_system(),
        Some(other) => return t().chat_ended_because(&plain(other)),
        None => t().chat_ended(),
    };
    reason.to_owned()
}

/// The name of a channel type of CIM.
pub(crate) fn channel(name: &str) -> String {
    let channel = match name.to_ascii_uppercase().as_str() {
        "WEB" => t().channel_web(),
        "WEB_RTC" => t().channel_web_call(),
        "WHATSAPP" => "WhatsApp",
        "FACEBOOK" => "Facebook",
        "SMS" => "SMS",
        "EMAIL" => t().channel_email(),
        "CX_VOICE" | "CISCO_CC" => t().channel_phone(),
        _ => return plain(name),
    };
    channel.to_owned()
}

/// A participant has joined.
pub(crate) fn joined(name: &str, role: Option<&str>) -> String {
    match role {
        Some(role) => t().joined_as(name, role),
        None => t().joined(name),
    }
}

/// A participant has left.
pub(crate) fn left(name: &str, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => t().left_because(name, &plain(reason)),
        None => t().left(name),
    }
}

/// A bot answers by itself, or leaves the answering to agents.
pub(crate) fn bot_role_changed(name: &str, role: &str) -> String {
    match role {
        "ASSISTANT" => t().bot_suggests(name),
        "PRIMARY" => t().bot_answers(name),
        role => t().role_changed(name, &plain(role)),
    }
}

/// A participant's role; `None` for the ordinary one.
pub(crate) fn role(role: &str) -> Option<&'static str> {
    match role {
        "ASSISTANT" => Some(t().role_assistant()),
        "SILENT_MONITOR" => Some(t().role_silent_monitor()),
        "WHISPER" => Some(t().role_whisper()),
        "WRAP_UP" => Some(t().role_wrap_up()),
        "CUSTOMER" => Some(t().role_customer()),
        "PRIMARY" => Some(t().role_primary()),
        _ => None,
    }
}

/// What a participant is, in the list of people.
pub(crate) fn kind(kind: &str) -> &'static str {
    match kind {
        "CUSTOMER" => t().kind_customer(),
        "AGENT" => t().kind_agent(),
        "BOT" => t().kind_bot(),
        "APP" => t().kind_app(),
        _ => t().kind_system(),
    }
}

/// A task's states of CIM, and why it ended.
pub(crate) fn task(state: &str, reason: Option<&str>, assigned: Option<&str>) -> String {
    match (state, reason, assigned) {
        ("ACTIVE", _, Some(name)) => t().task_taken_by(name),
        ("ACTIVE", ..) => t().task_open().to_owned(),
        ("WRAP_UP", ..) => t().task_wrap_up().to_owned(),
        ("CLOSED", Some(reason), _) => t().task_closed_because(&close_reason(reason)),
        ("CLOSED", None, _) => t().task_closed().to_owned(),
        (state, ..) => t().task_state(&plain(state)),
    }
}

fn close_reason(reason: &str) -> String {
    let reason = match reason {
        "RONA" => t().close_rona(),
        "DONE" => t().close_done(),
        "CANCELLED" => t().close_cancelled(),
        "NO_AGENT_AVAILABLE" => t().close_no_agent(),
        "AGENT_LOGOUT" => t().close_agent_logout(),
        "FORCE_CLOSED" => t().close_force_closed(),
        "TRANSFERRED" => t().close_transferred(),
        other => return plain(other),
    };
    reason.to_owned()
}

/// A bot asked the system to do something.
pub(crate) fn action(name: &str, what: &str) -> String {
    match what {
        "FIND_AGENT" => t().action_find_agent(name),
        what => t().action_any(name, &plain(what)),
    }
}

/// An agent asks for help, or no longer does.
pub(crate) fn hand(name: &str, raised: HandState) -> String {
    match raised {
        HandState::Raised => t().hand_raised(name),
        HandState::Down => t().hand_lowered(name),
    }
}

/// Whether a hand is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandState {
    /// Help is wanted.
    Raised,
    /// No longer.
    Down,
}

/// How sure a bot is of a suggestion.
pub(crate) fn sure(percent: u32) -> String {
    t().sure(&percent.to_string())
}

/// `SOME_CODE` and `someKey` as words: `Some code`, `Some key`. Letters beyond ASCII, which codes hardly have, stay as they
/// are: what turns them is 25 kB of tables.
pub(crate) fn plain(code: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for letter in code.chars() {
        match letter {
            '_' | '-' | '.' if !words.ends_with(' ') => words.push(' '),
            '_' | '-' | '.' => {}
            letter if letter.is_uppercase() && before.is_lowercase() => {
                words.push(' ');
                words.push(letter.to_ascii_lowercase());
            }
            letter if words.is_empty() => words.push(letter.to_ascii_uppercase()),
            letter => words.push(letter.to_ascii_lowercase()),
        }
        before = letter;
    }
    words.trim().to_owned()
}
