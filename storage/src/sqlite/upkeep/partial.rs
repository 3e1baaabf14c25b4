//! A file on its way: it lies under another name, which says so, until it is whole.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::error::UpkeepError;

/// What is put behind the name of a file that is on its way.
const SUFFIX: &str = ".partial";

/// What SQLite puts beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file on its way. Unless it gets its name or shall stay, it is deleted; what a killed process left is replaced by the next one.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    to: PathBuf,
    /// Open and locked, so that no other process takes it for what a killed one left.
    file: File,
    /// Whether it is left where it lies when this is dropped: it has its name, or is gone on with later.
    stays: bool,
}

impl Partial {
    /// Creates an empty file that shall get a name which nothing has, readable by its owner only.
    pub(super) fn create(to: &Path) -> Result<Self, UpkeepError> {
        let to = std::path::absolute(to).map_err(UpkeepError::file(to))?;
        refuse_taken(&to)?;
        let path = with(&to, SUFFIX);
        let file = match create(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                remove_left(&path)?;
                create(&path)
            }
            created => created,
        };
        let file = file.map_err(UpkeepError::file(&path))?;
        if !is_locked_by_us(&file, &path) {
            return Err(UpkeepError::Busy(path));
        }
        remove_beside(&path);
        Ok(Self { path, to, file, stays: false })
    }

    /// What a process that was killed left of a file that shall get this name; none where there is nothing. Unless it shall stay, it is
    /// deleted when this is dropped.
    pub(super) fn left(to: &Path) -> Result<Option<Self>, UpkeepError> {
        let to = std::path::absolute(to).map_err(UpkeepError::file(to))?;
        refuse_taken(&to)?;
        let path = with(&to, SUFFIX);
        match open_left(&path) {
            Ok(file) => Ok(Some(Self { path, to, file, stays: false })),
            Err(UpkeepError::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The same, and it is not deleted any more.
    pub(super) fn staying(mut self) -> Self {
        self.stays = true;
        self
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file to the disk, and nothing of its name.
    pub(super) fn sync(&self) -> Result<(), UpkeepError> {
        self.file.sync_all().map_err(UpkeepError::file(&self.path))
    }

    /// Gives it its name in one step, if nothing has it by now, and writes that to the disk.
    pub(super) fn name(mut self) -> Result<(), UpkeepError> {
        refuse_taken(&self.to)?;
        rename_to_new(&self.path, &self.to).map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => UpkeepError::Exists(self.to.clone()),
            _ => UpkeepError::File { path: self.to.clone(), source },
        })?;
        self.stays = true;
        remove_beside(&self.path);
        sync_folder(&self.to).map_err(UpkeepError::file(&self.to))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.stays {
            // What cannot be removed is replaced by the next one.
            let _ = std::fs::remove_file(&self.path);
            remove_beside(&self.path);
        }
    }
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Refuses a name that something has, or that has files beside it which SQLite would take for its own.
fn refuse_taken(to: &Path) -> Result<(), UpkeepError> {
    let taken = std::iter::once(to.to_owned()).chain(BESIDE.map(|suffix| with(to, suffix)));
    for path in taken {
        match std::fs::symlink_metadata(&path) {
            Ok(_) => return Err(UpkeepError::Exists(path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(UpkeepError::File { path, source }),
        }
    }
    Ok(())
}

fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes what a killed process left, unless a living one writes it.
fn remove_left(path: &Path) -> Result<(), UpkeepError> {
    let _left = open_left(path)?;
    std::fs::remove_file(path).map_err(UpkeepError::file(path))
}

/// Opens what a killed process left, unless a living one writes it.
fn open_left(path: &Path) -> Result<File, UpkeepError> {
    let metadata = std::fs::symlink_metadata(path).map_err(UpkeepError::file(path))?;
    if !metadata.is_file() {
        return Err(UpkeepError::Exists(path.to_owned()));
    }
    let left = OpenOptions::new().read(true).write(true).open(path).map_err(UpkeepError::file(path))?;
    if is_locked_by_us(&left, path) { Ok(left) } else { Err(UpkeepError::Busy(path.to_owned())) }
}

fn remove_beside(path: &Path) {
    for suffix in BESIDE {
        let _ = std::fs::remove_file(with(path, suffix));
    }
}

/// Locks a file, and makes sure that it is the one which lies at the path: its owner may have named it meanwhile.
#[cfg(unix)]
fn is_locked_by_us(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let id = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    file.try_lock().is_ok()
        && file.metadata().map(id).ok().zip(std::fs::metadata(path).map(id).ok()).is_some_and(|(a, b)| a == b)
}

/// Elsewhere a lock would keep SQLite from writing the file.
#[cfg(not(unix))]
fn is_locked_by_us(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(target_os = "linux")]
fn rename_to_new(from: &Path, to: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // A file system that cannot do so.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::OPNOTSUPP) => {
            link_to_new(from, to)
        }
        renamed => Ok(renamed?),
    }
}

#[cfg(not(target_os = "linux"))]
fn rename_to_new(from: &Path, to: &Path) -> std::io::Result<()> {
    link_to_new(from, to)
}

/// A second name for the file, which fails where something has it; then the first one goes.
fn link_to_new(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::hard_link(from, to)?;
    std::fs::remove_file(from)
}

#[cfg(unix)]
fn sync_folder(file: &Path) -> std::io::Result<()> {
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Elsewhere a folder is no file that can be synced.
#[cfg(not(unix))]
fn sync_folder(_file: &Path) -> std::io::Result<()> {
    Ok(())
}
