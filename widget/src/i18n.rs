//! Every word that the chat itself says. `{}` stands for what is filled in.
//!
//! English stands here, because it must be there when nothing can be fetched. Every other language is a table of
//! `widget/words/`, so that visitors pay for their own alone; `widget/words.js` chooses and fetches it while the program
//! is on its way. A document speaks one language; for another one it is loaded anew.

use portico_ui::{body, time};
use wasm_bindgen::prelude::wasm_bindgen;

/// A language with what follows from it.
#[derive(Debug)]
pub(crate) struct Locale {
    /// The messages.
    pub(crate) messages: Messages,
    /// The whole tag (`de-AT`), for times and numbers.
    pub(crate) tag: String,
    /// `ltr` or `rtl`.
    pub(crate) direction: &'static str,
}

/// Languages that run from the right.
const FROM_THE_RIGHT: [&str; 1] = ["ar"];

#[wasm_bindgen(module = "/words.js")]
extern "C" {
    /// The language's tag on the first line, then its table; none is English.
    fn spoken() -> String;
}

thread_local! {
    /// It stays as long as the document.
    static LOCALE: &'static Locale = Box::leak(Box::new(Locale::read(spoken().leak())));
}

/// The language of the document.
pub(crate) fn locale() -> &'static Locale {
    LOCALE.with(|locale| *locale)
}

/// Its messages.
pub(crate) fn t() -> &'static Messages {
    &locale().messages
}

impl Locale {
    /// A table of another version, or anything else that came in its place, is not worth reading.
    fn read(text: &'static str) -> Self {
        let (tag, table) = text.split_once('\n').unwrap_or_default();
        let is_whole = table.split('\n').count() == ENGLISH.split('\n').count();
        let tag = time::canonical(tag).filter(|tag| is_whole || tag.starts_with("en"));
        let tag = tag.unwrap_or_else(|| "en".to_owned());
        let from_the_right = is_whole && FROM_THE_RIGHT.contains(&language(&tag));
        Self {
            messages: Messages::of_table(if is_whole { table } else { ENGLISH }),
            direction: if from_the_right { "rtl" } else { "ltr" },
            tag,
        }
    }
}

/// The first part of a tag: `de` of `de-AT`.
pub(crate) fn language(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// A sentence without its name in the table.
fn after_name(line: &'static str) -> &'static str {
    line.split_once('=').map_or(line, |(_, sentence)| sentence.trim_start())
}

/// Fills the gaps of a sentence, in order.
pub(crate) fn fill(sentence: &str, gaps: &[&str]) -> String {
    // Split at one character: looking for a longer text brings a search of its own along.
    let mut parts = sentence.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    let mut gaps = gaps.iter();
    for part in parts {
        filled.push_str(gaps.next().unwrap_or(&""));
        filled.push_str(part.strip_prefix('}').unwrap_or(part));
    }
    filled
}

macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident = $english:literal,)* ; $($body:ident = $of_body:literal,)*) => {
        /// One language's messages.
        #[derive(Debug)]
        pub(crate) struct Messages {
            /// In the order of the table: as fields they would be read one by one, which is more program.
            own: [&'static str; Place::End as usize],
            /// What message bodies say.
            pub(crate) body: body::Messages,
        }

        #[expect(non_camel_case_types, reason = "named as what stands there")]
        enum Place {
            $($name,)*
            End,
        }

        impl Messages {
            $($(#[doc = $doc])* pub(crate) fn $name(&self) -> &'static str {
                self.own[Place::$name as usize]
            })*

            fn of_table(table: &'static str) -> Self {
                let mut lines = table.split('\n').map(after_name);
                let mut next = || lines.next().unwrap_or_default();
                Self {
                    own: std::array::from_fn(|_| next()),
                    body: body::Messages {
                        $($body: next(),)*
                    },
                }
            }
        }

        /// A table as the other languages' are: one sentence on each line, in this order.
        const ENGLISH: &str = concat!($("=", $english, "\n",)* $("=", $of_body, "\n",)*);
    };
}

words! {
    /// The window's name while the site has given none.
    title = "Chat with us",
    /// Greets on the first open, while the site has no greeting of its own.
    greeting = "Hello. How can we help?",
    /// What to expect, while the site says nothing of its own.
    expectation = "Ask anything. We usually answer within a few minutes.",
    /// Over the starters.
    starters = "Common questions",
    /// Minimises the window.
    minimise = "Minimise chat",
    /// Opens the menu.
    menu = "Options",
    /// In the menu: ends the chat.
    end_chat = "End chat",
    /// Asks before it.
    end_sure = "End this chat? You can start a new one at any time.",
    /// Does it.
    end_yes = "End chat",
    /// Does not.
    end_no = "Keep chatting",
    /// In the menu: saves what was said.
    save_chat = "Save conversation",
    /// Who writes, where the visitor is meant.
    you = "You",
    /// A program without a name.
    assistant = "Assistant",
    /// What a program is, beside its name.
    assistant_role = "Automated assistant",
    /// A person without a name.
    somebody = "Support",
    /// What a person is, beside the name.
    support_role = "Support",
    /// Nobody is there yet; a request waits.
    waiting = "Finding somebody to help you",
    /// The messages.
    messages = "Conversation",
    /// Over rows while the first page loads.
    loading = "Loading messages",
    /// The input's name.
    message = "Message",
    /// In the empty input.
    placeholder = "Write a message",
    /// Sends.
    send = "Send",
    /// Opens the little faces.
    emoji = "Insert emoji",
    /// How many characters are left.
    characters_left = "{} characters left",
    /// The text is too long by so many.
    too_long = "Too long by {} characters. Shorten it or send it in parts.",
    /// States of own messages.
    queued = "Waiting to be sent",
    sending = "Sending",
    stored = "Sent",
    delivered = "Delivered",
    read = "Read",
    /// A message failed.
    not_sent = "Not sent.",
    /// It failed because of what it is.
    refused_body = "This message can't be sent as it is.",
    /// It failed because the chat is over.
    refused_ended = "Not sent, the chat had ended.",
    retry = "Retry",
    /// Sends it, and a new chat begins with it.
    send_in_new = "Send in a new chat",
    delete = "Delete",
    edited = "Edited",
    deleted = "This message was deleted",
    /// Somebody types; the gap is the name.
    types = "{} is typing",
    /// The pill under the messages, for one and for more.
    new_message = "New message",
    new_messages = "{} new messages",
    /// Scrolls to the end.
    to_newest = "Go to newest",
    /// Notices; the gap is the name.
    joined = "{} joined the chat",
    left = "{} left the chat",
    enqueued = "We're finding somebody to help you",
    no_agent = "Everyone is busy right now. You can leave a message here and we'll get back to you.",
    paused = "The chat is on hold",
    resumed = "The chat goes on",
    /// Why the chat is over.
    ended = "This chat has ended",
    ended_by_agent = "This chat was closed by support",
    ended_by_you = "You ended this chat",
    ended_idle = "This chat was closed because it was quiet for a while",
    ended_network = "This chat was closed because the connection was lost",
    /// What next.
    start_new = "Start a new chat",
    /// The strip under the header.
    offline = "No connection. Your messages will be sent when you are back.",
    reconnecting = "Connection lost. Your messages will be sent when it is back.",
    held_back = "Sending takes a little longer. Your messages are safe.",
    replaced = "This chat is open in another window.",
    use_here = "Use it here",
    no_token = "The chat can't be reached at the moment.",
    try_again = "Try again",
    outdated = "The chat was updated.",
    reload = "Reload chat",
    /// Everything failed.
    broken = "Something went wrong. Your messages are safe.",
    ;
    picture = "Picture",
    video = "Video",
    audio = "Audio message",
    file = "File",
    download = "Download",
    open_map = "Open map",
    open_link = "Open",
    cards = "Cards, scroll sideways",
    previous = "Previous card",
    next = "Next card",
    choices = "Answers to choose from",
    chosen = "chosen",
    submit = "Send",
    submitted = "Thank you, this form was sent.",
    required = "required",
    missing = "Please fill this in.",
    choose = "Choose",
    yes = "Yes",
    no = "No",
    unknown = "This message can't be shown here.",
}
