//! Texts that a translator has replaced.
//!
//! Chrome's translator leaves out what must not be translated; others put elements of their own in the place of every
//! text. The views still hold the text's node: they write into it, put its successor before it, or take it away, and no
//! reader sees what happens outside the document. So a text that was replaced is kept in a holder, and what the views do
//! there is done in the document. The translator finds what comes back as a new text.

use crate::browser::document;
use js_sys::{Array, WeakMap};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MutationObserver, MutationObserverInit, MutationRecord, Node};

/// What stands in the document in the place of a holder's text.
type Replacements = WeakMap<Node, Node>;

/// Keeps the texts of the document current, for as long as it lives.
pub fn keep_texts() {
    let replacements = Replacements::new_typed();
    let follow = Closure::<dyn Fn(Array, MutationObserver)>::new(move |records: Array, observer: MutationObserver| {
        for record in records.iter() {
            let record = record.unchecked_into::<MutationRecord>();
            note_replaced(&record, &replacements, &observer);
            follow_holder(&record, &replacements);
        }
    });
    if let (Ok(observer), Some(body)) = (
        MutationObserver::new(follow.as_ref().unchecked_ref()),
        document().body(),
    ) {
        // Only what asks for nothing to be observed is refused.
        let _ = observer.observe_with_options(&body, &whole());
        follow.forget();
    }
}

/// All that happens to texts inside a node.
fn whole() -> MutationObserverInit {
    let whole = MutationObserverInit::new();
    whole.set_character_data(true);
    whole.set_child_list(true);
    whole.set_subtree(true);
    whole
}

fn note_replaced(record: &MutationRecord, replacements: &Replacements, observer: &MutationObserver) {
    let removed = record.removed_nodes();
    let texts = (0..removed.length()).filter_map(|at| removed.get(at));
    for text in texts.filter(|node| is_text(node) && node.parent_node().is_none()) {
        if let Some((replacement, holder)) = replacement(record).zip(document().create_element("span").ok()) {
            // The holder is new, so that it takes any text and can be observed.
            let _ = holder.append_child(&text);
            replacements.set(&holder, &replacement);
            // The document's own observation ends at its border.
            let _ = observer.observe_with_options(&holder, &whole());
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

/// Does in the document what the views did in a holder.
fn follow_holder(record: &MutationRecord, replacements: &Replacements) {
    let Some(target) = record.target() else {
        return;
    };
    let holder = match is_text(&target) {
        true => target.parent_node(),
        false => Some(target),
    };
    let Some(holder) = holder.filter(|holder| replacements.has(holder)) else {
        return;
    };
    let replacement = replacements.get(&holder);
    let Some(place) = replacement.parent_node() else {
        return;
    };
    // The replacement is where `place` is its parent, so that nothing of this is refused.
    while let Some(node) = holder.first_child()
        && place.insert_before(&node, Some(&replacement)).is_ok()
    {}
    let _ = place.remove_child(&replacement);
}

fn is_text(node: &Node) -> bool {
    node.node_type() == Node::TEXT_NODE
}
