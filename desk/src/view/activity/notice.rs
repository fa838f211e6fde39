//! One line about what happened, and runs of lines that only fault-finders read.

use super::facts;
use crate::i18n::activity as messages;
use crate::timeline::{Notice, Sign, Tone};
use crate::view::parts::clock;
use leptos::html;
use leptos::prelude::*;
use portico_ui::icon::{
    ALERT, CHEVRON_DOWN, ENDED, HOURGLASS, INFO, Icon, LEAVE, MESSAGE, PAUSE, SCHEDULE, SETTINGS, TRANSFER, USER, icon,
};
use serde_json::Value;

/// A notice, centred in the timeline.
pub(crate) fn notice(notice: &Notice) -> AnyView {
    match notice.facts.as_ref().and_then(Value::as_object) {
        None => line(notice),
        Some(values) => html::details()
            .class("system")
            .child((
                html::summary().child((text(notice), fold_mark())),
                html::div().class("system__facts").child(facts(values)),
            ))
            .into_any(),
    }
}

/// A run of system events, folded.
pub(crate) fn system(notices: &[Notice]) -> AnyView {
    if let [only] = notices {
        return notice(only);
    }
    let lines: Vec<_> = notices
        .iter()
        .map(|notice| html::li().child(self::notice(notice)))
        .collect();
    let title = html::span().child(messages::system_events(notices.len()));
    html::details()
        .class("system")
        .child((
            html::summary().child((icon(SETTINGS), title, fold_mark())),
            html::ol().child(lines),
        ))
        .into_any()
}

fn line(notice: &Notice) -> AnyView {
    let class = match notice.tone {
        Tone::Plain => "notice",
        Tone::Good => "notice notice--good",
        Tone::Bad => "notice notice--bad",
    };
    html::p().class(class).child(text(notice)).into_any()
}

fn text(notice: &Notice) -> AnyView {
    (
        icon(picture(notice.sign)),
        html::span().attr("dir", "auto").child(notice.text.clone()),
        clock(notice.at_ms),
    )
        .into_any()
}

fn fold_mark() -> AnyView {
    html::span().class("fold-mark").child(icon(CHEVRON_DOWN)).into_any()
}

fn picture(sign: Sign) -> Icon {
    match sign {
        Sign::Joined | Sign::Role => USER,
        Sign::Left => LEAVE,
        Sign::Started => MESSAGE,
        Sign::Ended => ENDED,
        Sign::Waits => HOURGLASS,
        Sign::Hold => PAUSE,
        Sign::Task => TRANSFER,
        Sign::Facts => INFO,
        Sign::Timer => SCHEDULE,
        Sign::Problem => ALERT,
    }
}
