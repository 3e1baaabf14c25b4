//! Database files that stores of this process have open.
//!
//! POSIX takes all locks of a process on a file away as soon as the process closes any descriptor of it. So
//! nothing but SQLite may open and close a file that a store has open: without its locks the store looks gone,
//! and the next process that closes the database deletes the log which the store still writes to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::lock::lock;
use crate::sqlite::open_error::OpenError;

/// How many places hold a file, by its path without links.
static HELD: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

/// A file that stays open until this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    path: PathBuf,
}

impl Held {
    /// Holds a file. Only if nobody in this process holds it yet, `look` may open and close it, and create it
    /// where there is none; two callers never look at the same time.
    pub(crate) fn hold(path: &Path, look: impl FnOnce() -> Result<(), OpenError>) -> Result<Self, OpenError> {
        let mut held = lock(&HELD);
        let known = std::fs::canonicalize(path).ok().filter(|path| held.contains_key(path));
        let path = if let Some(known) = known {
            known
        } else {
            look()?;
            std::fs::canonicalize(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?
        };
        *held.entry(path.clone()).or_insert(0) += 1;
        Ok(Self { path })
    }
}

impl Held {
    /// The file, without links.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = lock(&HELD);
        if let Some(count) = held.get_mut(&self.path) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.path);
            }
        }
    }
}
