//! The one table of what the relay can be asked for, over HTTP and by frames of a socket, and of the permission that each verb
//! takes. A request that stands in no row is not answered (`http/access.rs`), and a frame without a row does not compile;
//! `docs/permissions.md` is written from here.

mod document;
mod frames;
mod verbs;

pub use document::document;
pub use frames::FrameVerb;
pub use verbs::{VERBS, find};

use portico_core::identity::{Permission, Principal};

/// What one kind of request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verb {
    /// Its method. `GET` stands for `HEAD` where there is no row for that.
    pub method: &'static str,
    /// Its path, as routes have it.
    pub path: &'static str,
    /// What it takes.
    pub access: Access,
    /// What it does.
    pub does: &'static str,
}

/// What a verb takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: it is for everyone, or its body is the proof.
    Open,
    /// A token whose bearer has this permission; others do not get as far as the verb.
    Requires(Permission, Denied),
    /// This permission of whom the verb itself proves, since there is another way than a bearer's token: a link, a form, a
    /// token that gets the next one.
    Proves(Permission, Denied),
}

impl Access {
    /// The permission; none where it is open.
    pub const fn permission(self) -> Option<Permission> {
        match self {
            Self::Open => None,
            Self::Requires(permission, _) | Self::Proves(permission, _) => Some(permission),
        }
    }
}

/// How a proven bearer without the permission is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// 403.
    Forbidden,
    /// 404, as for what is not there: whether it is there is not told to those who may not have it.
    NotFound,
    /// The same of a file.
    NoFile,
    /// 401 to all but apps, whose keys alone are taken; 403 to an app without the scope.
    NoKey,
}

impl Denied {
    /// The status that this principal is answered.
    pub const fn status(self, who: &Principal) -> u16 {
        match (self, who) {
            (Self::Forbidden, _) | (Self::NoKey, Principal::App(_)) => 403,
            (Self::NotFound | Self::NoFile, _) => 404,
            (Self::NoKey, Principal::Customer(_) | Principal::Staff(_) | Principal::Bot(_)) => 401,
        }
    }
}
