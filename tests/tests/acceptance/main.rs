//! Every acceptance test of the specs, on every harness: for SQLite on a file and in memory.
//!
//! The engines come from the contracts: one whose suite is not among the functions here does not compile. `together` holds
//! what the specs of two engines promise about each other, which no acceptance test names.

mod together;

/// The suite of each engine, by the name of its module.
mod suites {
    use selene_acceptance::{
        AccessSuite, AuditSuite, FoundationSuite, Harness, LinkSuite, OnboardingSuite, PersonaSuite,
        PositionSuite, VoiceSuite, WakeSuite, WriteSuite,
    };

    macro_rules! suites {
        ($($module:ident => $suite:ident,)*) => {
            $(pub fn $module<H: Harness>(harness: H) -> $suite<H> {
                $suite(harness)
            })*
        };
    }

    suites! {
        ph1_f => FoundationSuite,
        ph1_j => AuditSuite,
        ph1_link => LinkSuite,
        ph1_onb => OnboardingSuite,
        ph1_persona => PersonaSuite,
        ph1_position => PositionSuite,
        ph1_voice_id => VoiceSuite,
        ph1_w => WakeSuite,
        ph1_write => WriteSuite,
        ph2_access => AccessSuite,
    }
}

macro_rules! run_suite {
    ($module:ident, $tests:ident) => {
        selene_contracts::$tests!(crate::suites::$module(HARNESS));
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
