//! A caller that was written before the spec added a field.

use selene_contracts::ph1_write::Ph1writeFormatCommitRow;
use selene_contracts::shared::TenantId;

fn before_the_spec_changed() -> Ph1writeFormatCommitRow {
    Ph1writeFormatCommitRow { tenant_id: TenantId::new("tenant") }
}

fn main() {}
