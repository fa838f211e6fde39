//! Browser parts that widget and desk share, as components of Leptos: the driver of the session ([`net`]), the chat's
//! text ([`text`]), message bodies ([`body`]), files that are sent ([`attachments`]) and read ([`file_links`]), the
//! document's language ([`i18n`]), and small things: [`avatar`], [`icon`], [`send_state`], [`time`], [`a11y`], [`parts`], [`browser`], [`storage`], [`scroll`],
//! [`alerts`], [`earlier`], [`emoji`], [`ended`], [`transcript`], [`translators`].
//!
//! Two rules hold everywhere. No string becomes HTML: text becomes text nodes, and an address becomes a link only
//! through [`browser::safe_url`]. And components are functions in builder syntax rather than in the `view!` macro:
//! the macro turns subtrees without dynamic parts into `innerHTML`, which a page under Trusted Types refuses. At its
//! border a component is an `AnyView`, so that its types stay its own.
//!
//! The classes that the views carry are styled in `style/`, on the design tokens.

pub mod a11y;
pub mod alerts;
pub mod attachments;
pub mod avatar;
pub mod body;
pub mod browser;
pub mod earlier;
pub mod emoji;
pub mod ended;
pub mod fetch;
pub mod file_links;
mod file_size;
pub mod i18n;
pub mod icon;
pub mod lock;
mod money;
pub mod net;
pub mod parts;
pub mod quote;
pub mod reactive;
pub mod scroll;
pub mod send_state;
pub mod storage;
pub mod text;
pub mod time;
pub mod transcript;
pub mod translators;
