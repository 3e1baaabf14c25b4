//! What lies in the output folder from the last run: its entries and its record. Checks hold the specs against it, and the
//! plan of files compares with it.
//!
//! What must not live here: changing anything on the disk.

mod contracts;
mod folder;
mod recorded;

pub use contracts::{UnreadableContract, WrittenContract, WrittenContracts};
pub use folder::{CONTRACTS, Entry, EntryKind, entries, kind};
pub use recorded::{Recorded, RecordedContract, ReleasedCode, SOURCES_FILE, digest};
