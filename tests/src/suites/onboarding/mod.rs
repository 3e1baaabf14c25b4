//! The acceptance tests AT-ONB-DB-01..11: onboardings and campaigns.

mod campaigns;
mod clarify;
mod gates;
mod isolation;
mod office;
mod pins;
mod progress;
mod replays;
mod steps;

use selene_contracts::ph1_onb::Ph1OnbAcceptance;

use crate::harness::Harness;

pub use crate::workplace::{
    activation, company, employment, field, invitation, lifecycle, position, schema, simulated,
};
pub use office::{FINGERPRINT, Office, document_where};
pub use steps::{Journey, access_of, campaign, decision_of, finish, notify, photo_for, proof_on, start};

/// The acceptance tests of PH1.ONB on the stores of a harness.
pub struct OnboardingSuite<H>(pub H);

impl<H: Harness> Ph1OnbAcceptance for OnboardingSuite<H> {
    fn at_onb_db_01_tenant_isolation_enforced(&self) {
        isolation::a_session_answers_its_own_tenant_only(&self.0);
        isolation::another_tenant_is_refused_like_an_unknown_person(&self.0);
        isolation::a_device_of_one_tenant_proves_nobody_for_another_one(&self.0);
        isolation::a_link_without_a_tenant_gives_a_place_of_ones_own(&self.0);
        isolation::access_is_replayed_for_its_own_tenant_only(&self.0);
    }

    fn at_onb_db_02_append_only_enforced(&self) {
        replays::the_trail_of_an_onboarding_never_changes(&self.0);
    }

    fn at_onb_db_03_idempotency_dedupe_works(&self) {
        replays::every_step_is_replayed(&self.0);
        replays::a_start_is_replayed_to_its_caller_only(&self.0);
        replays::nothing_is_written_without_a_simulation(&self.0);
    }

    fn at_onb_db_04_no_ledger_rebuild_required(&self) {
        replays::current_rows_stand_alone(&self.0);
    }

    fn at_onb_db_05_schema_pins_and_gates_at_start(&self) {
        pins::an_employee_is_pinned_to_the_active_schema(&self.0);
        pins::everybody_else_is_pinned_to_who_they_are(&self.0);
        pins::pins_never_move(&self.0);
        pins::only_an_activated_link_on_its_own_device_starts(&self.0);
        clarify::the_next_question_follows_the_session(&self.0);
        clarify::nobody_else_is_asked(&self.0);
        clarify::a_pinned_version_stays_readable(&self.0);
        clarify::a_blocked_link_ends_what_began_on_it(&self.0);
    }

    fn at_onb_db_06_sender_verification_blocks_until_confirmed(&self) {
        gates::access_and_completion_wait_for_the_sender(&self.0);
        gates::only_the_sender_of_the_capture_decides(&self.0);
        gates::a_workplace_must_be_good_twice(&self.0);
        gates::no_tenant_is_named_past_its_gates(&self.0);
    }

    fn at_onb_db_07_photo_and_sender_refuse_unpinned_gate(&self) {
        gates::what_is_not_pinned_is_not_asked(&self.0);
    }

    fn at_onb_db_08_backfill_refuses_new_hires_only(&self) {
        campaigns::new_hires_only_is_refused(&self.0);
    }

    fn at_onb_db_09_backfill_current_and_new_deterministic_snapshot(&self) {
        campaigns::targets_are_the_people_of_the_tenant_at_the_start(&self.0);
        campaigns::two_stores_choose_the_same(&self.0);
    }

    fn at_onb_db_10_backfill_notify_and_complete_idempotent(&self) {
        campaigns::notify_and_complete_are_replayed(&self.0);
        campaigns::a_campaign_without_targets_is_completed_at_once(&self.0);
        progress::who_completes_their_onboarding_is_a_completed_target(&self.0);
        progress::who_cannot_be_asked_is_counted_or_exempted(&self.0);
        progress::every_notification_names_its_recipient(&self.0);
    }

    fn at_onb_db_11_backfill_fails_closed(&self) {
        campaigns::other_tenants_and_missing_targets_are_refused(&self.0);
    }
}
