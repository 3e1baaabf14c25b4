//! Who may make a call, and within what: every call of every engine refuses everybody else, before it looks at anything.

use selene_acceptance::{Backend, Harness};
use selene_contracts::{CallContext, Caller, CapabilitySpec, StorageError, engines};
use serde_json::Value;

use crate::dispatch;
use crate::reads::Form;
use crate::scene::{Scene, context};

/// Makes any call: an input that the scene made before, or one of its keys.
fn call(
    scene: &Scene<impl Backend>,
    capability: &CapabilitySpec,
    context: &CallContext,
) -> Result<(), StorageError> {
    let tenant = &scene.tenants[0];
    if let Some(input) = tenant.applied.get(capability.id) {
        return dispatch::write(scene.store(), context, capability.id, input).expect("a write").map(drop);
    }
    let form = Form::all().find(|form| form.capability.id == capability.id).expect("a read");
    let input: Value = form.input(Some(tenant), tenant);
    dispatch::read(scene.store(), context, capability.id, &input).expect("a read").map(drop)
}

/// Everybody who may call something.
const CALLERS: [Caller; 3] = [Caller::SeleneOs, Caller::Engine, Caller::Operator];

fn capabilities() -> impl Iterator<Item = &'static CapabilitySpec> {
    engines::ALL.iter().flat_map(|engine| engine.capabilities.iter().copied())
}

pub fn every_call_refuses_callers_that_its_page_does_not_name(harness: &impl Harness) {
    let scene = Scene::new(harness);
    for capability in capabilities() {
        for caller in CALLERS.iter().filter(|caller| !capability.allowed_callers.contains(caller)) {
            let mut context = context(95_000, 8);
            context.caller = *caller;
            let refused = call(&scene, capability, &context).expect_err(capability.id);
            assert!(matches!(refused, StorageError::CallerNotAllowed { .. }), "{}: {refused}", capability.id);
            assert_eq!(refused.reason_code(), capability.refusals.caller, "{}", capability.id);
        }
    }
}

pub fn every_gated_call_asks_for_a_simulation(harness: &impl Harness) {
    let scene = Scene::new(harness);
    for capability in capabilities().filter(|capability| capability.simulation_gated) {
        let mut context = context(95_000, 8);
        context.simulation_id = None;
        let refused = call(&scene, capability, &context).expect_err(capability.id);
        assert!(matches!(refused, StorageError::SimulationRequired { .. }), "{}: {refused}", capability.id);
        assert_eq!(refused.reason_code(), capability.refusals.simulation, "{}", capability.id);
    }
}
