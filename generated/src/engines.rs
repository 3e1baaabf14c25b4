//! Every engine, each expanded from its contract. Machine-written by `cargo xtask regenerate`; edit `specs/` instead.

/// PH1.F: Keep the foundation that every engine leans on: identities, devices and their tenant, sessions, the memory and conversation ledgers, and the record of every idempotency key.
pub mod ph1_f {
    selene_codegen_macros::contract!("contracts/ph1_f.yaml");
}

/// PH1.J: Keep every audit event of every engine in hash-chained, append-only chains, one chain per tenant, and read them back in order.
pub mod ph1_j {
    selene_codegen_macros::contract!("contracts/ph1_j.yaml");
}

/// PH1.LINK: Keep invitation links from draft to use, as far as onboarding needs them: generate, open and activate on one device, revoke, read.
pub mod ph1_link {
    selene_codegen_macros::contract!("contracts/ph1_link.yaml");
}

/// PH1.ONB: Persist deterministic onboarding session lifecycle for invited onboarding (start, terms, schema-required verification gates, primary-device proof, access create, complete).
pub mod ph1_onb {
    selene_codegen_macros::contract!("contracts/ph1_onb.yaml");
}

/// PH1.PERSONA: Record which personalization profile was decided for a person, as one bounded audit event per decision, and read those decisions back by chain.
pub mod ph1_persona {
    selene_codegen_macros::contract!("contracts/ph1_persona.yaml");
}

/// PH1.POSITION: Keep companies, positions and the requirement schemas of positions, as far as onboarding needs them.
pub mod ph1_position {
    selene_codegen_macros::contract!("contracts/ph1_position.yaml");
}

/// PH1.VOICE.ID: Persist voice enrollment session/sample/profile lifecycle under deterministic idempotency and append-only sample history.
pub mod ph1_voice_id {
    selene_codegen_macros::contract!("contracts/ph1_voice_id.yaml");
}

/// PH1.W: Persist deterministic wake enrollment/session/runtime lifecycle and active wake profile bindings under append-only/idempotent rules.
pub mod ph1_w {
    selene_codegen_macros::contract!("contracts/ph1_w.yaml");
}

/// PH1.WRITE: Record how a text was formatted for presentation, as one bounded audit event per outcome, and read those outcomes back by chain.
pub mod ph1_write {
    selene_codegen_macros::contract!("contracts/ph1_write.yaml");
}

/// PH2.ACCESS: Keep the access instance of a person in a tenant, as far as onboarding needs it.
pub mod ph2_access {
    selene_codegen_macros::contract!("contracts/ph2_access.yaml");
}

/// Every engine, by id.
pub static ALL: &[&selene_contracts::EngineSpec] = &[
    &ph1_f::ENGINE,
    &ph1_j::ENGINE,
    &ph1_link::ENGINE,
    &ph1_onb::ENGINE,
    &ph1_persona::ENGINE,
    &ph1_position::ENGINE,
    &ph1_voice_id::ENGINE,
    &ph1_w::ENGINE,
    &ph1_write::ENGINE,
    &ph2_access::ENGINE,
];

/// Shows every input type of every engine to `visitor`: engines by id, capabilities in contract order.
pub fn visit_capabilities(visitor: &mut impl selene_contracts::CapabilityVisitor) {
    ph1_f::visit_capabilities(visitor);
    ph1_j::visit_capabilities(visitor);
    ph1_link::visit_capabilities(visitor);
    ph1_onb::visit_capabilities(visitor);
    ph1_persona::visit_capabilities(visitor);
    ph1_position::visit_capabilities(visitor);
    ph1_voice_id::visit_capabilities(visitor);
    ph1_w::visit_capabilities(visitor);
    ph1_write::visit_capabilities(visitor);
    ph2_access::visit_capabilities(visitor);
}

/// Names of the tables of all engines and of their columns, for statements.
pub mod tables {
    pub use super::ph1_f::tables::*;
    pub use super::ph1_j::tables::*;
    pub use super::ph1_link::tables::*;
    pub use super::ph1_onb::tables::*;
    pub use super::ph1_position::tables::*;
    pub use super::ph1_voice_id::tables::*;
    pub use super::ph1_w::tables::*;
    pub use super::ph2_access::tables::*;
}

/// Implements the backend trait of every engine for a store whose methods `commit`, `read`, `read_page` and `guard` take any admitted call.
#[macro_export]
macro_rules! implement_every_backend {
    ($store:ty) => {
        $crate::implement_ph1_f!($store);
        $crate::implement_ph1_j!($store);
        $crate::implement_ph1_link!($store);
        $crate::implement_ph1_onb!($store);
        $crate::implement_ph1_persona!($store);
        $crate::implement_ph1_position!($store);
        $crate::implement_ph1_voice_id!($store);
        $crate::implement_ph1_w!($store);
        $crate::implement_ph1_write!($store);
        $crate::implement_ph2_access!($store);
    };
}

/// Every engine for asynchronous callers: modules with what the engines' own hold, but for their traits, whose methods give futures.
#[cfg(feature = "async")]
pub mod asynchronous {
    /// PH1.F for asynchronous callers.
    pub mod ph1_f {
        selene_codegen_macros::contract_async!("contracts/ph1_f.yaml");
    }

    /// PH1.J for asynchronous callers.
    pub mod ph1_j {
        selene_codegen_macros::contract_async!("contracts/ph1_j.yaml");
    }

    /// PH1.LINK for asynchronous callers.
    pub mod ph1_link {
        selene_codegen_macros::contract_async!("contracts/ph1_link.yaml");
    }

    /// PH1.ONB for asynchronous callers.
    pub mod ph1_onb {
        selene_codegen_macros::contract_async!("contracts/ph1_onb.yaml");
    }

    /// PH1.PERSONA for asynchronous callers.
    pub mod ph1_persona {
        selene_codegen_macros::contract_async!("contracts/ph1_persona.yaml");
    }

    /// PH1.POSITION for asynchronous callers.
    pub mod ph1_position {
        selene_codegen_macros::contract_async!("contracts/ph1_position.yaml");
    }

    /// PH1.VOICE.ID for asynchronous callers.
    pub mod ph1_voice_id {
        selene_codegen_macros::contract_async!("contracts/ph1_voice_id.yaml");
    }

    /// PH1.W for asynchronous callers.
    pub mod ph1_w {
        selene_codegen_macros::contract_async!("contracts/ph1_w.yaml");
    }

    /// PH1.WRITE for asynchronous callers.
    pub mod ph1_write {
        selene_codegen_macros::contract_async!("contracts/ph1_write.yaml");
    }

    /// PH2.ACCESS for asynchronous callers.
    pub mod ph2_access {
        selene_codegen_macros::contract_async!("contracts/ph2_access.yaml");
    }
}

/// Implements the asynchronous backend trait of every engine for a store whose methods `commit`, `read`, `read_page` and `guard` take any admitted call and give futures.
#[cfg(feature = "async")]
#[macro_export]
macro_rules! implement_every_async_backend {
    ($store:ty) => {
        $crate::implement_ph1_f_async!($store);
        $crate::implement_ph1_j_async!($store);
        $crate::implement_ph1_link_async!($store);
        $crate::implement_ph1_onb_async!($store);
        $crate::implement_ph1_persona_async!($store);
        $crate::implement_ph1_position_async!($store);
        $crate::implement_ph1_voice_id_async!($store);
        $crate::implement_ph1_w_async!($store);
        $crate::implement_ph1_write_async!($store);
        $crate::implement_ph2_access_async!($store);
    };
}

/// Calls a macro of the caller once, with every engine that has a repository trait: `module: Trait`, its writes, its reads and guards, and the pages of those reads that give a list, each as `Input => method`.
#[macro_export]
macro_rules! for_every_engine {
    ($each:ident) => {
        $each! {
            ph1_f: Ph1fFoundationRepo {
                writes {
                    Ph1fIdentityInsertRow => ph1f_identity_insert_row,
                    Ph1fDeviceInsertRow => ph1f_device_insert_row,
                    Ph1fSessionOpenCommitRow => ph1f_session_open_commit_row,
                    Ph1fSessionStateCommitRow => ph1f_session_state_commit_row,
                    Ph1fMemoryAppendCommitRow => ph1f_memory_append_commit_row,
                    Ph1fConversationAppendCommitRow => ph1f_conversation_append_commit_row,
                }
                reads {
                    Ph1fReadIdentityRow => ph1f_read_identity_row,
                    Ph1fReadDeviceRow => ph1f_read_device_row,
                    Ph1fReadSessionRow => ph1f_read_session_row,
                    Ph1fReadMemoryLedgerRows => ph1f_read_memory_ledger_rows,
                    Ph1fReadMemoryCurrentRows => ph1f_read_memory_current_rows,
                    Ph1fReadConversationRows => ph1f_read_conversation_rows,
                    Ph1fAppendOnlyGuards => ph1f_append_only_guards,
                }
                pages {
                    Ph1fReadMemoryLedgerRows => ph1f_read_memory_ledger_rows_page,
                    Ph1fReadMemoryCurrentRows => ph1f_read_memory_current_rows_page,
                    Ph1fReadConversationRows => ph1f_read_conversation_rows_page,
                }
            }
            ph1_j: Ph1jAuditRepo {
                writes { Ph1jAuditAppendCommitRow => ph1j_audit_append_commit_row, }
                reads {
                    Ph1jReadCorrelationRows => ph1j_read_correlation_rows,
                    Ph1jReadTenantRows => ph1j_read_tenant_rows,
                    Ph1jReadRows => ph1j_read_rows,
                    Ph1jAppendOnlyGuard => ph1j_append_only_guard,
                }
                pages {
                    Ph1jReadCorrelationRows => ph1j_read_correlation_rows_page,
                    Ph1jReadTenantRows => ph1j_read_tenant_rows_page,
                    Ph1jReadRows => ph1j_read_rows_page,
                }
            }
            ph1_link: Ph1LinkRepo {
                writes {
                    Ph1linkInviteGenerateDraftRow => ph1link_invite_generate_draft_row,
                    Ph1linkInviteOpenActivateCommitRow => ph1link_invite_open_activate_commit_row,
                    Ph1linkInviteRevokeCommitRow => ph1link_invite_revoke_commit_row,
                }
                reads { Ph1linkReadLinkRow => ph1link_read_link_row, }
                pages {}
            }
            ph1_onb: Ph1OnbRepo {
                writes {
                    Ph1onbSessionStartDraftRow => ph1onb_session_start_draft_row,
                    Ph1onbTermsAcceptCommitRow => ph1onb_terms_accept_commit_row,
                    Ph1onbEmployeePhotoCaptureSendCommitRow => ph1onb_employee_photo_capture_send_commit_row,
                    Ph1onbEmployeeSenderVerifyCommitRow => ph1onb_employee_sender_verify_commit_row,
                    Ph1onbPrimaryDeviceConfirmCommitRow => ph1onb_primary_device_confirm_commit_row,
                    Ph1onbAccessInstanceCreateCommitRow => ph1onb_access_instance_create_commit_row,
                    Ph1onbCompleteCommitRow => ph1onb_complete_commit_row,
                    Ph1onbBackfillStartDraftRow => ph1onb_backfill_start_draft_row,
                    Ph1onbBackfillNotifyCommitRow => ph1onb_backfill_notify_commit_row,
                    Ph1onbBackfillCompleteCommitRow => ph1onb_backfill_complete_commit_row,
                }
                reads {
                    Ph1onbSessionRow => ph1onb_session_row,
                    Ph1onbSessionRows => ph1onb_session_rows,
                }
                pages { Ph1onbSessionRows => ph1onb_session_rows_page, }
            }
            ph1_persona: Ph1PersonaRepo {
                writes { Ph1personaProfileCommitRow => ph1persona_profile_commit_row, }
                reads { Ph1personaReadAuditRows => ph1persona_read_audit_rows, }
                pages { Ph1personaReadAuditRows => ph1persona_read_audit_rows_page, }
            }
            ph1_position: Ph1PositionRepo {
                writes {
                    Ph1positionCompanyInsertRow => ph1position_company_insert_row,
                    Ph1positionCompanyStateCommitRow => ph1position_company_state_commit_row,
                    Ph1positionCreateDraftRow => ph1position_create_draft_row,
                    Ph1positionLifecycleCommitRow => ph1position_lifecycle_commit_row,
                    Ph1positionSchemaDraftRow => ph1position_schema_draft_row,
                    Ph1positionSchemaActivateCommitRow => ph1position_schema_activate_commit_row,
                }
                reads {
                    Ph1positionReadCompanyRow => ph1position_read_company_row,
                    Ph1positionReadPositionRow => ph1position_read_position_row,
                    Ph1positionReadActiveSchemaRow => ph1position_read_active_schema_row,
                    Ph1positionReadSchemaVersionRow => ph1position_read_schema_version_row,
                    Ph1positionAppendOnlyGuards => ph1position_append_only_guards,
                }
                pages {}
            }
            ph1_voice_id: Ph1VidEnrollmentRepo {
                writes {
                    VidEnrollStartDraftRow => vid_enroll_start_draft_row,
                    VidEnrollSampleCommitRow => vid_enroll_sample_commit_row,
                    VidEnrollCompleteCommitRow => vid_enroll_complete_commit_row,
                    VidEnrollDeferReminderCommitRow => vid_enroll_defer_reminder_commit_row,
                }
                reads {
                    VidReadEnrollmentState => vid_read_enrollment_state,
                    VidAppendOnlyGuard => vid_append_only_guard,
                }
                pages {}
            }
            ph1_w: Ph1wWakeRepo {
                writes {
                    Ph1wEnrollStartDraftRow => ph1w_enroll_start_draft_row,
                    Ph1wEnrollSampleCommitRow => ph1w_enroll_sample_commit_row,
                    Ph1wEnrollCompleteCommitRow => ph1w_enroll_complete_commit_row,
                    Ph1wEnrollDeferReminderCommitRow => ph1w_enroll_defer_reminder_commit_row,
                    Ph1wRuntimeEventCommitRow => ph1w_runtime_event_commit_row,
                }
                reads {
                    Ph1wReadEnrollmentSessionRow => ph1w_read_enrollment_session_row,
                    Ph1wReadEnrollmentSampleRows => ph1w_read_enrollment_sample_rows,
                    Ph1wReadRuntimeEventRows => ph1w_read_runtime_event_rows,
                    Ph1wReadActiveWakeProfile => ph1w_read_active_wake_profile,
                    Ph1wAppendOnlyGuards => ph1w_append_only_guards,
                }
                pages {
                    Ph1wReadEnrollmentSampleRows => ph1w_read_enrollment_sample_rows_page,
                    Ph1wReadRuntimeEventRows => ph1w_read_runtime_event_rows_page,
                }
            }
            ph1_write: Ph1WriteRepo {
                writes { Ph1writeFormatCommitRow => ph1write_format_commit_row, }
                reads { Ph1writeReadAuditRows => ph1write_read_audit_rows, }
                pages { Ph1writeReadAuditRows => ph1write_read_audit_rows_page, }
            }
            ph2_access: Ph2AccessRepo {
                writes {
                    Ph2accessInstanceCreateCommitRow => ph2access_instance_create_commit_row,
                    Ph2accessLifecycleCommitRow => ph2access_lifecycle_commit_row,
                }
                reads { Ph2accessReadInstanceRow => ph2access_read_instance_row, }
                pages {}
            }
        }
    };
}

/// Calls a macro of the caller with the input of every read and guard of which its contract says the rows: `by_key` for a `known::KeyedRead`, `by_start` for a `known::StartedList`, `of_ledger` for a `known::LedgerGuard`.
#[macro_export]
macro_rules! for_every_known_read {
    ($by_key:ident, $by_start:ident, $of_ledger:ident) => {
        $by_key!($crate::ph1_f::Ph1fReadIdentityRow);
        $by_key!($crate::ph1_f::Ph1fReadDeviceRow);
        $by_key!($crate::ph1_f::Ph1fReadSessionRow);
        $by_start!($crate::ph1_f::Ph1fReadMemoryLedgerRows);
        $by_start!($crate::ph1_f::Ph1fReadMemoryCurrentRows);
        $of_ledger!($crate::ph1_f::Ph1fAppendOnlyGuards);
        $of_ledger!($crate::ph1_j::Ph1jAppendOnlyGuard);
        $by_key!($crate::ph1_link::Ph1linkReadLinkRow);
        $by_key!($crate::ph1_position::Ph1positionReadCompanyRow);
        $by_key!($crate::ph1_position::Ph1positionReadPositionRow);
        $by_key!($crate::ph1_position::Ph1positionReadSchemaVersionRow);
        $of_ledger!($crate::ph1_position::Ph1positionAppendOnlyGuards);
        $of_ledger!($crate::ph1_voice_id::VidAppendOnlyGuard);
        $by_key!($crate::ph1_w::Ph1wReadEnrollmentSessionRow);
        $by_start!($crate::ph1_w::Ph1wReadEnrollmentSampleRows);
        $of_ledger!($crate::ph1_w::Ph1wAppendOnlyGuards);
        $by_key!($crate::ph2_access::Ph2accessReadInstanceRow);
    };
}

/// Calls a macro of the caller with the module and the acceptance tests of every engine: an engine whose suite nobody wrote, or nobody runs, does not compile.
#[macro_export]
macro_rules! for_every_suite {
    ($each:ident) => {
        $each!(ph1_f, ph1_f_acceptance_tests);
        $each!(ph1_j, ph1_j_acceptance_tests);
        $each!(ph1_link, ph1_link_acceptance_tests);
        $each!(ph1_onb, ph1_onb_acceptance_tests);
        $each!(ph1_persona, ph1_persona_acceptance_tests);
        $each!(ph1_position, ph1_position_acceptance_tests);
        $each!(ph1_voice_id, ph1_voice_id_acceptance_tests);
        $each!(ph1_w, ph1_w_acceptance_tests);
        $each!(ph1_write, ph1_write_acceptance_tests);
        $each!(ph2_access, ph2_access_acceptance_tests);
    };
}
