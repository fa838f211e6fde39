//! Elements, and the few shapes that most views are made of.
//!
//! Views here are elements of the browser with states and effects on them, and not Leptos' own element types:
//! those turn every combination of a tag, its attributes and its children into code of its own, which made the
//! widget's program twice as large as its budget. [`El::into_view`] puts an element into a Leptos view.
//!
//! What an element listens to ends with the owner that it was made under, as effects do.

mod bridge;
mod list;

use crate::browser::document;
use crate::icon::{Icon, icon};
use crate::state::effect;
use leptos::prelude::{AnyView, Mountable, Render};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, Node};

/// What a press does.
pub type Press = Box<dyn FnMut()>;

/// An element that is being made. A cheap handle.
#[derive(Debug, Clone)]
pub struct El(Element);

/// An element of HTML.
pub fn el(tag: &str) -> El {
    // The error is not shown: printing what a browser throws is more program than it is worth.
    El(document()
        .create_element(tag)
        .unwrap_or_else(|_| panic!("no element {tag}")))
}

/// An element of SVG.
pub fn svg(tag: &str) -> El {
    let made = document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag);
    El(made.unwrap_or_else(|_| panic!("no element {tag}")))
}

impl El {
    /// The element that a view consists of. What the view follows ends with the present owner.
    pub fn of_view(view: AnyView) -> Self {
        let state = view.build();
        let first = state.elements().into_iter().next();
        crate::state::on_end(Box::new(move || drop(state)));
        Self(first.expect("a view of one element"))
    }

    /// The browser's element.
    pub fn node(&self) -> &Element {
        &self.0
    }

    /// Its classes.
    #[must_use]
    pub fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    /// Sets an attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        set(&self.0, name, Some(value));
        self
    }

    /// Sets an attribute, and again whenever what it is made of changes; `None` removes it.
    #[must_use]
    pub fn attr_by(self, name: &'static str, mut value: impl FnMut() -> Option<String> + 'static) -> Self {
        let element = self.0.clone();
        effect(Box::new(move || set(&element, name, value().as_deref())));
        self
    }

    /// Adds text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        insert(&self.0, &document().create_text_node(text), None);
        self
    }

    /// Adds text that follows what it is made of.
    #[must_use]
    pub fn text_by(self, mut text: impl FnMut() -> String + 'static) -> Self {
        let node = document().create_text_node("");
        insert(&self.0, &node, None);
        effect(Box::new(move || node.set_data(&text())));
        self
    }

    /// Adds a child.
    #[must_use]
    pub fn child(self, child: El) -> Self {
        insert(&self.0, &child.0, None);
        self
    }

    /// Adds a child, if there is one.
    #[must_use]
    pub fn maybe(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds children.
    #[must_use]
    pub fn children(self, children: Vec<El>) -> Self {
        for child in children {
            insert(&self.0, &child.0, None);
        }
        self
    }

    /// Adds children that are made anew whenever what they are made of changes.
    #[must_use]
    pub fn children_by(self, children: impl FnMut() -> Vec<El> + 'static) -> Self {
        self.slot(Box::new(children))
    }

    /// Adds a child that is made anew, or taken away, whenever what it is made of changes.
    #[must_use]
    pub fn child_by(self, mut child: impl FnMut() -> Option<El> + 'static) -> Self {
        self.slot(Box::new(move || child().into_iter().collect()))
    }

    fn slot(self, mut children: Box<dyn FnMut() -> Vec<El>>) -> Self {
        let parent = self.0.clone();
        // Marks the place among the other children.
        let end = document().create_comment("");
        insert(&parent, &end, None);
        let mut there: Vec<El> = Vec::new();
        effect(Box::new(move || {
            let new = children();
            there.drain(..).for_each(|old| old.0.remove());
            for child in &new {
                insert(&parent, &child.0, Some(&end));
            }
            there = new;
        }));
        self
    }

    /// Calls `act` on an event.
    #[must_use]
    pub fn on(self, event: &str, act: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(act))
    }

    /// Calls `act` on a click.
    #[must_use]
    pub fn on_click(self, mut act: impl FnMut() + 'static) -> Self {
        self.listen("click", Box::new(move |_| act()))
    }

    fn listen(self, event: &str, act: Box<dyn FnMut(Event)>) -> Self {
        // The browser frees it together with the element.
        let act = Closure::wrap(act).into_js_value();
        let listening = self.0.add_event_listener_with_callback(event, act.unchecked_ref());
        debug_assert!(listening.is_ok(), "no event {event}");
        self
    }

    /// Sets a property, such as an input's `value`.
    pub fn set_prop(&self, name: &str, value: &JsValue) {
        // A property that does not exist is made, and does nothing.
        let _ = js_sys::Reflect::set(&self.0, &JsValue::from_str(name), value);
    }
}

fn set(element: &Element, name: &str, value: Option<&str>) {
    let done = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
    debug_assert!(done.is_ok(), "no attribute {name}");
}

fn insert(parent: &Element, child: &Node, before: Option<&Node>) {
    let done = parent.insert_before(child, before);
    debug_assert!(done.is_ok(), "the place is gone");
}

/// A block.
pub fn block(class: &str, children: Vec<El>) -> El {
    el("div").class(class).children(children)
}

/// An icon.
pub fn draw(picture: Icon) -> El {
    El::of_view(icon(picture))
}

/// Text in a line, which finds its own direction.
pub fn words(class: &str, text: &str) -> El {
    el("span").class(class).attr("dir", "auto").text(text)
}

/// A link that leaves for a new tab. Its address comes from [`crate::browser::safe_url`], or is a `tel:` or `mailto:`.
pub fn link(class: &str, address: &str, children: Vec<El>) -> El {
    let link = el("a").class(class).attr("href", address).attr("target", "_blank");
    link.attr("rel", "noopener noreferrer").children(children)
}

/// A button whose content is its name.
pub fn button(class: &str, children: Vec<El>, mut press: Press) -> El {
    let button = el("button").class(class).attr("type", "button").children(children);
    button.listen("click", Box::new(move |_| press()))
}

/// A button that shows an icon and has a name for those who do not see it; the name is its tooltip too.
pub fn icon_button(class: &str, icon: Icon, name: &str, press: Press) -> El {
    button(class, vec![draw(icon)], press)
        .attr("aria-label", name)
        .attr("title", name)
}
