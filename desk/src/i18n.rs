//! Every word that an agent reads, in one language so far. Short, plain, active; what an operator or a customer wrote
//! (reasons, codes, names of queues) is shown as they wrote it and is not in here.

pub(crate) mod activity;
mod notice;

pub(crate) use notice::notice;

// Signing in
pub(crate) const APP_TITLE: &str = "Portico Desk";
pub(crate) const SIGN_IN_TITLE: &str = "Sign in to your desk";
pub(crate) const SIGN_IN_INTRO: &str = "Chats arrive here once you are ready.";
pub(crate) const USERNAME: &str = "User name";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const SIGNING_IN: &str = "Signing in…";
pub(crate) const SIGN_IN_MISSING: &str = "Enter your user name and your password.";
pub(crate) const SIGN_IN_WRONG: &str = "User name or password is wrong. Check both and try again.";
pub(crate) const SIGN_IN_UNREACHABLE: &str = "The server does not answer. Check your network and try again.";
pub(crate) const SIGN_IN_BROKEN: &str =
    "The server gave an answer that this page does not understand. Reload the page.";
pub(crate) const SESSION_ENDED: &str =
    "Your session ended. Sign in again to go on; what you typed is kept in this tab.";

/// Too many attempts.
pub(crate) fn sign_in_later(seconds: u64) -> String {
    format!("Too many attempts. Try again in {seconds} s.")
}

/// The tab's title, with what is unread.
pub(crate) fn title(unread: u32) -> String {
    if unread == 0 {
        APP_TITLE.to_owned()
    } else {
        format!("({unread}) {APP_TITLE}")
    }
}

// Landmarks and the rail
pub(crate) const SKIP: &str = "Skip to the conversation";
pub(crate) const NAVIGATION: &str = "Desk";
pub(crate) const INBOX: &str = "Inbox";
pub(crate) const CONVERSATION: &str = "Conversation";
pub(crate) const CUSTOMER: &str = "Customer";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const BACK: &str = "Back to the list";
pub(crate) const SOUND_ON: &str = "Sound is on";
pub(crate) const SOUND_OFF: &str = "Sound is off";
pub(crate) const THEME_AUTO: &str = "Theme: as your system";
pub(crate) const THEME_LIGHT: &str = "Theme: light";
pub(crate) const THEME_DARK: &str = "Theme: dark";
pub(crate) const SIGN_OUT: &str = "Sign out";

/// The user's own button in the rail.
pub(crate) fn sign_out_of(name: &str) -> String {
    format!("Sign out {name}")
}

// Ready or not
pub(crate) const READY: &str = "Ready";
pub(crate) const NOT_READY: &str = "Not ready";
pub(crate) const STATE_UNKNOWN: &str = "Connecting";
pub(crate) const MISSED: &str = "You missed an offer";
pub(crate) const BECOME_READY: &str = "Become ready";
pub(crate) const NOT_READY_BECAUSE: &str = "Not ready, because of";
pub(crate) const BY_KEY: &str = "Switch by key";
/// Reasons offered for not being ready.
pub(crate) const REASONS: &[&str] = &["Break", "Lunch", "Meeting", "Training", "Follow-up work"];

/// The state with its reason.
pub(crate) fn not_ready_because(reason: &str) -> String {
    format!("Not ready: {reason}")
}

/// The name of the state button.
pub(crate) fn your_state(state: &str) -> String {
    format!("Your state: {state}")
}

// Offers
pub(crate) const OFFERS: &str = "Incoming chats";
pub(crate) const OFFER: &str = "Incoming chat";
pub(crate) const ACCEPT: &str = "Accept";
pub(crate) const ACCEPTING: &str = "Accepting…";
pub(crate) const OFFER_NO_WORDS: &str = "Has not written yet";
pub(crate) const OFFER_GONE: &str = "That chat was answered elsewhere or withdrawn.";
pub(crate) const QUEUE: &str = "Queue";
pub(crate) const WAITS: &str = "Waits for";
pub(crate) const PAGE: &str = "Page";

/// Read out when an offer rings.
pub(crate) fn offer_announcement(name: &str, queue: &str, keys: &str) -> String {
    format!("Incoming chat from {name}, {queue}. Press {keys} to accept.")
}

pub(crate) const DESKTOP_ON: &str = "Offers show on the desktop while this window is out of sight.";
pub(crate) const DESKTOP_OFF: &str = "Offers no longer show on the desktop.";
pub(crate) const DESKTOP_REFUSED: &str =
    "The browser does not allow it. Allow notifications for this page and try again.";

/// The tab's title while it rings.
pub(crate) fn offer_title(name: &str) -> String {
    format!("● {name} is waiting")
}

/// Read out by the countdown.
pub(crate) fn seconds_left(seconds: i64) -> String {
    format!("{seconds} seconds left")
}

/// The browser keeps the page silent.
pub(crate) const MUFFLED: &str = "Offers ring without a sound in this tab.";
pub(crate) const TURN_SOUND_ON: &str = "Turn sound on";

// List
pub(crate) const MINE: &str = "With you";
pub(crate) const ENDED: &str = "Ended, to wrap up";
pub(crate) const LIST_EMPTY: &str = "No chats yet";
pub(crate) const LIST_EMPTY_READY: &str = "You are ready. The next chat rings here.";
pub(crate) const LIST_EMPTY_NOT_READY: &str = "Become ready to receive chats.";
pub(crate) const VISITOR: &str = "Visitor";
pub(crate) const DRAFT: &str = "Draft:";
pub(crate) const YOU: &str = "You";
pub(crate) const NOBODY: &str = "Nobody";
pub(crate) const NO_MESSAGES: &str = "No messages yet";
pub(crate) const WHISPER_PREFIX: &str = "Whisper:";

/// Somebody without a name, told from others by the end of the chat's reference.
pub(crate) fn visitor(reference: &str) -> String {
    let from = reference.len().saturating_sub(4);
    let end = reference.get(from..).unwrap_or_default().to_uppercase();
    format!("{VISITOR} {end}")
}

/// The unread badge, for people who do not see it.
pub(crate) fn unread(count: u32) -> String {
    if count == 1 {
        "1 unread message".to_owned()
    } else {
        format!("{count} unread messages")
    }
}

/// The waiting time, for people who do not see its colour.
pub(crate) fn waiting(time: &str) -> String {
    format!("The customer has waited {time} for an answer")
}

/// The last line of a chat that somebody of ours wrote.
pub(crate) fn said(name: &str, text: &str) -> String {
    format!("{name}: {text}")
}

// Conversation
pub(crate) const NONE_OPEN: &str = "No chat is open";
pub(crate) const NONE_OPEN_HINT: &str = "Choose one from the list, or accept the next one that rings.";
pub(crate) const TIMELINE: &str = "Timeline";
pub(crate) const EARLIER: &str = "Show earlier";
pub(crate) const LOADING: &str = "Loading the conversation";
pub(crate) const TO_NEWEST: &str = "Newest";
pub(crate) const END_CHAT: &str = "End chat";
pub(crate) const WRAP_UP: &str = "Wrap up and leave";
pub(crate) const WRAP_UP_SHORT: &str = "Wrap up";
pub(crate) const SHOW_PANEL: &str = "Customer details";
pub(crate) const STATE_LIVE: &str = "Live";
pub(crate) const STATE_ENDED: &str = "Ended";
pub(crate) const STATE_LEFT: &str = "Left";
pub(crate) const ASSISTANT: &str = "Assistant";
pub(crate) const COLLEAGUE: &str = "Colleague";
pub(crate) const EDITED: &str = "Edited";
pub(crate) const EDIT: &str = "Edit";
pub(crate) const DELETED: &str = "This message was deleted.";
pub(crate) const WHISPER: &str = "Whisper";
pub(crate) const WHISPER_WHO: &str = "Only your team sees this";

/// Somebody types.
pub(crate) fn is_typing(names: &str) -> String {
    format!("{names} is typing")
}

/// Read out when a message arrives.
pub(crate) fn message_announcement(name: &str, text: &str) -> String {
    format!("{name}: {text}")
}

/// Read out when a colleague whispers.
pub(crate) fn whisper_announcement(name: &str, text: &str) -> String {
    format!("{name} whispers: {text}")
}

/// Read out when something happens in another chat than the open one.
pub(crate) fn elsewhere(customer: &str, notice: &str) -> String {
    format!("{customer}: {notice}")
}

/// New messages below.
pub(crate) fn new_below(count: u32) -> String {
    if count == 1 {
        "1 new message".to_owned()
    } else {
        format!("{count} new messages")
    }
}

// How far an own message is
pub(crate) const SENT_QUEUED: &str = "Waits for the connection";
pub(crate) const SENT_SENDING: &str = "Sending";
pub(crate) const SENT_STORED: &str = "Sent";
pub(crate) const SENT_DELIVERED: &str = "Delivered";
pub(crate) const SENT_READ: &str = "Read";
pub(crate) const SENT_FAILED: &str = "Not sent.";
pub(crate) const RETRY: &str = "Retry";
pub(crate) const DELETE: &str = "Delete";

// Composer
pub(crate) const COMPOSER: &str = "Write";
pub(crate) const MODE: &str = "Who sees what you write";
pub(crate) const MODE_REPLY: &str = "Reply";
pub(crate) const MODE_WHISPER: &str = "Whisper";
pub(crate) const REPLY_TO: &str = "Your message to the customer";
pub(crate) const WHISPER_TO: &str = "Your whisper to your team";
pub(crate) const PLACEHOLDER_REPLY: &str = "Write to the customer…";
pub(crate) const PLACEHOLDER_WHISPER: &str = "Write to your team…";
pub(crate) const NOTE_REPLY: &str = "The customer sees this";
pub(crate) const NOTE_WHISPER: &str = "The customer never sees this";
/// Read out when the composer turns to the customer.
pub(crate) const NOW_REPLY: &str = "You write to the customer now.";
/// Read out when the composer turns to the team.
pub(crate) const NOW_WHISPER: &str = "You whisper to your team now. The customer never sees this.";
pub(crate) const SEND: &str = "Send";
pub(crate) const SEND_WHISPER: &str = "Whisper";
pub(crate) const SAVE_EDIT: &str = "Save";
pub(crate) const HINT_SEND: &str = "Enter sends, Shift+Enter breaks the line";
pub(crate) const HINT_OFFLINE: &str = "No connection. It is sent when you are back.";
pub(crate) const LEFT_TITLE: &str = "You are not in this chat any more.";
pub(crate) const CLOSED_TITLE: &str = "This chat has ended. Wrap it up to clear it from your list.";
pub(crate) const SHOW_PICTURE: &str = "Show the picture";
pub(crate) const SHOW_VIDEO: &str = "Show the film";
pub(crate) const SUGGESTIONS: &str = "Suggested";

/// What is edited.
pub(crate) fn editing(text: &str) -> String {
    format!("Editing: {text}")
}

/// Close to the limit, or over it.
pub(crate) fn characters_left(left: i64) -> String {
    if left < 0 {
        format!("{} characters too many", -left)
    } else {
        format!("{left} characters left")
    }
}

/// The name of a suggestion's chip.
pub(crate) fn use_suggestion(text: &str) -> String {
    format!("Use suggestion: {text}")
}

// Customer panel
pub(crate) const VERIFIED: &str = "Verified customer";
pub(crate) const NOT_VERIFIED: &str = "Not verified";
pub(crate) const CLAIMS: &str = "Stated in the chat";
pub(crate) const CLAIMS_NOTE: &str = "From the customer or the page, not checked.";
pub(crate) const CLAIMS_NONE: &str = "Nothing yet. What the page or a form states appears here.";
pub(crate) const WHERE: &str = "Where they are";
pub(crate) const PEOPLE: &str = "In this chat";
pub(crate) const DETAILS: &str = "Details";
pub(crate) const STARTED: &str = "Started";
pub(crate) const CHANNEL: &str = "Channel";
pub(crate) const STATE: &str = "State";
pub(crate) const REFERENCE: &str = "Reference";
pub(crate) const LANGUAGE: &str = "Language";
pub(crate) const TIMEZONE: &str = "Time zone";

// Wrap-up and end
pub(crate) const WRAP_UP_TITLE: &str = "Wrap up";
pub(crate) const WRAP_UP_INTRO: &str = "What was it about? Choose up to five codes.";
pub(crate) const WRAP_UP_LIVE: &str =
    "The customer is still in the chat. Leaving takes you out of it; it does not end it.";
pub(crate) const WRAP_UP_NOTE: &str = "Note for colleagues";
pub(crate) const WRAP_UP_LEAVE: &str = "Leave";
pub(crate) const WRAP_UP_SKIP: &str = "Leave without wrap-up";
pub(crate) const WRAP_UP_NONE: &str = "No codes are set up. You can leave a note.";
pub(crate) const WRAP_UP_LOADING: &str = "Loading the codes";
pub(crate) const WRAP_UP_FAILED: &str = "The codes could not be loaded. You can leave a note and go on.";
pub(crate) const END_TITLE: &str = "End this chat?";
pub(crate) const END_INTRO: &str = "The customer can no longer write in it. You can still wrap it up.";

/// How many codes are chosen.
pub(crate) fn codes_chosen(chosen: usize, most: usize) -> String {
    format!("{chosen} of {most} chosen")
}

// Palette
pub(crate) const PALETTE: &str = "Commands and shortcuts";
pub(crate) const PALETTE_SEARCH: &str = "Search commands and chats…";
pub(crate) const PALETTE_NONE: &str = "Nothing fits. Try another word.";

/// Goes to a chat.
pub(crate) fn open_chat(name: &str) -> String {
    format!("Open chat with {name}")
}

// What commands are called
pub(crate) const DO_ACCEPT: &str = "Accept the incoming chat";
pub(crate) const DO_PALETTE: &str = "Show all commands";
pub(crate) const DO_READY: &str = "Become ready or not ready";
pub(crate) const DO_NEXT: &str = "Next chat";
pub(crate) const DO_PREVIOUS: &str = "Previous chat";
pub(crate) const DO_REPLY: &str = "Write to the customer";
pub(crate) const DO_WHISPER: &str = "Switch between reply and whisper";
pub(crate) const DO_PANEL: &str = "Show or hide customer details";
pub(crate) const DO_SYSTEM: &str = "Show or hide system events";
pub(crate) const DO_WRAP_UP: &str = "Wrap up and leave";
pub(crate) const DO_END: &str = "End the chat";
pub(crate) const DO_SOUND: &str = "Sound on or off";
pub(crate) const DO_DESKTOP: &str = "Show offers on the desktop, or no longer";
pub(crate) const DO_THEME: &str = "Change the theme";

/// Puts a suggestion into the composer.
pub(crate) fn do_suggestion(number: u8) -> String {
    format!("Use suggestion {number}")
}

// Keys
pub(crate) const KEY_ALT: &str = "Alt";
pub(crate) const KEY_OPTION: &str = "⌥";
pub(crate) const KEY_CTRL: &str = "Ctrl";
pub(crate) const KEY_COMMAND: &str = "⌘";
pub(crate) const KEY_ENTER: &str = "Enter";

/// How a key is printed.
pub(crate) fn key_name(key: &'static str) -> &'static str {
    match key {
        "ArrowDown" => "↓",
        "ArrowUp" => "↑",
        "a" => "A",
        "k" => "K",
        "l" => "L",
        "m" => "M",
        "p" => "P",
        "r" => "R",
        "s" => "S",
        "t" => "T",
        "v" => "V",
        "w" => "W",
        "x" => "X",
        other => other,
    }
}

// The connection
pub(crate) const OFFLINE: &str = "You are offline. What you type is kept and sent when you are back.";
pub(crate) const RECONNECTING: &str = "Connection lost. Reconnecting; what you type is kept.";
pub(crate) const REPLACED: &str = "Your desk is open in another window. Chats go there.";
pub(crate) const OUTDATED: &str = "This page is older than the server. Reload it to go on.";
pub(crate) const USE_HERE: &str = "Use it here";
pub(crate) const BROKEN: &str = "Something went wrong in this page. Reload it to go on; what you typed is kept.";
pub(crate) const RELOAD: &str = "Reload";
pub(crate) const TRY_NOW: &str = "Try now";
pub(crate) const REFUSED: &str = "That was not possible. Nothing was changed.";

/// The reader's locale, for dates and numbers. Read once.
pub(crate) fn locale() -> &'static str {
    thread_local! {
        static LOCALE: &'static str = {
            let wanted = web_sys::window().and_then(|window| window.navigator().language());
            let known = wanted.and_then(|name| portico_ui::time::canonical(&name));
            known.map_or("en", |name| Box::leak(name.into_boxed_str()))
        };
    }
    LOCALE.with(|locale| *locale)
}

/// What message bodies say themselves.
pub(crate) static BODIES: portico_ui::body::Messages = portico_ui::body::Messages {
    picture: "Picture",
    video: "Video",
    audio: "Sound",
    file: "Document",
    download: "Download",
    open_map: "Open the map",
    open_link: "Open",
    cards: "Cards",
    previous: "Previous card",
    next: "Next card",
    choices: "Choices",
    chosen: "Chosen",
    submit: "Submit",
    submitted: "Submitted",
    required: "Required",
    missing: "This is needed.",
    choose: "Choose",
    yes: "Yes",
    no: "No",
    unknown: "A message that this version cannot show.",
};
