//! The specs of PH1.WRITE state four acceptance tests; one is not written.

use selene_contracts::ph1_write::Ph1WriteAcceptance;

struct Suite;

impl Ph1WriteAcceptance for Suite {
    fn at_write_db_01_tenant_isolation_enforced(&self) {}
    fn at_write_db_02_append_only_enforced(&self) {}
    fn at_write_db_04_no_current_table_rebuild_required(&self) {}
}

selene_contracts::ph1_write_acceptance_tests!(Suite);

fn main() {}
