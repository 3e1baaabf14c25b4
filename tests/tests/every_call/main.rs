//! What holds for every call of every engine, tried on a store in which two tenants have done all that can be done.

mod beyond;
mod bounds;
mod checks;
mod codes;
mod course;
mod dispatch;
mod edges;
mod gates;
mod inputs;
mod nul;
mod outside;
mod pages;
mod races;
mod reads;
mod rival;
mod scene;
mod tenants;
mod twice;
#[cfg(feature = "observe")]
mod watched;

macro_rules! run {
    ($backend:ident, $brief:expr, $lasting:expr) => {
        mod $backend {
            #[test]
            fn the_scene_applies_every_write_and_each_can_be_replayed() {
                crate::inputs::the_scene_applies_every_write_and_each_can_be_replayed(&$brief);
            }

            #[test]
            fn what_an_input_says_itself_is_asked_before_a_replay_is_answered() {
                crate::inputs::what_an_input_says_itself_is_asked_before_a_replay_is_answered(&$brief);
            }

            #[test]
            fn no_write_takes_a_value_outside_its_bounds() {
                crate::outside::no_write_takes_a_value_outside_its_bounds(&$brief);
            }

            #[test]
            fn a_write_that_is_made_again_with_a_value_at_a_bound_leaves_no_trace() {
                crate::outside::a_write_that_is_made_again_with_a_value_at_a_bound_leaves_no_trace(&$brief);
            }

            #[test]
            fn no_read_takes_a_value_outside_its_bounds() {
                crate::outside::no_read_takes_a_value_outside_its_bounds(&$brief);
            }

            #[test]
            fn every_read_takes_a_value_at_its_bound() {
                crate::outside::every_read_takes_a_value_at_its_bound(&$brief);
            }

            #[test]
            fn no_write_takes_a_text_with_a_nul() {
                crate::nul::no_write_takes_a_text_with_a_nul(&$brief);
            }

            #[test]
            fn no_read_gives_rows_of_another_tenant() {
                crate::reads::no_read_gives_rows_of_another_tenant(&$brief);
            }

            #[test]
            fn a_write_is_answered_the_same_whatever_other_tenants_have_done() {
                crate::tenants::a_write_is_answered_the_same_whatever_other_tenants_have_done(&$brief);
            }

            #[test]
            fn a_read_is_answered_the_same_whatever_other_tenants_have_done() {
                crate::tenants::a_read_is_answered_the_same_whatever_other_tenants_have_done(&$brief);
            }

            #[test]
            fn the_event_of_every_audited_read_says_what_was_asked_and_of_whom() {
                crate::reads::the_event_of_every_audited_read_says_what_was_asked_and_of_whom(&$brief);
            }

            #[test]
            fn no_audited_read_brings_an_id_that_looks_like_another_into_the_ledger() {
                crate::reads::no_audited_read_brings_an_id_that_looks_like_another_into_the_ledger(&$brief);
            }

            #[test]
            fn all_pages_of_a_list_are_the_list() {
                crate::pages::all_pages_of_a_list_are_the_list(&$brief);
            }

            #[test]
            fn a_page_shows_rows_of_no_other_tenant() {
                crate::pages::a_page_shows_rows_of_no_other_tenant(&$brief);
            }

            #[test]
            fn a_cursor_leads_on_in_its_own_call_only() {
                crate::pages::a_cursor_leads_on_in_its_own_call_only(&$brief);
            }

            #[test]
            fn a_page_is_admitted_as_the_whole_read_is() {
                crate::pages::a_page_is_admitted_as_the_whole_read_is(&$brief);
            }

            #[test]
            fn the_event_of_an_audited_page_is_that_of_the_read() {
                crate::pages::the_event_of_an_audited_page_is_that_of_the_read(&$brief);
            }

            #[test]
            fn rows_that_are_there_are_neither_left_out_nor_doubled_while_others_write() {
                crate::pages::rows_that_are_there_are_neither_left_out_nor_doubled_while_others_write(
                    &$brief,
                );
            }

            #[test]
            fn turn_numbers_are_in_their_order_whatever_columns_keep_of_them() {
                crate::pages::turn_numbers_are_in_their_order_whatever_columns_keep_of_them(&$brief);
            }

            #[test]
            fn every_call_refuses_callers_that_its_page_does_not_name() {
                crate::gates::every_call_refuses_callers_that_its_page_does_not_name(&$brief);
            }

            #[test]
            fn every_gated_call_asks_for_a_simulation() {
                crate::gates::every_gated_call_asks_for_a_simulation(&$brief);
            }

            #[test]
            fn every_reason_of_a_wake_event_comes_back() {
                crate::codes::every_reason_of_a_wake_event_comes_back(&$brief);
            }

            #[test]
            fn every_failure_of_a_voice_sample_comes_back() {
                crate::codes::every_failure_of_a_voice_sample_comes_back(&$brief);
            }

            #[cfg(feature = "observe")]
            #[test]
            fn what_is_reported_of_calls_holds_no_value_of_a_row() {
                crate::watched::what_is_reported_of_calls_holds_no_value_of_a_row(&$brief);
            }

            #[test]
            fn a_closed_session_stays_closed() {
                crate::codes::a_closed_session_stays_closed(&$brief);
            }

            #[test]
            fn a_full_counter_refuses_the_next_sample() {
                crate::codes::a_full_counter_refuses_the_next_sample(&$brief);
            }

            #[test]
            fn an_unknown_commit_says_so_and_a_retry_learns_its_outcome() {
                crate::codes::an_unknown_commit_says_so_and_a_retry_learns_its_outcome(&$brief);
            }

            #[test]
            fn one_key_at_one_moment_in_two_processes_is_applied_once_and_replayed_to_the_other() {
                crate::races::one_key_at_one_moment_in_two_processes(&$lasting, module_path!());
            }

            #[test]
            #[ignore = "run by the test above, as the other process"]
            fn the_other_process() {
                crate::rival::run(&$lasting, crate::scene::context);
            }

            #[test]
            fn texts_at_their_bounds_are_stored_and_read_back() {
                crate::bounds::texts_at_their_bounds_are_stored_and_read_back(&$lasting);
            }

            #[test]
            fn every_other_value_at_a_bound_is_stored() {
                crate::bounds::every_other_value_at_a_bound_is_stored(&$brief);
            }

            #[test]
            fn each_write_by_two_threads_at_one_moment_is_applied_once() {
                crate::twice::each_write_by_two_threads_at_one_moment_is_applied_once(&$brief);
            }

            #[test]
            fn each_write_is_applied_once_after_a_commit_that_failed() {
                crate::twice::each_write_is_applied_once_after_a_commit_that_failed(&$brief);
            }

            #[test]
            fn each_write_is_applied_once_after_a_failure_and_a_new_start() {
                crate::twice::each_write_is_applied_once_after_a_failure_and_a_new_start(&$lasting);
            }

            #[test]
            fn a_current_row_that_another_program_changes_is_named() {
                crate::checks::a_current_row_that_another_program_changes_is_named(&$lasting);
            }

            #[test]
            fn a_ledger_without_a_lock_is_named() {
                crate::codes::a_ledger_without_a_lock_is_named(&$lasting);
            }
        }
    };
}

selene_acceptance::for_every_backend!(run);
