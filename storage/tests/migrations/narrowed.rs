//! Rows beyond a bound that was narrowed since stay readable: bounds are for what is new.

use selene_contracts::ph1_f::*;
use selene_storage::test_support::inputs;

use crate::common::{World, context, identity};

#[test]
fn a_row_beyond_todays_bounds_is_read_as_it_was_stored() {
    let world = World::new();
    let long = "s".repeat(400);
    let store = world.open();
    identity(&store, "ann").unwrap();
    drop(store);
    // As an earlier build with a wider bound would have stored it.
    world.tamper(&format!(
        "PRAGMA ignore_check_constraints = ON; UPDATE identities SET speaker_id = '{long}' WHERE user_id = 'ann'"
    ));
    let store = world.open();
    let read =
        store.ph1f_read_identity_row(&context(1), Ph1fReadIdentityRow { user_id: "ann".into() }).unwrap();
    assert_eq!(read.unwrap().speaker_id.unwrap().as_str(), long);
    // What is new keeps to the bound.
    let mut input = Ph1fIdentityInsertRow {
        speaker_id: Some(long.as_str().into()),
        ..inputs::identity("bob", "insert-bob")
    };
    assert!(store.ph1f_identity_insert_row(&context(2), input.clone()).is_err());
    input.speaker_id = None;
    assert!(store.ph1f_identity_insert_row(&context(2), input).unwrap().is_applied());
}
