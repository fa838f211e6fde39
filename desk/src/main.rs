//! The desk's program: the console, and the areas that are fetched when they are first needed.
//!
//! [`split`] has the split points, and nothing behind them may be named anywhere else in the program: what is reachable
//! without its split point is fetched at once.

mod split;

use leptos::prelude::*;
use portico_desk::parts::{Parts, notices};
use portico_desk::{Desk, Dialog};
use portico_lazy::{Part, now};
use portico_shared::ids::ConversationId;

/// Memory in constant time per piece, in a quarter of the program that the standard library's allocator is.
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

static CONVERSATION: Part = Part::new(|| Box::pin(async { Ok(split::fetch_conversation().await?) }));
static PANEL: Part = Part::new(|| Box::pin(async { Ok(split::fetch_panel().await?) }));
static DIALOGS: Part = Part::new(|| Box::pin(async { Ok(split::fetch_dialogs().await?) }));

fn main() {
    portico_desk::start(Parts {
        conversation,
        panel,
        dialog,
        expect_conversation: || {
            CONVERSATION.expect();
            PANEL.expect();
            DIALOGS.expect();
        },
    });
}

fn conversation(desk: Desk, id: ConversationId) -> AnyView {
    let whole = move || now(split::conversation(Box::new(desk), id.clone()));
    CONVERSATION.draw(whole, || None, notices())
}

fn panel(desk: Desk) -> AnyView {
    let whole = move || now(split::panel(Box::new(desk)));
    PANEL.draw(whole, || None, notices())
}

fn dialog(desk: Desk, dialog: Dialog) -> AnyView {
    let whole = move || now(split::dialog(Box::new(desk), dialog.clone()));
    DIALOGS.draw_over(whole, move || desk.dialog_failed())
}
