//! The rows of a read that gives a list: whole, page by page, and one after the other.
//!
//! One statement names the order; those of the pages follow from it ([`Listing`]). A page begins behind the order of a row that was
//! given before, so rows that are written meanwhile move none to another page. What must not live here: what a cursor looks like, and
//! whose snapshot is read.

use std::ops::ControlFlow;

use selene_contracts::row::{Beside, Cells, Column, FromRow, Listing, Selection, Value};
use selene_contracts::{Admitted, AdmittedPage, CursorProblem, Page, PagedRead, Problem};

use crate::failure::Failure;
use crate::rows::stored::StoredRead;
use crate::rules::refuse;
use crate::session::Session;

/// Rows that are in memory at once where all are shown one after the other. It is the longest page, too.
const ROWS_AT_ONCE: usize = 1_000;

/// A read that the store answers page by page. Where the list is rows of one table, [`StoredRows`] is enough for all of it.
#[diagnostic::on_unimplemented(
    message = "the store has no rows for the read `{Self}`",
    note = "implement `StoredRows` for it in `storage/src/rows` where it gives rows of one table, else `StoredRead` and `StoredPages`"
)]
pub trait StoredPages: StoredRead + PagedRead {
    /// Whether one statement gives a page. Where it takes several, they are run in one snapshot.
    const IS_ONE_STATEMENT: bool;

    /// One page of the list; the call was admitted with the bounds of the page.
    #[doc(hidden)]
    fn page<S: Session>(db: &S, asked: &AdmittedPage<Self>) -> Result<Page<Self::Row>, Failure>;

    /// Shows every row of the list in its order, until `visit` breaks. The session sees one state, and few rows are in memory at once.
    #[doc(hidden)]
    fn each<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        visit: &mut dyn FnMut(Self::Row) -> ControlFlow<()>,
    ) -> Result<(), Failure>;
}

/// The rows of a read that gives a list of rows of one table. Such a read is served whole and page by page from here.
#[diagnostic::on_unimplemented(
    message = "the store has no rows for the read `{Self}`",
    note = "implement it in `storage/src/rows`: `StoredRows` where it gives a list of rows of one table, else `StoredRead`"
)]
pub trait StoredRows: PagedRead<Row: Selection> {
    /// The columns of the order, as types. With the columns that the list compares with a parameter they are a key: no two rows have the same.
    type Order: Order;

    /// Whether the order is one unsigned number of all 64 bits, which a caller gave: columns keep its bits, so SQL puts numbers from
    /// 2⁶³ on before the others.
    const IS_UNSIGNED: bool = false;

    /// Whether one statement gives a page. Where it takes several, they are run in one snapshot.
    #[doc(hidden)]
    const IS_ONE_STATEMENT: bool = !Self::IS_UNSIGNED;

    /// The statements of the list.
    fn listing() -> Listing;

    /// The parameters of the list; one of every row has none.
    fn values(_call: &Admitted<Self>) -> Vec<Value<'_>> {
        Vec::new()
    }

    /// Rows as the read gives them, of those that are stored, in the order of the list.
    #[doc(hidden)]
    fn completed<S: Session>(_db: &S, rows: Vec<Self::Row>) -> Result<Vec<Self::Row>, Failure> {
        Ok(rows)
    }
}

impl<C: StoredRows> StoredRead for C {
    fn read<S: Session>(db: &S, call: &Admitted<C>) -> Result<C::Output, Failure> {
        let rows = db.all(C::listing().whole, &C::values(call))?;
        Ok(C::whole(C::completed(db, rows)?))
    }
}

impl<C: StoredRows> StoredPages for C {
    const IS_ONE_STATEMENT: bool = C::IS_ONE_STATEMENT;

    fn page<S: Session>(db: &S, asked: &AdmittedPage<C>) -> Result<Page<C::Row>, Failure> {
        let limit = usize::try_from(asked.limit()).unwrap_or(ROWS_AT_ONCE);
        let after = asked.after().map(order_of::<C>).transpose()?;
        // One more says whether there is a next page.
        let mut found = behind(db, asked.call(), after, limit + 1)?;
        let has_next = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| has_next).map(|Beside(_, order)| order.values());
        let rows = C::completed(db, found.into_iter().map(|Beside(row, _)| row).collect())?;
        Ok(asked.page(rows, last.as_deref()))
    }

    /// The list is read in steps: no answer is open while a row is shown.
    fn each<S: Session>(
        db: &S,
        call: &Admitted<C>,
        visit: &mut dyn FnMut(C::Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let mut after = None;
        loop {
            let found = behind(db, call, after, ROWS_AT_ONCE)?;
            let is_last = found.len() < ROWS_AT_ONCE;
            after = found.last().map(|Beside(_, order)| order.values());
            for row in C::completed(db, found.into_iter().map(|Beside(row, _)| row).collect())? {
                if visit(row).is_break() {
                    return Ok(());
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

/// The values by which a list is ordered: columns, compared one after the other.
pub trait Order: FromRow {
    /// How many there are.
    const COLUMNS: usize;

    /// The values, as they are stored.
    fn values(&self) -> Vec<Value<'static>>;
}

macro_rules! order {
    ($count:literal: $($column:ident $position:tt),*) => {
        impl<$($column: Column),*> Order for ($($column,)*) {
            const COLUMNS: usize = $count;

            fn values(&self) -> Vec<Value<'static>> {
                vec![$(self.$position.value().into_owned()),*]
            }
        }
    };
}

order!(1: A 0);
order!(2: A 0, B 1);
order!(3: A 0, B 1, C 2);

/// The order that a cursor stands behind. Its hash shows damage, so values of another form were made up.
fn order_of<C: StoredRows>(values: &[Value<'static>]) -> Result<Vec<Value<'static>>, Failure> {
    let made_up =
        || refuse::contract::<C>(AdmittedPage::<C>::AFTER, Problem::Cursor(CursorProblem::Damaged)).into();
    if values.len() != C::Order::COLUMNS {
        return Err(made_up());
    }
    C::Order::from_row(&Given(values)).map(|order| order.values()).map_err(|_| made_up())
}

/// Values that a cursor gave, as the cells of a row.
struct Given<'a>(&'a [Value<'static>]);

impl Cells for Given<'_> {
    fn cell(&self, position: usize) -> Value<'_> {
        self.0.get(position).cloned().unwrap_or(Value::Null)
    }
}

type Found<C> = Vec<Beside<<C as PagedRead>::Row, <C as StoredRows>::Order>>;

/// The first rows behind an order, at most `count`.
fn behind<C: StoredRows>(
    db: &impl Session,
    call: &Admitted<C>,
    after: Option<Vec<Value<'static>>>,
    count: usize,
) -> Result<Found<C>, Failure> {
    if !C::IS_UNSIGNED {
        return stored_behind(db, call, after, count);
    }
    let is_high = |order: &[Value<'_>]| matches!(order, [Value::Integer(number)] if *number < 0);
    let (low, high) = match after {
        Some(order) if is_high(&order) => (None, Some(order)),
        Some(order) => (Some(order), None),
        // The highest of the numbers that are negative as they are stored: what stands behind begins with zero.
        None => (Some(vec![Value::Integer(-1)]), None),
    };
    let mut found = match low {
        Some(low) => stored_behind(db, call, Some(low), count)?,
        None => Vec::new(),
    };
    if found.len() < count {
        let rest: Found<C> = stored_behind(db, call, high, count - found.len())?;
        found.extend(rest.into_iter().take_while(|Beside(_, order)| is_high(&order.values())));
    }
    Ok(found)
}

/// The first rows behind an order, as SQL orders what is stored.
fn stored_behind<C: StoredRows>(
    db: &impl Session,
    call: &Admitted<C>,
    after: Option<Vec<Value<'static>>>,
    count: usize,
) -> Result<Found<C>, Failure> {
    let listing = C::listing();
    let sql = if after.is_some() { listing.after } else { listing.first };
    let mut values = C::values(call);
    values.extend(after.into_iter().flatten());
    values.push(Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)));
    db.all(sql, &values)
}
