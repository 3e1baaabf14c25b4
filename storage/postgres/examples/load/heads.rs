//! Heads of chains, saved outside of the servers: without them a chain does not show that its end is gone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use selene_contracts::shared::TenantId;
use selene_storage::SavedHead;

use crate::errors::Error;

/// All heads that were ever seen. The newest alone would not do: a chain that lost its end grows again, and its next head is newer than
/// what would have shown the loss.
pub struct Heads {
    path: PathBuf,
    seen: BTreeMap<Place, SavedHead>,
}

/// The chain, the place in it, and the hash there.
type Place = (Option<TenantId>, u64, [u8; 32]);

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
        let seen = heads.into_iter().map(|head| (place(&head), head)).collect();
        Ok(Self { path, seen })
    }

    /// The newest head of every chain that was seen, by tenant.
    pub fn all(&self) -> Vec<SavedHead> {
        self.seen.values().cloned().collect()
    }

    /// Keeps more of them.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&mut self, heads: Vec<SavedHead>) -> Result<(), Error> {
        self.seen.extend(heads.into_iter().map(|head| (place(&head), head)));
        let text = serde_json::to_vec(&self.all()).expect("heads are plain values");
        let next = self.path.with_extension("next");
        let written = std::fs::write(&next, text).and_then(|()| std::fs::rename(&next, &self.path));
        written.map_err(|error| Error::File { path: self.path.clone(), error })
    }
}

fn place(head: &SavedHead) -> Place {
    (head.tenant_id.clone(), head.sequence, head.hash.0)
}
