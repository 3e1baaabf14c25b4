//! Pairs of ids in calls and values of PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB.
//!
//! These engines make ids in many places, so they are found by their looks: an id of the model begins with
//! `#`, a hash of the model with zeros.

use selene_contracts::shared::TenantId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{Names, Renamer};
use crate::model::calls::{Answer, HiringValue, Value};

impl Renamer<'_> {
    /// The same with every text renamed.
    pub(super) fn whole<T: Serialize + DeserializeOwned>(&self, value: &T) -> T {
        let mut json = serde_json::to_value(value).expect("contract types are written as JSON");
        self.json(&mut json);
        serde_json::from_value(json).expect("contract types are read as they were written")
    }

    fn json(&self, json: &mut Json) {
        match json {
            Json::String(text) => *text = self.text(text),
            Json::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Json::Object(fields) => {
                *fields = std::mem::take(fields)
                    .into_iter()
                    .map(|(key, mut value)| {
                        self.json(&mut value);
                        (self.text(&key), value)
                    })
                    .collect();
            }
            _ => {}
        }
    }
}

impl Names {
    /// Takes note of the ids that stand at the same places.
    pub(super) fn learn_hiring(&mut self, model: &HiringValue, store: &HiringValue) -> Result<(), String> {
        let json = |value| serde_json::to_value(value).map_err(|error| error.to_string());
        self.learn_json(&json(model)?, &json(store)?)
    }

    fn learn_json(&mut self, model: &Json, store: &Json) -> Result<(), String> {
        match (model, store) {
            (Json::String(model), Json::String(store)) if is_made(model) => self.pair(model, store),
            (Json::Array(model), Json::Array(store)) => {
                model.iter().zip(store).try_for_each(|(model, store)| self.learn_json(model, store))
            }
            (Json::Object(model), Json::Object(store)) => model.iter().try_for_each(|(key, model)| {
                let key = Renamer(&self.to_store).text(key);
                store.get(&key).map_or(Ok(()), |store| self.learn_json(model, store))
            }),
            _ => Ok(()),
        }
    }

    /// An answer with the campaigns that it names in the order of the store's ids, which the model does not know.
    pub(in crate::model) fn ordered(&self, mut answer: Answer) -> Answer {
        if let Answer::Applied(Value::Hiring(value)) | Answer::Replayed { value: Value::Hiring(value), .. } =
            &mut answer
            && let HiringValue::OnbCompleted(output) = &mut **value
        {
            output.completed_campaign_ids.sort_by_key(|id| self.text_to_store(id.as_str()));
        }
        answer
    }

    /// The tenant as the store calls it.
    pub(in crate::model) fn tenant_to_store(&self, tenant_id: Option<&TenantId>) -> Option<TenantId> {
        tenant_id.map(|id| TenantId::new(Renamer(&self.to_store).text(id.as_str())))
    }

    /// Whether the model made the id of this tenant and does not know the store's.
    pub(in crate::model) fn is_unknown(&self, tenant_id: &TenantId) -> bool {
        is_made(tenant_id.as_str()) && !self.to_store.contains_key(tenant_id.as_str())
    }

    /// The tenant as the model calls it.
    pub(in crate::model) fn tenant_to_model(&self, tenant_id: Option<&TenantId>) -> Option<TenantId> {
        tenant_id.map(|id| TenantId::new(Renamer(&self.to_model).text(id.as_str())))
    }
}

fn is_made(text: &str) -> bool {
    text.starts_with('#') || (text.len() == 64 && text.starts_with(&"0".repeat(32)))
}
