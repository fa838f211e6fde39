//! The script and the style of the first screen stand in the page itself: a browser that had to fetch them would draw nothing
//! for another round trip, and on a press nothing else is waited for.

use crate::http::assets::Assets;

/// How the page names a file, before and after its address, and the element that has its text instead.
struct Place {
    before: &'static str,
    after: &'static str,
    element: &'static str,
}

/// `first.js`; the program's script is a module, and is not waited for.
const SCRIPT: Place = Place {
    before: "<script src=\"",
    after: "\"></script>",
    element: "script",
};

/// All style.
const STYLE: Place = Place {
    before: "<link rel=\"stylesheet\" href=\"",
    after: "\">",
    element: "style",
};

/// A page with all in it that a text box needs.
pub(super) struct Inline {
    pub(super) page: String,
    /// The text of its script; none where the page still names the file.
    pub(super) script: Option<String>,
    /// The text of its style, likewise.
    pub(super) style: Option<String>,
}

impl Inline {
    /// The built page with the text of its files, where they are there.
    pub(super) async fn new(assets: &Assets, built: String) -> Self {
        let (page, script) = put(assets, built, &SCRIPT).await;
        let (page, style) = put(assets, page, &STYLE).await;
        Self { page, script, style }
    }
}

async fn put(assets: &Assets, page: String, place: &Place) -> (String, Option<String>) {
    let text = match address(&page, place).and_then(|address| address.strip_prefix('/')) {
        Some(path) => assets.text(path).await,
        None => None,
    };
    match text.and_then(|text| Some((replaced(&page, place, &text)?, text))) {
        Some((page, text)) => (page, Some(text)),
        None => (page, None),
    }
}

fn address<'a>(page: &'a str, place: &Place) -> Option<&'a str> {
    let (_, rest) = page.split_once(place.before)?;
    rest.split_once(place.after).map(|(address, _)| address)
}

/// None for a text that would end its element early.
fn replaced(page: &str, place: &Place, text: &str) -> Option<String> {
    let element = place.element;
    if text.to_ascii_lowercase().contains(&format!("</{element}")) {
        return None;
    }
    let (before, rest) = page.split_once(place.before)?;
    let (_, after) = rest.split_once(place.after)?;
    Some(format!("{before}<{element}>{text}</{element}>{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head><script src=\"/widget/0f/first.js\"></script>\n\
                        <link rel=\"stylesheet\" href=\"/widget/0f/style.css\">\n\
                        <script type=\"module\" src=\"/widget/0f/boot.js\"></script></head>";

    fn files(script: &str, style: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let widget = folder.path().join("widget/0f");
        std::fs::create_dir_all(&widget).expect("created");
        std::fs::write(widget.join("first.js"), script).expect("written");
        std::fs::write(widget.join("style.css"), style).expect("written");
        folder
    }

    #[tokio::test]
    async fn the_page_has_the_script_and_the_style_in_the_place_of_their_names() {
        let folder = files("x()", "p{}");
        let inline = Inline::new(&Assets::new(folder.path()), PAGE.to_owned()).await;
        assert_eq!(
            inline.page,
            "<head><script>x()</script>\n<style>p{}</style>\n\
             <script type=\"module\" src=\"/widget/0f/boot.js\"></script></head>"
        );
        assert_eq!(inline.script.as_deref(), Some("x()"));
        assert_eq!(inline.style.as_deref(), Some("p{}"));
    }

    #[tokio::test]
    async fn what_would_end_its_element_stays_a_file() {
        let folder = files("'</SCRIPT>'", "p{}");
        let inline = Inline::new(&Assets::new(folder.path()), PAGE.to_owned()).await;
        assert!(inline.page.contains("<script src=\"/widget/0f/first.js\"></script>"));
        assert_eq!(inline.script, None);
        assert!(inline.style.is_some());
    }

    #[tokio::test]
    async fn a_page_without_its_files_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inline = Inline::new(&Assets::new(folder.path()), PAGE.to_owned()).await;
        assert_eq!(inline.page, PAGE);
        assert_eq!((inline.script, inline.style), (None, None));
    }
}
