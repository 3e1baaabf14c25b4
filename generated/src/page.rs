//! One page of a list: what a caller asks for, what a backend is asked, and what comes back.

use serde::{Deserialize, Serialize};

use crate::admitted::Admitted;
use crate::capability::PagedRead;
use crate::check::Violations;
use crate::context::CallContext;
use crate::cursor::{Call, Cursor};
use crate::error::StorageError;
use crate::row::Value;
use crate::violation::Problem;

/// Which page of a list a call asks for. Like an input it takes anything, and admission checks it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageRequest {
    /// Rows of the page, at most; within `1..=1000`.
    pub limit: u32,
    /// Where the page begins: [`Page::next`] of the page before. None begins with the first row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Cursor>,
}

impl PageRequest {
    /// Most rows of a page.
    pub const MAX_LIMIT: u32 = 1_000;

    /// The first page, of at most so many rows.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { limit, after: None }
    }

    /// The page behind a cursor, of at most so many rows.
    #[must_use]
    pub const fn behind(cursor: Cursor, limit: u32) -> Self {
        Self { limit, after: Some(cursor) }
    }
}

/// Rows of a list, in its order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<R> {
    /// The rows; none where the list is empty, or nothing stands behind the cursor.
    pub rows: Vec<R>,
    /// Where the next page begins. None where the list ended with this page, as it stood when the page was read.
    pub next: Option<Cursor>,
}

/// A call that asks for a page, admitted as the call of the whole list is: [`Admitted::admit`], and the bounds of the page beside those
/// of the input. [`AdmittedPage::admit`] is the only way to make one.
#[derive(Debug, Clone, PartialEq)]
pub struct AdmittedPage<C> {
    call: Admitted<C>,
    limit: u32,
    after: Option<Vec<Value<'static>>>,
}

impl<C: PagedRead> AdmittedPage<C> {
    /// The field of a violation: the rows of a page.
    pub const LIMIT: &'static str = "page.limit";
    /// The field of a violation: the cursor.
    pub const AFTER: &'static str = "page.after";

    /// Checks a call and the page that it asks for.
    ///
    /// # Errors
    /// As [`Admitted::admit`]; a limit out of `1..=1000`, and a cursor that is none or belongs to another call, are violations of
    /// `page.limit` and `page.after`.
    pub fn admit(context: &CallContext, input: C, page: &PageRequest) -> Result<Self, StorageError> {
        let mut after = None;
        let call = Admitted::admit_with(context, input, |input, violations: &mut Violations| {
            let is_inside = (1..=PageRequest::MAX_LIMIT).contains(&page.limit);
            violations.range(Self::LIMIT, is_inside, ("1", "1000"), None);
            match page.after.as_ref().map(|cursor| cursor.order(&call_of(input))).transpose() {
                Ok(order) => after = order,
                Err(problem) => violations.push(Self::AFTER, Problem::Cursor(problem), None),
            }
        })?;
        Ok(Self { call, limit: page.limit, after })
    }

    /// The call whose list the page is of.
    pub const fn call(&self) -> &Admitted<C> {
        &self.call
    }

    /// Rows of the page, at most.
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// The order of the row that the page begins behind. A cursor that somebody made up may have values of any form: a backend refuses
    /// those that its order does not have.
    pub fn after(&self) -> Option<&[Value<'static>]> {
        self.after.as_deref()
    }

    /// The page of these rows; `last` is the order of the last one, where more rows stand behind it.
    #[must_use]
    pub fn page(&self, rows: Vec<C::Row>, last: Option<&[Value<'_>]>) -> Page<C::Row> {
        Page { rows, next: last.map(|order| Cursor::behind(&call_of(self.call.input()), order)) }
    }
}

/// What stands for the call of a list in its cursors.
fn call_of<C: PagedRead>(input: &C) -> Call {
    let asked = input.asked();
    Call::of(C::SPEC.stored_name, asked.iter().map(|part| (part.field, part.value.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Caller;
    use crate::cursor::CursorProblem;
    use crate::ph1_f::Ph1fReadMemoryLedgerRows;
    use crate::shared::{CorrelationId, MonotonicTimeNs, TurnId};

    type Admission = AdmittedPage<Ph1fReadMemoryLedgerRows>;

    fn admit(caller: Caller, user_id: &str, page: &PageRequest) -> Result<Admission, StorageError> {
        let context =
            CallContext::new(caller, MonotonicTimeNs::new(1), CorrelationId::new(1), TurnId::new(1));
        AdmittedPage::admit(&context, Ph1fReadMemoryLedgerRows { user_id: user_id.into() }, page)
    }

    fn problems(answer: Result<Admission, StorageError>) -> Vec<(&'static str, Problem)> {
        match answer {
            Ok(_) => Vec::new(),
            Err(StorageError::ContractViolation { violations, .. }) => {
                violations.into_iter().map(|found| (found.field, found.problem)).collect()
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_page_has_one_to_a_thousand_rows() {
        let range = || vec![("page.limit", Problem::Range { min: "1", max: "1000" })];
        for (limit, expected) in
            [(0, range()), (1, Vec::new()), (1_000, Vec::new()), (1_001, range()), (u32::MAX, range())]
        {
            assert_eq!(
                problems(admit(Caller::SeleneOs, "ann", &PageRequest::first(limit))),
                expected,
                "{limit}"
            );
        }
    }

    #[test]
    fn a_page_is_admitted_as_its_call_and_everything_is_reported_at_once() {
        let nonsense = PageRequest { limit: 0, after: Some(Cursor::new("nonsense")) };
        let found = problems(admit(Caller::SeleneOs, " ", &nonsense));
        let fields: Vec<&str> = found.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["user_id", "page.limit", "page.after"]);
        assert_eq!(found[2].1, Problem::Cursor(CursorProblem::Damaged));
        let refused = admit(Caller::Operator, " ", &nonsense).unwrap_err();
        assert!(matches!(refused, StorageError::CallerNotAllowed { .. }), "{refused}");
    }

    #[test]
    fn the_next_page_begins_behind_the_last_row() {
        let first = admit(Caller::SeleneOs, "ann", &PageRequest::first(2)).unwrap();
        assert_eq!(first.after(), None);
        let next = first.page(Vec::new(), Some(&[Value::Integer(2)])).next.unwrap();
        let second = admit(Caller::SeleneOs, "ann", &PageRequest::behind(next.clone(), 2)).unwrap();
        assert_eq!(second.after(), Some(&[Value::Integer(2)][..]));
        let other = admit(Caller::SeleneOs, "bob", &PageRequest::behind(next, 2)).unwrap_err().to_string();
        assert!(other.contains("page.after belongs to another call"), "{other}");
    }
}
