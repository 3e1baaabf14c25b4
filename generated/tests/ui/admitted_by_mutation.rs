//! A caller that changes a call after it has been admitted.

use selene_contracts::Admitted;
use selene_contracts::ph1_write::Ph1writeFormatCommitRow;
use selene_contracts::shared::TenantId;

fn go_around(call: &mut Admitted<Ph1writeFormatCommitRow>) {
    call.input.tenant_id = TenantId::new("another");
}

fn main() {}
