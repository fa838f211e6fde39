//! Links to files that lie at the relay. A file's address opens nothing by itself: a program whose user may see
//! the file asks for a link that is good for some minutes.

use crate::browser::{now_ms, window};
use crate::fetch::{self, FetchError};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use portico_shared::json::Value;
use web_sys::Url;

/// Where files lie.
const FILES: &str = "/files/";

/// A link is not used in its last seconds: what it opens has to begin before it ends.
const MARGIN_MS: i64 = 10_000;

/// How long another token is waited for instead of one that has ended. Then the file counts as not available.
const RENEWAL_MS: i64 = 15_000;

/// How often it is looked for meanwhile, in milliseconds.
const LOOK_MS: u32 = 250;

/// The links that a document has been given. A cheap handle.
#[derive(Clone, Copy)]
pub struct FileLinks {
    token: StoredValue<Box<dyn Fn() -> Option<String>>, LocalStorage>,
    renew: StoredValue<Box<dyn Fn()>, LocalStorage>,
    /// When another token was asked for, by the browser's clock: a screen full of pictures needs one.
    renewed_at: StoredValue<i64, LocalStorage>,
    known: StoredValue<Vec<Known>, LocalStorage>,
}

struct Known {
    id: String,
    address: String,
    /// By the browser's clock.
    ends_at: i64,
}

impl FileLinks {
    /// Links for whom the token is; `renew` has another one come, which a device needs that has slept for longer than the
    /// token lasts.
    pub fn new(token: impl Fn() -> Option<String> + 'static, renew: impl Fn() + 'static) -> Self {
        Self {
            token: StoredValue::new_local(Box::new(token)),
            renew: StoredValue::new_local(Box::new(renew)),
            renewed_at: StoredValue::new_local(0),
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
        let path = ["/api/files/", id].concat();
        let token = self.present_token();
        let link = match fetch::get_value(&path, token.as_deref()).await {
            Err(refused) if is_about_token(&refused) => match self.other_than(token).await {
                Some(other) => fetch::get_value(&path, Some(&other)).await?,
                None => return Err(refused),
            },
            answer => answer?,
        };
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

    fn present_token(self) -> Option<String> {
        self.token.try_with_value(|token| token()).flatten()
    }

    /// Another token than the one that was refused, waited for.
    async fn other_than(self, refused: Option<String>) -> Option<String> {
        let since = now_ms();
        loop {
            let present = self.present_token();
            if present.is_some() && present != refused {
                return present;
            }
            let now = now_ms();
            let may_ask = |at: &mut i64| is_over(*at, now).then(|| *at = now);
            if self.renewed_at.try_update_value(may_ask).flatten().is_some() {
                self.renew.try_with_value(|renew| renew());
            }
            if is_over(since, now) {
                return None;
            }
            TimeoutFuture::new(LOOK_MS).await;
        }
    }
}

/// Whether what is waited for since then is waited for no longer. A clock that is set back ends it as well.
fn is_over(since: i64, now: i64) -> bool {
    !(since..since + RENEWAL_MS).contains(&now)
}

/// Whether the relay takes the token for none that holds, as it does when its time is over.
fn is_about_token(error: &FetchError) -> bool {
    matches!(error, FetchError::Refused { status: 401, .. })
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
    use super::{MARGIN_MS, RENEWAL_MS, address_in, ends_at, is_over};
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
    fn another_token_is_waited_for_no_longer_than_is_said() {
        assert!(!is_over(1_000, 1_000));
        assert!(!is_over(1_000, 999 + RENEWAL_MS));
        assert!(is_over(1_000, 1_000 + RENEWAL_MS));
        assert!(is_over(1_000, 999), "the clock is set back");
        assert!(is_over(0, 1_785_000_000_000), "it was never asked for");
    }

    #[test]
    fn a_link_is_not_used_in_its_last_seconds() {
        assert_eq!(ends_at(1_000, 540), 541_000 - MARGIN_MS);
        assert_eq!(ends_at(i64::MAX, 5), i64::MAX - MARGIN_MS);
    }
}
