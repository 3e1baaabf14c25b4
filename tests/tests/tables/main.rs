//! Every state that a session, a campaign or an enrollment can be in, and what each capability answers there: tables that
//! are read beside the specs.
//!
//! What lives here: one module per table, with the states and the calls; `stage`, which makes a call in a state and checks
//! that one that is not applied changes no row; `text`, which aligns columns. The tables themselves are the snapshots.
//! `-> STATE` is a call that was applied, `replayed` one that was applied before, a reason code a refusal.

mod campaign;
mod enrollment;
mod onboarding;
mod stage;
mod text;

use std::collections::BTreeSet;

use selene_contracts::ph1_onb;

macro_rules! run {
    ($backend:ident, $brief:expr, $lasting:expr) => {
        mod $backend {
            #[test]
            fn every_standing_of_a_session_and_every_capability() {
                crate::onboarding::every_standing_and_every_capability(&$brief);
            }

            #[test]
            fn every_standing_of_a_campaign_and_every_capability() {
                crate::campaign::every_standing_and_every_capability(&$brief, &$lasting);
            }

            #[test]
            fn every_standing_of_a_voice_enrollment_and_every_call_that_moves_it() {
                crate::enrollment::voice::every_standing_and_every_call(&$brief);
            }

            #[test]
            fn every_standing_of_a_wake_enrollment_and_every_call_that_moves_it() {
                crate::enrollment::wake::every_standing_and_every_call(&$brief);
            }
        }
    };
}

selene_acceptance::for_every_backend!(run);

/// The two tables of PH1.ONB, as they are committed.
const TABLES: [&str; 2] = [
    include_str!("onboarding/snapshots/tables__onboarding__sessions.snap"),
    include_str!("snapshots/tables__campaign__campaigns.snap"),
];

#[test]
fn every_capability_of_onboarding_has_a_table() {
    let titles = TABLES.iter().flat_map(|table| table.lines()).filter(|line| line.starts_with("PH1ONB_"));
    let titles: Vec<&str> = titles.collect();
    let shown: BTreeSet<&str> = titles.iter().copied().collect();
    assert_eq!(shown.len(), titles.len(), "one table for each: {titles:?}");
    assert_eq!(shown, ph1_onb::ENGINE.capabilities.iter().map(|capability| capability.id).collect());
}
