//! What all cards have in common: picture, title, a line under it, time, and what unfolds.

use crate::i18n::t;
use crate::view::components::clock;
use leptos::html;
use leptos::prelude::*;
use portico_shared::text::says_nothing;
use portico_ui::icon::{CHEVRON_DOWN, Icon, icon};

/// The closed card.
pub(super) struct CardHead {
    /// Picture and its colour.
    pub(super) picture: Icon,
    /// A class of `activity.css` for the picture's ground.
    pub(super) class: &'static str,
    /// What it is.
    pub(super) title: String,
    /// Two or three facts, in one line.
    pub(super) line: String,
    /// A number worth a large type.
    pub(super) number: Option<AnyView>,
    /// When, in epoch milliseconds.
    pub(super) at_ms: i64,
}

/// Facts in one line; those that are missing or empty leave no gap.
pub(super) fn in_line<const N: usize>(facts: [Option<String>; N]) -> String {
    let facts: Vec<_> = facts.into_iter().flatten().filter(|fact| !says_nothing(fact)).collect();
    let facts: Vec<_> = facts.iter().map(|fact| t().isolate(fact)).collect();
    facts.join(" · ")
}

/// A number worth a large type.
pub(super) fn number(shown: impl IntoView + 'static) -> AnyView {
    html::span().class("card__number").child(shown).into_any()
}

impl CardHead {
    /// A card that unfolds; with nothing to unfold it is flat.
    pub(super) fn over(self, inside: Option<AnyView>) -> AnyView {
        match inside {
            None => html::section()
                .class("card")
                .child(html::div().class("card__head").child(self.head(false)))
                .into_any(),
            Some(inside) => html::details()
                .class("card")
                .child(html::summary().class("card__head").child(self.head(true)))
                .child(html::div().class("card__body").child(inside))
                .into_any(),
        }
    }

    /// A card that is open always, because what is inside is what it is about.
    pub(super) fn open_over(self, inside: AnyView) -> AnyView {
        html::section()
            .class("card")
            .child(html::div().class("card__head").child(self.head(false)))
            .child(html::div().class("card__body").child(inside))
            .into_any()
    }

    fn head(self, folds: bool) -> AnyView {
        (
            html::span()
                .class(format!("card__icon {}", self.class))
                .child(icon(self.picture)),
            html::span()
                .class("card__title")
                .child(html::b().attr("dir", "auto").child(self.title))
                .child(html::span().attr("dir", "auto").child(self.line)),
            self.number,
            html::span().class("card__time").child(clock(self.at_ms)),
            folds.then(|| html::span().class("fold-mark").child(icon(CHEVRON_DOWN))),
        )
            .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_leaves_no_gap_in_the_line() {
        let fact = |text: &str| Some(text.to_owned());
        assert_eq!(
            in_line([fact("Ada"), None, fact("\u{200b}"), fact("0:42")]),
            "Ada · 0:42"
        );
        assert_eq!(in_line([None]), "");
    }
}
