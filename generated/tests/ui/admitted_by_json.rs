//! A caller that reads an admitted call from a text.

use selene_contracts::Admitted;
use selene_contracts::ph1_write::Ph1writeReadAuditRows;

fn go_around(text: &str) -> Admitted<Ph1writeReadAuditRows> {
    serde_json::from_str(text).unwrap()
}

fn main() {}
