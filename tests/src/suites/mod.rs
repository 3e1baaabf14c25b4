//! One suite per engine: the bodies of the acceptance tests that its specs name, on the stores of any harness.
//!
//! What lives here: calls of the public repository traits, and what they must answer. `scope` states what two engines
//! promise alike. What must not: SQL, and the name of a database.

mod access;
mod audit;
mod foundation;
mod link;
pub mod onboarding;
mod persona;
mod position;
mod scope;
mod voice;
pub mod wake;
mod write;

use crate::harness::{Harness, begin_record};

macro_rules! suites {
    ($($module:ident => $file:ident::$suite:ident,)*) => {
        $(
            pub use $file::$suite;

            /// The suite of the engine of this module, on the stores of a harness.
            pub fn $module<H: Harness>(harness: H) -> $suite<H> {
                begin_record();
                $suite(harness)
            }
        )*
    };
}

// By the name of the engine's module: `acceptance` runs the suite of every engine that has acceptance tests.
suites! {
    ph1_f => foundation::FoundationSuite,
    ph1_j => audit::AuditSuite,
    ph1_link => link::LinkSuite,
    ph1_onb => onboarding::OnboardingSuite,
    ph1_persona => persona::PersonaSuite,
    ph1_position => position::PositionSuite,
    ph1_voice_id => voice::VoiceSuite,
    ph1_w => wake::WakeSuite,
    ph1_write => write::WriteSuite,
    ph2_access => access::AccessSuite,
}
