//! Whether the files that a store has open still lie at their place.
//!
//! A file that is deleted, renamed or replaced stays usable for whoever has it open, and everything that is written
//! to it then is lost with the last handle. So every commit asks for the files by their paths, before and after. Only
//! the system's directory is asked: a descriptor of a file that SQLite has open may not be closed (`held`). Where the
//! system reports such changes (`watch`), the paths are looked up only after a report.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::lock::lock;
use crate::sqlite::watch::Watch;

/// A file of the store that is no longer at its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misplaced {
    /// Nothing lies where the file was.
    #[error(
        "the {file} was deleted or renamed, or its folder was, while the store had it open; \
         nothing is written until the same file is back, or a store is opened anew"
    )]
    Gone {
        /// Which of the store's files.
        file: StoreFile,
    },
    /// Another file lies where the file was.
    #[error(
        "the {file} was replaced by another file while the store had it open; \
         nothing is written until the same file is back, or a store is opened anew"
    )]
    Replaced {
        /// Which of the store's files.
        file: StoreFile,
    },
    /// The system does not say what lies there.
    #[error("the {file} cannot be looked for ({reason}); nothing is written until it can")]
    Unseen {
        /// Which of the store's files.
        file: StoreFile,
        /// What the system says.
        reason: std::io::ErrorKind,
    },
    /// The file was opened as one that nobody changes, and somebody has.
    #[error(
        "the database file was changed by another program while it was open as a file that nobody changes; open it anew"
    )]
    Changed,
}

/// One of the files of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreFile {
    /// The file that the store was opened on.
    #[error("database file")]
    Database,
    /// What was committed and not yet carried into the database: `-wal`.
    #[error("log of the database (-wal)")]
    Log,
    /// What connections share about the log: `-shm`.
    #[error("index of the log (-shm)")]
    LogIndex,
}

/// Which file lies at a path, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileId {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl FileId {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    /// Elsewhere a system keeps open files from being deleted or renamed; there it is enough that there is one.
    #[cfg(not(unix))]
    fn of(_metadata: &Metadata) -> Self {
        Self {}
    }
}

/// A database file as it was when it was opened as one that nobody changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seal {
    file: FileId,
    bytes: u64,
    /// Seconds and nanoseconds, as the system keeps them with the file.
    modified: (i64, i64),
}

/// The files of one store.
#[derive(Debug)]
pub(crate) struct Presence {
    /// As the caller named it, so that a link which leads elsewhere now is seen.
    database: PathBuf,
    /// Beside the database itself, whatever links led to it.
    log: PathBuf,
    log_index: PathBuf,
    known: Mutex<Known>,
    watch: Mutex<Option<WatchState>>,
}

/// The watch on the files that are open, and what it has reported.
#[derive(Debug)]
struct WatchState {
    watch: Watch,
    /// The files were at their place when they were looked for last, and no change was reported since.
    is_settled: bool,
}

/// The files that are open.
#[derive(Debug, Default, Clone, Copy)]
struct Known {
    /// Known from the first connection on, and never another one.
    database: Option<FileId>,
    /// Known while the writing connection is open; the log of a closed database is deleted, which is right.
    log: Option<(FileId, FileId)>,
}

impl Presence {
    /// The files of a database by the path that was given and the one without links.
    pub(crate) fn new(given: &Path, real: &Path) -> Self {
        let beside = |suffix: &str| {
            let mut path = real.as_os_str().to_owned();
            path.push(suffix);
            PathBuf::from(path)
        };
        Self {
            database: given.to_owned(),
            log: beside("-wal"),
            log_index: beside("-shm"),
            known: Mutex::default(),
            watch: Mutex::default(),
        }
    }

    /// Opens something on the files, and makes sure that it is on those which the store has open: they are looked
    /// for before and after.
    pub(crate) fn around<T, E: From<Misplaced>>(&self, open: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.check()?;
        let before = id_at(&self.database, StoreFile::Database)?;
        let opened = open()?;
        expect(before, &self.database, StoreFile::Database)?;
        lock(&self.known).database.get_or_insert(before);
        Ok(opened)
    }

    /// Notes the log of the writing connection, which has just been used.
    pub(crate) fn note_log(&self) -> Result<(), Misplaced> {
        let ids = (id_at(&self.log, StoreFile::Log)?, id_at(&self.log_index, StoreFile::LogIndex)?);
        lock(&self.known).log = Some(ids);
        let watch = Watch::of(&[&self.database, &self.log, &self.log_index]);
        // Watched first and looked for afterwards: nothing can happen in between unseen.
        let watch = watch.filter(|_| is_without_links(&self.database));
        *lock(&self.watch) = watch.map(|watch| WatchState { watch, is_settled: false });
        Ok(())
    }

    /// The writing connection is closed; the next one may have another log.
    pub(crate) fn forget_log(&self) {
        lock(&self.known).log = None;
        *lock(&self.watch) = None;
    }

    /// As [`Presence::check`], but looks only where the system may have seen a change. Gives the length of the log
    /// where it was looked for.
    pub(crate) fn check_unless_quiet(&self) -> Result<Option<u64>, Misplaced> {
        if let Some(state) = lock(&self.watch).as_mut() {
            let is_quiet = state.watch.is_quiet();
            if is_quiet && state.is_settled {
                return Ok(None);
            }
            state.is_settled = false;
        }
        let bytes = self.check()?;
        if let Some(state) = lock(&self.watch).as_mut() {
            state.is_settled = true;
        }
        Ok(Some(bytes))
    }

    /// Refuses where a file that is open is not at its place. Gives the length of the log in bytes, as far as it is
    /// known.
    pub(crate) fn check(&self) -> Result<u64, Misplaced> {
        let known = *lock(&self.known);
        if let Some(database) = known.database {
            expect(database, &self.database, StoreFile::Database)?;
        }
        let Some((log, log_index)) = known.log else { return Ok(0) };
        let bytes = expect(log, &self.log, StoreFile::Log)?.len();
        expect(log_index, &self.log_index, StoreFile::LogIndex)?;
        Ok(bytes)
    }

    /// Whether the log at its place is another one than the store's, to be left alone when the store is closed.
    pub(crate) fn is_log_of_another(&self) -> bool {
        let known = lock(&self.known).log;
        known.is_some_and(|(log, _)| {
            matches!(expect(log, &self.log, StoreFile::Log), Err(Misplaced::Replaced { .. }))
        })
    }

    /// Bytes of the log that lies beside the database; zero where there is none.
    pub(crate) fn log_bytes(&self) -> Result<u64, Misplaced> {
        match metadata(&self.log, StoreFile::Log) {
            Ok(metadata) => Ok(metadata.len()),
            Err(Misplaced::Gone { .. }) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// The database file as it is now.
    pub(crate) fn seal(&self) -> Result<Seal, Misplaced> {
        let metadata = metadata(&self.database, StoreFile::Database)?;
        Ok(Seal { file: FileId::of(&metadata), bytes: metadata.len(), modified: modified(&metadata) })
    }

    /// Refuses where the file is not as it was, or has a log by now: whoever opened it as one that nobody changes
    /// may have read half of a change.
    pub(crate) fn check_seal(&self, seal: &Seal) -> Result<(), Misplaced> {
        if self.seal()? == *seal && self.log_bytes()? == 0 { Ok(()) } else { Err(Misplaced::Changed) }
    }
}

/// Whether a path leads over no link. One may be led elsewhere without any file or folder being touched, so a path with links cannot be
/// watched. A path with `..` can: the folder in front of it is one of those that lead to the file.
fn is_without_links(path: &Path) -> bool {
    path.ancestors().all(|place| std::fs::symlink_metadata(place).is_ok_and(|found| !found.is_symlink()))
}

#[cfg(unix)]
fn modified(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.mtime(), metadata.mtime_nsec())
}

/// Elsewhere a change is seen by the length alone.
#[cfg(not(unix))]
fn modified(_metadata: &Metadata) -> (i64, i64) {
    (0, 0)
}

fn metadata(path: &Path, file: StoreFile) -> Result<Metadata, Misplaced> {
    std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Misplaced::Gone { file },
        reason => Misplaced::Unseen { file, reason },
    })
}

fn id_at(path: &Path, file: StoreFile) -> Result<FileId, Misplaced> {
    metadata(path, file).map(|metadata| FileId::of(&metadata))
}

fn expect(expected: FileId, path: &Path, file: StoreFile) -> Result<Metadata, Misplaced> {
    let metadata = metadata(path, file)?;
    if FileId::of(&metadata) == expected { Ok(metadata) } else { Err(Misplaced::Replaced { file }) }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    use super::*;

    /// Files of a database in a folder, and the folder itself.
    fn files() -> (tempfile::TempDir, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().canonicalize().unwrap().join("folder");
        fs::create_dir_all(folder.join("inner")).unwrap();
        for name in ["db", "db-wal", "db-shm"] {
            fs::write(folder.join(name), "one").unwrap();
        }
        (root, folder)
    }

    /// The files as they are found by a path, opened, with a log.
    fn opened(given: &Path, folder: &Path) -> Presence {
        let presence = Presence::new(given, &folder.join("db"));
        presence.around(|| Ok::<(), Misplaced>(())).unwrap();
        presence.note_log().unwrap();
        assert!(presence.check_unless_quiet().unwrap().is_some(), "looked for once");
        presence
    }

    #[test]
    fn a_path_with_dots_is_watched_as_any_other() {
        let losses: [fn(&Path); 3] = [
            |folder| fs::remove_file(folder.join("db")).unwrap(),
            |folder| fs::rename(folder.join("db-wal"), folder.join("other")).unwrap(),
            |folder| fs::rename(folder.join("inner"), folder.join("moved")).unwrap(),
        ];
        for lose in losses {
            for given in ["db", "inner/../db"] {
                let (_root, folder) = files();
                let presence = opened(&folder.join(given), &folder);
                assert_eq!(
                    presence.check_unless_quiet(),
                    Ok(None),
                    "no change is reported, so nothing is looked for"
                );
                lose(&folder);
                let is_lost = presence.check().is_err();
                assert_eq!(presence.check_unless_quiet().is_err(), is_lost, "{given}");
            }
        }
    }

    #[test]
    fn a_path_over_a_link_is_looked_up_each_time() {
        let (root, folder) = files();
        let link = root.path().join("link");
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        let presence = opened(&link.join("db"), &folder);
        assert!(presence.check_unless_quiet().unwrap().is_some());
        fs::remove_file(&link).unwrap();
        assert!(presence.check_unless_quiet().is_err());
    }
}
