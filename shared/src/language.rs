//! Which language a page speaks, of those that there are files for. The relay chooses for the widget's first screen, and
//! a document by itself where the relay has not.

/// The language that is in the programs, and needs no file.
pub const ENGLISH: &str = "en";

/// Languages whose usual script runs from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// Names of languages that browsers and systems use for others.
const RENAMED: [(&str, &str); 3] = [("iw", "he"), ("in", "id"), ("ji", "yi")];

/// A language that there is a file for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageFile {
    /// The name of the language, as a tag.
    pub language: String,
    /// Where the file is.
    pub address: String,
}

/// The first wish that can be met, and its file. English needs none, and stands in where no wish can be met. A file for
/// a region or a script goes before the one for the whole language.
pub fn choose<'a>(wishes: &[String], files: &'a [LanguageFile]) -> (String, Option<&'a LanguageFile>) {
    let file_of = |name: &str| files.iter().find(|file| file.language.eq_ignore_ascii_case(name));
    for tag in wishes.iter().filter_map(|wish| tag_of(wish)) {
        let file = wider(&tag).find_map(file_of);
        if file.is_some() || primary(&tag).eq_ignore_ascii_case(ENGLISH) {
            return (tag, file);
        }
    }
    (ENGLISH.to_owned(), None)
}

/// A tag and what is left of it without its last parts: `zh-Hans-CN`, `zh-Hans`, `zh`.
pub fn wider(tag: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(tag), |tag| tag.rsplit_once('-').map(|(wider, _)| wider))
}

/// The name of a language as a browser, a page or an operating system wrote it (`de_AT.UTF-8`, `en-US@posix`, `iw`), as a
/// tag; `None` for what names no language (`C`).
pub fn tag_of(wish: &str) -> Option<String> {
    let written = wish
        .split(['.', '@'])
        .next()
        .unwrap_or_default()
        .trim()
        .replace('_', "-");
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let language = primary(&written);
    let is_language = (2..=8).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_language || !written.split('-').all(is_part) {
        return None;
    }
    let renamed = RENAMED.iter().find(|(old, _)| old.eq_ignore_ascii_case(language));
    Some(match renamed {
        Some((_, new)) => [new, &written[language.len()..]].concat(),
        None => written,
    })
}

/// The first part of a language's name: `de` of `de-AT`.
pub fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// `ltr` or `rtl`, as HTML names it.
pub fn direction(tag: &str) -> &'static str {
    let language = primary(tag);
    let is_from_the_right = RIGHT_TO_LEFT.iter().any(|other| language.eq_ignore_ascii_case(other));
    if is_from_the_right { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The language's name and the address of its file.
    fn chosen(wishes: &[&str], languages: &[&str]) -> (String, Option<String>) {
        let wishes: Vec<String> = wishes.iter().map(|wish| (*wish).to_owned()).collect();
        let file = |language: &&str| LanguageFile {
            language: (*language).to_owned(),
            address: format!("/{language}.json"),
        };
        let files: Vec<LanguageFile> = languages.iter().map(file).collect();
        let (tag, file) = choose(&wishes, &files);
        (tag, file.map(|file| file.address.clone()))
    }

    #[test]
    fn the_first_wish_that_can_be_met_is_the_language() {
        let file = |tag: &str, address: &str| (tag.to_owned(), Some(address.to_owned()));
        let english = |tag: &str| (tag.to_owned(), None);
        let both = ["ar", "de"];
        assert_eq!(chosen(&["de"], &both), file("de", "/de.json"));
        assert_eq!(chosen(&["de-AT"], &both), file("de-AT", "/de.json"));
        assert_eq!(chosen(&["de_CH"], &both), file("de-CH", "/de.json"));
        assert_eq!(chosen(&["DE"], &both), file("DE", "/de.json"));
        assert_eq!(chosen(&["pt", "ar-EG"], &both), file("ar-EG", "/ar.json"));
        assert_eq!(chosen(&["en-GB", "de"], &both), english("en-GB"));
        assert_eq!(chosen(&["", "de"], &both), file("de", "/de.json"));
    }

    #[test]
    fn english_is_spoken_where_no_wish_can_be_met() {
        let english = ("en".to_owned(), None);
        assert_eq!(chosen(&["pt"], &["ar", "de"]), english);
        assert_eq!(chosen(&["de"], &[]), english);
        assert_eq!(chosen(&[], &["ar", "de"]), english);
        // Another language that begins with the same letters.
        assert_eq!(chosen(&["den", "enm"], &["ar", "de"]), english);
    }

    #[test]
    fn languages_are_found_however_they_are_written() {
        let languages = ["ar", "de", "he", "zh", "zh-Hans"];
        let address_of = |wishes: &[&str]| chosen(wishes, &languages).1;
        assert_eq!(address_of(&["zh_Hans_CN"]).as_deref(), Some("/zh-Hans.json"));
        assert_eq!(address_of(&["zh-Hant-TW"]).as_deref(), Some("/zh.json"));
        assert_eq!(address_of(&["iw"]).as_deref(), Some("/he.json"));
        assert_eq!(
            chosen(&["IW-IL"], &languages),
            ("he-IL".to_owned(), Some("/he.json".to_owned()))
        );
        assert_eq!(address_of(&["de_AT.UTF-8"]).as_deref(), Some("/de.json"));
        assert_eq!(chosen(&["en-US@posix", "de"], &languages), ("en-US".to_owned(), None));
    }

    /// What the widget has files for.
    const WIDGET: [&str; 14] = [
        "ar", "bg", "de", "es", "fr", "he", "it", "ja", "nl", "pl", "pt", "tr", "ur", "zh",
    ];

    #[test]
    fn each_language_of_the_widget_is_found_by_the_names_that_systems_have_for_it() {
        for (wish, tag, address) in [
            ("iw", "he", "/he.json"),
            ("iw_IL.UTF-8", "he-IL", "/he.json"),
            ("pt-PT", "pt-PT", "/pt.json"),
            ("pt_BR", "pt-BR", "/pt.json"),
            ("es-419", "es-419", "/es.json"),
            ("ur_PK.UTF-8", "ur-PK", "/ur.json"),
            ("tr_TR", "tr-TR", "/tr.json"),
            ("bg-BG", "bg-BG", "/bg.json"),
            ("ca-ES-valencia, es", "en", ""),
            ("ja_JP.eucJP", "ja-JP", "/ja.json"),
            ("ja-JP-u-ca-japanese", "ja-JP-u-ca-japanese", "/ja.json"),
            // All of Chinese has the simplified signs: better read than English, where no other file was written.
            ("zh-CN", "zh-CN", "/zh.json"),
            ("zh_Hans_CN", "zh-Hans-CN", "/zh.json"),
            ("zh-TW", "zh-TW", "/zh.json"),
            ("zh-Hant-HK", "zh-Hant-HK", "/zh.json"),
            // Languages without a file, and names of none.
            ("no", "en", ""),
            ("sv-SE", "en", ""),
            ("he_", "en", ""),
            ("C", "en", ""),
            ("C.UTF-8", "en", ""),
            ("undefined", "en", ""),
            ("null", "en", ""),
            ("", "en", ""),
            ("en-US@posix", "en-US", ""),
        ] {
            let address = Some(address.to_owned()).filter(|address| !address.is_empty());
            assert_eq!(chosen(&[wish], &WIDGET), (tag.to_owned(), address), "{wish}");
        }
    }

    #[test]
    fn what_names_no_language_is_passed_over() {
        for wish in [
            "C",
            "POSIX.UTF-8",
            "",
            "*",
            "x",
            "de--AT",
            "de-",
            "日本",
            "en us",
            "de-123456789",
            "-de",
        ] {
            let tag = tag_of(wish);
            assert!(tag.is_none() || wish == "POSIX.UTF-8", "{wish}: {tag:?}");
            assert_eq!(chosen(&[wish, "de"], &["de"]).1.as_deref(), Some("/de.json"), "{wish}");
        }
    }

    #[test]
    fn a_region_with_a_file_of_its_own_has_it() {
        let languages = ["pt", "pt-BR"];
        assert_eq!(chosen(&["pt-br"], &languages).1.as_deref(), Some("/pt-BR.json"));
        assert_eq!(chosen(&["pt-PT"], &languages).1.as_deref(), Some("/pt.json"));
        assert_eq!(chosen(&["pt"], &["pt-BR"]).1, None);
    }

    #[test]
    fn a_direction_is_that_of_the_script() {
        for (tag, expected) in [
            ("ar-EG", "rtl"),
            ("HE", "rtl"),
            ("de", "ltr"),
            ("", "ltr"),
            ("are", "ltr"),
        ] {
            assert_eq!(direction(tag), expected, "{tag}");
        }
        let from_the_right = WIDGET.into_iter().filter(|tag| direction(tag) == "rtl");
        assert_eq!(from_the_right.collect::<Vec<_>>(), ["ar", "he", "ur"]);
    }
}
