//! The page that Trunk wrote, changed so that it works under a strict content security policy.

use anyhow::{Context, Result, ensure};

const OPEN: &str = "<script type=\"module\">";
const CLOSE: &str = "</script>";

/// A page whose start script was taken out.
#[derive(Debug, PartialEq)]
pub(super) struct Page<'a> {
    before: &'a str,
    script: &'a str,
    after: &'a str,
}

impl<'a> Page<'a> {
    /// Takes out the one inline script; a second one would be refused by browsers, so it is an error here.
    pub(super) fn parse(html: &'a str) -> Result<Self> {
        let (before, rest) = html.split_once(OPEN).context("the page has no inline module script")?;
        let (script, after) = rest.split_once(CLOSE).context("the inline script does not end")?;
        for part in [before, after] {
            ensure!(
                !has_inline_script(part),
                "the page has an inline script that is not Trunk's"
            );
        }
        Ok(Self {
            before,
            script: script.trim(),
            after,
        })
    }

    /// The script that starts the application.
    pub(super) fn script(&self) -> &'a str {
        self.script
    }

    /// The page with the script as a file of its own, without indentation and empty lines.
    pub(super) fn with_script_at(&self, url: &str) -> String {
        let html = format!(
            "{}<script type=\"module\" src=\"{url}\"></script>{}",
            self.before, self.after
        );
        let lines = html.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.flat_map(|line| [line, "\n"]).collect()
    }
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
    <link rel="stylesheet" href="/widget/style.css"/>

<script type="module">
import init from '/widget/app.js';
const wasm = await init({ module_or_path: '/widget/app_bg.wasm' });

</script>
  <link rel="modulepreload" href="/widget/app.js" crossorigin="anonymous"></head>
"#;

    #[test]
    fn the_start_script_leaves_the_page() {
        let page = Page::parse(TRUNK).expect("Trunk wrote it");
        assert!(page.script().starts_with("import init from"));
        assert!(page.script().ends_with("});"));
        assert_eq!(
            page.with_script_at("/widget/boot.js"),
            "<!doctype html>\n<head>\n<link rel=\"stylesheet\" href=\"/widget/style.css\"/>\n\
             <script type=\"module\" src=\"/widget/boot.js\"></script>\n\
             <link rel=\"modulepreload\" href=\"/widget/app.js\" crossorigin=\"anonymous\"></head>\n"
        );
    }

    #[test]
    fn a_second_inline_script_is_an_error() {
        let html = format!("{TRUNK}<script>alert(1)</script>");
        assert!(Page::parse(&html).is_err());
        let html = format!("{TRUNK}<script defer src=\"/widget/theme.js\"></script>");
        assert!(Page::parse(&html).is_ok());
    }

    #[test]
    fn a_page_without_a_start_script_is_an_error() {
        assert!(Page::parse("<p>nothing to start</p>").is_err());
        assert!(Page::parse("<script type=\"module\">cut").is_err());
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
