//! What somebody may do, as names that roles are made of. Each verb of the relay takes one of them; which of a user's own
//! conversations and files it reaches then is told by the conversation, not by a permission.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! permissions {
    ($($variant:ident = $name:literal, $means:literal;)*) => {
        /// The right to one kind of act.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Permission {
            $(
                #[doc = $means]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl Permission {
            /// All that there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What roles and documents call it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it allows, in words.
            pub const fn means(self) -> &'static str {
                match self {
                    $(Self::$variant => $means,)*
                }
            }
        }
    };
}

permissions! {
    SessionOwn = "session:own", "Learn who one is, be not ready, and sign out.";
    SocketConnect = "socket:connect", "Have a socket: see the own conversations in a list, and what happens in them.";
    ConversationsRead = "conversations:read",
        "Read the conversations that one takes part in or is offered, and say how far one has read.";
    ConversationsReadAny = "conversations:read_any",
        "Do in every conversation what one may do in the own ones: read, open files, write to those who serve it.";
    ConversationsServe = "conversations:serve", "Be ready, be offered conversations, and take them.";
    ConversationsLeave = "conversations:leave", "Leave a conversation that one serves.";
    ConversationsEnd = "conversations:end", "End a conversation that one takes part in.";
    MessagesPost = "messages:post",
        "Write, and be seen writing: to the customer where one takes part, to colleagues where one may read.";
    FilesWrite = "files:write", "Upload files, and delete those that are not posted.";
    FilesRead = "files:read", "Open the files of messages that one may read.";
    WrapupsRead = "wrapups:read", "Read the wrap-up codes.";
    ActivitiesRead = "activities:read",
        "Read what was reported of a customer beside its conversations.";
    ActivitiesWrite = "activities:write", "Report activities.";
    CustomersRead = "customers:read",
        "Look customers up, addresses in part but for those whom one serves, or with conversations:read_any.";
    IdentitiesWrite = "identities:write",
        "Say by what customers are known: users of those whom they serve, or with conversations:read_any of all.";
    LabelsWrite = "labels:write",
        "Label customers: users those whom they serve, or with conversations:read_any all.";
    CustomersMerge = "customers:merge",
        "Show two customers as one and undo it: if one serves one of them, or with conversations:read_any.";
    AttributesWrite = "attributes:write",
        "Note attributes of customers: users of those whom they serve, or with conversations:read_any of all.";
    AttributesReveal = "attributes:reveal",
        "See personal attributes of a customer, each time with a record: of those whom one serves, or with conversations:read_any of all.";
    CustomersExport = "customers:export", "Have all that is known of a customer, whoever it is, as a file.";
    SurveyLink = "survey:link", "Have a link to the survey of a conversation that is over.";
    UsersRead = "users:read", "See all contact-centre users, and where they are signed in.";
    UsersManage = "users:manage",
        "Disable and enable users, give them other roles, and end their sessions: as good as every permission of a role.";
    AuditRead = "audit:read", "Read the audit log: who did what.";
    ProgramsRead = "programs:read",
        "See all bots and apps, how their keys begin, and when and from which network those were used.";
    ProgramsManage = "programs:manage",
        "Register bots and apps, change and disable them, and make and retire their keys: as good as all that those may do.";
    ConversationsStart = "conversations:start", "Open a conversation.";
    ConversationsDescribe = "conversations:describe", "Say what one's page knows of oneself.";
    ConversationsEarlier = "conversations:earlier", "List the own conversations that are over, if the site vouches for one.";
    NotificationsSubscribe = "notifications:subscribe", "Be told of answers while no page is open.";
    CustomerErase = "customer:erase", "Have all erased that is known of oneself.";
}

/// Some permissions.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u64);

const _: () = assert!(Permission::ALL.len() <= u64::BITS as usize);

impl Permissions {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// These.
    pub const fn of(permissions: &[Permission]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < permissions.len() {
            bits |= bit(permissions[at]);
            at += 1;
        }
        Self(bits)
    }

    /// Whether this one is among them.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Each of them, in the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        let all = Permission::ALL.iter().copied();
        all.filter(move |permission| self.contains(*permission))
    }
}

const fn bit(permission: Permission) -> u64 {
    1 << permission as u64
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::name)).finish()
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_into_it_and_nothing_else() {
        let some = Permissions::of(&[Permission::FilesRead, Permission::SessionOwn]);
        let all = Permission::ALL.iter().filter(|permission| some.contains(**permission));
        assert_eq!(all.count(), 2);
        let more = some.and(Permissions::of(&[Permission::CustomerErase, Permission::FilesRead]));
        assert_eq!(
            more.iter().map(Permission::name).collect::<Vec<_>>(),
            ["session:own", "files:read", "customer:erase"]
        );
        assert_eq!(Permissions::NONE.iter().count(), 0);
    }

    #[test]
    fn no_two_permissions_have_one_name() {
        let mut names: Vec<_> = Permission::ALL.iter().map(|permission| permission.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Permission::ALL.len());
    }
}
