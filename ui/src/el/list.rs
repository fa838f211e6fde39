//! Children by key: one that stays keeps its element, its focus and its listeners.

use super::{El, insert};
use crate::browser::document;
use crate::keyed::Keyed;
use crate::state::{Owner, effect, untracked};
use std::rc::Rc;

type Keys = Box<dyn FnMut() -> Vec<Rc<str>>>;
type Make = Box<dyn FnMut(&Rc<str>) -> El>;

/// One child, and what ends with it.
struct Kept {
    el: El,
    owner: Owner,
}

impl El {
    /// Adds one child per key, in the order of the keys. `make` is called once for each key that appears; what it
    /// shows later is up to what it listens to.
    #[must_use]
    pub fn list(
        self,
        keys: impl FnMut() -> Vec<Rc<str>> + 'static,
        make: impl FnMut(&Rc<str>) -> El + 'static,
    ) -> Self {
        self.keyed(Box::new(keys), Box::new(make))
    }

    fn keyed(self, mut keys: Keys, mut make: Make) -> Self {
        let parent = self.0.clone();
        let start = document().create_comment("");
        insert(&parent, &start, None);
        insert(&parent, &document().create_comment(""), None);
        let above = Owner::new();
        let mut there: Keyed<Option<Kept>> = Keyed::default();
        effect(Box::new(move || {
            let keys = keys();
            let mut old = std::mem::take(&mut there);
            let mut next = start.next_sibling();
            let mut made = Vec::with_capacity(keys.len());
            for key in keys {
                let kept = old.find(&key).and_then(Option::take).unwrap_or_else(|| {
                    let owner = above.child();
                    let el = owner.with(|| untracked(|| make(&key)));
                    Kept { el, owner }
                });
                made.push((key, kept));
            }
            for gone in old.into_values().flatten() {
                if next.as_ref().is_some_and(|next| next.is_same_node(Some(&gone.el.0))) {
                    next = gone.el.0.next_sibling();
                }
                gone.el.0.remove();
                drop(gone.owner);
            }
            for (key, kept) in made {
                if next.as_ref().is_some_and(|next| next.is_same_node(Some(&kept.el.0))) {
                    next = kept.el.0.next_sibling();
                } else {
                    insert(&parent, &kept.el.0, next.as_ref());
                }
                there.push(key, Some(kept));
            }
        }));
        self
    }
}
