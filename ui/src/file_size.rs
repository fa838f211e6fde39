//! How large a file is, in words.

use crate::time::number;

/// `41 kB`, in the language's digits.
pub(crate) fn file_size(bytes: i64, locale: &str) -> String {
    let (value, unit) = rounded(bytes);
    number(value as f64, locale) + unit
}

/// `41 kB`, rounded, as a number to write and its unit.
fn rounded(bytes: i64) -> (i64, &'static str) {
    match bytes.max(0) {
        bytes @ 0..1_000_000 => ((bytes + 999) / 1_000, " kB"),
        bytes => ((bytes + 500_000) / 1_000_000, " MB"),
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn sizes_are_rounded_up_to_kilobytes_and_to_the_nearest_megabyte() {
        assert_eq!(rounded(-3), (0, " kB"));
        assert_eq!(rounded(1), (1, " kB"));
        assert_eq!(rounded(40_001), (41, " kB"));
        assert_eq!(rounded(1_400_000), (1, " MB"));
        assert_eq!(rounded(1_500_000), (2, " MB"));
    }
}
