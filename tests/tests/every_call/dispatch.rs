//! Every capability by its id, with its input and its answer as JSON; the list of them is the contracts'.

use std::ops::ControlFlow;

use selene_acceptance::Backend;
use selene_contracts::{
    CallContext, Capability as _, Disposition, Page, PageRequest, PagedRead, StorageError,
};
use serde_json::Value;

/// What a write gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    pub value: Value,
    pub event_id: String,
    pub is_applied: bool,
    /// Whether it was asked for as it was the first time, or is the first time.
    pub is_identical: bool,
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
        pages { $($paged:ident => $page_method:ident,)* }
    })*) => {
        /// Whether an input has the form of a call of this id.
        pub fn is_readable(id: &str, call: &Value) -> bool {
            $($(
                if id == selene_contracts::$module::$write::SPEC.id {
                    return serde_json::from_value::<selene_contracts::$module::$write>(call.clone()).is_ok();
                }
            )*
            $(
                if id == selene_contracts::$module::$read::SPEC.id {
                    return serde_json::from_value::<selene_contracts::$module::$read>(call.clone()).is_ok();
                }
            )*)*
            panic!("no call is {id}")
        }

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
                        is_identical: done.disposition != Disposition::Replayed { identical: false },
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

        /// The reads that give a list, by their ids.
        pub const PAGED: &[&str] = &[$($(selene_contracts::$module::$paged::SPEC.id,)*)*];

        /// Reads a page of a list; `None` where there is no list of this id.
        pub fn page(
            store: &impl Backend,
            context: &CallContext,
            id: &str,
            call: &Value,
            page: PageRequest,
        ) -> Option<Result<Page<Value>, StorageError>> {
            $($(
                if id == selene_contracts::$module::$paged::SPEC.id {
                    let answer = store.$page_method(context, input(call), page);
                    return Some(answer.map(|Page { rows, next }| Page {
                        rows: rows.into_iter().map(json).collect(),
                        next,
                    }));
                }
            )*)*
            None
        }

        /// Every row of a list, shown one after the other; `None` where there is no list of this id.
        pub fn shown(
            store: &impl Backend,
            context: &CallContext,
            id: &str,
            call: &Value,
        ) -> Option<Result<Vec<Value>, StorageError>> {
            $($(
                if id == selene_contracts::$module::$paged::SPEC.id {
                    let mut rows = Vec::new();
                    let call: selene_contracts::$module::$paged = input(call);
                    let answer = store.each_row(context, call, |row| {
                        rows.push(json(row));
                        ControlFlow::Continue(())
                    });
                    return Some(answer.map(|()| rows));
                }
            )*)*
            None
        }

        /// The answer of a whole read, of the rows of its list; `None` where there is no list of this id.
        pub fn whole(id: &str, rows: Vec<Value>) -> Option<Value> {
            $($(
                if id == selene_contracts::$module::$paged::SPEC.id {
                    let rows = serde_json::from_value(Value::Array(rows)).expect("rows of the list");
                    return Some(json(<selene_contracts::$module::$paged as PagedRead>::whole(rows)));
                }
            )*)*
            None
        }
    };
}

selene_contracts::for_every_engine!(dispatch);
