//! What an operator may not expect of the days for which a channel keeps conversations. None of it is wrong.

use portico_core::config::{Channel, Config};

/// What is said of a configuration that is good, a line each.
pub fn warnings(config: &Config) -> Vec<String> {
    let kept = config.channels.iter().filter(|(_, channel)| channel.retention_days > 0);
    kept.flat_map(|(id, channel)| of_channel(id, channel)).collect()
}

fn of_channel(id: &str, channel: &Channel) -> impl Iterator<Item = String> {
    let days = channel.retention_days;
    let never_ends = (channel.customer_activity_timeout == 0).then(|| {
        format!(
            "channels.{id}.retention_days: {days}: chats of which neither side says that they are over are kept for good, because \
             customer_activity_timeout is 0"
        )
    });
    let survey = channel
        .survey
        .as_ref()
        .filter(|survey| u32::from(survey.link_days) > days);
    let link = survey.map(|survey| {
        format!(
            "channels.{id}.retention_days: {days}: what a survey asks about is gone before its link ends, after {} days",
            survey.link_days
        )
    });
    never_ends.into_iter().chain(link)
}

#[cfg(test)]
mod tests {
    use super::warnings;
    use crate::config::from_toml;

    #[test]
    fn what_days_of_a_channel_do_not_reach_is_said() {
        for (channel, said) in [
            ("", vec![]),
            ("retention_days = 30\ncustomer_activity_timeout = 900", vec![]),
            ("customer_activity_timeout = 0", vec![]),
            ("retention_days = 30", vec!["kept for good"]),
            (
                "retention_days = 3\nsurvey = { title = \"x\", csat = \"y\", link_days = 4 }\ncustomer_activity_timeout = 900",
                vec!["after 4 days"],
            ),
            (
                "retention_days = 3\nsurvey = { title = \"x\", csat = \"y\", link_days = 3 }\ncustomer_activity_timeout = 900",
                vec![],
            ),
        ] {
            let config = from_toml(&format!("[channels.shop]\norigins = []\n{channel}")).expect("good");
            let warnings = warnings(&config);
            assert_eq!(warnings.len(), said.len(), "{channel}: {warnings:?}");
            for (warning, said) in warnings.iter().zip(said) {
                assert!(
                    warning.starts_with("channels.shop.retention_days") && warning.contains(said),
                    "{warning}"
                );
            }
        }
    }
}
