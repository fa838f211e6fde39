//! Every word that the chat itself says, in each language that it speaks. `{}` stands for what is filled in.

mod ar;
mod de;
mod en;

use portico_ui::{body, time};

/// A language with what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Speech {
    /// The words.
    pub(crate) words: &'static Words,
    /// The whole tag (`de-AT`), for times and numbers.
    pub(crate) locale: String,
    /// Its first part (`de`), for `lang`.
    pub(crate) language: &'static str,
    /// `ltr` or `rtl`.
    pub(crate) direction: &'static str,
}

impl Speech {
    /// The first wish that is spoken here; English if none is.
    pub(crate) fn choose(wishes: &[&str]) -> Self {
        let spoken = wishes
            .iter()
            .filter_map(|wish| time::canonical(wish))
            .find_map(Self::of);
        spoken.unwrap_or_else(|| Self::english("en".to_owned()))
    }

    fn of(locale: String) -> Option<Self> {
        match locale.split('-').next()? {
            "en" => Some(Self::english(locale)),
            "de" => Some(Self {
                words: &de::WORDS,
                locale,
                language: "de",
                direction: "ltr",
            }),
            "ar" => Some(Self {
                words: &ar::WORDS,
                locale,
                language: "ar",
                direction: "rtl",
            }),
            _ => None,
        }
    }

    fn english(locale: String) -> Self {
        Self {
            words: &en::WORDS,
            locale,
            language: "en",
            direction: "ltr",
        }
    }
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
    ($($(#[doc = $doc:literal])* $name:ident),* $(,)?) => {
        /// One language's words.
        #[derive(Debug, PartialEq, Eq)]
        pub(crate) struct Words {
            $($(#[doc = $doc])* pub(crate) $name: &'static str,)*
            /// What message bodies say.
            pub(crate) body: body::Words,
        }
    };
}

words! {
    /// The window's name while the site has given none.
    title,
    /// Greets on the first open, while the site has no greeting of its own.
    greeting,
    /// What to expect, while the site says nothing of its own.
    expectation,
    /// Over the starters.
    starters,
    /// Minimises the window.
    minimise,
    /// Opens the menu.
    menu,
    /// In the menu: ends the chat.
    end_chat,
    /// Asks before it.
    end_sure,
    /// Does it.
    end_yes,
    /// Does not.
    end_no,
    /// In the menu: saves what was said.
    save_chat,
    /// Who writes, where the visitor is meant.
    you,
    /// A program without a name.
    assistant,
    /// What a program is, beside its name.
    assistant_role,
    /// A person without a name.
    somebody,
    /// What a person is, beside the name.
    support_role,
    /// Nobody is there yet; a request waits.
    waiting,
    /// The messages.
    messages,
    /// Over rows while the first page loads.
    loading,
    /// The input's name.
    message,
    /// In the empty input.
    placeholder,
    /// Sends.
    send,
    /// Opens the little faces.
    emoji,
    /// How many characters are left.
    characters_left,
    /// The text is too long by so many.
    too_long,
    /// States of own messages.
    queued,
    sending,
    stored,
    delivered,
    read,
    /// A message failed.
    not_sent,
    /// It failed because of what it is.
    refused_body,
    /// It failed because the chat is over.
    refused_ended,
    retry,
    delete,
    edited,
    deleted,
    /// Somebody types; the gap is the name.
    types,
    /// The pill under the messages, for one and for more.
    new_message,
    new_messages,
    /// Scrolls to the end.
    to_newest,
    /// Notices; the gap is the name.
    joined,
    left,
    enqueued,
    no_agent,
    paused,
    resumed,
    /// Why the chat is over.
    ended,
    ended_by_agent,
    ended_by_you,
    ended_idle,
    ended_network,
    /// What next.
    start_new,
    /// The strip under the header.
    offline,
    reconnecting,
    replaced,
    use_here,
    no_token,
    try_again,
    outdated,
    reload,
    /// Everything failed.
    broken,
}
