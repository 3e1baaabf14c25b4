//! The rows on which PH1.POSITION's guards try themselves.

use selene_contracts::Admitted;
use selene_contracts::ph1_position::keys::{PositionEventsKey, RequirementSchemaEventsKey};
use selene_contracts::ph1_position::{
    Ph1positionAppendOnlyGuards, PositionEventsRow, RequirementSchemaEventsRow,
};

use crate::rows::stored::{LedgerRow, StoredGuard};

impl StoredGuard for Ph1positionAppendOnlyGuards {
    fn row(call: &Admitted<Self>) -> LedgerRow {
        match call.input() {
            Self::TenantIdAndPositionIdAndPositionEventSeq { tenant_id, position_id, position_event_seq } => {
                LedgerRow::of::<PositionEventsRow, _>(&PositionEventsKey {
                    tenant_id,
                    position_id,
                    position_event_seq,
                })
            }
            Self::TenantIdAndPositionIdAndSchemaEventSeq { tenant_id, position_id, schema_event_seq } => {
                LedgerRow::of::<RequirementSchemaEventsRow, _>(&RequirementSchemaEventsKey {
                    tenant_id,
                    position_id,
                    schema_event_seq,
                })
            }
        }
    }
}
