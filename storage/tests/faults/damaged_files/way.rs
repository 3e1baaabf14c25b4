//! A way to change a file.

use std::path::Path;

use crate::proof::Numbers;

/// A way to change a file, and what lies beside it.
pub struct Way {
    pub name: &'static str,
    pub change: fn(&mut Numbers, &Path),
    /// Whether the file has a log beside it.
    pub has_log: bool,
    /// Whether what is changed says nothing else than before.
    pub is_harmless: bool,
}

impl Way {
    pub const fn of_file(name: &'static str, change: fn(&mut Numbers, &Path)) -> Self {
        Self { name, change, has_log: false, is_harmless: false }
    }

    pub const fn of_log(name: &'static str, change: fn(&mut Numbers, &Path)) -> Self {
        Self { name, change, has_log: true, is_harmless: false }
    }

    pub const fn harmless(self) -> Self {
        Self { is_harmless: true, ..self }
    }
}
