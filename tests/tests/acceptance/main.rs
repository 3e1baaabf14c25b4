//! Every acceptance test of the specs, on every harness: for SQLite on a file and in memory.
//!
//! The engines come from the contracts: one whose suite is not in the list of `suites` does not compile. `together` holds
//! what the specs of two engines promise about each other, which no acceptance test names.

mod together;

macro_rules! run_suite {
    ($module:ident, $tests:ident) => {
        selene_contracts::$tests!(selene_acceptance::suites::$module(HARNESS));
    };
}

macro_rules! run {
    ($name:ident, $harness:path) => {
        mod $name {
            const HARNESS: $harness = $harness;

            selene_contracts::for_every_suite!(run_suite);
        }
    };
}

selene_acceptance::for_every_harness!(run);
