//! Two processes on the same rows: every write of every engine is made by both at one moment, under one key.

use selene_acceptance::{Backend as _, Shared};
use serde_json::json;

use crate::rival::Rival;
use crate::scene::{Call, Scene};

/// Each write is applied for one of them, and the other gets the same answer as a replay.
pub fn one_key_at_one_moment_in_two_processes(harness: &impl Shared, module: &str) {
    let open = harness.open();
    let mut rival = Rival::start(&open.address(), module);
    let scene = Scene::made(open, &mut |open, call| {
        let Call { context, id, input } = call;
        let request = json!({"now": context.now, "turn": context.turn_id, "id": id, "input": input});
        rival.race(&request, || Call::applied(open, call))
    });
    let (own, others) = rival.end();
    assert!(own > 0 && others > 0, "they never met: {own} were applied here, {others} there");
    let store = scene.store();
    let chains = store.verify_chains(&store.chain_heads().unwrap()).unwrap();
    assert!(chains.is_intact(), "{chains:?}");
    assert_eq!(chains.events, own + others, "each write left one event");
    assert!(store.verify_rows().unwrap().is_intact());
    assert!(store.verify_folds().unwrap().is_intact());
}
