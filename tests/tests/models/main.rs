//! Every answer of a store is the answer of the page: random sequences of calls against the reference model, which was
//! written from the specs. Every answer, every table and every event is compared. And however calls are grouped into
//! commits, the same rows are left.
//!
//! What lives here: which sequences are tried on which store, and one list of answers for each kind of sequence, because a
//! sequence in which every call is refused proves nothing. The model is `selene_acceptance::model`.
//! `PROPTEST_CASES=5000` runs more sequences than the default, and `SELENE_CALLS=1000000` so many calls of every kind of sequence.
//! What should leave no trace, leaves none (`traces`).

mod calls;
mod groups;
mod mixed;
mod onboarding;
mod reach;
mod traces;
mod voice;
mod wake;

use selene_acceptance::model::{
    assert_engines_reached, assert_reached, mixed_writes, onboarding_script, voice_script, wake_script,
};

macro_rules! run {
    ($backend:ident, $brief:expr, $lasting:expr) => {
        mod $backend {
            use selene_acceptance::model::{
                ENGINES, agree, engine_script, mixed_writes, onboarding_script, voice_script, wake_script,
            };

            #[test]
            fn store_and_model_agree_on_wake_enrollments() {
                agree(&$brief, 2_000, wake_script);
            }

            #[test]
            fn store_and_model_agree_on_voice_enrollments() {
                agree(&$brief, 2_000, voice_script);
            }

            #[test]
            fn store_and_model_agree_on_onboardings() {
                agree(&$brief, 1_000, onboarding_script);
            }

            #[test]
            fn store_and_model_agree_on_engines_side_by_side() {
                agree(&$brief, 500, mixed_writes);
            }

            #[test]
            fn store_and_model_agree_on_so_many_calls() {
                crate::calls::store_and_model_agree_on_so_many_calls(&$brief);
            }

            #[test]
            fn store_and_model_agree_on_every_engine_whose_model_was_drafted() {
                for model in ENGINES {
                    agree(&$brief, 1_000, || engine_script(model));
                }
            }

            #[test]
            fn every_grouping_of_calls_of_these_engines_leaves_the_same_rows() {
                for model in ENGINES {
                    crate::groups::same_rows_in_any_grouping(&$lasting, 100, || engine_script(model));
                }
            }

            #[test]
            fn every_grouping_of_enrollments_leaves_the_same_rows() {
                crate::groups::same_rows_in_any_grouping(&$lasting, 150, mixed_writes);
            }

            #[test]
            fn every_grouping_of_onboardings_leaves_the_same_rows() {
                crate::groups::same_rows_in_any_grouping(&$lasting, 100, onboarding_script);
            }

            #[test]
            fn every_refusal_in_sequences_of_wake_enrollments_leaves_no_trace() {
                crate::traces::every_refusal_leaves_no_trace(&$brief, &wake_script(), crate::wake::ANSWERS);
            }

            #[test]
            fn every_refusal_in_sequences_of_voice_enrollments_leaves_no_trace() {
                crate::traces::every_refusal_leaves_no_trace(&$brief, &voice_script(), crate::voice::ANSWERS);
            }

            #[test]
            fn every_refusal_in_sequences_of_onboardings_leaves_no_trace() {
                crate::traces::every_refusal_leaves_no_trace(
                    &$brief,
                    &onboarding_script(),
                    crate::onboarding::ANSWERS,
                );
            }

            #[test]
            fn every_refusal_in_sequences_of_engines_side_by_side_leaves_no_trace() {
                crate::traces::every_refusal_leaves_no_trace(&$brief, &mixed_writes(), crate::mixed::ANSWERS);
            }

            #[test]
            fn scripts_of_the_grouping_tests_write_every_table() {
                crate::groups::scripts_write_every_table(&$brief);
            }
        }
    };
}

selene_acceptance::for_every_backend!(run);

#[test]
fn wake_sequences_reach_every_answer() {
    assert_reached(&wake_script(), wake::ANSWERS);
}

#[test]
fn voice_sequences_reach_every_answer() {
    assert_reached(&voice_script(), voice::ANSWERS);
}

#[test]
fn onboarding_sequences_reach_every_answer() {
    assert_reached(&onboarding_script(), onboarding::ANSWERS);
}

#[test]
fn mixed_sequences_reach_every_answer() {
    assert_reached(&mixed_writes(), mixed::ANSWERS);
}

#[test]
fn sequences_of_every_engine_whose_model_was_drafted_reach_every_answer() {
    assert_engines_reached();
}

#[test]
fn every_engine_has_a_model_or_is_stated_to_have_none() {
    selene_acceptance::model::every_engine_has_a_model();
}

#[test]
fn every_capability_is_called_by_a_sequence_or_asked_at_its_end() {
    reach::every_capability_is_called_by_a_sequence_or_asked_at_its_end();
}
