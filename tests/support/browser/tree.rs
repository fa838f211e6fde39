//! The accessibility tree, which is what a screen reader has of a page.

use super::Browser;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::Ordering;

/// Roles of what has a name for itself of the text in it, which is then not read once more.
const NAMED_BY_TEXT: [&str; 10] = [
    "button",
    "checkbox",
    "heading",
    "link",
    "menuitem",
    "option",
    "radio",
    "switch",
    "tab",
    "MenuListOption",
];

/// Roles of what a browser draws by itself, as each of its versions likes.
const DRAWN_BY_BROWSER: [&str; 2] = ["Audio", "Video"];

/// Roles of what a reader passes by. The words of a legend and of a label are the name of what they belong to.
const PASSED_BY: [&str; 7] = [
    "none",
    "generic",
    "InlineTextBox",
    "RootWebArea",
    "LineBreak",
    "LabelText",
    "Legend",
];

/// States that are read out. What must be filled in and is not is invalid for Chromium from the beginning, which is left out.
const STATES: [&str; 6] = ["expanded", "checked", "pressed", "required", "disabled", "modal"];

impl Browser {
    /// What a reader comes by in the page, or in the chat's frame, from its beginning to its end: a line for each thing, with
    /// its role, its name and its state.
    pub async fn read_out(&self) -> Vec<String> {
        let frame = match self.in_chat.load(Ordering::Relaxed) {
            true => {
                let tree = self.devtools("Page.getFrameTree", json!({})).await;
                json!({ "frameId": tree["frameTree"]["childFrames"][0]["frame"]["id"] })
            }
            false => json!({}),
        };
        let tree = self.devtools("Accessibility.getFullAXTree", frame).await;
        let nodes = tree["nodes"].as_array().expect("a list of nodes");
        let by_id: HashMap<&str, &Value> = nodes
            .iter()
            .filter_map(|node| Some((node["nodeId"].as_str()?, node)))
            .collect();
        let mut lines = Vec::new();
        read(&nodes[0], &by_id, &mut lines);
        lines
    }
}

fn read(node: &Value, by_id: &HashMap<&str, &Value>, lines: &mut Vec<String>) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let is_read = node["ignored"] != true && !PASSED_BY.contains(&role);
    if is_read && DRAWN_BY_BROWSER.contains(&role) {
        lines.push(role.to_owned());
        return;
    }
    let line = line(node, role);
    if is_read && line != "StaticText" {
        lines.push(line);
    }
    if node["ignored"] != true && (NAMED_BY_TEXT.contains(&role) || role == "Legend") {
        return;
    }
    let children = node["childIds"].as_array().into_iter().flatten();
    for child in children.filter_map(|id| by_id.get(id.as_str()?)) {
        // Of a label, its control is left to read.
        let is_text = child["role"]["value"] == "StaticText";
        if role != "LabelText" || !is_text {
            read(child, by_id, lines);
        }
    }
}

fn line(node: &Value, role: &str) -> String {
    let name = node["name"]["value"].as_str().unwrap_or_default();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let properties = node["properties"].as_array().into_iter().flatten();
    let states = properties.filter_map(state);
    let words = [role.to_owned(), name].into_iter().chain(states);
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A state that is read out; those that are not the case are not, but for what can be unfolded.
fn state(property: &Value) -> Option<String> {
    let name = property["name"].as_str().filter(|name| STATES.contains(name))?;
    match &property["value"]["value"] {
        Value::Bool(true) => Some(format!("[{name}]")),
        Value::Bool(false) if name == "expanded" => Some("[collapsed]".to_owned()),
        Value::String(text) if text == "true" => Some(format!("[{name}]")),
        _ => None,
    }
}
