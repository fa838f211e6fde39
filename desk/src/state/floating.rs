//! What floats above the console: a dialog, and a short sentence.

use super::{Desk, Dialog};
use crate::i18n::t;
use leptos::prelude::*;

impl Desk {
    /// Lays a dialog over the console, or takes it away.
    pub(crate) fn set_dialog(self, dialog: Option<Dialog>) {
        self.dialog.set(dialog);
    }

    /// What was to lie over the console did not come; it is fetched anew when it is asked for again.
    pub fn dialog_failed(self) {
        self.set_dialog(None);
        self.show_toast(t().part_failed());
    }

    /// Shows a short sentence about what was asked for.
    pub(crate) fn show_toast(self, words: &'static str) {
        self.toast.set(Some(words));
    }

    /// The agent has read the toast.
    pub(crate) fn dismiss_toast(self) {
        self.toast.set(None);
    }
}
