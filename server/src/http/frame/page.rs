//! The page as it was built, and what the relay puts into it for each channel and language.

use portico_shared::language::{LanguageFile, direction};

/// Where the page says its language, its title, and where its head and its body end; `widget/index.html` has each once.
const ROOT: &str = "<html lang=\"en\"";
const TITLE: &str = "<title>Chat</title>";
const END_OF_HEAD: &str = "</head>";
const END_OF_BODY: &str = "</body>";

/// How the page names the file of a language.
const FILE: &str = "<link rel=\"alternate\" hreflang=\"";

/// What is put into the page.
pub(super) struct Parts<'a> {
    /// A language's tag.
    pub(super) language: &'a str,
    /// The title, escaped.
    pub(super) title: &'a str,
    /// The version of the terms that are to be agreed to first, if there are any. The page's script takes it away from who has.
    pub(super) consent: Option<u32>,
    /// What stands at the end of the head.
    pub(super) head: &'a str,
    /// What stands at the end of the body.
    pub(super) body: &'a str,
}

/// The page with its parts. A page that has no place for one of them stays as it is, and its program does without.
pub(super) fn complete(built: &str, parts: &Parts<'_>) -> Option<String> {
    let Parts {
        language,
        title,
        consent,
        head,
        body,
    } = parts;
    let (before, rest) = built.split_once(ROOT)?;
    let (root, rest) = rest.split_once(TITLE)?;
    let (rest_of_head, rest) = rest.split_once(END_OF_HEAD)?;
    let (rest_of_body, rest) = rest.split_once(END_OF_BODY)?;
    let direction = direction(language);
    let consent = consent
        .map(|version| format!(" data-consent=\"{version}\""))
        .unwrap_or_default();
    Some(format!(
        "{before}<html lang=\"{language}\" dir=\"{direction}\"{consent}{root}<title>{title}</title>{rest_of_head}{head}{END_OF_HEAD}\
         {rest_of_body}{body}{END_OF_BODY}{rest}"
    ))
}

/// The languages that the page names with a file.
pub(super) fn files(built: &str) -> Vec<LanguageFile> {
    built.split(FILE).skip(1).filter_map(file).collect()
}

fn file(link: &str) -> Option<LanguageFile> {
    let (language, rest) = link.split_once('"')?;
    let (address, _) = rest.split_once("href=\"")?.1.split_once('"')?;
    Some(LanguageFile {
        language: language.to_owned(),
        address: address.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = include_str!("../../../../widget/index.html");

    const PARTS: Parts<'static> = Parts {
        language: "ar-EG",
        title: "Shop &#38; Co",
        consent: Some(3),
        head: "<style></style>\n",
        body: "<div></div>",
    };

    #[test]
    fn the_widgets_page_has_a_place_for_each_part() {
        let page = complete(SOURCE, &PARTS).expect("a place for each");
        let places = [
            "<html lang=\"ar-EG\" dir=\"rtl\" data-consent=\"3\" translate=\"no\">",
            "<title>Shop &#38; Co</title>",
            "<style></style>\n</head>",
            "</noscript>",
            "<div></div></body>",
        ];
        let found: Vec<Option<usize>> = places.iter().map(|place| page.find(place)).collect();
        assert!(
            found.iter().all(Option::is_some) && found.is_sorted(),
            "{found:?}: {page}"
        );
    }

    #[test]
    fn another_page_stays_as_it_is() {
        assert_eq!(complete("<html><title>Chat</title></head></body>", &PARTS), None);
    }

    #[test]
    fn the_page_names_its_languages() {
        let files = files(SOURCE);
        let german = LanguageFile {
            language: "de".into(),
            address: "/widget/de.json".into(),
        };
        assert!(files.contains(&german), "{files:?}");
    }
}
