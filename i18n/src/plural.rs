//! Which plural forms a language has, by the rules that browsers have as `Intl.PluralRules`.

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use std::collections::BTreeMap;

/// All that there are, by the names that `Intl.PluralRules` gives them.
const FORMS: [(&str, PluralCategory); 6] = [
    ("zero", PluralCategory::Zero),
    ("one", PluralCategory::One),
    ("two", PluralCategory::Two),
    ("few", PluralCategory::Few),
    ("many", PluralCategory::Many),
    ("other", PluralCategory::Other),
];

/// The form that each language has, and that stands in for what a translation lacks.
pub(crate) const OTHER: &str = "other";

/// Counts up to this one decide which forms a language needs. More are never counted here; some languages have a form
/// for millions.
const LARGEST_COUNT: usize = 9_999;

/// The message and the form that a name means: `new_messages_one` is `one` of `new_messages`.
pub(crate) fn split(name: &str) -> Option<(&str, &'static str)> {
    let (message, form) = name.rsplit_once('_')?;
    let (form, _) = FORMS.iter().find(|(known, _)| *known == form)?;
    Some((message, form))
}

/// The forms that a language needs, each with how many counts it stands for.
pub(crate) fn forms(tag: &str) -> Result<BTreeMap<&'static str, usize>, String> {
    let locale: Locale = tag.parse().map_err(|_| format!("{tag} is no name of a language"))?;
    let rules = PluralRules::try_new_cardinal(locale.into()).map_err(|error| error.to_string())?;
    let mut forms = BTreeMap::from([(OTHER, 0)]);
    for count in 0..=LARGEST_COUNT {
        let category = rules.category_for(count);
        if let Some((form, _)) = FORMS.iter().find(|(_, known)| *known == category) {
            *forms.entry(form).or_default() += 1;
        }
    }
    Ok(forms)
}
