//! Random sequences of the calls of one engine, and of the foundation: people, devices and sessions.

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::Index;
use proptest::strategy::Union;
use selene_contracts::shared::MonotonicTimeNs;
use selene_contracts::{CallContext, CapabilitySpec, Effect, EngineSpec};
use serde_json::json;

use super::model::EngineModel;
use super::values::object;
use crate::model::calls::{Call, Script, Step};
use crate::model::engine_call::EngineCall;
use crate::model::scripts::{Clock, SECOND, START, WORLD, clock, foundation, odd, simulated, weighted};

/// Calls of one engine and of the foundation. Half of the sequences make most calls as they should be, while the clock goes slowly: else
/// few get far.
pub fn engine_script(model: &EngineModel) -> impl Strategy<Value = Script> + use<> {
    let engine = model.spec();
    let quick = weighted(&[(12, Clock::Later(SECOND)), (3, Clock::Later(0)), (1, Clock::Earlier(1))]);
    let good = prop_oneof![12 => Just(simulated()), 1 => odd()].boxed();
    let any = prop_oneof![1 => Just(simulated()), 1 => odd()].boxed();
    prop_oneof![script(calls(engine), quick, good), script(calls(engine), clock(), any)]
}

/// A call of an engine: mostly a write.
fn calls(engine: &'static EngineSpec) -> BoxedStrategy<Call> {
    let of_engine = |spec: &'static CapabilitySpec| {
        let weight = if spec.effect == Effect::Write { 20 } else { 3 };
        (weight, call(engine, spec))
    };
    let all: Vec<_> = engine.capabilities.iter().map(|spec| of_engine(spec)).collect();
    let weight = all.iter().map(|(weight, _)| weight).sum::<u32>().div_ceil(20);
    Union::new_weighted(all.into_iter().chain([(weight, foundation())]).collect()).boxed()
}

/// A call of one capability.
pub(super) fn call(engine: &'static EngineSpec, capability: &'static CapabilitySpec) -> BoxedStrategy<Call> {
    let forms = capability.input.iter().enumerate().map(|(place, fields)| {
        let variant = capability.variants.get(place);
        let input = object(engine, fields);
        match variant {
            Some(variant) => input.prop_map(move |fields| json!({ *variant: fields })).boxed(),
            None => input,
        }
    });
    let forms: Vec<_> = forms.collect();
    Union::new(forms).prop_map(move |input| Call::Engine(EngineCall { capability, input })).boxed()
}

fn script(
    call: BoxedStrategy<Call>,
    clock: BoxedStrategy<Clock>,
    around: BoxedStrategy<CallContext>,
) -> BoxedStrategy<Script> {
    // A retry comes as it was, or in another context.
    let again = prop_oneof![8 => Just(None), 1 => any::<Index>().prop_map(Some)];
    vec((clock, around, call, again), 1..60)
        .prop_map(|calls| {
            let mut steps: Vec<Step> = Vec::new();
            let mut now = START;
            for (tick, context, call, again) in calls {
                let at = tick.next(&mut now);
                let call = match again {
                    Some(earlier) if !steps.is_empty() => earlier.get(&steps).call.clone(),
                    _ => call,
                };
                steps.push(Step { context: context.at(MonotonicTimeNs::new(at)), call });
            }
            Script { start: WORLD, calls: steps }
        })
        .boxed()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    use selene_contracts::engines;

    use super::*;
    use crate::model::engines::dispatch::of_contract;

    #[test]
    fn calls_of_every_capability_are_drawn_that_its_contract_admits_and_that_it_refuses() {
        let mut runner = TestRunner::deterministic();
        let mut drawn = BTreeMap::new();
        for engine in engines::ALL {
            for capability in engine.capabilities {
                let calls = call(engine, capability);
                for _ in 0..400 {
                    let Call::Engine(call) = calls.new_tree(&mut runner).unwrap().current() else { panic!() };
                    // The input has the form of its type, else this panics.
                    let refusal = of_contract(&simulated(), &call).refusal;
                    let (admitted, refused): &mut (u32, u32) = drawn.entry(capability.id).or_default();
                    *(if refusal.is_none() { admitted } else { refused }) += 1;
                }
            }
        }
        let never = |(_, (admitted, _)): &(&&str, &(u32, u32))| *admitted == 0;
        assert_eq!(drawn.iter().filter(never).collect::<Vec<_>>(), []);
        // Some inputs have no bounds at all, and a caller is what these refuse.
        let unrefused = drawn.iter().filter(|(_, (_, refused))| *refused == 0).map(|(id, _)| *id);
        let is_bounded = |id: &&str| {
            let capabilities = engines::ALL.iter().flat_map(|engine| engine.capabilities);
            let mut fields = capabilities
                .filter(|spec| spec.id == *id)
                .flat_map(|spec| spec.input.iter().copied().flatten());
            fields.any(|field| !field.bounds.is_empty())
        };
        assert_eq!(unrefused.filter(is_bounded).collect::<Vec<_>>(), [""; 0]);
    }
}
