//! What a customer shares beside words and files: a place, the details of a contact, a photo taken now.
//!
//! It is a part that is fetched with the first press on its button. [`menu()`] is unfolded by that, and [`mod@dialog`] stands
//! in the place where the visitor else writes until the one thing is sent or not.

mod contact;
mod dialog;
mod geolocation;
mod location;
mod menu;

pub(crate) use dialog::dialog;
pub(crate) use menu::menu;
