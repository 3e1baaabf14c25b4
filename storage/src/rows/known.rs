//! The reads and guards whose rows are fixed by their contracts.

use selene_contracts::known::{KeyedRead, LedgerGuard, LedgerRow, StartedList};
use selene_contracts::row::{Listing, Value};
use selene_contracts::{Admitted, Capability};

use crate::failure::Failure;
use crate::rows::listed::StoredRows;
use crate::rows::stored::{StoredGuard, StoredRead};
use crate::session::Session;

macro_rules! by_key {
    ($input:ty) => {
        impl StoredRead for $input {
            fn read<S: Session>(
                db: &S,
                call: &Admitted<Self>,
            ) -> Result<<Self as Capability>::Output, Failure> {
                Ok(Self::answer(db.first(Self::SELECT, call.input().values().as_ref())?))
            }
        }
    };
}

macro_rules! by_start {
    ($input:ty) => {
        impl StoredRows for $input {
            type Order = <Self as StartedList>::Order;

            fn listing() -> Listing {
                Self::LISTING
            }

            fn values(call: &Admitted<Self>) -> Vec<Value<'_>> {
                StartedList::values(call.input())
            }
        }
    };
}

macro_rules! of_ledger {
    ($input:ty) => {
        impl StoredGuard for $input {
            fn row(call: &Admitted<Self>) -> LedgerRow {
                call.input().ledger_row()
            }
        }
    };
}

selene_contracts::for_every_known_read!(by_key, by_start, of_ledger);
