//! Whether a folder has changed since it was last acted upon, and is not being written right now.

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// The names and bytes of a folder's files in 32 bytes.
pub type FolderDigest = [u8; 32];

/// What was seen so far.
#[derive(Debug, Default)]
pub struct Changes {
    /// The state that was acted upon.
    acted: Option<FolderDigest>,
    /// The state of the look before.
    seen: Option<FolderDigest>,
}

impl Changes {
    /// Whether to act on the state that is seen now: the first one, and then each that differs from the one acted upon and was
    /// seen twice in a row, since an editor may write several files one after the other.
    pub fn settled(&mut self, now: FolderDigest) -> bool {
        let is_quiet = self.acted.is_none() || self.seen == Some(now);
        self.seen = Some(now);
        if is_quiet && self.acted != Some(now) {
            self.acted = Some(now);
            return true;
        }
        false
    }
}

/// Every file at any depth with its bytes, in the order of names. What cannot be read counts by its name alone: whoever reads it
/// then says so.
pub fn digest_of(folder: &Path) -> FolderDigest {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            // A link to a folder is not followed: it may lead back to where it lies.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                _ => files.push(entry.path()),
            }
        }
    }
    files.sort();
    let mut hasher = Sha256::new();
    for file in files {
        let name = file.to_string_lossy();
        let bytes = fs::read(&file).unwrap_or_default();
        for part in [name.as_bytes(), &bytes] {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_state_is_acted_upon_and_then_each_that_stays() {
        let [one, half, other] = [[1; 32], [2; 32], [3; 32]];
        let mut changes = Changes::default();
        let seen = [one, one, half, other, other, other, one, one, one, half, one];
        let acted = seen.map(|state| changes.settled(state));
        let wanted = [true, false, false, false, true, false, false, true, false, false, false];
        assert_eq!(acted, wanted);
    }

    #[test]
    fn a_digest_goes_by_names_and_bytes_at_any_depth() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path();
        fs::create_dir(path.join("ecm")).expect("a folder");
        fs::write(path.join("ecm/A.md"), "a").expect("a file");
        let first = digest_of(path);
        fs::write(path.join("ecm/A.md"), "a").expect("a file");
        assert_eq!(digest_of(path), first, "the same bytes again");
        fs::write(path.join("ecm/A.md"), "b").expect("a file");
        let second = digest_of(path);
        assert_ne!(second, first);
        fs::rename(path.join("ecm/A.md"), path.join("ecm/B.md")).expect("a name");
        assert_ne!(digest_of(path), second);
    }
}
