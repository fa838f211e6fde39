//! Keys that walk through the messages of the log.

use portico_ui::browser::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Arrow keys, Home and End walk from message to message; Escape goes back to the composer.
pub(super) fn walk(event: &KeyboardEvent) {
    let Some(log) = event.current_target().and_then(|log| log.dyn_into::<Element>().ok()) else {
        return;
    };
    let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_row = on
        .as_ref()
        .is_some_and(|on| *on == log || on.matches(".message").unwrap_or(false));
    if !on_row {
        return;
    }
    let Ok(rows) = log.query_selector_all(".message") else {
        return;
    };
    let rows: Vec<HtmlElement> = (0..rows.length())
        .filter_map(|at| rows.get(at)?.dyn_into().ok())
        .collect();
    let at = rows
        .iter()
        .position(|row| on.as_ref().is_some_and(|on| row.is_same_node(Some(on))));
    match step(&event.key(), at, rows.len()) {
        Some(Step::To(row)) => {
            event.prevent_default();
            // A row that has just gone takes no focus, and nothing is lost.
            let _ = rows.get(row).map(|row| row.focus());
        }
        Some(Step::ToComposer) => leave(event),
        None => {}
    }
}

/// Where a key leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    To(usize),
    ToComposer,
}

/// Where a key leads from the message at this place, or from the log as a whole; `None` for a key that does not walk.
fn step(key: &str, at: Option<usize>, count: usize) -> Option<Step> {
    let last = count.checked_sub(1)?;
    match (key, at) {
        ("ArrowUp", at) => Some(Step::To(at.map_or(last, |at| at.saturating_sub(1)))),
        ("ArrowDown", Some(at)) => Some(Step::To((at + 1).min(last))),
        ("Home", _) => Some(Step::To(0)),
        ("End", _) => Some(Step::To(last)),
        ("Escape", Some(_)) => Some(Step::ToComposer),
        _ => None,
    }
}

fn leave(event: &KeyboardEvent) {
    event.prevent_default();
    let composer = document()
        .get_element_by_id("composer")
        .and_then(|composer| composer.dyn_into::<HtmlElement>().ok());
    if let Some(composer) = composer {
        let _ = composer.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, step};

    #[test]
    fn arrow_keys_walk_from_message_to_message() {
        assert_eq!(
            step("ArrowUp", None, 3),
            Some(Step::To(2)),
            "from the log to the newest"
        );
        assert_eq!(step("ArrowUp", Some(2), 3), Some(Step::To(1)));
        assert_eq!(step("ArrowUp", Some(0), 3), Some(Step::To(0)));
        assert_eq!(step("ArrowDown", Some(2), 3), Some(Step::To(2)));
        assert_eq!(step("ArrowDown", None, 3), None);
        assert_eq!(step("Home", None, 3), Some(Step::To(0)));
        assert_eq!(step("End", Some(0), 3), Some(Step::To(2)));
        assert_eq!(step("a", Some(0), 3), None);
    }

    #[test]
    fn escape_leaves_a_message_for_the_composer_and_the_log_for_the_page() {
        assert_eq!(step("Escape", Some(1), 3), Some(Step::ToComposer));
        assert_eq!(step("Escape", None, 3), None);
    }

    #[test]
    fn there_is_nowhere_to_walk_without_messages() {
        assert_eq!(step("ArrowUp", None, 0), None);
    }
}
