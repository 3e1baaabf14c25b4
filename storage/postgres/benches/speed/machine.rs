//! What the figures depend on: the machine, the server and its settings.

use crate::database::Database;

/// Settings that say how much a commit costs.
const SETTINGS: [&str; 8] = [
    "server_version",
    "fsync",
    "synchronous_commit",
    "wal_level",
    "wal_sync_method",
    "shared_buffers",
    "max_wal_size",
    "checkpoint_timeout",
];

/// One sentence for each.
pub fn describe(database: &Database) -> String {
    let setting = |name: &str| {
        let sql = format!("SELECT current_setting('{name}')");
        let found = database.raw().texts(&sql).unwrap_or_else(|error| panic!("{error}"));
        found.into_iter().next().unwrap_or_default()
    };
    let settings: Vec<String> =
        SETTINGS[1..].iter().map(|name| format!("{name} {}", setting(name))).collect();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let is_remote = "SELECT (inet_server_addr() IS NOT NULL)::text";
    let is_remote = database.raw().texts(is_remote).is_ok_and(|found| found == ["true"]);
    format!(
        "PostgreSQL {} and its callers share {cores} cores, {}; {}.",
        setting(SETTINGS[0]),
        if is_remote { "over TCP" } else { "over a socket of the machine" },
        settings.join(", "),
    )
}
