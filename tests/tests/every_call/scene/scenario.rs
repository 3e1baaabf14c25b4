//! The calls of engines that the scene has none of: those of the scenario of released files, with the tenant's own names.

use std::collections::BTreeMap;
use std::fs;

use selene_acceptance::{Backend, place};
use selene_contracts::{CapabilitySpec, Effect, FieldSpec, ValueSpec, engines};
use serde_json::{Value, json};

use super::Work;

/// The calls, below the workspace.
const SCENARIO: &str = "storage/tests/migrations/released/scenario.jsonl";

fn capabilities() -> impl Iterator<Item = &'static CapabilitySpec> {
    engines::ALL.iter().flat_map(|engine| engine.capabilities).copied()
}

impl<B: Backend> Work<'_, B> {
    /// Makes every write that nothing above has made, as the scenario makes it: a new engine needs its calls there alone.
    pub(super) fn scenario(&mut self) {
        let text = fs::read_to_string(place::workspace().join(SCENARIO)).expect("the scenario is there");
        let is_made = |spec: &&CapabilitySpec| self.tenant.applied.contains_key(spec.id);
        let writes = capabilities().filter(|spec| spec.effect == Effect::Write && !is_made(spec));
        let writes: BTreeMap<&str, &CapabilitySpec> = writes.map(|spec| (spec.stored_name, spec)).collect();
        let mut answers: BTreeMap<String, Value> = BTreeMap::new();
        let mut given: BTreeMap<String, Value> = BTreeMap::new();
        for line in text.lines() {
            let call: Value = serde_json::from_str(line).expect("a call is JSON");
            let Some(spec) = call["capability"].as_str().and_then(|name| writes.get(name)) else { continue };
            let input = self.renamed(spec, &call["input"], &answers);
            let answer = self.write(spec.id, input.clone());
            let values = [&input, &answer].into_iter().filter_map(Value::as_object).flatten();
            for (name, value) in values.filter(|(_, value)| !value.is_null()) {
                given.entry(name.clone()).or_insert_with(|| value.clone());
            }
            answers.insert(call["name"].as_str().expect("a call has a name").to_owned(), answer);
        }
        self.note_keys(&given);
    }

    /// The input with the names of this tenant: those that it goes by already, else one of its own for each id.
    fn renamed(&self, spec: &CapabilitySpec, input: &Value, answers: &BTreeMap<String, Value>) -> Value {
        let mut input = input.clone();
        for field in spec.input[0] {
            let value = &mut input[field.name];
            let Some(text) = value.as_str() else { continue };
            if let Some(reference) = text.strip_prefix('$') {
                let (call, field) = reference.rsplit_once('.').expect("a reference names a field");
                *value = answers[call][field].clone();
            } else if let Some(known) = self.tenant.keys.get(field.name) {
                *value = known.clone();
            } else if is_id(field) {
                *value = self.own(text);
            }
        }
        input
    }

    /// Remembers by what its reads ask: what the calls were given, and the first number of what counts.
    fn note_keys(&mut self, given: &BTreeMap<String, Value>) {
        let reads = capabilities().filter(|spec| spec.effect != Effect::Write);
        for field in reads.flat_map(|spec| spec.input).copied().flatten() {
            let first = matches!(field.value, ValueSpec::Integer { .. }).then(|| json!(1));
            if let Some(value) = given.get(field.name).cloned().or(first) {
                self.tenant.keys.entry(field.name).or_insert(value);
            }
        }
    }
}

fn is_id(field: &FieldSpec) -> bool {
    matches!(field.value, ValueSpec::Text { is_free: false, .. })
}
