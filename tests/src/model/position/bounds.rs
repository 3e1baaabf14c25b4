//! The bounds of PH1.POSITION, field by field in the order of the inputs.

use crate::model::admission::{Admission, tenant, text};
use selene_contracts::ph1_position::{
    Ph1PositionReasonCode as P, Ph1positionCompanyInsertRow, Ph1positionCreateDraftRow,
    Ph1positionSchemaDraftRow, RequirementField,
};
use selene_contracts::shared::{IdempotencyKey, TenantId};

fn admission(fields: &[bool]) -> Admission {
    Admission::of(P::PositionContractValidationFailed, fields).gated()
}

/// A tenant, ids of at most 64 bytes, and a key.
pub(super) fn keyed(tenant_id: &TenantId, ids: &[&str], key: &IdempotencyKey) -> Admission {
    let ids = ids.iter().all(|id| text(id, 64));
    admission(&[tenant(tenant_id), ids, text(key.as_str(), 128)])
}

pub(super) fn company(input: &Ph1positionCompanyInsertRow) -> Admission {
    admission(&[
        tenant(&input.tenant_id),
        text(input.company_id.as_str(), 64),
        text(input.legal_name.as_str(), 256),
        text(input.idempotency_key.as_str(), 128),
    ])
}

pub(super) fn position(input: &Ph1positionCreateDraftRow) -> Admission {
    admission(&[
        tenant(&input.tenant_id),
        text(input.position_id.as_str(), 64),
        text(input.company_id.as_str(), 64),
        text(input.position_title.as_str(), 128),
        text(input.department.as_str(), 128),
        text(input.jurisdiction.as_str(), 32),
        text(input.permission_profile_ref.as_str(), 64),
        text(input.compensation_band_ref.as_str(), 64),
        text(input.idempotency_key.as_str(), 128),
    ])
}

pub(super) fn schema(input: &Ph1positionSchemaDraftRow) -> Admission {
    let selectors = &input.selectors;
    let selectors = selectors.company_size.as_ref().is_none_or(|value| text(value.as_str(), 32))
        && selectors.industry_code.as_ref().is_none_or(|value| text(value.as_str(), 32))
        && selectors.jurisdiction.as_ref().is_none_or(|value| text(value.as_str(), 32))
        && selectors.position_family.as_ref().is_none_or(|value| text(value.as_str(), 64));
    admission(&[
        tenant(&input.tenant_id),
        text(input.position_id.as_str(), 64),
        text(input.schema_version_id.as_str(), 64),
        selectors,
        input.requirement_fields.len() <= 64,
        input.requirement_fields.iter().all(field),
        text(input.idempotency_key.as_str(), 128),
    ])
}

fn field(field: &RequirementField) -> bool {
    text(field.field_key.as_str(), 64)
        && field.field_key.as_str().is_ascii()
        && text(field.field_type.as_str(), 32)
        && field.field_type.as_str().is_ascii()
        && field.required_predicate.as_ref().is_none_or(|value| text(value.as_str(), 128))
        && text(field.sensitivity.as_str(), 32)
        && text(field.exposure.as_str(), 32)
        && field.prompt_ref.as_ref().is_none_or(|value| text(value.as_str(), 128))
}
