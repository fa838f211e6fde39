//! What follows signals, as one type: each closure has a type of its own, and Leptos compiles what keeps it up to date anew
//! for each. Views, lists and effects that are made here share that code.

use leptos::prelude::*;
use std::sync::Arc;

/// A child that is drawn anew when what it reads has changed.
pub fn dynamic<V: IntoView + 'static>(view: impl Fn() -> V + Send + 'static) -> AnyView {
    let view: Box<dyn Fn() -> AnyView + Send> = Box::new(move || view().into_any());
    view.into_any()
}

/// Runs something after the next drawing, and again when what it reads has changed. It gets what it answered before.
pub fn effect<T: 'static>(run: impl FnMut(Option<T>) -> T + 'static) {
    let run: Box<dyn FnMut(Option<T>) -> T> = Box::new(run);
    Effect::new(run);
}

/// A list by the keys of its items. An item stays as it was drawn for as long as its key is among them.
pub fn keyed(
    keys: impl Fn() -> Vec<String> + Send + 'static,
    draw: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    list(Box::new(keys), Arc::new(draw))
}

fn list(keys: Box<dyn Fn() -> Vec<String> + Send>, draw: Arc<dyn Fn(String) -> AnyView + Send + Sync>) -> AnyView {
    let items = ForProps::builder().each(keys).key(String::clone);
    For(items.children(move |key| draw(key)).build()).into_any()
}
