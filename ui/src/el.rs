//! The few shapes that most views are made of. Each is one instance for all callers, which keeps the program small:
//! every chain of element and attributes that is written out elsewhere becomes code of its own.

use leptos::prelude::*;
use leptos::{ev, html};

/// What a press does.
pub type Press = Box<dyn FnMut()>;

/// A block.
pub fn block(class: &'static str, children: Vec<AnyView>) -> AnyView {
    html::div().class(class).child(children).into_any()
}

/// Text in a line.
pub fn words(class: &'static str, text: impl Into<String>) -> AnyView {
    inline(class, text.into())
}

fn inline(class: &'static str, text: String) -> AnyView {
    html::span().class(class).attr("dir", "auto").child(text).into_any()
}

/// A link that leaves for a new tab. Its address comes from [`crate::browser::safe_url`], or is a `tel:` or `mailto:`.
pub fn link(class: &'static str, address: String, children: Vec<AnyView>) -> AnyView {
    html::a()
        .class(class)
        .attr("href", address)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
        .child(children)
        .into_any()
}

/// A button whose content is its name.
pub fn button(class: &'static str, children: Vec<AnyView>, mut press: Press) -> AnyView {
    html::button().class(class).attr("type", "button").on(ev::click, move |_| press()).child(children).into_any()
}

/// A button that shows an icon and has a name for those who do not see it; the name is its tooltip too.
pub fn icon_button(class: &'static str, icon: crate::icon::Icon, name: &'static str, mut press: Press) -> AnyView {
    html::button()
        .class(class)
        .attr("type", "button")
        .attr("aria-label", name)
        .attr("title", name)
        .on(ev::click, move |_| press())
        .child(crate::icon::icon(icon))
        .into_any()
}
