//! Roles: names for sets of permissions. Some come with the relay; the configuration adds others, or gives those of the relay
//! other permissions. What customers, bots and apps may do is in no role and the same everywhere.

use super::permission::{Permission, Permissions};
use super::{AppPrincipal, scope};
use crate::config::RoleConfig;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What all customers may do.
pub const OF_CUSTOMERS: Permissions = Permissions::of(&[
    Permission::SocketConnect,
    Permission::ConversationsRead,
    Permission::ConversationsEnd,
    Permission::MessagesPost,
    Permission::FilesWrite,
    Permission::FilesRead,
    Permission::SurveyLink,
    Permission::ConversationsStart,
    Permission::ConversationsDescribe,
    Permission::ConversationsEarlier,
    Permission::NotificationsSubscribe,
    Permission::CustomerErase,
]);

/// What all bots may do.
pub const OF_BOTS: Permissions = Permissions::of(&[
    Permission::SocketConnect,
    Permission::ConversationsRead,
    Permission::MessagesPost,
    Permission::FilesRead,
]);

/// What all contact-centre users may do, whatever their roles.
pub const OF_USERS: Permissions = Permissions::of(&[Permission::SessionOwn]);

/// What an app with the scope `activities:write` may do.
pub const OF_REPORTING_APPS: Permissions = Permissions::of(&[Permission::ActivitiesWrite, Permission::SurveyLink]);

const OF_EVALUATORS: Permissions = Permissions::of(&[
    Permission::SocketConnect,
    Permission::ConversationsRead,
    Permission::ConversationsReadAny,
    Permission::FilesRead,
    Permission::WrapupsRead,
    Permission::ActivitiesRead,
]);

const OF_AGENTS: Permissions = Permissions::of(&[
    Permission::SocketConnect,
    Permission::ConversationsRead,
    Permission::ConversationsServe,
    Permission::ConversationsLeave,
    Permission::ConversationsEnd,
    Permission::MessagesPost,
    Permission::FilesWrite,
    Permission::FilesRead,
    Permission::WrapupsRead,
    Permission::ActivitiesRead,
    Permission::CustomersRead,
    Permission::IdentitiesWrite,
    Permission::LabelsWrite,
    Permission::CustomersMerge,
    Permission::AttributesWrite,
    Permission::AttributesReveal,
]);

const OF_SUPERVISORS: Permissions = OF_EVALUATORS.and(Permissions::of(&[
    Permission::MessagesPost,
    Permission::FilesWrite,
    Permission::CustomersRead,
    Permission::IdentitiesWrite,
    Permission::LabelsWrite,
    Permission::CustomersMerge,
    Permission::AttributesWrite,
    Permission::AttributesReveal,
]));

const OF_ADMINISTRATORS: Permissions = OF_SUPERVISORS.and(Permissions::of(&[
    Permission::UsersRead,
    Permission::UsersManage,
    Permission::AuditRead,
    Permission::CustomersExport,
    Permission::ProgramsRead,
    Permission::ProgramsManage,
]));

/// The roles that come with the relay. `admin` is what `administrator` was called first.
pub const DEFAULTS: [(&str, Permissions); 5] = [
    ("agent", OF_AGENTS),
    ("supervisor", OF_SUPERVISORS),
    ("administrator", OF_ADMINISTRATORS),
    ("admin", OF_ADMINISTRATORS),
    ("evaluator", OF_EVALUATORS),
];

/// What a role may have: a user who opens conversations as a customer would be two people at once.
pub const FOR_ROLES: Permissions = OF_USERS.and(OF_AGENTS).and(OF_ADMINISTRATORS);

/// All roles and what they are good for. A cheap handle.
#[derive(Debug, Clone)]
pub struct Roles {
    by_name: Arc<BTreeMap<String, Permissions>>,
}

impl Roles {
    /// Those of the relay, and on top of them those of the configuration.
    pub fn new(configured: &BTreeMap<String, RoleConfig>) -> Self {
        let defaults = DEFAULTS.map(|(name, permissions)| (name.to_owned(), permissions));
        let configured = configured
            .iter()
            .map(|(name, role)| (name.clone(), Permissions::of(&role.permissions)));
        Self {
            by_name: Arc::new(defaults.into_iter().chain(configured).collect()),
        }
    }

    /// Whether there is such a role.
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The names of all, for people.
    pub fn names(&self) -> String {
        let names: Vec<_> = self.by_name.keys().map(String::as_str).collect();
        names.join(", ")
    }

    /// What a user with these roles may do. A role that is there no more is good for nothing.
    pub fn permissions(&self, roles: &[String]) -> Permissions {
        let granted = roles.iter().filter_map(|role| self.by_name.get(role));
        granted.fold(OF_USERS, |all, role| all.and(*role))
    }
}

/// What an app with the scope `identities:write` may do.
pub const OF_IDENTIFYING_APPS: Permissions = Permissions::of(&[Permission::IdentitiesWrite]);

/// What an app with the scope `labels:write` may do.
pub const OF_LABELLING_APPS: Permissions = Permissions::of(&[Permission::LabelsWrite]);

/// What an app with the scope `attributes:write` may do.
pub const OF_DESCRIBING_APPS: Permissions = Permissions::of(&[Permission::AttributesWrite]);

/// What scopes are good for.
const BY_SCOPE: [(&str, Permissions); 4] = [
    (scope::REPORT, OF_REPORTING_APPS),
    (scope::IDENTIFY, OF_IDENTIFYING_APPS),
    (scope::LABEL, OF_LABELLING_APPS),
    (scope::DESCRIBE, OF_DESCRIBING_APPS),
];

/// What an app may do by its scopes.
pub(super) fn of_app(app: &AppPrincipal) -> Permissions {
    let granted = BY_SCOPE
        .iter()
        .filter(|(scope, _)| app.scopes.iter().any(|held| held == scope));
    granted.fold(Permissions::NONE, |all, (_, permissions)| all.and(*permissions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_adds_roles_and_changes_those_that_there_are() {
        let role = |permissions: &[Permission]| RoleConfig {
            permissions: permissions.to_vec(),
        };
        let roles = Roles::new(&BTreeMap::from([
            ("agent".to_owned(), role(&[Permission::ConversationsRead])),
            ("trainee".to_owned(), role(&[Permission::WrapupsRead])),
        ]));
        let of = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
            roles
                .permissions(&names)
                .iter()
                .map(Permission::name)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&["agent"]), ["session:own", "conversations:read"]);
        assert_eq!(
            of(&["agent", "trainee"]),
            ["session:own", "conversations:read", "wrapups:read"]
        );
        assert_eq!(of(&["gone"]), ["session:own"]);
        assert_eq!(of(&["admin"]), of(&["administrator"]));
        assert!(roles.has("trainee") && roles.has("evaluator") && !roles.has("gone"));
    }
}
