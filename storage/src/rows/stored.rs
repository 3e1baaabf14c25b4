//! What the rows of one capability are to a commit: what is loaded before the rule decides, and what a replay is compared with.

pub use selene_contracts::known::LedgerRow;
use selene_contracts::{Admitted, ReadCapability};

use crate::change::Change;
use crate::failure::Failure;
use crate::rules::{Audience, WriteRule};
use crate::session::Session;

/// The rows of a write.
#[diagnostic::on_unimplemented(
    message = "the store has no rows for the write `{Self}`",
    note = "implement `StoredWrite` for it in `storage/src/rows`, beside its `WriteRule` in `storage/src/rules`"
)]
pub trait StoredWrite: WriteRule<Change: Change> {
    /// Reads the rows that the decision needs.
    #[doc(hidden)]
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure>;

    /// Checks a retry against the rows before it gets the outcome of the first call. For capabilities whose dedupe key
    /// alone does not fix who may have it.
    #[doc(hidden)]
    fn check_replay<S: Session>(
        _db: &S,
        _call: &Admitted<Self>,
        _outcome: &Self::Output,
    ) -> Result<Audience, Failure> {
        Ok(Audience::Tenant)
    }

    /// The outcome of the first call as a permitted retry gets it: bit for bit, but for a capability whose spec says
    /// which fields follow the rows.
    #[doc(hidden)]
    fn replayed<S: Session>(
        _db: &S,
        _call: &Admitted<Self>,
        outcome: Self::Output,
    ) -> Result<Self::Output, Failure> {
        Ok(outcome)
    }
}

/// The rows of a read.
#[diagnostic::on_unimplemented(
    message = "the store has no rows for the read `{Self}`",
    note = "implement `StoredRead` for it in `storage/src/rows`"
)]
pub trait StoredRead: ReadCapability {
    /// Loads what the call asks for; the call was admitted, so that its caller and its bounds are checked.
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Output, Failure>;
}

/// The row of a guard, which tries to change it and must fail.
#[diagnostic::on_unimplemented(
    message = "the store has no row for the guard `{Self}`",
    note = "implement `StoredGuard` for it in `storage/src/rows`"
)]
pub trait StoredGuard: ReadCapability<Output = ()> {
    /// The row that the call names.
    fn row(call: &Admitted<Self>) -> LedgerRow;
}
