//! Makes a script or a style sheet smaller without understanding it: whole-line comments and indentation go.
//!
//! Renaming and rewriting would need a parser and would make an error's line useless; brotli gets most of the rest.

/// The text without comments that have lines of their own, indentation and empty lines.
///
/// The lines of a template literal stay as they are: they are content.
pub(super) fn shrink(text: &str) -> String {
    let mut shrunk = String::with_capacity(text.len());
    let mut inside = Inside::Code;
    for line in text.lines() {
        let (kept, next) = shrink_line(line, inside);
        if let Some(kept) = kept {
            shrunk.push_str(kept);
            shrunk.push('\n');
        }
        inside = next;
    }
    shrunk
}

/// What the previous line left open.
#[derive(Clone, Copy)]
enum Inside {
    Code,
    Comment,
    Template,
}

/// What is kept of a line, and what it leaves open.
fn shrink_line(line: &str, inside: Inside) -> (Option<&str>, Inside) {
    let trimmed = line.trim();
    let changes = line.matches('`').count() % 2 == 1;
    match inside {
        Inside::Comment if trimmed.ends_with("*/") => (None, Inside::Code),
        Inside::Comment => (None, Inside::Comment),
        Inside::Template if changes => (Some(line), Inside::Code),
        Inside::Template => (Some(line), Inside::Template),
        Inside::Code if trimmed.is_empty() || is_whole_comment(trimmed) => (None, Inside::Code),
        Inside::Code if trimmed.starts_with("/*") && !trimmed.contains("*/") => (None, Inside::Comment),
        Inside::Code if changes => (Some(line.trim_start()), Inside::Template),
        Inside::Code => (Some(trimmed), Inside::Code),
    }
}

fn is_whole_comment(line: &str) -> bool {
    let block = || line.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/"));
    line.starts_with("//") || block().is_some_and(|inside| !inside.contains("*/"))
}

#[cfg(test)]
mod tests {
    use super::shrink;

    #[test]
    fn comments_indentation_and_empty_lines_go() {
        let script = "/** Starts.\n *  Twice. */\n// one\nfunction f() {\n    return 1; // kept\n\n    /* two */\n}\n";
        assert_eq!(shrink(script), "function f() {\nreturn 1; // kept\n}\n");
    }

    #[test]
    fn what_only_looks_like_a_comment_stays() {
        let script = "a = 'https://example.org';\n/* @__PURE__ */ f(); /* g */\nx = a\n/ b;\n";
        assert_eq!(shrink(script), script);
    }

    #[test]
    fn a_block_comment_ends_where_it_says() {
        assert_eq!(shrink("/*\n// */\nf();\n"), "f();\n");
    }

    #[test]
    fn a_template_over_several_lines_is_content() {
        let script = "  f(`\n  // indented \n\n`);\n  // a comment\n  t = `one line`;\n";
        assert_eq!(shrink(script), "f(`\n  // indented \n\n`);\nt = `one line`;\n");
    }
}
