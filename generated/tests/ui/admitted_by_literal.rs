//! A caller that writes an admitted call down instead of asking for admission.

use selene_contracts::ph1_write::Ph1writeReadAuditRows;
use selene_contracts::{Admitted, CallContext};

fn go_around(context: CallContext) -> Admitted<Ph1writeReadAuditRows> {
    Admitted { context, input: Ph1writeReadAuditRows {} }
}

fn main() {}
