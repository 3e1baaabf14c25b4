//! A statement that names a column as a database does, not as the contracts do.

use selene_contracts::sql;

const PLAIN: &str = sql!("SELECT {user_id} FROM {@identities} WHERE status = $1");
const JOINED: &str = sql!(
    "SELECT {device.user_id} FROM {@devices device} JOIN {@identities} ON {identities.user_id} = device.user_id"
);
/// Words of a text, of functions and of names that the statement itself gives are no columns.
const ALLOWED: &str = sql!("SELECT count({status}) AS statuses FROM {@identities} WHERE {status} <> 'status'");

fn main() {
    println!("{PLAIN} {JOINED} {ALLOWED}");
}
