//! Every acceptance test of the specs, on a file and in memory.
//!
//! The engines come from the contracts: one whose suite is not among the functions here does not compile.

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

mod on_disk {
    use selene_acceptance::OnDisk;

    macro_rules! run {
        ($module:ident, $tests:ident) => {
            selene_contracts::$tests!(crate::suites::$module(OnDisk));
        };
    }

    selene_contracts::for_every_suite!(run);
}

mod in_memory {
    use selene_acceptance::InMemory;

    macro_rules! run {
        ($module:ident, $tests:ident) => {
            selene_contracts::$tests!(crate::suites::$module(InMemory));
        };
    }

    selene_contracts::for_every_suite!(run);
}
