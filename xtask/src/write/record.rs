//! What this run records for the next one.

use super::render::Rendered;
use crate::parse::reason_codes::Register;
use crate::written::{CONTRACTS, Recorded};

/// The digest of every contract among the files, and the number of every registered reason code.
#[must_use]
pub fn record(files: &[Rendered], register: &Register) -> Recorded {
    let mut recorded = Recorded::default();
    for file in files.iter().filter(|file| file.path.starts_with(CONTRACTS)) {
        recorded.write(&file.path, &file.text);
    }
    // Engines that are gone keep their codes in the register, so that it always holds all of them.
    for engine in &register.engines {
        for code in &engine.codes {
            if let Some(number) = &code.number {
                recorded.release(&engine.id.value, &code.name.value, number.value);
            }
        }
    }
    recorded
}
