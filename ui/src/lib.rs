//! Browser parts that widget and desk share: the driver of the session ([`net`]), the chat's text ([`text`]), message
//! bodies ([`body`]), and small things: [`avatar`], [`icon`], [`time`], [`a11y`], [`browser`].
//!
//! Two rules hold everywhere. No string becomes HTML: text becomes text nodes, and an address becomes a link only
//! through [`browser::safe_url`]. And views are elements of the browser ([`el`]) with states ([`state`]) on
//! them rather than the `view!` macro: the macro turns subtrees without dynamic parts into `innerHTML`, which a page
//! under Trusted Types refuses, and its types cost the widget twice its budget. Functions named `draw` answer
//! elements; those beside them answer Leptos views, for documents built with Leptos' own elements.
//!
//! The classes that the views carry are styled in `style/`, on the design tokens.

pub mod a11y;
pub mod avatar;
pub mod body;
pub mod browser;
pub mod el;
pub mod fetch;
pub mod icon;
pub mod keyed;
pub mod net;
pub mod state;
pub mod text;
pub mod time;
