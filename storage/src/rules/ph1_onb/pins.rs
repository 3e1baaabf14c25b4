//! The schema version that a session is pinned to at its start. It never changes.

use selene_contracts::ph1_onb::{
    OnboardingSessionRecord, OverlaySetId, PinnedSchemaId, SelectorSnapshotRef, VerificationGate,
};
use selene_contracts::ph1_position::{
    CompanySize, IndustryCode, Jurisdiction, PositionFamily, RequirementSchemaRecord, SchemaSelectors,
};
use selene_contracts::shared::{InviteeType, PositionId, SchemaVersionId, TenantId};

use super::gates;
use crate::encode::{Encoder, short_id};

/// The prefix of the schema id of a position. Example: `position:pos_1`.
const POSITION: &str = "position:";

/// Tenant, position and version of the schema that a session is pinned to; none where it is not pinned to one of a position.
pub(crate) fn pinned_key(
    session: &OnboardingSessionRecord,
) -> Option<(&TenantId, PositionId, &SchemaVersionId)> {
    let position = session.pinned_schema_id.as_ref()?.as_str().strip_prefix(POSITION)?;
    Some((session.tenant_id.as_ref()?, PositionId::new(position), session.pinned_schema_version.as_ref()?))
}

/// The pinned columns of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pins {
    pub(crate) schema_id: PinnedSchemaId,
    pub(crate) schema_version: SchemaVersionId,
    pub(crate) overlay_set_id: OverlaySetId,
    pub(crate) selector_snapshot: SelectorSnapshotRef,
    pub(crate) gates: Vec<VerificationGate>,
}

impl Pins {
    /// The pins of a position's active schema.
    pub(crate) fn position(schema: &RequirementSchemaRecord) -> Self {
        let schema_id = PinnedSchemaId::new(format!("{POSITION}{}", schema.position_id));
        Self {
            selector_snapshot: snapshot(&schema_id, &schema.schema_version_id, Some(&schema.selectors)),
            schema_id,
            schema_version: schema.schema_version_id.clone(),
            overlay_set_id: OverlaySetId::new("position_requirements_active"),
            gates: gates::of_schema(&schema.requirement_fields, &schema.selectors),
        }
    }

    /// The pins without a position: the invitee type, and the version that the link names, else `unversioned`.
    pub(crate) fn invitee(invitee_type: InviteeType, version: Option<&SchemaVersionId>) -> Self {
        let schema_id = PinnedSchemaId::new(format!("invitee:{invitee_type}"));
        let schema_version = version.cloned().unwrap_or_else(|| SchemaVersionId::new("unversioned"));
        Self {
            selector_snapshot: snapshot(&schema_id, &schema_version, None),
            schema_id,
            schema_version,
            overlay_set_id: OverlaySetId::new("default"),
            gates: Vec::new(),
        }
    }
}

/// A reference to the selectors of a schema: `sel_` and a hash of schema, version and selectors, so equal ones have equal
/// references.
fn snapshot(
    schema_id: &PinnedSchemaId,
    version: &SchemaVersionId,
    selectors: Option<&SchemaSelectors>,
) -> SelectorSnapshotRef {
    let mut bytes = Encoder::new("selene.selector_snapshot.v1");
    bytes.text(schema_id.as_str());
    bytes.text(version.as_str());
    if let Some(selectors) = selectors {
        bytes.optional_text(selectors.company_size.as_ref().map(CompanySize::as_str));
        bytes.optional_text(selectors.industry_code.as_ref().map(IndustryCode::as_str));
        bytes.optional_text(selectors.jurisdiction.as_ref().map(Jurisdiction::as_str));
        bytes.optional_text(selectors.position_family.as_ref().map(PositionFamily::as_str));
    }
    SelectorSnapshotRef::new(short_id("sel_", &bytes.finish()))
}
