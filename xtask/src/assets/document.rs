//! The page that Trunk wrote, changed so that it works under a strict content security policy.

use anyhow::{Context, Result, ensure};

const OPEN: &str = "<script type=\"module\">";
const CLOSE: &str = "</script>";

/// What Trunk put into a page, and what it left as it was.
#[derive(Debug, PartialEq)]
pub(super) struct Page<'a> {
    /// Where the application is served.
    base: &'a str,
    /// All lines but those that load the style sheets and the script.
    lines: Vec<&'a str>,
    /// The names of the style sheets, in order.
    styles: Vec<&'a str>,
}

impl<'a> Page<'a> {
    /// Takes out the one inline script with what it preloads, which are replaced, and the style sheets, which are
    /// joined. A second inline script would be refused by browsers, so it is an error here.
    pub(super) fn parse(html: &'a str, base: &'a str) -> Result<Self> {
        let (before, rest) = html.split_once(OPEN).context("the page has no inline module script")?;
        let (_, after) = rest.split_once(CLOSE).context("the inline script does not end")?;
        let mut page = Self {
            base,
            lines: Vec::new(),
            styles: Vec::new(),
        };
        for part in [before, after] {
            ensure!(
                !has_inline_script(part),
                "the page has an inline script that is not Trunk's"
            );
            for line in lines(part) {
                match page.style(line) {
                    Some(style) => page.styles.push(style),
                    None if line.contains("rel=\"modulepreload\"") => {}
                    None => page.lines.push(line),
                }
            }
        }
        ensure!(!page.styles.is_empty(), "the page has no style sheets");
        Ok(page)
    }

    /// The names of the style sheets, in order.
    pub(super) fn styles(&self) -> &[&'a str] {
        &self.styles
    }

    /// The page with one script and one style sheet, without indentation and empty lines.
    pub(super) fn with(&self, script: &str, style: &str) -> String {
        let base = self.base;
        let loads = format!(
            "\n<link rel=\"stylesheet\" href=\"{base}{style}\">\n<script type=\"module\" src=\"{base}{script}\"></script>\n</head>"
        );
        let lines = self.lines.iter().flat_map(|line| [line, "\n"]);
        lines.collect::<String>().replacen("</head>", &loads, 1)
    }

    /// The style sheet that a line loads.
    fn style(&self, line: &'a str) -> Option<&'a str> {
        let address = line.strip_prefix("<link rel=\"stylesheet\" href=\"")?;
        address.strip_prefix(self.base)?.strip_suffix("\"/>")
    }
}

/// Lines with something on them; Trunk puts several links on one.
fn lines(html: &str) -> impl Iterator<Item = &str> {
    let tags = html.lines().flat_map(|line| {
        let mut rest = line;
        std::iter::from_fn(move || {
            let first = rest.find("><link").map_or(rest.len(), |at| at + 1);
            let (tag, more) = rest.split_at(first);
            rest = more;
            (!tag.is_empty()).then_some(tag)
        })
    });
    tags.map(str::trim).filter(|line| !line.is_empty())
}

/// The text with each file's new name, where it is spelled right after the base or between quotes.
pub(super) fn rename(text: &str, base: &str, names: &[(String, String)]) -> String {
    names.iter().fold(text.to_owned(), |text, (old, new)| {
        let text = text.replace(&format!("{base}{old}"), &format!("{base}{new}"));
        text.replace(&format!("\"{old}\""), &format!("\"{new}\""))
    })
}

fn has_inline_script(html: &str) -> bool {
    html.split("<script").skip(1).any(|tag| {
        let attributes = tag.split('>').next().unwrap_or_default();
        !attributes.contains("src=")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUNK: &str = r#"<!doctype html>
<head>
    <link rel="stylesheet" href="/widget/tokens.css"/>
    <link rel="stylesheet" href="/widget/style.css"/>

<script type="module">
import init from '/widget/app.js';
const wasm = await init({ module_or_path: '/widget/app_bg.wasm' });

</script>
  <link rel="modulepreload" href="/widget/app.js" crossorigin="anonymous"><link rel="modulepreload" href="/widget/snippets/words.js"><link rel="preload" href="/widget/app_bg.wasm"></head>
"#;

    #[test]
    fn one_script_and_one_style_sheet_are_left() {
        let page = Page::parse(TRUNK, "/widget/").expect("Trunk wrote it");
        assert_eq!(page.styles(), ["tokens.css", "style.css"]);
        assert_eq!(
            page.with("boot.js", "all.css"),
            "<!doctype html>\n<head>\n\
             <link rel=\"preload\" href=\"/widget/app_bg.wasm\">\n\
             <link rel=\"stylesheet\" href=\"/widget/all.css\">\n\
             <script type=\"module\" src=\"/widget/boot.js\"></script>\n</head>\n"
        );
    }

    #[test]
    fn a_second_inline_script_is_an_error() {
        let html = format!("{TRUNK}<script>alert(1)</script>");
        assert!(Page::parse(&html, "/widget/").is_err());
        let html = format!("{TRUNK}<script defer src=\"/widget/theme.js\"></script>");
        assert!(Page::parse(&html, "/widget/").is_ok());
    }

    #[test]
    fn a_page_without_a_start_script_is_an_error() {
        assert!(Page::parse("<p>nothing to start</p>", "/").is_err());
        assert!(Page::parse("<script type=\"module\">cut", "/").is_err());
    }

    #[test]
    fn names_change_only_where_they_name_the_file() {
        let names = [
            ("app.js".to_owned(), "app-1.js".to_owned()),
            ("my.css".to_owned(), "my-2.css".to_owned()),
        ];
        assert_eq!(
            rename(
                "href=/w/app.js new URL(\"app.js\") /other/app.js say my.css",
                "/w/",
                &names
            ),
            "href=/w/app-1.js new URL(\"app-1.js\") /other/app.js say my.css"
        );
    }
}
