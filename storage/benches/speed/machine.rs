//! What the figures depend on: cores, the disk, and how long it takes to make bytes durable.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Duration;

use crate::rounds::timed;

/// Bytes of one measured write, about those of a small commit.
const WRITE: usize = 16 * 1_024;
const WRITES: usize = 200;

/// What is known about the machine.
pub struct Machine {
    pub cores: usize,
    pub file_system: String,
    pub sync: Duration,
    pub sqlite: &'static str,
}

impl Machine {
    /// Asks the system and measures the disk of the folder.
    pub fn look(folder: &Path) -> std::io::Result<Self> {
        Ok(Self {
            cores: std::thread::available_parallelism()?.get(),
            file_system: file_system(folder),
            sync: sync(folder)?,
            sqlite: rusqlite::version(),
        })
    }

    /// What a reader of the table has to know.
    pub fn describe(&self) -> String {
        format!(
            "Measured on {} cores, {}, SQLite {}; one `fdatasync` of 16 KiB takes {} µs (median).",
            self.cores,
            self.file_system,
            self.sqlite,
            self.sync.as_micros(),
        )
    }

    /// Whether a sync of this folder writes nothing.
    pub fn is_memory(&self) -> bool {
        matches!(self.file_system.as_str(), "tmpfs" | "ramfs")
    }
}

/// The median time to write over some bytes of a file and wait until they are durable.
fn sync(folder: &Path) -> std::io::Result<Duration> {
    let path = folder.join("sync.tmp");
    let file = OpenOptions::new().create(true).truncate(true).write(true).open(&path)?;
    let bytes = [7_u8; WRITE];
    let offset = |number: usize| (number * WRITE) as u64;
    for number in 0..WRITES {
        file.write_all_at(&bytes, offset(number))?;
    }
    file.sync_all()?;
    let mut times = Vec::with_capacity(WRITES);
    for number in 0..WRITES {
        let mut result = Ok(());
        times.push(timed(|| {
            result = file.write_all_at(&bytes, offset(number)).and_then(|()| file.sync_data());
        }));
        result?;
    }
    std::fs::remove_file(&path)?;
    times.sort();
    Ok(times[times.len() / 2])
}

/// The file system that holds the folder, as the kernel's table of mounts names it.
fn file_system(folder: &Path) -> String {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let Ok(folder) = folder.canonicalize() else { return "unknown".to_owned() };
    let mounted = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    mounted
        .filter(|(place, _)| folder.starts_with(place))
        .max_by_key(|(place, _)| place.len())
        .map_or_else(|| "unknown".to_owned(), |(_, kind)| kind.to_owned())
}
