//! Pages that the relay itself shows people, beside those of the widget and the desk.

/// How they look, in light or dark, as their reader likes it. A page may have more, behind it.
pub(super) const STYLE: &str = concat!(
    include_str!("../../../public/tokens.css"),
    include_str!("../../templates/page.css")
);

#[cfg(test)]
mod tests {
    #[test]
    fn the_style_ends_where_it_should() {
        assert!(!super::STYLE.contains("</"), "it stands in the pages as it is");
    }
}
