//! The program of the chat window: the document, and what of it is fetched after its first screen.
//!
//! [`split`] has the split points, and nothing behind them may be named anywhere else in the program: what is reachable
//! without its split point is fetched at once.

mod split;

use leptos::prelude::*;
use portico_lazy::{Part, now, now_or_later};
use portico_ui::alerts::{Alerts, Piece};
use portico_ui::attachments::Tray;
use portico_ui::body::PrechatForm;
use portico_ui::earlier::EarlierChats;
use portico_ui::ended::EndedPanel;
use portico_ui::parts::auto_span;
use portico_widget::parts::{Parts, notices};
use portico_widget::{Chat, Instead};

/// Memory in constant time per piece, in a quarter of the program that the standard library's allocator is.
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

static MESSAGES: Part = Part::new(|| {
    Box::pin(async {
        split::fetch_messages().await?;
        Ok(split::fetch_tell().await?)
    })
});

static FRAMES: Part = Part::new(|| Box::pin(async { Ok(split::fetch_reader().await?) }));
static PRECHAT: Part = Part::new(|| Box::pin(async { Ok(split::fetch_prechat().await?) }));
static EMOJI: Part = Part::new(|| Box::pin(async { Ok(split::fetch_emoji().await?) }));
static ALERTS: Part = Part::new(|| Box::pin(async { Ok(split::fetch_alerts().await?) }));
static ENDED: Part = Part::new(|| Box::pin(async { Ok(split::fetch_ended().await?) }));
static EARLIER: Part = Part::new(|| Box::pin(async { Ok(split::fetch_earlier().await?) }));
static RECORDER: Part = Part::new(|| Box::pin(async { Ok(split::fetch_recorder().await?) }));

static SHARE: Part = Part::new(|| {
    Box::pin(async {
        split::fetch_share().await?;
        Ok(split::fetch_sharing().await?)
    })
});

fn main() {
    portico_widget::start(Parts {
        reader: || Box::pin(async { split::reader().await.ok() }),
        expect_reader: || FRAMES.expect(),
        messages,
        expect_messages: || Box::pin(MESSAGES.arrives()),
        tell: |chat, news| now_or_later(split::tell(Box::new(chat), Box::new(news))),
        transcript: |chat| Box::pin(split::transcript(Box::new(chat))),
        prechat,
        emoji_picker,
        alerts,
        ended_panel,
        save: |transcript, format| Box::pin(split::save(Box::new(transcript), format)),
        earlier_chats,
        expect_files: portico_lazy::expect_files,
        recorder,
        share,
        sharing,
        copier: |of| Box::pin(async { split::copier(of).await.ok()?.await }),
        move_copies: |moved| Box::pin(async { split::move_copies(moved).await.ok()?.await }),
    });
}

fn messages(chat: Chat) -> AnyView {
    let items = move || now(split::messages(Box::new(chat)));
    MESSAGES.draw_in_list(items, notices())
}

fn prechat(form: PrechatForm, title: String) -> AnyView {
    let waiting = move || Some(auto_span("body__name", title.clone()));
    let whole = move || now(split::prechat(Box::new(form.clone())));
    PRECHAT.draw(whole, waiting, notices())
}

fn emoji_picker(name: &'static str, on_choose: Callback<&'static str>) -> AnyView {
    let picker = move || now(split::emoji_picker(name, on_choose));
    EMOJI.draw(picker, || None, notices())
}

fn alerts(chat: Chat, alerts: Alerts, piece: Piece) -> AnyView {
    let whole = move || now(split::alerts(Box::new(chat), alerts, piece));
    ALERTS.draw_over(whole, || ())
}

fn ended_panel(panel: EndedPanel) -> AnyView {
    let sentence = panel.sentence;
    let waiting = move || Some(auto_span("ended__why", sentence.get()));
    let whole = move || now(split::ended_panel(panel.clone()));
    ENDED.draw(whole, waiting, notices())
}

fn earlier_chats(chats: EarlierChats) -> AnyView {
    let title = chats.title;
    let waiting = move || Some(auto_span("body__name", title));
    let list = move || now(split::earlier_chats(Box::new(chats.clone())));
    EARLIER.draw(list, waiting, notices())
}

fn recorder(chat: Chat, files: Tray) -> AnyView {
    files.expect();
    let whole = move || now(split::recorder(Box::new(chat), files));
    RECORDER.draw(whole, || None, notices())
}

fn share(chat: Chat, files: Tray) -> AnyView {
    files.expect();
    let menu = move || now(split::share(Box::new(chat), files));
    SHARE.draw(menu, || None, notices())
}

fn sharing(chat: Chat, what: Instead) -> AnyView {
    let dialog = move || now(split::sharing(Box::new(chat), what));
    SHARE.draw(dialog, || None, notices())
}
