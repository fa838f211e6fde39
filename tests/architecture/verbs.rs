//! The verbs of the script tag: its package, the package's declarations and the documents have the same ones.

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
    members.lines().filter_map(|line| name_before(line, &[':'])).collect()
}

fn name_before(line: &str, ends: &[char]) -> Option<String> {
    let member = line.strip_prefix("  ").filter(|member| !member.starts_with(' '))?;
    let (name, _) = member.split_once(ends)?;
    let is_name = !name.is_empty() && name.chars().all(char::is_alphanumeric);
    is_name.then(|| name.to_owned())
}
