//! What may be said about roles, and which of them users have.

use super::{Check, is_path_segment};
use portico_core::config::BootstrapUser;
use portico_core::identity::{Roles, role};

impl Check<'_> {
    pub(super) fn roles(&mut self) {
        for (name, role) in &self.config.roles {
            let at = format!("roles.{name}");
            if !is_path_segment(name) {
                self.wrong(at.clone(), name, "letters, digits, - and _ make the name of a role");
            }
            for (index, permission) in role.permissions.iter().enumerate() {
                if !role::FOR_ROLES.contains(*permission) {
                    let what = "is not for users: only customers, bots or apps do what it allows";
                    self.wrong(format!("{at}.permissions[{index}]"), permission.name(), what);
                }
            }
        }
    }

    /// Whether a user has roles that there are.
    pub(super) fn roles_of(&mut self, at: &str, user: &BootstrapUser) {
        let roles = Roles::new(&self.config.roles);
        if user.roles.is_empty() {
            self.wrong(format!("{at}.roles"), "", format!("one or more of {}", roles.names()));
        }
        for (index, role) in user.roles.iter().enumerate() {
            if !roles.has(role) {
                let what = format!("expected one of {}", roles.names());
                self.wrong(format!("{at}.roles[{index}]"), role, what);
            }
        }
    }
}
