//! How a store is copied, and what that means for either end.

use std::time::Duration;

use selene_storage::StoreOptions;

use crate::server::PostgresOptions;

/// How a store is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyOptions {
    /// The role of the stores on the server. Where it is given, the owner makes the tables that are missing and gives it its rights.
    pub role: Option<String>,
    /// How long to wait for another program that has the file or rows of the server locked.
    pub busy_timeout: Duration,
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self { role: None, busy_timeout: Duration::from_secs(5) }
    }
}

impl CopyOptions {
    /// Those of the file.
    pub(super) fn of_file(&self) -> StoreOptions {
        let mut options = StoreOptions::default();
        options.busy_timeout = self.busy_timeout;
        options
    }

    /// Those of the server. A transaction of a copy stands still while the other end works, and is not ended for it.
    pub(super) fn of_server(&self) -> PostgresOptions {
        PostgresOptions {
            // The server takes no time at all for no bound.
            lock_timeout: self.busy_timeout.max(Duration::from_millis(1)),
            idle_timeout: Duration::ZERO,
            unused_timeout: Duration::ZERO,
            ..PostgresOptions::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_for_nobody_does_not_wait_for_ever() {
        let mut options = CopyOptions { busy_timeout: Duration::ZERO, ..CopyOptions::default() };
        assert_eq!(options.of_server().lock_timeout, Duration::from_millis(1));
        options.busy_timeout = Duration::from_secs(7);
        assert_eq!(options.of_server().lock_timeout, Duration::from_secs(7));
    }
}
