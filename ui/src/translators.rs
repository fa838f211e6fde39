//! Texts that a translator has replaced.
//!
//! Chrome's translator leaves out what must not be translated; others put elements of their own in the place of every
//! text. The views still hold the text's node, and what they write into a node outside the document is seen by no reader.
//! So the node goes back to its place as soon as it is written into, and the translator finds it there as a new text.

use crate::browser::document;
use js_sys::{Array, WeakMap};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MutationObserver, MutationObserverInit, MutationRecord, Node};

/// What stands in the place of a text that was replaced.
type Replacements = WeakMap<Node, Node>;

/// Keeps the texts of the document current, for as long as it lives.
pub fn keep_texts() {
    let replacements = Replacements::new_typed();
    let follow = Closure::<dyn Fn(Array, MutationObserver)>::new(move |records: Array, observer: MutationObserver| {
        for record in records.iter() {
            let record = record.unchecked_into::<MutationRecord>();
            note_replaced(&record, &replacements, &observer);
            put_back(&record, &replacements);
        }
    });
    if let (Ok(observer), Some(body)) = (
        MutationObserver::new(follow.as_ref().unchecked_ref()),
        document().body(),
    ) {
        let whole = written();
        whole.set_child_list(true);
        whole.set_subtree(true);
        // Only what asks for nothing to be observed is refused.
        let _ = observer.observe_with_options(&body, &whole);
        follow.forget();
    }
}

/// Text that is written into a node.
fn written() -> MutationObserverInit {
    let written = MutationObserverInit::new();
    written.set_character_data(true);
    written
}

fn note_replaced(record: &MutationRecord, replacements: &Replacements, observer: &MutationObserver) {
    let removed = record.removed_nodes();
    for text in (0..removed.length()).filter_map(|at| removed.get(at)).filter(is_text) {
        if let Some(replacement) = replacement(record) {
            replacements.set(&text, &replacement);
            // The document's own observation ends at its border.
            let _ = observer.observe_with_options(&text, &written());
        }
    }
}

/// What a translator has put in a text's place, at once or before it took the text away. The views make no such elements.
fn replacement(record: &MutationRecord) -> Option<Node> {
    let beside = [
        record.added_nodes().get(0),
        record.previous_sibling(),
        record.next_sibling(),
    ];
    beside.into_iter().flatten().find(|node| node.node_name() == "FONT")
}

fn put_back(record: &MutationRecord, replacements: &Replacements) {
    let written = record
        .target()
        .filter(|node| is_text(node) && node.parent_node().is_none());
    if let Some(text) = written {
        let replacement = replacements.get(&text);
        let place = (!replacement.is_undefined())
            .then(|| replacement.parent_node())
            .flatten();
        if let Some(place) = place {
            // It was asked for its children a moment ago.
            let _ = place.replace_child(&text, &replacement);
        }
    }
}

fn is_text(node: &Node) -> bool {
    node.node_type() == Node::TEXT_NODE
}
