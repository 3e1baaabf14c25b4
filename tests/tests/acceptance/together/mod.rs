//! What the specs of two engines promise about each other: whose enrollment an onboarding is, and what its end refuses.

mod voice;
mod wake;

macro_rules! run {
    ($backend:ident, $brief:expr, $lasting:expr) => {
        mod $backend {
            #[test]
            fn only_a_passed_proof_decides_whose_the_onboarding_is() {
                crate::together::voice::only_a_passed_proof_decides_whose_the_onboarding_is(&$brief);
            }

            #[test]
            fn access_decides_before_a_device() {
                crate::together::voice::access_decides_before_a_device(&$brief);
            }

            #[test]
            fn nothing_of_a_voice_is_committed_after_the_terms_were_declined() {
                crate::together::voice::nothing_of_a_voice_is_committed_after_the_terms_were_declined(
                    &$brief,
                );
            }

            #[test]
            fn a_complete_onboarding_still_takes_a_voice() {
                crate::together::voice::a_complete_onboarding_still_takes_a_voice(&$brief);
            }

            #[test]
            fn a_wake_word_belongs_to_the_person_of_the_onboarding() {
                crate::together::wake::a_wake_word_belongs_to_the_person_of_the_onboarding(&$brief);
            }

            #[test]
            fn nothing_of_a_wake_word_is_committed_after_the_terms_were_declined() {
                crate::together::wake::nothing_of_a_wake_word_is_committed_after_the_terms_were_declined(
                    &$brief,
                );
            }
        }
    };
}

selene_acceptance::for_every_backend!(run);
