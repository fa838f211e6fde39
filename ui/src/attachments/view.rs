//! The files that are to be sent, as a list over the place where one writes.

use super::actions;
use super::engine::{measured, picture};
use super::item::{Item, Stage};
use super::said;
use super::transfer;
use super::tray::Tray;
use crate::browser::document;
use crate::icon::{ALERT, FILE, RETRY, X, icon};
use crate::parts::{auto_span, icon_button};
use crate::reactive::{dynamic, effect, keyed};
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::ids::ClientId;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The list. Files that were picked before it was there are taken up now.
pub fn list(tray: Tray) -> AnyView {
    effect(move |_| {
        tray.looks.track();
        untrack(|| actions::begin(tray));
    });
    let has_former = tray.setup().has_former;
    effect(move |_| {
        if has_former.get() {
            untrack(|| actions::hold_what_was_left(tray));
        }
    });
    effect(move |_| {
        let files = tray.picked.get();
        if !files.is_empty() {
            tray.picked.set(Vec::new());
            untrack(|| actions::add(tray, files));
        }
    });
    effect(move |_| {
        let sent = tray.sent.get();
        if !sent.is_empty() {
            tray.sent.set(Vec::new());
            untrack(|| sent.iter().for_each(|text| actions::send(tray, text)));
        }
    });
    let is_online = Memo::new(move |_| tray.setup().is_online.get());
    effect(move |_| {
        if is_online.get() {
            untrack(|| transfer::network_came(tray));
        }
    });
    let ids = move || {
        tray.items
            .with(|items| items.iter().map(|item| item.id.as_str().to_owned()).collect())
    };
    let rows = keyed(ids, move |id| row(tray, ClientId::new(id), is_online));
    let too_many = move || {
        let words = || auto_span("files__note", tray.words().too_many());
        tray.has_too_many.get().then(words)
    };
    html::div()
        .class("files")
        .child(
            html::ul()
                .class("files__list")
                .attr("aria-label", tray.words().list().to_owned())
                .attr("hidden", move || tray.items.with(Vec::is_empty))
                .child(rows),
        )
        .child(dynamic(too_many))
        .into_any()
}

fn row(tray: Tray, id: ClientId, is_online: Memo<bool>) -> AnyView {
    let shown = {
        let id = id.clone();
        Memo::new(move |before: Option<&Option<Item>>| {
            let of_id = |items: &Vec<Item>| items.iter().find(|item| item.id == id).cloned();
            // A row that goes shows what it did until it is gone.
            tray.items.with(of_id).or_else(|| before.cloned().flatten())
        })
    };
    let name = shown.with_untracked(|item| item.as_ref().map(|item| item.kept.name.clone()).unwrap_or_default());
    let stage = Memo::new(move |_| shown.with(|item| item.as_ref().map_or(Stage::Waiting, |item| item.stage)));
    let state = Memo::new(move |_| {
        let said = |item: &Item| said::state(tray, item, is_online.get());
        shown.with(|item| item.as_ref().map(said)).unwrap_or_default()
    });
    let size = shown.with_untracked(|item| item.as_ref().map(|item| said::size(tray, item)).unwrap_or_default());
    let is_refused = Memo::new(move |_| matches!(stage.get(), Stage::Refused(_)));
    let tool = tray.setup().tool;
    let can_try = Memo::new(move |_| can_try_again(stage.get()));
    let (again_id, again_name) = (id.clone(), tray.words().again(&name));
    let again = move || {
        let id = again_id.clone();
        let press = move || actions::again(tray, &id);
        can_try
            .get()
            .then(|| icon_button(tool, RETRY, again_name.clone(), press))
    };
    let face = face(tray, id.clone(), is_refused);
    let remove = icon_button(tool, X, tray.words().remove(&name), move || take_off(tray, &id));
    let lines = html::div()
        .class("file__lines")
        .child(auto_span("file__name", name.as_str()))
        .child(
            html::div()
                .class("file__state")
                .child(auto_span("file__size", size))
                // A state that is put anew is what a translator sees.
                .child(dynamic(move || auto_span("", state.get()))),
        )
        .child(bar(tray, &name, shown));
    html::li()
        .class(move || if is_refused.get() { "file file--refused" } else { "file" })
        .child(face)
        .child(lines)
        .child(dynamic(again))
        .child(html::span().class("file__remove").child(remove))
        .into_any()
}

fn can_try_again(stage: Stage) -> bool {
    match stage {
        Stage::Refused(reason) => reason.may_pass(),
        Stage::Paused => true,
        Stage::Waiting | Stage::Uploading(_) | Stage::Ready => false,
    }
}

/// The picture itself, or what stands for a file.
fn face(tray: Tray, id: ClientId, is_refused: Memo<bool>) -> AnyView {
    let address = picture(tray, &id);
    let shows = RwSignal::new(address.is_some());
    let inside = move || match address.clone().filter(|_| shows.get()) {
        Some(address) => {
            let id = id.clone();
            let image = NodeRef::<html::Img>::new();
            let came = move |_| {
                if let Some(image) = image.get_untracked() {
                    measured(tray, &id, (image.natural_width(), image.natural_height()));
                }
            };
            html::img()
                .class("file__picture")
                .attr("alt", "")
                .node_ref(image)
                .on(ev::load, came)
                .on(ev::error, move |_| shows.set(false))
                .attr("src", address)
                .into_any()
        }
        None => icon(if is_refused.get() { ALERT } else { FILE }),
    };
    html::div().class("file__face").child(dynamic(inside)).into_any()
}

/// How much has arrived.
fn bar(tray: Tray, name: &str, shown: Memo<Option<Item>>) -> AnyView {
    let progress = Memo::new(move |_| shown.with(|item| item.as_ref().and_then(Item::progress)));
    let is_there = Memo::new(move |_| progress.with(Option::is_some));
    let label = tray.words().uploading(name);
    let inside = move || {
        is_there.get().then(|| {
            html::progress()
                .class("file__bar")
                .attr("aria-label", label.clone())
                .attr("max", "1")
                .prop("value", move || progress.get().unwrap_or(1.0))
        })
    };
    dynamic(inside)
}

/// Takes a file off; the keyboard goes to the next one, or to where one writes.
fn take_off(tray: Tray, id: &ClientId) {
    let at = tray
        .items
        .with_untracked(|items| items.iter().position(|item| item.id == *id));
    actions::remove(tray, id);
    let left = tray.items.with_untracked(Vec::len);
    let next = at.filter(|_| left > 0).map(|at| at.min(left - 1));
    let Some(next) = next else {
        return (tray.setup().to_composer)();
    };
    // The row is still there until the list is drawn anew.
    set_timeout(
        move || {
            let buttons = document().query_selector_all(".file__remove button").ok();
            let button = buttons.and_then(|buttons| buttons.get(next as u32));
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                // A button that has just gone takes no focus.
                let _ = button.focus();
            }
        },
        std::time::Duration::ZERO,
    );
}

#[cfg(test)]
mod tests {
    use super::can_try_again;
    use crate::attachments::item::Stage;
    use crate::attachments::rules::Reason;

    #[test]
    fn what_may_arrive_at_another_try_can_be_tried_again() {
        assert!(can_try_again(Stage::Paused));
        assert!(can_try_again(Stage::Refused(Reason::Trouble)));
        assert!(can_try_again(Stage::Refused(Reason::Quota)));
        for reason in [Reason::Empty, Reason::TooLarge, Reason::WrongType, Reason::Lost] {
            assert!(!can_try_again(Stage::Refused(reason)), "{reason:?}");
        }
        assert!(!can_try_again(Stage::Uploading(3)));
    }
}
