//! The page of an application: what it is made of, said in Trunk's words, and what is served in its place.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{App, program::BOOT};

/// All style of an application.
const STYLE: &str = "style.css";

/// An `index.html` of the sources.
#[derive(Debug, PartialEq)]
pub(super) struct Page {
    path: PathBuf,
    /// All lines but those for the build.
    lines: Vec<String>,
    /// Style sheets, in order.
    styles: Vec<PathBuf>,
    /// Files that are served as they are.
    copied: Vec<PathBuf>,
}

impl Page {
    /// Reads a page.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let html = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(path, &html).with_context(|| path.display().to_string())
    }

    fn parse(path: &Path, html: &str) -> Result<Self> {
        let folder = path.parent().context("a page lies in a folder")?;
        let mut page = Self {
            path: path.to_path_buf(),
            lines: Vec::new(),
            styles: Vec::new(),
            copied: Vec::new(),
        };
        for line in html.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if !line.contains(" data-trunk ") {
                page.lines.push(line.to_owned());
                continue;
            }
            let source = || attribute(line, "href").map(|href| folder.join(href));
            match attribute(line, "rel")? {
                "css" => page.styles.push(source()?),
                "copy-file" => page.copied.push(source()?),
                "rust" => {}
                other => bail!("the build knows no {other:?} in `{line}`"),
            }
        }
        Ok(page)
    }

    /// The files that it is made of.
    pub(super) fn sources(&self) -> impl Iterator<Item = PathBuf> {
        [&self.path]
            .into_iter()
            .chain(&self.styles)
            .chain(&self.copied)
            .cloned()
    }

    /// Puts its files into a folder: one style sheet instead of one per part, and what is served as it is.
    pub(super) fn copy_to(&self, folder: &Path) -> Result<()> {
        let mut joined = String::new();
        for style in &self.styles {
            joined += &fs::read_to_string(style).with_context(|| format!("cannot read {}", style.display()))?;
        }
        fs::write(folder.join(STYLE), joined)?;
        for file in &self.copied {
            let name = file.file_name().context("a file has a name")?;
            fs::copy(file, folder.join(name)).with_context(|| format!("cannot copy {}", file.display()))?;
        }
        Ok(())
    }

    /// What is served, with all other files in the folder `hash` beside it: no script within the page, which the relay's
    /// content security policy forbids.
    pub(super) fn html(&self, app: App, hash: &str) -> String {
        let (base, program) = (app.public_url(), app.package());
        let loads = format!(
            "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"{base}{hash}/{program}_bg.wasm\">\n\
             <link rel=\"stylesheet\" href=\"{base}{hash}/{STYLE}\">\n\
             <script type=\"module\" src=\"{base}{hash}/{BOOT}\"></script>\n</head>"
        );
        let mut html: String = self.lines.iter().flat_map(|line| [line, "\n"]).collect();
        for name in self.copied.iter().filter_map(|file| file.file_name()?.to_str()) {
            html = html.replace(&format!("\"{base}{name}\""), &format!("\"{base}{hash}/{name}\""));
        }
        html.replacen("</head>", &loads, 1)
    }
}

/// The value of an attribute of a line's one tag.
fn attribute<'a>(line: &'a str, name: &str) -> Result<&'a str> {
    let value = line
        .split_once(&format!(" {name}=\""))
        .and_then(|(_, rest)| rest.split_once('"'));
    value
        .map(|(value, _)| value)
        .with_context(|| format!("no {name} in `{line}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html>
  <head>
    <link data-trunk rel="css" href="../public/tokens.css" />
    <link data-trunk rel="css" href="style/widget.css" />
    <link data-trunk rel="copy-file" href="messages/de.json" />
    <link rel="alternate" hreflang="de" href="/widget/de.json" />
    <link data-trunk rel="rust" data-bin="portico-widget" />
  </head>
"#;

    #[test]
    fn a_page_loads_one_style_sheet_and_one_script_from_the_folder_of_this_build() {
        let page = Page::parse(Path::new("widget/index.html"), PAGE).expect("the build knows all of it");
        assert_eq!(
            page.html(App::Widget, "0f"),
            "<!doctype html>\n<head>\n\
             <link rel=\"alternate\" hreflang=\"de\" href=\"/widget/0f/de.json\" />\n\
             <link rel=\"preload\" as=\"fetch\" crossorigin href=\"/widget/0f/portico-widget_bg.wasm\">\n\
             <link rel=\"stylesheet\" href=\"/widget/0f/style.css\">\n\
             <script type=\"module\" src=\"/widget/0f/boot.js\"></script>\n</head>\n"
        );
    }

    #[test]
    fn a_page_names_what_it_is_made_of() {
        let page = Page::parse(Path::new("widget/index.html"), PAGE).expect("the build knows all of it");
        let sources: Vec<PathBuf> = page.sources().collect();
        assert_eq!(
            sources,
            [
                "widget/index.html",
                "widget/../public/tokens.css",
                "widget/style/widget.css",
                "widget/messages/de.json"
            ]
            .map(PathBuf::from)
        );
    }

    #[test]
    fn what_the_build_does_not_know_is_an_error() {
        for html in [
            "<link data-trunk rel=\"sass\" href=\"x\" />",
            "<link data-trunk rel=\"css\" />",
        ] {
            assert!(Page::parse(Path::new("widget/index.html"), html).is_err(), "{html}");
        }
    }
}
