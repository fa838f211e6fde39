//! The tables as a page for people: `docs/permissions.md`.

use super::{Access, Denied, FrameVerb, VERBS};
use portico_core::identity::{Permission, Permissions, role};
use std::fmt::Write as _;

/// What stands before the tables.
const HEAD: &str = "\
# Permissions

This page is written from the table in `server/src/permissions`; a test compares them.

Every request and every frame takes one permission. Users have those of their roles, and whatever these are, `session:own`.
Customers, bots and apps have theirs by what they are. A permission says what somebody may do at all; in which conversations
and with which files follows from taking part, and what somebody may not know of is answered like what is not there.

Roles are made of permissions. Those below come with the relay; `[roles.NAME]` in the configuration adds others, or
takes the place of one that is there ([configuration](configuration.md#people-and-keys)). Sockets of users who lose a permission close within five seconds.
";

/// The page.
pub fn document() -> String {
    let mut page = HEAD.to_owned();
    permissions(&mut page);
    frames(&mut page);
    requests(&mut page);
    page
}

fn permissions(page: &mut String) {
    page.push_str("\n## What each one allows\n\n| permission | allows | users by role | others |\n|---|---|---|---|\n");
    for permission in Permission::ALL {
        let holders = |all: &[(&str, Permissions)]| {
            let holding = all.iter().filter(|(_, held)| held.contains(*permission));
            let names: Vec<_> = holding.map(|(name, _)| *name).collect();
            names.join(", ")
        };
        let users = if role::OF_USERS.contains(*permission) {
            "all".to_owned()
        } else {
            holders(&role::DEFAULTS)
        };
        let others = holders(&[
            ("customers", role::OF_CUSTOMERS),
            ("bots", role::OF_BOTS),
            ("apps with `activities:write`", role::OF_REPORTING_APPS),
            ("apps with `identities:write`", role::OF_IDENTIFYING_APPS),
            ("apps with `labels:write`", role::OF_LABELLING_APPS),
            ("apps with `attributes:write`", role::OF_DESCRIBING_APPS),
        ]);
        let means = permission.means();
        let _ = writeln!(page, "| `{permission}` | {means} | {users} | {others} |");
    }
    page.push_str("\n`admin` is what `administrator` was called first, and the same.\n");
}

fn frames(page: &mut String) {
    page.push_str(
        "\n## Frames\n\nWithout the permission a frame is refused as `forbidden`.\n\n\
         | frame | permission | does |\n|---|---|---|\n",
    );
    for frame in FrameVerb::ALL {
        let (name, permission, does) = (frame.name(), frame.permission(), frame.does());
        let _ = writeln!(page, "| `{name}` | `{permission}` | {does} |");
    }
}

fn requests(page: &mut String) {
    page.push_str(
        "\n## Requests\n\nWithout a token that is good, what takes a permission is answered 401. `HEAD` is `GET` where it has no line.\n\n\
         | request | permission | without it | does |\n|---|---|---|---|\n",
    );
    for verb in VERBS {
        let (permission, without) = match verb.access {
            Access::Open => ("none".to_owned(), ""),
            Access::Requires(permission, denied) | Access::Proves(permission, denied) => {
                (format!("`{permission}`"), answered(denied))
            }
        };
        let (method, path, does) = (verb.method, verb.path, verb.does);
        let _ = writeln!(page, "| `{method} {path}` | {permission} | {without} | {does} |");
    }
}

const fn answered(denied: Denied) -> &'static str {
    match denied {
        Denied::Forbidden => "403",
        Denied::NotFound | Denied::NoFile => "404",
        Denied::NoKey => "401; an app 403",
    }
}
