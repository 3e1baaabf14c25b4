//! Every capability by its id, with its input and its answer as JSON; the list of them is the contracts'.

use selene_acceptance::Backend;
use selene_contracts::{CallContext, Capability as _, StorageError};
use serde_json::Value;

/// What a write gave.
#[derive(Debug)]
pub struct Written {
    pub value: Value,
    pub event_id: String,
    pub is_applied: bool,
}

fn json<T: serde::Serialize>(value: T) -> Value {
    serde_json::to_value(value).expect("an answer has a JSON form")
}

fn input<C: selene_contracts::Capability>(input: &Value) -> C {
    serde_json::from_value(input.clone()).unwrap_or_else(|error| panic!("{}: {error}: {input}", C::SPEC.id))
}

macro_rules! dispatch {
    ($($module:ident: $repo:ident {
        writes { $($write:ident => $write_method:ident,)* }
        reads { $($read:ident => $read_method:ident,)* }
    })*) => {
        /// Makes a write; `None` where there is none of this id.
        pub fn write(
            store: &impl Backend,
            context: &CallContext,
            id: &str,
            call: &Value,
        ) -> Option<Result<Written, StorageError>> {
            $($(
                if id == selene_contracts::$module::$write::SPEC.id {
                    return Some(store.$write_method(context, input(call)).map(|done| Written {
                        is_applied: done.is_applied(),
                        event_id: done.event_id.to_string(),
                        value: json(done.value),
                    }));
                }
            )*)*
            None
        }

        /// Makes a read or asks a guard; `None` where there is none of this id.
        pub fn read(
            store: &impl Backend,
            context: &CallContext,
            id: &str,
            call: &Value,
        ) -> Option<Result<Value, StorageError>> {
            $($(
                if id == selene_contracts::$module::$read::SPEC.id {
                    return Some(store.$read_method(context, input(call)).map(json));
                }
            )*)*
            None
        }
    };
}

selene_contracts::for_every_engine!(dispatch);
