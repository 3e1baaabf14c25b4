//! The orders to the layer, from within the process that it is loaded into.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

/// Names the file that says what the layer does.
pub const CONTROL: &str = "SELENE_FAULTS_CONTROL";
/// Names the folder below which files are broken.
pub const FOLDER: &str = "SELENE_FAULTS_FOLDER";
/// Names the file in which the layer writes down what was done.
pub const JOURNAL: &str = "SELENE_FAULTS_JOURNAL";

/// A kind of operation on files, by its number in the layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Kind {
    Open = 1,
    Read = 2,
    Write = 4,
    Sync = 8,
    Truncate = 16,
    /// Memory that processes share about the log.
    Map = 32,
    Lock = 64,
    Unlink = 128,
    /// To ask what lies at a path.
    Look = 256,
    /// To ask for the time of day, which jumps where it breaks.
    Clock = 512,
}

/// Every kind of operation on files.
pub const EVERY_KIND: [Kind; 9] = [
    Kind::Open,
    Kind::Read,
    Kind::Write,
    Kind::Sync,
    Kind::Truncate,
    Kind::Map,
    Kind::Lock,
    Kind::Unlink,
    Kind::Look,
];

/// What becomes of an operation, by its number in the layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Way {
    /// Nothing is done, and an error is returned.
    Fail = 0,
    /// Half of a write is done, and an error is returned.
    Tear = 1,
    /// Half of a transfer is done, and the call returns half.
    Shorten = 2,
    /// Nothing is done, and no error is returned: for syncs only.
    Skip = 3,
}

/// The error of a disk that is broken.
pub const BROKEN: u64 = 5;
/// The error of a disk that is full.
pub const FULL: u64 = 28;

/// Which operations break, and how.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    pub kind: Kind,
    pub way: Way,
    pub error: u64,
    /// The first one that breaks, counted from one.
    pub first: u64,
    /// The last one that breaks.
    pub last: u64,
}

impl Fault {
    /// The number of words that the layer has for a fault.
    const WORDS: u64 = 7;

    fn words(&self) -> [u64; 7] {
        [self.kind as u64, self.way as u64, self.error, self.first, self.last, 0, 0]
    }
}

/// How often operations were asked for, and how many of them broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub asked: u64,
    pub broken: u64,
}

/// The files that are broken, and the layer that breaks them.
pub struct Bed {
    folder: PathBuf,
    journal: PathBuf,
    control: File,
    /// The folder of the run that is on its way.
    current: RefCell<Option<tempfile::TempDir>>,
}

/// Faults that the layer takes at once.
const FAULTS: u64 = 2;
/// Words before the first fault.
const HEAD: u64 = 2;

impl Bed {
    /// The files of this process; none in a process without the layer.
    pub fn of_child() -> Option<Self> {
        let control = std::env::var_os(CONTROL)?;
        let control = OpenOptions::new().read(true).write(true).open(control).unwrap();
        let path = |name| PathBuf::from(std::env::var_os(name).unwrap());
        Some(Self { folder: path(FOLDER), journal: path(JOURNAL), control, current: RefCell::default() })
    }

    /// An empty folder. The one before is gone.
    pub fn new_folder(&self) -> PathBuf {
        let folder = tempfile::tempdir_in(&self.folder).unwrap();
        let path = folder.path().to_owned();
        self.current.replace(Some(folder));
        path
    }

    /// Where the layer writes down what is done.
    pub fn journal(&self) -> &Path {
        &self.journal
    }

    /// Whether what is done to the files is written down from now on, behind nothing of before.
    pub fn write_down(&self, is_written: bool) {
        if is_written {
            std::fs::write(&self.journal, []).unwrap();
        }
        self.set(1, u64::from(is_written));
    }

    /// From now on operations are counted and break.
    pub fn arm(&self, faults: &[Fault]) {
        for number in 0..FAULTS {
            let fault = faults.get(usize::try_from(number).unwrap());
            let words = fault.map_or([0; 7], Fault::words);
            for (word, value) in (0..).zip(words) {
                self.set(HEAD + number * Fault::WORDS + word, value);
            }
        }
        self.set(0, 1);
    }

    /// From now on nothing breaks. Says what was asked for and what broke of each fault.
    pub fn disarm(&self) -> Vec<Tally> {
        self.set(0, 0);
        let tally = |number| {
            let word = HEAD + number * Fault::WORDS;
            Tally { asked: self.get(word + 5), broken: self.get(word + 6) }
        };
        (0..FAULTS).map(tally).collect()
    }

    fn set(&self, word: u64, value: u64) {
        self.control.write_all_at(&value.to_ne_bytes(), word * 8).unwrap();
    }

    fn get(&self, word: u64) -> u64 {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, word * 8).unwrap();
        u64::from_ne_bytes(bytes)
    }
}
