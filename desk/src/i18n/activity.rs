//! Words for what happens in a conversation besides messages.

// Sessions
pub(crate) const CHAT_STARTED: &str = "The chat started";
pub(crate) const CHAT_EXPIRED: &str = "The chat expired";
pub(crate) const CUSTOMER_LEFT: &str = "The customer left";
pub(crate) const SESSION_UPDATED: &str = "Session data changed";
pub(crate) const SESSION_TO_CLOSE: &str = "The chat is being closed";

/// How a session began, with the channel.
pub(crate) fn chat_started_on(channel: &str) -> String {
    format!("The chat started on {channel}")
}

/// Why a session ended, from CIM's reason codes.
pub(crate) fn chat_ended(reason: Option<&str>) -> String {
    match reason {
        Some("CUSTOMER") => "The customer ended the chat".to_owned(),
        Some("AGENT") => "An agent ended the chat".to_owned(),
        Some("INACTIVITY") => "The chat ended after a long silence".to_owned(),
        Some("NETWORK") => "The chat ended because the customer's connection was lost".to_owned(),
        Some("FORCE_CLOSED") => "The chat was closed by the system".to_owned(),
        Some(other) => format!("The chat ended: {}", plain(other)),
        None => "The chat ended".to_owned(),
    }
}

/// The name of a channel type of CIM.
pub(crate) fn channel(name: &str) -> String {
    match name.to_ascii_uppercase().as_str() {
        "WEB" => "the web".to_owned(),
        "WEB_RTC" => "web call".to_owned(),
        "WHATSAPP" => "WhatsApp".to_owned(),
        "FACEBOOK" => "Facebook".to_owned(),
        "SMS" => "SMS".to_owned(),
        "EMAIL" => "e-mail".to_owned(),
        "CX_VOICE" | "CISCO_CC" => "the phone".to_owned(),
        _ => plain(name),
    }
}

// People
/// Somebody takes part now.
pub(crate) fn joined(name: &str, role: Option<&str>) -> String {
    match role {
        Some(role) => format!("{name} joined as {role}"),
        None => format!("{name} joined"),
    }
}

/// Somebody takes part no longer.
pub(crate) fn left(name: &str, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("{name} left: {}", plain(reason)),
        None => format!("{name} left"),
    }
}

/// Somebody takes part as something else.
pub(crate) fn role_changed(name: &str, role: &str) -> String {
    format!("{name} is now {role}")
}

/// A bot answers by itself, or leaves the answering to agents.
pub(crate) fn bot_role_changed(name: &str, role: &str) -> String {
    match role {
        "ASSISTANT" => format!("{name} only suggests answers now"),
        "PRIMARY" => format!("{name} answers the customer now"),
        role => role_changed(name, &plain(role)),
    }
}

/// A participant's role in human words; `None` for the ordinary one.
pub(crate) fn role(role: &str) -> Option<&'static str> {
    match role {
        "ASSISTANT" => Some("assistant"),
        "SILENT_MONITOR" => Some("silent monitor"),
        "WHISPER" => Some("whisperer"),
        "WRAP_UP" => Some("wrapping up"),
        "CUSTOMER" => Some("customer"),
        "PRIMARY" => Some("in charge"),
        _ => None,
    }
}

/// What somebody is, in the list of people.
pub(crate) fn kind(kind: &str) -> &'static str {
    match kind {
        "CUSTOMER" => "Customer",
        "AGENT" => "Agent",
        "BOT" => "Assistant",
        "APP" => "App",
        _ => "System",
    }
}

/// The conversation belongs to this customer now.
pub(crate) fn linked(name: &str) -> String {
    format!("Linked to customer {name}")
}

// Requests for an agent
pub(crate) const NO_AGENT: &str = "No agent was free";
pub(crate) const WAITS: &str = "Waits for an agent";
pub(crate) const AGENT_WANTED: &str = "An agent was asked for";
pub(crate) const NOBODY_ANSWERS: &str = "Nobody can answer";
pub(crate) const REVOKED: &str = "The request for an agent was withdrawn";
pub(crate) const AGENTS_REMOVED: &str = "All agents were removed";

/// The request waits in a queue.
pub(crate) fn waits_in(queue: &str) -> String {
    format!("Waits in {queue}")
}

/// The request rings at somebody.
pub(crate) fn offered_to(name: &str) -> String {
    format!("Offered to {name}")
}

/// A request's states of CIM, and why it ended.
pub(crate) fn task(state: &str, reason: Option<&str>, assigned: Option<&str>) -> String {
    match (state, reason, assigned) {
        ("ACTIVE", _, Some(name)) => format!("Request taken by {name}"),
        ("ACTIVE", ..) => "Request for an agent is open".to_owned(),
        ("WRAP_UP", ..) => "Request in wrap-up".to_owned(),
        ("CLOSED", Some(reason), _) => format!("Request closed: {}", close_reason(reason)),
        ("CLOSED", None, _) => "Request closed".to_owned(),
        (state, ..) => format!("Request: {}", plain(state)),
    }
}

fn close_reason(reason: &str) -> String {
    match reason {
        "RONA" => "the offer was not answered".to_owned(),
        "DONE" => "done".to_owned(),
        "CANCELLED" => "cancelled".to_owned(),
        "NO_AGENT_AVAILABLE" => "no agent was free".to_owned(),
        "AGENT_LOGOUT" => "the agent signed out".to_owned(),
        "FORCE_CLOSED" => "closed by the system".to_owned(),
        "TRANSFERRED" => "transferred".to_owned(),
        other => plain(other),
    }
}

/// A bot asked the system to do something.
pub(crate) fn action(name: &str, what: &str) -> String {
    match what {
        "FIND_AGENT" => format!("{name} asked for an agent"),
        what => format!("{name} asked for: {}", plain(what)),
    }
}

// Timers, holding, help
pub(crate) const ON_HOLD: &str = "The chat is on hold";
pub(crate) const RESUMED: &str = "The chat goes on";
pub(crate) const SLA_STARTED: &str = "The time to answer runs";
pub(crate) const SLA_STOPPED: &str = "Answered in time";
pub(crate) const SLA_EXPIRED: &str = "The time to answer ran out";
pub(crate) const CUSTOMER_SILENT: &str = "The customer's time to answer ran out";
pub(crate) const BOT_SILENT: &str = "The assistant did not answer";

/// An agent asks for help, or no longer does.
pub(crate) fn hand(name: &str, raised: HandState) -> String {
    match raised {
        HandState::Raised => format!("{name} asks for help"),
        HandState::Down => format!("{name} no longer needs help"),
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

// Data
/// Facts about the conversation changed.
pub(crate) fn data_changed(count: usize) -> String {
    if count == 1 {
        "Chat data: 1 value".to_owned()
    } else {
        format!("Chat data: {count} values")
    }
}

/// A bot suggested answers.
pub(crate) fn suggested(name: &str, count: usize) -> String {
    if count == 1 {
        format!("{name} suggested an answer")
    } else {
        format!("{name} suggested {count} answers")
    }
}

/// How sure a bot is of a suggestion.
pub(crate) fn sure(percent: u32) -> String {
    format!("{percent} % sure")
}

/// A run of system events, folded.
pub(crate) fn system_events(count: usize) -> String {
    if count == 1 {
        "1 system event".to_owned()
    } else {
        format!("{count} system events")
    }
}

// Calls
pub(crate) const CALL: &str = "Call";
pub(crate) const CALL_STARTED: &str = "Call started";
pub(crate) const CALL_ENDED: &str = "Call ended";
pub(crate) const CALL_HELD: &str = "Call on hold";
pub(crate) const CALL_RESUMED: &str = "Call resumed";
pub(crate) const CALL_WHOLE: &str = "Phone call";
pub(crate) const CALLER: &str = "Caller";
pub(crate) const DIALLED: &str = "Dialled";
pub(crate) const EXTENSION: &str = "Extension";
pub(crate) const REASON: &str = "Reason";
pub(crate) const DURATION: &str = "Duration";
pub(crate) const HELD: &str = "On hold";
pub(crate) const BEGAN: &str = "Began";
pub(crate) const FINISHED: &str = "Ended";
pub(crate) const LEGS: &str = "Legs";

// IVR
pub(crate) const IVR: &str = "Phone menu";
pub(crate) const IVR_HUNG_UP: &str = "Hung up";
pub(crate) const IVR_TO_AGENT: &str = "To an agent";

/// How many choices a caller made.
pub(crate) fn steps(count: usize) -> String {
    if count == 1 {
        "1 choice".to_owned()
    } else {
        format!("{count} choices")
    }
}

// Recording
pub(crate) const RECORDING: &str = "Call recording";
pub(crate) const RECORDING_OPEN: &str = "Open in a new tab";
pub(crate) const RECORDING_UNSAFE: &str = "The recording's address is not a web address.";

// Wrap-up
pub(crate) const WRAP_UP_NO_CODES: &str = "No codes";

/// Who wrapped up.
pub(crate) fn wrapped_up_by(name: &str) -> String {
    format!("Wrap-up by {name}")
}

// Forms and surveys
pub(crate) const FORM: &str = "Form";
pub(crate) const SURVEY: &str = "Survey";
pub(crate) const NO_ANSWER: &str = "No answer";
pub(crate) const SOURCE: &str = "From";

/// A score with its best value.
pub(crate) fn of(best: &str) -> String {
    format!("of {best}")
}

/// A rating read aloud.
pub(crate) fn stars(given: u32, best: u32) -> String {
    format!("{given} of {best} stars")
}

/// How many questions have answers.
pub(crate) fn answers(count: usize) -> String {
    if count == 1 {
        "1 answer".to_owned()
    } else {
        format!("{count} answers")
    }
}

// Anything else
pub(crate) const ACTIVITY: &str = "Activity";
pub(crate) const NO_FACTS: &str = "Nothing further was said.";
pub(crate) const YES: &str = "Yes";
pub(crate) const NO: &str = "No";

/// `SOME_CODE` and `someKey` as words: `Some code`, `Some key`.
pub(crate) fn plain(code: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for letter in code.chars() {
        match letter {
            '_' | '-' | '.' if !words.ends_with(' ') => words.push(' '),
            '_' | '-' | '.' => {}
            letter if letter.is_uppercase() && before.is_lowercase() => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            letter if words.is_empty() => words.extend(letter.to_uppercase()),
            letter => words.extend(letter.to_lowercase()),
        }
        before = letter;
    }
    words.trim().to_owned()
}

// Before the chat
pub(crate) const BEFORE: &str = "Before this chat";
pub(crate) const BEFORE_FAILED: &str = "What was reported before could not be loaded.";
pub(crate) const TRY_AGAIN: &str = "Try again";

/// What unfolds under the newest of what was reported before.
pub(crate) fn earlier_activities(count: usize) -> String {
    match count {
        1 => "1 earlier activity".to_owned(),
        count => format!("{count} earlier activities"),
    }
}
