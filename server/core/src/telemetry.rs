//! The metrics that the relay tells its operators. Every metric is declared here with its kind, its unit and what it means;
//! a label never holds an id. Neither log nor metrics hold tokens, message text, e-mail or network addresses.

use crate::identity::customer::is_disguise;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

macro_rules! metrics {
    ($($kind:ident $name:ident = $text:literal, $unit:ident, $help:literal;)*) => {
        $(#[doc = $help] pub const $name: &str = $text;)*

        /// Gives every metric its unit and help text in the recorder.
        pub fn describe() {
            $(metrics!(@describe $kind)($name, Unit::$unit, $help);)*
        }

        #[cfg(test)]
        const ALL: &[(&str, &str)] = &[$(($text, stringify!($kind)),)*];
    };
    (@describe counter) => { |name, unit, help| describe_counter!(name, unit, help) };
    (@describe gauge) => { |name, unit, help| describe_gauge!(name, unit, help) };
    (@describe seconds) => { |name, unit, help| describe_histogram!(name, unit, help) };
    (@describe counts) => { |name, unit, help| describe_histogram!(name, unit, help) };
}

metrics! {
    counter HTTP_REQUESTS = "portico_http_requests_total", Count, "HTTP requests answered, by route and status.";
    seconds HTTP_SECONDS = "portico_http_request_seconds", Seconds, "Time to answer an HTTP request, by route.";
    counter ORIGIN_REFUSALS = "portico_origin_refusals_total", Count, "Requests and upgrades refused for their Origin.";
    counter SESSIONS = "portico_sessions_total", Count, "Visitor sessions answered, by kind: new, refreshed or signed.";
    counter SIGN_INS = "portico_sign_ins_total", Count, "Attempts to sign in, by outcome.";
    gauge SOCKETS_OPEN = "portico_sockets_open", Count, "WebSockets that are open now.";
    counter SOCKETS_CLOSED = "portico_sockets_closed_total", Count, "WebSockets closed by the relay, by close code.";
    counter FRAMES_IN = "portico_frames_in_total", Count, "Frames read from clients.";
    counter FRAMES_OUT = "portico_frames_out_total", Count, "Frames written to clients.";
    counter REFUSALS = "portico_refusals_total", Count, "Frames refused, by refusal code.";
    gauge CONVERSATIONS_LOADED = "portico_conversations_loaded", Count, "Conversations that are in memory now.";
    counter UNREADABLE = "portico_unreadable_conversations_total", Count, "Conversations that were left out of a list because what is stored of them cannot be read.";
    counter EVENTS = "portico_events_total", Count, "Events made durable.";
    seconds APPEND_SECONDS = "portico_append_seconds", Seconds, "Time from a command to its events on disk.";
    seconds COMMIT_SECONDS = "portico_store_commit_seconds", Seconds, "Time of one transaction of the store.";
    counts BATCH_SIZE = "portico_store_batch_size", Count, "Writes that one transaction of the store carried.";
    gauge STORE_QUEUE = "portico_store_queue", Count, "Writes that wait for the store.";
    counter DELIVERIES = "portico_deliveries_total", Count, "Deliveries to bots, by outcome: delivered, retried, declined, or dead when the bot could not be told or something of its answer could not be said.";
    seconds DELIVERY_SECONDS = "portico_delivery_seconds", Seconds, "Time of one call to a bot.";
    gauge BOTS_AWAY = "portico_bots_away", Count, "Bots that failed again and again and are tried one call at a time.";
    counter BOT_SOCKETS_REPLACED = "portico_bot_sockets_replaced_total", Count, "Sockets of bots closed because the same bot has connected anew.";
    counter PUSHES = "portico_pushes_total", Count, "Notifications for browsers whose pages are closed, by what became of them: sent, seen before they were due, retried, expired, refused by the push service, or gone with the browser.";
    counter ERASURES = "portico_erasures_total", Count, "Erasures of customers, and of conversations whose time is over, by outcome: done, or unfinished where a try has left something and another follows.";
    counter RETIRED = "portico_retired_conversations_total", Count, "Conversations erased because their channel keeps them no longer.";
    gauge RETENTION_WAITS = "portico_retention_waiting", Count, "Channels whose conversations stay for now because retention_days is new, or the time of day far ahead.";
    counter SURVEYS = "portico_surveys_total", Count, "Surveys after chats, by outcome: asked, answered, or refused where an answer breaks the form's rules.";
    counter LINK_PREVIEWS = "portico_link_previews_total", Count, "Links of messages on channels with previews, by what became of them: read, no_page when there is none or it calls itself nothing, refused for where they lead, unreachable, late when the chat was over, limited, or dropped for want of room.";
    counter FILES = "portico_files_total", Count, "Files, by what became of them: begun, complete, refused for what they are, deleted before they were posted, or expired.";
    counter FILE_BYTES = "portico_file_bytes_total", Bytes, "Bytes of files that were kept.";
    counter FILE_LINKS = "portico_file_links_total", Count, "Links to files that were given out.";
    gauge TASKS_WAITING = "portico_tasks_waiting", Count, "Requests for an agent that wait, by queue.";
    counter OFFERS = "portico_offers_total", Count, "Offers of a request to an agent, by what became of them: offered when it begins to ring, then accepted, missed, withdrawn or cancelled.";
    counter TIMERS_FIRED = "portico_timers_fired_total", Count, "Deadlines that came due.";
    counter PANICS = "portico_panics_total", Count, "Tasks and requests that panicked. Each is a bug.";
    gauge RESIDENT_MEMORY = "process_resident_memory_bytes", Bytes, "Memory of this process that is in RAM.";
    gauge OPEN_FILES = "process_open_fds", Count, "Files and sockets that this process holds open.";
}

/// A conversation is left out of a list because it cannot be read: the others are listed all the same.
pub fn left_out(conversation: &str, error: &(dyn std::error::Error + 'static)) {
    metrics::counter!(UNREADABLE).increment(1);
    tracing::error!(
        conversation.id = conversation,
        error,
        "a conversation cannot be read and is left out of a list"
    );
}

/// Longest foreign text in one line of the log, in characters.
const MAX_QUOTED_CHARS: usize = 200;

/// Foreign text, such as a bot's answer, made safe for the log and a terminal: cut, on one line, and
/// without anything that moves a cursor or turns text around.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for char in text.chars().take(MAX_QUOTED_CHARS) {
        if char.is_control() || is_disguise(char) {
            quoted.extend(char.escape_unicode());
        } else {
            quoted.push(char);
        }
    }
    if text.chars().nth(MAX_QUOTED_CHARS).is_some() {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_unit_and_kind_as_prometheus_wants_it() {
        let mut seen = std::collections::BTreeSet::new();
        for (name, kind) in ALL {
            assert!(seen.insert(name), "{name} is declared twice");
            assert!(name.starts_with("portico_") || name.starts_with("process_"), "{name}");
            assert_eq!(*kind == "counter", name.ends_with("_total"), "{name}");
            assert_eq!(*kind == "seconds", name.ends_with("_seconds"), "{name}");
            assert_eq!(*kind == "counts", name.ends_with("_size"), "{name}");
        }
    }

    #[test]
    fn what_others_chose_stays_on_its_line() {
        assert_eq!(quoted("mode: shout"), "mode: shout");
        assert_eq!(
            quoted("a\n2026 INFO forged\u{1b}[1m\u{202e}"),
            "a\\u{a}2026 INFO forged\\u{1b}[1m\\u{202e}"
        );
        let long = quoted(&"x".repeat(100_000));
        assert_eq!(long.chars().count(), MAX_QUOTED_CHARS + 1);
    }
}
