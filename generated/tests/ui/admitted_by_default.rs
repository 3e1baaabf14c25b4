//! A caller that hopes for an admitted call out of nothing.

use selene_contracts::Admitted;
use selene_contracts::ph1_write::Ph1writeReadAuditRows;

fn go_around() -> Admitted<Ph1writeReadAuditRows> {
    Admitted::default()
}

fn main() {}
