//! What is wrong with a survey.

use super::Check;
use portico_core::config::Survey;
use portico_shared::language;

/// Most days that a link to a survey is good.
const MAX_LINK_DAYS: u16 = 90;

impl Check<'_> {
    pub(super) fn survey(&mut self, at: &str, survey: &Survey) {
        self.form_label(format!("{at}.title"), &survey.title);
        for (key, label) in [
            ("csat", &survey.csat),
            ("nps", &survey.nps),
            ("comment", &survey.comment),
        ] {
            if !label.is_empty() {
                self.form_label(format!("{at}.{key}"), label);
            }
        }
        if survey.csat.is_empty() && survey.nps.is_empty() {
            self.wrong(format!("{at}.csat"), "", "a survey asks for csat or nps at least");
        }
        if !(1..=MAX_LINK_DAYS).contains(&survey.link_days) {
            let days = survey.link_days.to_string();
            self.wrong(format!("{at}.link_days"), &days, format!("1 to {MAX_LINK_DAYS} days"));
        }
        let page = &survey.page;
        if let Some(tag) = page.language.as_deref().filter(|tag| language::tag_of(tag).is_none()) {
            let what = "a language's tag, as in en or pt-BR";
            self.wrong(format!("{at}.page.language"), tag, what);
        }
        for (key, words) in [
            ("send", &page.send),
            ("thanks", &page.thanks),
            ("over", &page.over),
            ("again", &page.again),
        ] {
            if let Some(words) = words {
                self.form_label(format!("{at}.page.{key}"), words);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::from_toml;

    fn config(survey: &str) -> String {
        format!("[channels.shop]\norigins = []\n[channels.shop.survey]\n{survey}")
    }

    #[test]
    fn a_survey_needs_a_title_and_a_rating() {
        let good = from_toml(&config("title = \"How was it?\"\nnps = \"Recommend us?\"")).expect("good");
        let survey = good.channels["shop"].survey.as_ref().expect("a survey");
        assert_eq!((survey.link_days, survey.page.send.as_deref()), (7, None));
        let none = from_toml("[channels.shop]\norigins = []").expect("good");
        assert!(none.channels["shop"].survey.is_none(), "off unless it is asked for");
    }

    #[test]
    fn what_is_wrong_with_a_survey_is_named_by_its_place() {
        for (survey, key) in [
            ("title = \"\"\ncsat = \"x\"", "title"),
            ("title = \"x\"\ncomment = \"x\"", "csat"),
            ("title = \"x\"\ncsat = \"x\"\nlink_days = 0", "link_days"),
            ("title = \"x\"\ncsat = \"x\"\nlink_days = 91", "link_days"),
            ("title = \"x\"\ncsat = \"x\"\npage.language = \"<\"", "page.language"),
            ("title = \"x\"\ncsat = \"x\"\npage.send = \" \"", "page.send"),
            ("title = \"x\"\ncsat = \"x\"\nstars = 5", "stars"),
        ] {
            let told = from_toml(&config(survey)).expect_err(survey).to_string();
            assert!(told.contains(&format!("channels.shop.survey.{key}: ")), "{told}");
        }
    }
}
