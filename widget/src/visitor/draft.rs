//! The draft of each tab. Two tabs of one visitor have two drafts, and none takes the place of another one: a tab has its own over a
//! reload, and one that is new begins with the newest.
//!
//! A tab's own draft is in the browser's storage for the tab, which no other tab can clear. So it counts only together with a mark in
//! the storage of all tabs: when the visitor is forgotten in one of them, the drafts of all are.

use portico_ui::storage::ScopedStorage;

/// The key of a draft: of the newest one in the storage of all tabs, and of a tab's own in the tab's.
pub(super) const DRAFT: &str = "draft";

/// The key of the mark.
pub(super) const MARK: &str = "drafts";

/// Between the mark and the text of a tab's own draft. No mark has it.
const END_OF_MARK: char = '\n';

/// What a tab shows: its own draft, which may be empty, or else the newest one.
pub(super) fn read(all: &ScopedStorage, tab: &ScopedStorage) -> String {
    own(all, tab).or_else(|| all.get(DRAFT)).unwrap_or_default()
}

/// The tab's own draft, if it has one of this visitor.
pub(super) fn own(all: &ScopedStorage, tab: &ScopedStorage) -> Option<String> {
    let kept = tab.get(DRAFT)?;
    let (mark, text) = kept.split_once(END_OF_MARK)?;
    (all.get(MARK).as_deref() == Some(mark)).then(|| text.to_owned())
}

/// Keeps a draft as this tab's, and as the newest. An empty one leaves the newest alone, unless that is this tab's.
pub(super) fn keep(all: &ScopedStorage, tab: &ScopedStorage, text: &str, new_mark: impl FnOnce() -> String) {
    let before = read(all, tab);
    if text.is_empty() && before.is_empty() {
        return;
    }
    let mark = all.get(MARK).unwrap_or_else(|| {
        let mark = new_mark();
        all.put(MARK, &mark);
        mark
    });
    tab.put(
        DRAFT,
        &[&mark, END_OF_MARK.encode_utf8(&mut [0; 4]) as &str, text].concat(),
    );
    match text {
        "" if all.get(DRAFT).is_some_and(|newest| newest == before) => all.remove(DRAFT),
        "" => {}
        text => all.put(DRAFT, text),
    }
}

/// The drafts of a visitor's tabs are those of the customer that the visitor turns out to be. One who has a mark keeps it, and with it
/// the drafts of tabs that were signed in before.
pub(super) fn adopt_mark(visitor: &ScopedStorage, customer: &ScopedStorage) {
    if customer.get(MARK).is_none()
        && let Some(mark) = visitor.get(MARK)
    {
        customer.put(MARK, &mark);
    }
}

/// No tab has a draft any more.
pub(super) fn forget(all: &ScopedStorage, tab: &ScopedStorage) {
    all.remove(DRAFT);
    all.remove(MARK);
    tab.remove(DRAFT);
}

#[cfg(test)]
mod tests {
    use super::{forget, keep, own, read};
    use portico_ui::storage::ScopedStorage;

    struct Browser {
        all: ScopedStorage,
        tabs: [ScopedStorage; 3],
    }

    impl Browser {
        fn new() -> Self {
            Self {
                all: ScopedStorage::of_page("all."),
                tabs: [(); 3].map(|()| ScopedStorage::of_page("tab.")),
            }
        }

        fn writes(&self, tab: usize, text: &str) {
            keep(&self.all, &self.tabs[tab], text, || format!("mark of {tab}"));
        }

        fn shows(&self, tab: usize) -> String {
            read(&self.all, &self.tabs[tab])
        }
    }

    #[test]
    fn each_tab_has_its_own_draft_and_a_new_one_the_newest() {
        let browser = Browser::new();
        browser.writes(0, "My parcel");
        browser.writes(1, "Half a");
        assert_eq!(
            [0, 1, 2].map(|tab| browser.shows(tab)),
            ["My parcel", "Half a", "Half a"]
        );
        browser.writes(0, "My parcel is");
        assert_eq!(
            [0, 1, 2].map(|tab| browser.shows(tab)),
            ["My parcel is", "Half a", "My parcel is"]
        );
    }

    #[test]
    fn what_one_tab_has_sent_takes_no_draft_of_another_one_away() {
        let browser = Browser::new();
        browser.writes(0, "My parcel");
        browser.writes(1, "Half a");
        browser.writes(0, "");
        assert_eq!([0, 1, 2].map(|tab| browser.shows(tab)), ["", "Half a", "Half a"]);
        browser.writes(1, "");
        assert_eq!([0, 1, 2].map(|tab| browser.shows(tab)), ["", "", ""]);
        assert_eq!(browser.all.get("draft"), None);
    }

    #[test]
    fn a_tab_that_sends_the_newest_draft_which_it_began_with_leaves_none() {
        let browser = Browser::new();
        browser.writes(0, "My parcel");
        browser.writes(2, "");
        assert_eq!([1, 2].map(|tab| browser.shows(tab)), ["", ""]);
        assert_eq!(
            browser.shows(0),
            "My parcel",
            "which that one's person may still change"
        );
    }

    #[test]
    fn nothing_is_kept_where_nothing_was_written() {
        let browser = Browser::new();
        browser.writes(0, "");
        assert_eq!((browser.all.all(), browser.tabs[0].all()), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_visitor_who_is_forgotten_in_one_tab_leaves_no_draft_in_another() {
        let browser = Browser::new();
        browser.writes(0, "My parcel");
        browser.writes(1, "Half a");
        forget(&browser.all, &browser.tabs[0]);
        assert_eq!([0, 1, 2].map(|tab| browser.shows(tab)), ["", "", ""]);
        keep(&browser.all, &browser.tabs[0], "I am another", || {
            "another mark".to_owned()
        });
        assert_eq!(own(&browser.all, &browser.tabs[1]), None);
        assert_eq!(browser.shows(1), "I am another");
    }
}
