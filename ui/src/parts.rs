//! Small shapes that many views are made of.

use crate::icon::{Icon, icon};
use leptos::prelude::*;
use leptos::{ev, html};

/// Text in a line, which finds its own direction.
pub fn auto_span(class: &'static str, text: impl Into<String>) -> AnyView {
    html::span()
        .class(class)
        .attr("dir", "auto")
        .child(text.into())
        .into_any()
}

/// A link that leaves for a new tab. Its address comes from [`crate::browser::safe_url`], or is a `tel:` or `mailto:`.
pub fn link(class: &'static str, address: String, children: impl IntoView + 'static) -> AnyView {
    link_with(class, address, children.into_any())
}

fn link_with(class: &'static str, address: String, children: AnyView) -> AnyView {
    html::a()
        .class(class)
        .attr("href", address)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
        .child(children)
        .into_any()
}

/// What a press does. In a box, buttons are drawn by the same code whatever it is.
type Press = Box<dyn FnMut()>;

/// A button whose content is its name.
pub fn button(class: &'static str, children: impl IntoView + 'static, press: impl FnMut() + 'static) -> AnyView {
    button_with(class, children.into_any(), Box::new(press))
}

fn button_with(class: &'static str, children: AnyView, mut press: Press) -> AnyView {
    html::button()
        .class(class)
        .attr("type", "button")
        .on(ev::click, move |_| press())
        .child(children)
        .into_any()
}

/// A button that shows an icon and has a name for those who do not see it; the name is its tooltip too.
pub fn icon_button(
    class: &'static str,
    picture: Icon,
    name: impl Into<String>,
    press: impl FnMut() + 'static,
) -> AnyView {
    named_button(class, picture, name.into(), Box::new(press))
}

fn named_button(class: &'static str, picture: Icon, name: String, mut press: Press) -> AnyView {
    html::button()
        .class(class)
        .attr("type", "button")
        .attr("aria-label", name.clone())
        .attr("title", name)
        .on(ev::click, move |_| press())
        .child(icon(picture))
        .into_any()
}
