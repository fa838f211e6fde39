//! Links to files that lie at the relay. A file's address opens nothing by itself: a program whose user may see
//! the file asks for a link that is good for some minutes.

use crate::browser::{now_ms, window};
use crate::fetch::{self, FetchError};
use leptos::prelude::*;
use portico_shared::json::Value;
use web_sys::Url;

/// Where files lie.
const FILES: &str = "/files/";

/// A link is not used in its last seconds: what it opens has to begin before it ends.
const MARGIN_MS: i64 = 10_000;

/// The links that a document has been given. A cheap handle.
#[derive(Clone, Copy)]
pub struct FileLinks {
    token: StoredValue<Box<dyn Fn() -> Option<String>>, LocalStorage>,
    known: StoredValue<Vec<Known>, LocalStorage>,
}

struct Known {
    id: String,
    address: String,
    /// By the browser's clock.
    ends_at: i64,
}

impl FileLinks {
    /// Links for whom the token is.
    pub fn new(token: impl Fn() -> Option<String> + 'static) -> Self {
        Self {
            token: StoredValue::new_local(Box::new(token)),
            known: StoredValue::new_local(Vec::new()),
        }
    }

    /// The link to a file that is good now, if one is known.
    pub(crate) fn known(self, id: &str) -> Option<String> {
        let now = now_ms();
        let good = |known: &&Known| known.id == id && known.ends_at > now;
        self.known
            .try_with_value(|known| known.iter().find(good).map(|known| known.address.clone()))
            .flatten()
    }

    /// A link to a file that is good for a while.
    pub(crate) async fn get(self, id: &str) -> Result<String, FetchError> {
        if let Some(address) = self.known(id) {
            return Ok(address);
        }
        let token = self.token.try_with_value(|token| token()).flatten();
        let link = fetch::get_value(&["/api/files/", id].concat(), token.as_deref()).await?;
        let (address, seconds) = address_in(&link).ok_or(FetchError::Unreadable)?;
        let new = Known {
            id: id.to_owned(),
            address: address.clone(),
            ends_at: ends_at(now_ms(), seconds),
        };
        self.known.try_update_value(|known| {
            known.retain(|known| known.id != id);
            known.push(new);
        });
        Ok(address)
    }
}

/// What a [`FileLink`](portico_shared::http::FileLink) says: its address, and for how many seconds it is good. Its
/// reader would be larger than all that is done with it.
fn address_in(link: &Value) -> Option<(String, u64)> {
    let seconds = link.get("expires_in_seconds")?.as_u64()?;
    Some((link.get("url")?.as_str()?.to_owned(), seconds))
}

fn ends_at(now: i64, seconds: u64) -> i64 {
    now.saturating_add_unsigned(seconds.saturating_mul(1_000)) - MARGIN_MS
}

/// The id of a file that lies at this document's own relay.
pub fn stored_id(address: &str) -> Option<String> {
    let own = window().location().origin().ok()?;
    let url = Url::new_with_base(address, &own).ok()?;
    let path = url.origin().eq(&own).then(|| url.pathname())?;
    path.strip_prefix(FILES)
        .filter(|id| !id.contains('/'))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{MARGIN_MS, address_in, ends_at};
    use portico_shared::http::FileLink;

    #[test]
    fn a_link_is_read_as_the_relay_writes_it() {
        let link = FileLink {
            url: "/files/f1?expires=1&signature=2".into(),
            expires_in_seconds: 540,
            name: "a.png".into(),
            mime_type: "image/png".into(),
            size: 9,
        };
        let read = address_in(&serde_json::to_value(&link).expect("JSON"));
        assert_eq!(read, Some((link.url, 540)));
    }

    #[test]
    fn a_link_is_not_used_in_its_last_seconds() {
        assert_eq!(ends_at(1_000, 540), 541_000 - MARGIN_MS);
        assert_eq!(ends_at(i64::MAX, 5), i64::MAX - MARGIN_MS);
    }
}
