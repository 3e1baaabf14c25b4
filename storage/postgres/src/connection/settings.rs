//! Settings of a server without which an answer would promise what is not so.

use crate::connection::Connection;
use crate::connection::catalog::row_of_texts;
use crate::open_error::OpenError;

/// Settings by their names in the server, and whether it is a standby.
const SETTINGS: [&str; 8] = [
    "pg_is_in_recovery()::text",
    "current_setting('fsync')",
    "current_setting('full_page_writes')",
    "current_setting('synchronous_commit')",
    "current_setting('synchronous_standby_names')",
    "current_setting('server_encoding')",
    "current_setting('transaction_isolation')",
    "current_setting('session_replication_role')",
];

/// Settings that keep damage from being told: damaged pages are read as if they were whole or empty, or one that the disk did not take is
/// given up without a word.
const HIDING: [&str; 4] =
    ["zero_damaged_pages", "ignore_checksum_failure", "ignore_invalid_pages", "data_sync_retry"];

/// The names of those that are on. Other engines do not have them.
fn hiding() -> String {
    let each = HIDING
        .map(|name| format!("CASE WHEN current_setting('{name}', true) = 'on' THEN '{name}' ELSE '' END"));
    each.join(" || ' ' || ")
}

/// Refuses a server whose answers would not hold.
///
/// # Errors
/// A setting is not as a store needs it, the server is a standby, or it cannot be asked.
pub(crate) fn check(connection: &Connection) -> Result<(), OpenError> {
    let found = row_of_texts(connection, &format!("SELECT {}, {}", SETTINGS.join(", "), hiding()))?;
    let [recovers, fsync, pages, commit, standbys, encoding, isolation, triggers, hiding] = &found;
    let found = Found { recovers, fsync, pages, commit, standbys, encoding, isolation, triggers, hiding };
    found.check()
}

/// What a server says of itself.
#[derive(Clone, Copy)]
struct Found<'a> {
    recovers: &'a str,
    fsync: &'a str,
    pages: &'a str,
    commit: &'a str,
    standbys: &'a str,
    encoding: &'a str,
    isolation: &'a str,
    triggers: &'a str,
    /// The names of settings that hide damage.
    hiding: &'a str,
}

impl Found<'_> {
    fn check(&self) -> Result<(), OpenError> {
        if self.recovers == "true" {
            return Err(OpenError::Standby);
        }
        // Where the server waits for standbys, a commit that does not wait until they have it on disk is less durable than the server
        // is meant to be. Without standbys these two are as durable as `on`.
        let commit: &[&str] = if self.standbys.trim().is_empty() {
            &["on", "remote_apply", "local", "remote_write"]
        } else {
            &["on", "remote_apply"]
        };
        for (setting, allowed, found) in [
            ("fsync", &["on"][..], self.fsync),
            ("full_page_writes", &["on"], self.pages),
            ("synchronous_commit", commit, self.commit),
            ("server_encoding", &["UTF8"], self.encoding),
            // The connection asks for it, so this is whether the server gives what it is asked for.
            ("transaction_isolation", &["read committed"], self.isolation),
            // As a replica, a session looks at no trigger and no foreign key.
            ("session_replication_role", &["origin", "local"], self.triggers),
        ] {
            if !allowed.contains(&found) {
                return Err(OpenError::Setting {
                    setting,
                    expected: allowed.join(" or "),
                    found: found.to_owned(),
                });
            }
        }
        let hides = |name: &&&str| self.hiding.split(' ').any(|found| found == **name);
        match HIDING.iter().find(hides) {
            Some(setting) => {
                Err(OpenError::Setting { setting, expected: "off".to_owned(), found: "on".to_owned() })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Found<'_> = Found {
        recovers: "false",
        fsync: "on",
        pages: "on",
        commit: "on",
        standbys: "",
        encoding: "UTF8",
        isolation: "read committed",
        triggers: "origin",
        hiding: "   ",
    };

    fn refused(found: Found<'_>) -> Option<&'static str> {
        match found.check() {
            Ok(()) => None,
            Err(OpenError::Setting { setting, .. }) => Some(setting),
            Err(OpenError::Standby) => Some("standby"),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn each_setting_that_breaks_a_promise_is_refused() {
        assert_eq!(refused(GOOD), None);
        assert_eq!(refused(Found { recovers: "true", ..GOOD }), Some("standby"));
        assert_eq!(refused(Found { fsync: "off", ..GOOD }), Some("fsync"));
        assert_eq!(refused(Found { pages: "off", ..GOOD }), Some("full_page_writes"));
        assert_eq!(refused(Found { commit: "off", ..GOOD }), Some("synchronous_commit"));
        assert_eq!(refused(Found { encoding: "LATIN1", ..GOOD }), Some("server_encoding"));
        assert_eq!(refused(Found { triggers: "replica", ..GOOD }), Some("session_replication_role"));
        assert_eq!(refused(Found { hiding: "   data_sync_retry", ..GOOD }), Some("data_sync_retry"));
        // PostgreSQL gives what it is asked for; another engine may not.
        assert_eq!(refused(Found { isolation: "serializable", ..GOOD }), Some("transaction_isolation"));
    }

    #[test]
    fn a_commit_waits_for_the_standbys_that_the_server_has() {
        for (standbys, commit, is_refused) in [
            ("", "local", false),
            ("", "remote_write", false),
            ("*", "local", true),
            ("FIRST 1 (a, b)", "remote_write", true),
            ("*", "on", false),
            ("*", "remote_apply", false),
        ] {
            let found = refused(Found { commit, standbys, ..GOOD });
            assert_eq!(found.is_some(), is_refused, "{standbys} {commit}");
        }
    }
}
