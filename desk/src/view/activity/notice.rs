//! One line about what happened, and runs of lines that only fault-finders read.

use super::facts;
use crate::i18n::{self, t};
use crate::view::components::clock;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::{AgentNotice, Sign, TimelineEvent, Tone};
use portico_ui::icon::{
    ALERT, CHEVRON_DOWN, ENDED, HOURGLASS, INFO, Icon, LEAVE, MESSAGE, PAUSE, SCHEDULE, SETTINGS, TRANSFER, USER, icon,
};

/// A notice, centred in the timeline.
pub(crate) fn notice(notice: &AgentNotice, at_ms: i64) -> AnyView {
    match &notice.values {
        None => line(notice, at_ms),
        Some(values) => html::details()
            .class("system")
            .child(html::summary().child(text(notice, at_ms)).child(fold_mark()))
            .child(html::div().class("system__facts").child(facts(values)))
            .into_any(),
    }
}

/// A run of system events, folded.
pub(crate) fn system(notices: &[TimelineEvent<AgentNotice>]) -> AnyView {
    if let [only] = notices {
        return notice(&only.what, only.at_ms);
    }
    let lines: Vec<_> = notices
        .iter()
        .map(|notice| html::li().child(self::notice(&notice.what, notice.at_ms)))
        .collect();
    let title = html::span().child(t().system_events(notices.len()));
    html::details()
        .class("system")
        .child(html::summary().child(icon(SETTINGS)).child(title).child(fold_mark()))
        .child(html::ol().child(lines))
        .into_any()
}

fn line(notice: &AgentNotice, at_ms: i64) -> AnyView {
    let class = match notice.tone() {
        Tone::Plain => "notice",
        Tone::Good => "notice notice--good",
        Tone::Bad => "notice notice--bad",
    };
    html::p().class(class).child(text(notice, at_ms)).into_any()
}

fn text(notice: &AgentNotice, at_ms: i64) -> AnyView {
    (
        icon(picture(notice.sign())),
        html::span().attr("dir", "auto").child(i18n::notice(&notice.kind)),
        clock(at_ms),
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
        Sign::Data => INFO,
        Sign::Timer => SCHEDULE,
        Sign::Problem => ALERT,
    }
}
