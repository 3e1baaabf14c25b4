//! Every capability by its id, with its input and its answer as JSON; the list of them is the contracts'.

use selene_contracts::{Admitted, CallContext, Capability, DedupeKey, ReasonCode};

use super::model::{json, typed};
use crate::harness::Backend;
use crate::model::calls::{Answer, Value};
use crate::model::engine_call::{EngineCall, EngineValue};
use crate::model::send::forms::{Wait, read, ticket, written};

/// What a contract says of one call.
pub(super) struct Asked {
    /// Why it is not admitted.
    pub(super) refusal: Option<ReasonCode>,
    /// When another call is the same call.
    pub(super) key: Option<DedupeKey>,
}

fn asked<C: Capability>(context: &CallContext, call: &EngineCall) -> Asked {
    let input: C = typed(&call.input);
    let key = input.dedupe_key(context);
    let refusal = Admitted::admit(context, input).err().map(|error| error.reason_code());
    Asked { refusal, key }
}

macro_rules! dispatch {
    ($($module:ident: $repo:ident {
        writes { $($write:ident => $write_method:ident,)* }
        reads { $($read:ident => $read_method:ident,)* }
        pages { $($pages:tt)* }
    })*) => {
        /// What the contract of a call says of it.
        ///
        /// # Panics
        /// No trait has the capability.
        pub(super) fn of_contract(context: &CallContext, call: &EngineCall) -> Asked {
            match call.capability.id {
                $($(
                    id if id == selene_contracts::$module::$write::SPEC.id => {
                        asked::<selene_contracts::$module::$write>(context, call)
                    }
                )*
                $(
                    id if id == selene_contracts::$module::$read::SPEC.id => {
                        asked::<selene_contracts::$module::$read>(context, call)
                    }
                )*)*
                id => panic!("no trait has {id}"),
            }
        }

        /// Makes a call through the public traits.
        ///
        /// # Panics
        /// No trait has the capability.
        pub(crate) fn send(store: &impl Backend, at: &CallContext, call: &EngineCall) -> Answer {
            match call.capability.id {
                $($(
                    id if id == selene_contracts::$module::$write::SPEC.id => {
                        written(store.$write_method(at, typed(&call.input)), |given| value(id, &given))
                    }
                )*
                $(
                    id if id == selene_contracts::$module::$read::SPEC.id => {
                        read(store.$read_method(at, typed(&call.input)), |given| value(id, &given))
                    }
                )*)*
                id => panic!("no trait has {id}"),
            }
        }

        /// Hands a write over; nothing where the call is no write.
        pub(crate) fn hand_over(
            store: &impl Backend,
            at: &CallContext,
            call: &EngineCall,
        ) -> Option<Wait> {
            match call.capability.id {
                $($(
                    id if id == selene_contracts::$module::$write::SPEC.id => {
                        let input: selene_contracts::$module::$write = typed(&call.input);
                        Some(ticket(store, at, &input, move |given| value(id, &given)))
                    }
                )*)*
                _ => None,
            }
        }
    };
}

selene_contracts::for_every_engine!(dispatch);

fn value(capability: &'static str, given: &impl serde::Serialize) -> Value {
    Value::Engine(EngineValue { capability, value: json(given) })
}
