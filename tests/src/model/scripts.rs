//! Random sequences of calls. Few ids, so that calls meet; times that also stand still, jump and go back;
//! values at, below and above every bound; callers, modes and contexts that are sometimes wrong.
//!
//! What lives here: the sequences that tests ask for. `draw` and `context` make single values, `wake`, `voice` and `ledgers`
//! calls, `start` what they act on, `enrolling` sequences of them, `hiring` sequences about onboarding.

use proptest::prelude::{Strategy, prop_oneof};

use self::enrolling::outlooks;
use super::calls::Script;

mod context;
mod draw;
mod enrolling;
mod hiring;
mod ledgers;
mod start;
mod voice;
mod wake;

pub(super) use context::{Clock, SECOND, START, clock};
pub(super) use draw::weighted;
pub use hiring::onboarding_script;
pub(super) use hiring::{odd, simulated};
#[cfg(test)]
pub(super) use start::start_world;
pub(super) use start::{WORLD, foundation};

/// Calls of PH1.W and of the foundation.
pub fn wake_script() -> impl Strategy<Value = Script> {
    outlooks(|outlook| prop_oneof![40 => wake::write(outlook), 8 => wake::read(), 2 => foundation()].boxed())
}

/// Calls of PH1.VOICE.ID and of the foundation.
pub fn voice_script() -> impl Strategy<Value = Script> {
    outlooks(|outlook| {
        prop_oneof![40 => voice::write(outlook), 8 => voice::read(), 2 => foundation()].boxed()
    })
}

/// Writes of both engines and of the foundation, its ledgers included; a sequence is mostly about one of the
/// two, else it completes nothing.
pub fn mixed_writes() -> impl Strategy<Value = Script> {
    let mostly = |wake: u32, voice: u32| {
        outlooks(move |outlook| {
            prop_oneof![
                wake => wake::write(outlook),
                voice => voice::write(outlook),
                2 => foundation(),
                5 => ledgers::write(),
            ]
            .boxed()
        })
    };
    prop_oneof![mostly(40, 3), mostly(3, 40)]
}
