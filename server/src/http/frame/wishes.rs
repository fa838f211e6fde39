//! In which languages a visitor wants to be spoken to.

use axum::http::{HeaderMap, header};

/// What the page around the frame wishes, then what the browser says.
pub(super) fn wishes(query: &[(String, String)], request: &HeaderMap) -> Vec<String> {
    let of_page = query.iter().find(|(name, _)| name == "locale");
    // The languages of the browser, where the page leaves it to them: their header may name the first one alone.
    let of_page = of_page.map(|(_, locale)| locale.as_str()).unwrap_or_default();
    let of_page = of_page.split(',').map(str::to_owned);
    of_page.chain(of_browser(request)).collect()
}

/// Browsers name what is liked best first, also where they say by how much.
pub(in crate::http) fn of_browser(request: &HeaderMap) -> impl Iterator<Item = String> {
    let stated = request
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    stated
        .split(',')
        .filter_map(|range| range.split(';').next())
        .map(|range| range.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::wishes;
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn the_page_goes_before_the_browser() {
        let languages = HeaderValue::from_static("de-AT, de;q=0.9, en;q=0.8");
        let request = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, languages)]);
        let query = [("locale".to_owned(), "ar".to_owned())];
        assert_eq!(wishes(&query, &request), ["ar", "de-AT", "de", "en"]);
        let query = [("locale".to_owned(), "C,fr-CA".to_owned())];
        assert_eq!(wishes(&query, &request), ["C", "fr-CA", "de-AT", "de", "en"]);
        assert_eq!(wishes(&[], &request), ["", "de-AT", "de", "en"]);
    }
}
