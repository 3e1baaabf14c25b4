//! Values that PostgreSQL takes otherwise than SQLite.

use selene_acceptance::{OnServer, World, context};
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fReadIdentityRow};

#[test]
fn a_text_that_no_row_can_hold_is_the_key_of_no_row() {
    let world = World::with_people(&OnServer);
    let read = |user: &str| {
        let input = Ph1fReadIdentityRow { user_id: user.into() };
        world.store().ph1f_read_identity_row(&context(1), input)
    };
    assert!(read("ann").unwrap().is_some());
    assert_eq!(read("an\0n"), read("nobody"));
}
