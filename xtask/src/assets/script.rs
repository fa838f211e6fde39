//! Makes a script or a style sheet smaller without understanding it: whole-line comments and indentation go.
//!
//! Renaming and rewriting would need a parser and would make an error's line useless; brotli gets most of the rest.

/// The text without comments that have lines of their own, indentation and empty lines.
///
/// A text with a template literal over several lines comes back as it was: its indentation is content.
pub(super) fn shrink(text: &str) -> String {
    if text.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return text.to_owned();
    }
    let mut shrunk = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        if in_comment {
            in_comment = !line.ends_with("*/");
        } else if is_whole_comment(line) {
            continue;
        } else if line.starts_with("/*") && !line.contains("*/") {
            in_comment = true;
        } else if !line.is_empty() {
            shrunk.push_str(line);
            shrunk.push('\n');
        }
    }
    shrunk
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
    fn a_text_over_several_lines_is_content() {
        let script = "t = `\n  indented\n`;\n";
        assert_eq!(shrink(script), script);
        assert_eq!(shrink("  t = `one line`;\n"), "t = `one line`;\n");
    }
}
