//! What pages called themselves that were read lately: a link that a bot sends to every customer is asked for once in a while.

use super::{Page, Unread};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long it is taken for true, in milliseconds.
const KEPT_MS: u64 = 10 * 60 * 1_000;

/// How long a server that did not answer is left alone, in milliseconds.
const LEFT_ALONE_MS: u64 = 60 * 1_000;

/// Pages that are kept. One more takes the place of all.
const MOST: usize = 500;

#[derive(Default)]
pub(super) struct Recent {
    pages: Mutex<HashMap<String, Known>>,
}

struct Known {
    until: u64,
    page: Result<Page, Unread>,
}

impl Recent {
    /// What was read behind an address lately. `now` is [`crate::clock::Clock::elapsed_ms`], here and below.
    pub(super) fn get(&self, url: &str, now: u64) -> Option<Result<Page, Unread>> {
        let pages = self.lock();
        let known = pages.get(url).filter(|known| now < known.until)?;
        Some(known.page.clone())
    }

    /// Keeps what was read, and nothing that is old: addresses may be secrets.
    pub(super) fn keep(&self, url: &str, page: &Result<Page, Unread>, now: u64) {
        let kept = match page {
            Err(Unread::Unreachable) => LEFT_ALONE_MS,
            Ok(_) | Err(Unread::Refused | Unread::NoPage) => KEPT_MS,
        };
        let mut pages = self.lock();
        pages.retain(|_, known| now < known.until);
        if pages.len() >= MOST {
            pages.clear();
        }
        let until = now.saturating_add(kept);
        let page = page.clone();
        pages.insert(url.to_owned(), Known { until, page });
    }

    /// A panic while the lock was held leaves whole entries behind.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(title: &str) -> Result<Page, Unread> {
        Ok(Page {
            title: title.to_owned(),
            description: None,
            site: None,
        })
    }

    #[test]
    fn a_page_is_known_for_a_while_and_a_silent_server_is_asked_again_sooner() {
        let recent = Recent::default();
        recent.keep("a", &page("A"), 0);
        recent.keep("b", &Err(Unread::NoPage), 0);
        recent.keep("c", &Err(Unread::Unreachable), 0);
        assert_eq!(recent.get("a", KEPT_MS - 1), Some(page("A")));
        assert_eq!(recent.get("b", 1), Some(Err(Unread::NoPage)));
        assert_eq!(recent.get("c", LEFT_ALONE_MS - 1), Some(Err(Unread::Unreachable)));
        assert_eq!(recent.get("c", LEFT_ALONE_MS), None);
        assert_eq!(recent.get("a", KEPT_MS), None);
        recent.keep("d", &page("D"), KEPT_MS);
        assert_eq!(recent.lock().len(), 1, "what is old is forgotten");
    }

    #[test]
    fn no_more_than_a_bounded_number_is_kept() {
        let recent = Recent::default();
        for n in 0..3 * MOST {
            recent.keep(&n.to_string(), &page("A"), 0);
        }
        assert!(recent.lock().len() <= MOST);
        assert_eq!(recent.get(&(3 * MOST - 1).to_string(), 1), Some(page("A")));
    }
}
