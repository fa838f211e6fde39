//! What stands before the first message: a greeting, what to expect, first questions to press.

use crate::i18n::t;
use crate::store::Chat;

use portico_shared::cim::MessageBody;
use portico_shared::frame::Draft;
use portico_ui::el::{El, block, button, el, words};

/// The greeting; with starters as long as nothing has been said.
pub(super) fn welcome(chat: Chat, said: bool) -> El {
    let text = t();
    let config = chat.document.config.get();
    let greeting = config.greeting.as_deref().unwrap_or(text.greeting());
    let expectation = config.expectation.as_deref().unwrap_or(text.expectation());
    let mut parts = vec![
        el("h2").class("welcome__greeting").attr("dir", "auto").text(greeting),
        words("welcome__expectation", expectation),
    ];
    if !said && !config.starters.is_empty() {
        let starters = config
            .starters
            .into_iter()
            .map(|starter| press(chat, starter))
            .collect();
        let group = block("welcome__starters", starters)
            .attr("role", "group")
            .attr("aria-label", text.starters());
        parts.push(group);
    }
    block("welcome", parts)
}

fn press(chat: Chat, starter: String) -> El {
    let label = words("", &starter);
    button(
        "choice",
        vec![label],
        Box::new(move || {
            chat.send(Draft::new(MessageBody::plain(starter.clone())));
            chat.to_composer();
        }),
    )
}
