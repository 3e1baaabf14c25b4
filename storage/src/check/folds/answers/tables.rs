//! Which answers have which fields of which rows.

use std::sync::LazyLock;

use selene_contracts::ph1_f::{
    ConversationLedgerRow, DevicesRow, IdentitiesRow, Ph1fConversationAppendCommitRow, Ph1fDeviceInsertRow,
    Ph1fIdentityInsertRow, Ph1fSessionOpenCommitRow, Ph1fSessionStateCommitRow, SessionsRow,
};
use selene_contracts::ph1_link::{
    LinkStatus, LinksRow, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
    Ph1linkInviteRevokeCommitRow,
};
use selene_contracts::ph1_onb::{
    BackfillTargetStatus, OnboardingBackfillCampaignsRow, OnboardingBackfillTargetsRow,
    OnboardingSessionsRow, Ph1onbAccessInstanceCreateCommitRow, Ph1onbBackfillCompleteCommitRow,
    Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillStartDraftRow, Ph1onbCompleteCommitRow,
    Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow,
};
use selene_contracts::ph1_position::{
    Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow, Ph1positionCreateDraftRow,
    Ph1positionLifecycleCommitRow, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow,
    PositionsRow, RequirementSchemasRow, TenantCompaniesRow,
};
use selene_contracts::ph1_voice_id::{
    VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow, VidEnrollSampleCommitRow,
    VidEnrollStartDraftRow, VoiceEnrollmentSessionsRow,
};
use selene_contracts::ph1_w::{
    Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollSampleCommitRow,
    Ph1wEnrollStartDraftRow, Ph1wRuntimeEventCommitRow, WakeEnrollmentSessionsRow, WakeRuntimeEventsRow,
};
use selene_contracts::ph2_access::{
    AccessInstancesRow, Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow,
};
use selene_contracts::row::Selection as _;
use selene_contracts::tables::{
    conversation_ledger, devices, links, onboarding_backfill_campaigns, onboarding_backfill_targets,
    onboarding_sessions, requirement_schemas, voice_enrollment_sessions, wake_enrollment_sessions,
};

use super::form::{By, Later, Table};

/// Every table, in the order in which they are checked.
pub(super) static TABLES: LazyLock<Vec<&'static Table>> =
    LazyLock::new(|| OF_ENGINES.iter().copied().flatten().collect());

/// Those of the first engines stand here, those of each further engine in a file of its own.
// One line for each, so that another one is a line more.
#[rustfmt::skip]
const OF_ENGINES: &[&[Table]] = &[
    OF_FIRST_ENGINES,
];

const OF_FIRST_ENGINES: &[Table] = &[
    Table {
        by: &[By::row::<Ph1fIdentityInsertRow>(IdentitiesRow::KEY)],
        // The access of an onboarding writes the identity of its person.
        may_be_unanswered: true,
        ..Table::of::<IdentitiesRow>()
    },
    Table {
        by: &[By::row::<Ph1fDeviceInsertRow>(DevicesRow::KEY)],
        // The first write that names a tenant binds the device.
        later: &[(devices::TENANT_ID, Later::Set)],
        ..Table::of::<DevicesRow>()
    },
    Table {
        by: &[
            By::row::<Ph1fSessionOpenCommitRow>(SessionsRow::KEY),
            By::row::<Ph1fSessionStateCommitRow>(SessionsRow::KEY),
        ],
        ..Table::of::<SessionsRow>()
    },
    Table {
        // The row has it as bytes, the answer in another form.
        not_compared: &[conversation_ledger::CORRELATION_ID],
        by: &[By::row::<Ph1fConversationAppendCommitRow>(ConversationLedgerRow::KEY)],
        ..Table::of::<ConversationLedgerRow>()
    },
    Table {
        by: &[
            By::row::<Ph1wEnrollStartDraftRow>(WakeEnrollmentSessionsRow::KEY),
            By::row::<Ph1wEnrollSampleCommitRow>(WakeEnrollmentSessionsRow::KEY),
            By::row::<Ph1wEnrollCompleteCommitRow>(WakeEnrollmentSessionsRow::KEY),
            By::row::<Ph1wEnrollDeferReminderCommitRow>(WakeEnrollmentSessionsRow::KEY)
                .renamed(&[("gate_reason_code", wake_enrollment_sessions::REASON_CODE)]),
        ],
        has_no_other_ledger: false,
        ..Table::of::<WakeEnrollmentSessionsRow>()
    },
    Table {
        by: &[By::row::<Ph1wRuntimeEventCommitRow>(WakeRuntimeEventsRow::KEY)],
        ..Table::of::<WakeRuntimeEventsRow>()
    },
    Table {
        by: &[
            By::row::<VidEnrollStartDraftRow>(VoiceEnrollmentSessionsRow::KEY),
            By::row::<VidEnrollSampleCommitRow>(VoiceEnrollmentSessionsRow::KEY),
            By::row::<VidEnrollCompleteCommitRow>(VoiceEnrollmentSessionsRow::KEY),
            By::row::<VidEnrollDeferReminderCommitRow>(VoiceEnrollmentSessionsRow::KEY)
                .renamed(&[("sample_reason_code", voice_enrollment_sessions::REASON_CODE)]),
        ],
        has_no_other_ledger: false,
        ..Table::of::<VoiceEnrollmentSessionsRow>()
    },
    Table {
        // An opening and the end of an onboarding change the link and do not answer its time.
        not_compared: &[links::UPDATED_AT],
        by: &[
            By::row::<Ph1linkInviteGenerateDraftRow>(LinksRow::KEY),
            By::row::<Ph1linkInviteRevokeCommitRow>(LinksRow::KEY),
            By::some_fields::<Ph1linkInviteOpenActivateCommitRow>(LinksRow::KEY)
                .only(links::LINK_STATUS, LinkStatus::Activated.as_str()),
            // Earlier builds answered another device BLOCKED and left the link as it was. Their events do not have
            // the status before.
            By::some_fields::<Ph1linkInviteOpenActivateCommitRow>(LinksRow::KEY)
                .only(links::LINK_STATUS, LinkStatus::Blocked.as_str())
                .only_with("previous_link_status"),
        ],
        // The opening binds the device, the end of the onboarding consumes the link.
        later: &[
            (links::DEVICE_FINGERPRINT_HASH, Later::Set),
            (links::LINK_STATUS, Later::Becomes(LinkStatus::Consumed.as_str())),
        ],
        ..Table::of::<LinksRow>()
    },
    Table {
        by: &[
            By::row::<Ph1positionCompanyInsertRow>(TenantCompaniesRow::KEY),
            By::row::<Ph1positionCompanyStateCommitRow>(TenantCompaniesRow::KEY),
        ],
        ..Table::of::<TenantCompaniesRow>()
    },
    Table {
        by: &[
            By::row::<Ph1positionCreateDraftRow>(PositionsRow::KEY),
            By::row::<Ph1positionLifecycleCommitRow>(PositionsRow::KEY),
        ],
        has_no_other_ledger: false,
        ..Table::of::<PositionsRow>()
    },
    Table {
        // State and time change with the activation of another version; the ledger of the position leads to them.
        not_compared: &[requirement_schemas::SCHEMA_STATE, requirement_schemas::UPDATED_AT],
        by: &[
            By::row::<Ph1positionSchemaDraftRow>(RequirementSchemasRow::KEY),
            By::row::<Ph1positionSchemaActivateCommitRow>(RequirementSchemasRow::KEY),
        ],
        has_no_other_ledger: false,
        ..Table::of::<RequirementSchemasRow>()
    },
    Table {
        by: &[
            By::row::<Ph2accessInstanceCreateCommitRow>(AccessInstancesRow::KEY),
            By::row::<Ph2accessLifecycleCommitRow>(AccessInstancesRow::KEY),
            // Names the row, and has none of its fields.
            By::some_fields::<Ph1onbAccessInstanceCreateCommitRow>(&[
                onboarding_sessions::ACCESS_ENGINE_INSTANCE_ID,
            ]),
        ],
        ..Table::of::<AccessInstancesRow>()
    },
    Table {
        // No answer has them; the events of two steps have the sender. The context is compared with the link's.
        not_compared: &[
            onboarding_sessions::TOKEN_ID,
            onboarding_sessions::INVITEE_TYPE,
            onboarding_sessions::TENANT_ID,
            onboarding_sessions::PREFILLED_CONTEXT_REF,
            onboarding_sessions::DEVICE_FINGERPRINT_HASH,
            onboarding_sessions::CREATED_AT,
            onboarding_sessions::UPDATED_AT,
            onboarding_sessions::PHOTO_BLOB_REF,
            onboarding_sessions::SENDER_USER_ID,
            onboarding_sessions::PRIMARY_DEVICE_DEVICE_ID,
            onboarding_sessions::PREFILLED_CONTEXT,
        ],
        by: &[
            By::some_fields::<Ph1onbSessionStartDraftRow>(OnboardingSessionsRow::KEY),
            By::some_fields::<Ph1onbTermsAcceptCommitRow>(OnboardingSessionsRow::KEY),
            By::some_fields::<Ph1onbEmployeePhotoCaptureSendCommitRow>(OnboardingSessionsRow::KEY),
            By::some_fields::<Ph1onbEmployeeSenderVerifyCommitRow>(OnboardingSessionsRow::KEY),
            By::some_fields::<Ph1onbPrimaryDeviceConfirmCommitRow>(OnboardingSessionsRow::KEY)
                .renamed(&[("proof_type", onboarding_sessions::PRIMARY_DEVICE_PROOF_TYPE)]),
            By::some_fields::<Ph1onbAccessInstanceCreateCommitRow>(OnboardingSessionsRow::KEY),
            By::some_fields::<Ph1onbCompleteCommitRow>(OnboardingSessionsRow::KEY),
        ],
        unanswered_is_absent: true,
        ..Table::of::<OnboardingSessionsRow>()
    },
    Table {
        // Whose campaign it is, and its times: no answer and no event has them.
        not_compared: &[
            onboarding_backfill_campaigns::TENANT_ID,
            onboarding_backfill_campaigns::COMPANY_ID,
            onboarding_backfill_campaigns::ACTOR_USER_ID,
            onboarding_backfill_campaigns::CREATED_AT,
            onboarding_backfill_campaigns::UPDATED_AT,
            onboarding_backfill_campaigns::COMPLETED_AT,
        ],
        by: &[
            By::some_fields::<Ph1onbBackfillStartDraftRow>(OnboardingBackfillCampaignsRow::KEY),
            By::some_fields::<Ph1onbBackfillCompleteCommitRow>(OnboardingBackfillCampaignsRow::KEY),
        ],
        ..Table::of::<OnboardingBackfillCampaignsRow>()
    },
    Table {
        // The time is that of the write, which no answer has.
        not_compared: &[onboarding_backfill_targets::UPDATED_AT],
        by: &[
            By::some_fields::<Ph1onbBackfillNotifyCommitRow>(OnboardingBackfillTargetsRow::KEY),
            // The end of an onboarding completes its person in every campaign that the answer names.
            By::some_fields::<Ph1onbCompleteCommitRow>(&[
                onboarding_backfill_targets::CAMPAIGN_ID,
                "user_id",
            ])
            .each(
                "completed_campaign_ids",
                onboarding_backfill_targets::CAMPAIGN_ID,
                (onboarding_backfill_targets::TARGET_STATUS, BackfillTargetStatus::Completed.as_str()),
            ),
        ],
        // The start of the campaign writes all of them.
        may_be_unanswered: true,
        ..Table::of::<OnboardingBackfillTargetsRow>()
    },
];
