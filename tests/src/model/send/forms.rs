//! The answer of a store in the form of the model, and the list of writes that is written out twice.

use selene_contracts::{CallContext, Committed, Disposition, StorageError};
use selene_storage::StoredWrite;

use crate::harness::Backend;
use crate::model::calls::{Answer, Value};

/// Writes one list of writes out twice: as calls that wait for their answer, and as calls that are handed over.
macro_rules! writes {
    ($calls:ident, $wrap:path, $($variant:ident => $method:ident as $value:path,)*) => {
        /// Makes a write through the public traits; nothing where the call is no write.
        pub(super) fn write(store: &impl Backend, at: &CallContext, call: &$calls) -> Option<Answer> {
            Some(match call {
                $($calls::$variant(input) => {
                    written(store.$method(at, input.clone()), |given| $wrap($value(given)))
                })*
                _ => return None,
            })
        }

        /// Hands a write over; nothing where the call is no write.
        pub(super) fn hand_over(store: &impl Backend, at: &CallContext, call: &$calls) -> Option<Wait> {
            Some(match call {
                $($calls::$variant(input) => ticket(store, at, input, |given| $wrap($value(given))),)*
                _ => return None,
            })
        }
    };
}
pub(super) use writes;

/// The answer of a write in the model's form.
pub(crate) fn written<T>(
    result: Result<Committed<T>, StorageError>,
    value: impl FnOnce(T) -> Value,
) -> Answer {
    match result {
        Ok(committed) => match committed.disposition {
            Disposition::Applied => Answer::Applied(value(committed.value)),
            Disposition::Replayed { identical } => {
                Answer::Replayed { identical, value: value(committed.value) }
            }
        },
        Err(error) => Answer::Refused(error.reason_code()),
    }
}

/// The answer of a read in the model's form.
pub(crate) fn read<T>(result: Result<T, StorageError>, value: impl FnOnce(T) -> Value) -> Answer {
    match result {
        Ok(found) => Answer::Served(value(found)),
        Err(error) => Answer::Refused(error.reason_code()),
    }
}

/// What waits for the answer of a call.
pub type Wait = Box<dyn FnOnce() -> Answer>;

/// Hands one write over.
pub(crate) fn ticket<C: StoredWrite>(
    store: &impl Backend,
    at: &CallContext,
    input: &C,
    value: impl FnOnce(C::Output) -> Value + 'static,
) -> Wait {
    let wait = store.submit(at, input.clone());
    Box::new(move || written(wait(), value))
}
