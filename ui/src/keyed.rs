//! Values by key, in an order that changes little: looking keys up in that order costs one comparison each. A hash
//! map per kind of value would be more program than all lists of a chat are worth.

use std::rc::Rc;

/// Values by key.
pub struct Keyed<T> {
    items: Vec<(Rc<str>, T)>,
    /// Where the key after the last one that was found stands, if the order has not changed.
    next: usize,
}

impl<T> Keyed<T> {
    /// Keys are looked up from the beginning again.
    pub fn rewind(&mut self) {
        self.next = 0;
    }

    /// The value of a key.
    pub fn find(&mut self, key: &str) -> Option<&mut T> {
        let length = self.items.len();
        let at = (0..length)
            .map(|step| (self.next + step) % length)
            .find(|at| *self.items[*at].0 == *key)?;
        self.next = at + 1;
        Some(&mut self.items[at].1)
    }

    /// Adds a value whose key is not there.
    pub fn push(&mut self, key: Rc<str>, value: T) {
        self.items.push((key, value));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Keeps the values that `keep` names.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.items.retain(|(key, _)| keep(key));
    }

    /// All values.
    pub fn into_values(self) -> impl Iterator<Item = T> {
        self.items.into_iter().map(|(_, value)| value)
    }
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next: 0,
        }
    }
}
