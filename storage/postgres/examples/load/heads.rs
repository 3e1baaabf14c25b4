//! Heads of chains, saved outside of the servers: without them a chain does not show that its end is gone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use selene_contracts::shared::TenantId;
use selene_storage::SavedHead;

use crate::errors::Error;

/// The newest heads that were ever seen.
pub struct Heads {
    path: PathBuf,
    newest: BTreeMap<Option<TenantId>, SavedHead>,
}

impl Heads {
    /// The heads of a folder; none where there is no file yet.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("heads.json");
        let heads: Vec<SavedHead> = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|error| Error::Unreadable { path: path.clone(), line: error.line() })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(Error::File { path, error }),
        };
        let newest = heads.into_iter().map(|head| (head.tenant_id.clone(), head)).collect();
        Ok(Self { path, newest })
    }

    /// All of them.
    pub fn all(&self) -> Vec<SavedHead> {
        self.newest.values().cloned().collect()
    }

    /// Keeps what is newer. A head never goes back: that a chain did is what it has to show.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&mut self, heads: Vec<SavedHead>) -> Result<(), Error> {
        for head in heads {
            let kept = self.newest.entry(head.tenant_id.clone()).or_insert_with(|| head.clone());
            if kept.sequence < head.sequence {
                *kept = head;
            }
        }
        let text = serde_json::to_vec(&self.all()).expect("heads are plain values");
        let next = self.path.with_extension("next");
        let written = std::fs::write(&next, text).and_then(|()| std::fs::rename(&next, &self.path));
        written.map_err(|error| Error::File { path: self.path.clone(), error })
    }
}
