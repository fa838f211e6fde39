//! Which web pages may speak to the relay. The relay's own origin is where its frame and its desk live; a channel's
//! origins are the sites that embed it.

use super::Origin;
use crate::config::Config;
use std::collections::BTreeMap;

/// The allow-lists of all channels, and the relay's own origin.
pub struct Origins {
    own: Origin,
    channels: BTreeMap<String, Vec<Origin>>,
}

impl Origins {
    /// The lists of this configuration, for a relay that browsers know as `own`.
    pub fn new(config: &Config, own: Origin) -> Self {
        let channels = config
            .channels
            .iter()
            .map(|(id, channel)| (id.clone(), channel.origins().collect()))
            .collect();
        Self { own, channels }
    }

    /// The relay's own origin.
    pub fn own(&self) -> &Origin {
        &self.own
    }

    /// The sites that embed this channel.
    pub fn embedders(&self, channel: &str) -> &[Origin] {
        self.channels.get(channel).map_or(&[], Vec::as_slice)
    }

    /// The sites that embed any channel, each once.
    pub fn sites(&self) -> Vec<Origin> {
        let mut sites: Vec<Origin> = Vec::new();
        for site in self.channels.values().flatten() {
            if !sites.contains(site) {
                sites.push(site.clone());
            }
        }
        sites
    }

    /// Whether a page may open a socket at all, before it has said for whom. A program that is no browser states no
    /// origin; it gets no further than its token allows.
    pub fn may_connect(&self, origin: Option<&str>) -> bool {
        origin.is_none_or(|text| {
            text.parse().is_ok_and(|origin| {
                origin == self.own || self.channels.values().flatten().any(|listed| *listed == origin)
            })
        })
    }

    /// Whether a page may speak for customers of a channel.
    pub fn may_visit(&self, channel: &str, origin: Option<&str>) -> bool {
        self.is_own(origin) || parsed(origin).is_some_and(|origin| self.embedders(channel).contains(&origin))
    }

    /// Whether it is one of the relay's own pages.
    pub fn is_own(&self, origin: Option<&str>) -> bool {
        parsed(origin).is_some_and(|origin| origin == self.own)
    }
}

fn parsed(origin: Option<&str>) -> Option<Origin> {
    origin.and_then(|text| text.parse().ok())
}
