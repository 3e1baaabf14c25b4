//! The contracts as they are committed, and the names that a database has by them.

use std::fs;
use std::path::Path;

use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::schema::{Dialect, Schema};
use selene_codegen::yaml;

/// The contract of every engine, in the order of their files, and what they share.
#[derive(Debug)]
pub struct Contracts {
    /// The contracts, one for each engine.
    pub engines: Vec<Contract>,
    /// What every engine may use.
    pub shared: SharedContract,
}

impl Contracts {
    /// Reads those of a workspace.
    ///
    /// # Panics
    /// A file is no contract.
    #[must_use]
    pub fn read(workspace: &Path) -> Self {
        let folder = workspace.join("generated/contracts");
        let text = |name: &str| {
            fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        let shared = yaml::from_str(&text("shared.yaml")).expect("shared.yaml is a contract");
        let mut names: Vec<String> = fs::read_dir(&folder)
            .expect("the contracts can be listed")
            .map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name != "shared.yaml")
            .collect();
        names.sort();
        let read =
            |name: &String| yaml::from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { engines: names.iter().map(read).collect(), shared }
    }

    /// The schema that they make.
    ///
    /// # Panics
    /// They contradict each other.
    #[must_use]
    pub fn schema(&self) -> Schema {
        Schema::of(&self.engines, &self.shared).expect("the contracts make a schema")
    }

    /// The names of the triggers on a table, each with what it watches: `UPDATE`, `DELETE`.
    ///
    /// # Panics
    /// The table has none.
    #[must_use]
    pub fn triggers(&self, dialect: Dialect, table: &str) -> Vec<(String, String)> {
        let schema = self.schema();
        let table = schema.table(table).unwrap_or_else(|| panic!("{table} is in no contract"));
        let statements = dialect.statements(&[table]);
        // CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
        let trigger = |statement: &String| {
            let mut words = statement.strip_prefix("CREATE TRIGGER ")?.split_whitespace();
            let (name, event) = (words.next()?, words.nth(1)?);
            Some((name.to_owned(), event.to_owned()))
        };
        let triggers: Vec<_> = statements.iter().filter_map(trigger).collect();
        assert!(!triggers.is_empty(), "{} has no trigger", table.name);
        triggers
    }

    /// The name of the trigger on a table that watches `event`.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn trigger(&self, dialect: Dialect, table: &str, event: &str) -> String {
        let found = self.triggers(dialect, table).into_iter().find(|(_, watched)| watched == event);
        found.map_or_else(|| panic!("no trigger of {table} watches {event}"), |(name, _)| name)
    }
}
