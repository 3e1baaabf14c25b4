//! Every acceptance test of the specs, on every harness: for SQLite on a file and in memory, for PostgreSQL on a server.
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

/// What a build without PostgreSQL leaves out is printed, so that nobody takes it for passed.
#[cfg(not(feature = "postgres"))]
#[test]
#[ignore = "PostgreSQL IS NOT TESTED here: `cargo test --workspace --all-features` runs every suite on it too"]
fn on_server() {
    panic!("this build has no PostgreSQL in it: `cargo test --workspace --all-features` has");
}
