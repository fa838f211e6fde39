//! The program of the chat window: the document, and what of it is fetched after its first screen.
//!
//! [`split`] has the split points, and nothing behind them may be named anywhere else in the program: what is reachable
//! without its split point is fetched at once.

mod split;

use leptos::prelude::AnyView;
use portico_lazy::{Part, now, now_or_later};
use portico_widget::Chat;
use portico_widget::parts::{Parts, notices};

/// Memory in constant time per piece, in a quarter of the program that the standard library's allocator is.
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

static MESSAGES: Part = Part::new(|| {
    Box::pin(async {
        split::fetch_messages().await?;
        Ok(split::fetch_tell().await?)
    })
});

fn main() {
    portico_widget::start(Parts {
        messages,
        expect_messages: || Box::pin(MESSAGES.arrives()),
        tell: |chat, keys| now_or_later(split::tell(Box::new(chat), keys)),
        transcript: |chat| Box::pin(split::transcript(Box::new(chat))),
    });
}

fn messages(chat: Chat) -> AnyView {
    let items = move || now(split::messages(Box::new(chat)));
    MESSAGES.draw_in_list(items, notices())
}
