//! The verbs of the script tag and its options: its package, the package's declarations, the documents and the playground have
//! the same ones.

use crate::workspace::text;
use std::collections::BTreeSet;

#[test]
fn the_package_and_the_documents_have_the_verbs_of_the_script_tag() {
    let verbs = of_script_tag();
    assert!(verbs.len() > 20 && verbs.contains("sendMessage"), "{verbs:?}");
    let declarations = text("packages/portico/index.d.ts");
    assert_eq!(
        methods(between(&declarations, "export interface Verbs {", "\n}")),
        verbs
    );
    let package = text("packages/portico/index.js");
    let mut named: BTreeSet<String> = between(&package, "const VERBS = [", "]")
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    named.extend(properties(between(&package, "export const chat = {", "\n}")));
    assert_eq!(named, verbs);
    let document = text("docs/embedding.md");
    let untold: Vec<_> = verbs
        .iter()
        .filter(|verb| !document.contains(&format!("`{verb}(")))
        .collect();
    assert_eq!(untold, [""; 0], "docs/embedding.md does not tell of them");
}

#[test]
fn the_package_and_the_playground_have_the_options_of_the_documents() {
    let document = text("docs/embedding.md");
    let table = between(&document, "## Attributes", "### How it looks");
    let first_columns = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split('|').next());
    let mut told: BTreeSet<String> = first_columns
        .flat_map(|column| column.split('`').skip(1).step_by(2))
        .filter_map(|attribute| attribute.strip_prefix("data-").map(as_option))
        .collect();
    assert!(told.len() > 20 && told.contains("zIndex"), "{told:?}");
    let declarations = text("packages/portico/index.d.ts");
    let declared: BTreeSet<String> = ["export interface Options extends Theme {", "export interface Theme {"]
        .iter()
        .flat_map(|begin| properties(between(&declarations, begin, "\n}")))
        .collect();
    assert_eq!(declared, told);
    // The page of the playground has one channel.
    told.remove("channel");
    let page = text("playground/page/index.html");
    let form = between(&page, "<form id=\"options\"", "</form>");
    assert_eq!(values(form, "name=\""), told);
}

#[test]
fn the_playground_has_the_verbs_of_the_script_tag() {
    let page = text("playground/page/index.html");
    let mut tried = values(&page, "data-command=\"");
    let plain = between(&page, "id=\"plain\">", "</div>");
    tried.extend(
        plain
            .split("</button>")
            .filter_map(|button| Some(button.rsplit_once('>')?.1.to_owned())),
    );
    // Those that listen: the page notes all events.
    let listening = ["on", "once", "off"].map(str::to_owned);
    let verbs = of_script_tag();
    let verbs: BTreeSet<_> = verbs.into_iter().filter(|verb| !listening.contains(verb)).collect();
    assert_eq!(tried, verbs);
}

/// An attribute's name as an option has it: `zIndex` of `z-index`.
fn as_option(attribute: &str) -> String {
    let mut parts = attribute.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let (head, tail) = part.split_at(1);
        [&name, &*head.to_uppercase(), tail].concat()
    })
}

/// The values of an attribute, which begins so.
fn values(html: &str, attribute: &str) -> BTreeSet<String> {
    let values = html.split(attribute).skip(1);
    values
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect()
}

/// Those that are carried out, those that are other names for them, and those that are answered at once.
fn of_script_tag() -> BTreeSet<String> {
    let script = text("public/embed/commands.js");
    let mut verbs = methods(between(&script, "export const commands = (chat.commands = {", "\n});"));
    let names = script.lines().filter_map(|line| line.strip_prefix("commands."));
    verbs.extend(names.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())));
    let at_once = between(&script, "const listening = {", "}");
    let at_once = at_once
        .split(',')
        .map(|member| member.split(':').next().unwrap_or_default().trim());
    verbs.extend(
        at_once
            .filter(|name| ["on", "once", "off"].contains(name))
            .map(str::to_owned),
    );
    verbs
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let (_, rest) = text
        .split_once(begin)
        .unwrap_or_else(|| panic!("there is no {begin:?}"));
    rest.split_once(end).unwrap_or_else(|| panic!("{begin:?} has no end")).0
}

/// Names before a bracket, on lines that are two blanks in.
fn methods(members: &str) -> BTreeSet<String> {
    members
        .lines()
        .filter_map(|line| name_before(line, &['(', '<']))
        .collect()
}

/// Names before a colon.
fn properties(members: &str) -> BTreeSet<String> {
    members
        .lines()
        .filter_map(|line| name_before(line, &[':', '?']))
        .collect()
}

fn name_before(line: &str, ends: &[char]) -> Option<String> {
    let member = line.strip_prefix("  ").filter(|member| !member.starts_with(' '))?;
    let (name, _) = member.split_once(ends)?;
    let is_name = !name.is_empty() && name.chars().all(char::is_alphanumeric);
    is_name.then(|| name.to_owned())
}
