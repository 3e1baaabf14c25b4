//! A clock that jumps: the store asks for no time of day, so whatever the clock says, the same calls lead to the same rows.

use std::path::Path;

use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadRows};
use selene_storage::test_support::TableRows;
use std::collections::BTreeMap;
use std::time::SystemTime;

use super::files::{database, open, verify, verify_anew};
use super::writes::write;
use crate::common::{context, populate};
use crate::layer::control::BROKEN;
use crate::layer::{Bed, Fault, Kind, Way, in_child};

/// Opens, writes, reads, checks, closes and opens again; gives every row.
fn live(folder: &Path) -> BTreeMap<String, TableRows> {
    let path = database(folder);
    let store = open(&path).unwrap();
    populate(&store);
    for number in 0..20 {
        write(&store, number).unwrap();
    }
    store.ph1j_read_rows(&context(1), Ph1jReadRows {}).unwrap();
    verify(&store, &[]);
    drop(store);
    verify_anew(&path, &[]).every_row().unwrap()
}

#[test]
#[ignore = "run by the test below, in a process of its own"]
fn child_whose_clock_jumps() {
    let Some(bed) = Bed::of_child() else { return };
    let expected = live(&bed.new_folder());
    let folder = bed.new_folder();
    bed.arm(&[Fault { kind: Kind::Clock, way: Way::Fail, error: BROKEN, first: 1, last: u64::MAX }]);
    let first = SystemTime::now();
    let apart = [first, SystemTime::now()].map(|time| time.duration_since(SystemTime::UNIX_EPOCH).unwrap());
    let asked = bed.disarm()[0].broken;
    assert_eq!(asked, 2, "the clock of this process does not jump");
    assert!(apart[0].abs_diff(apart[1]).as_secs() > 100_000_000);
    bed.arm(&[Fault { kind: Kind::Clock, way: Way::Fail, error: BROKEN, first: 1, last: u64::MAX }]);
    let found = live(&folder);
    let asked = bed.disarm()[0].asked;
    assert_eq!(asked, 0, "the store asks for the time of day");
    assert!(found == expected, "rows depend on the time of day");
}

#[test]
fn a_clock_that_jumps_changes_no_row() {
    in_child("scenes::clock::child_whose_clock_jumps");
}
