//! What a change of the specs breaks: two revisions are compared, and each difference is reported by its meaning.
//!
//! What lives here: one file per noun that is compared, the table of the kinds of change ([`kinds`]), and which breaks are
//! acknowledged ([`acknowledged`]). Everything is pure: two resolved [`Side`]s in, changes out. What must not: reading
//! files, asking git, printing.
//!
//! A further kind of change is an entry in [`kinds`], the comparison in the file of its noun, and a fixture below
//! `tests/fixtures/diff`.

mod access;
pub mod acknowledged;
mod capability;
mod change;
mod dedupe;
mod engine;
mod event;
mod field;
pub mod guessed;
mod input;
mod key;
mod kind;
pub mod kinds;
mod line;
mod lines;
mod moves;
mod output;
mod pair;
mod prose;
mod reason_code;
mod rename;
mod renamed;
mod renames;
mod rewrite;
mod sentence;
mod side;
pub mod stated;
mod table;
mod test;
mod types;
mod words;
mod write;

pub use change::Change;
pub use kind::{Class, Kind};
pub use line::Line;
pub use rename::report_unused as report_unused_renames;
pub use side::Side;

use change::Changes;
use pair::Sides;

/// Every change from one revision to the other, the gravest class first.
#[must_use]
pub fn diff(old: &Side, new: &Side) -> Vec<Change> {
    let sides = Sides { old, new };
    let mut changes = Changes::default();
    renames::note(old, &mut changes);
    engine::compare(sides, &mut changes);
    types::compare(sides, &mut changes);
    // Last, for it tells what nothing before has told.
    lines::compare(sides, &mut changes);
    changes.sorted()
}
