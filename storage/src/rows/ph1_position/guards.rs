//! The rows on which PH1.POSITION's guards try themselves.

use rusqlite::Connection;
use selene_contracts::Admitted;
use selene_contracts::ph1_position::Ph1positionAppendOnlyGuards;

use crate::commit::read::StoredGuard;
use crate::failure::Failure;
use crate::rows::values::stored;
use crate::sqlite::guard::{self, Row};

impl StoredGuard for Ph1positionAppendOnlyGuards {
    fn row(connection: &Connection, call: &Admitted<Self>) -> Result<Row, Failure> {
        let (table, condition, column, field, tenant_id, position_id, sequence) = match call.input() {
            Self::TenantIdAndPositionIdAndPositionEventSeq { tenant_id, position_id, position_event_seq } => {
                (
                    "position_events",
                    "tenant_id = ?1 AND position_id = ?2 AND position_event_seq = ?3",
                    "position_lifecycle",
                    "position_event_seq",
                    tenant_id,
                    position_id,
                    *position_event_seq,
                )
            }
            Self::TenantIdAndPositionIdAndSchemaEventSeq { tenant_id, position_id, schema_event_seq } => (
                "requirement_schema_events",
                "tenant_id = ?1 AND position_id = ?2 AND schema_event_seq = ?3",
                "schema_state",
                "schema_event_seq",
                tenant_id,
                position_id,
                *schema_event_seq,
            ),
        };
        let key = vec![
            tenant_id.as_str().to_owned().into(),
            position_id.as_str().to_owned().into(),
            stored(sequence).into(),
        ];
        guard::existing::<Self>(connection, Row { table, condition, column, key }, field)
    }
}
