//! All pages of a list, one after the other, each asked for when it is needed.

use std::vec;

use crate::cursor::Cursor;
use crate::error::StorageError;
use crate::page::{Page, PageRequest};

/// All pages of a list, of at most `limit` rows each: `read` asks for one. Nothing is asked before the first page is taken, and no more than
/// one page is in memory.
///
/// ```
/// # use selene_contracts::{CallContext, StorageError};
/// # use selene_contracts::ph1_j::*;
/// use selene_contracts::pages;
///
/// # fn count(store: &impl Ph1jAuditRepo, context: &CallContext) -> Result<usize, StorageError> {
/// let input = Ph1jReadTenantRows { tenant_id: "acme".into() };
/// let events = pages(500, |page| store.ph1j_read_tenant_rows_page(context, input.clone(), page)).rows();
/// let mut count = 0;
/// for event in events {
///     let _event = event?;
///     count += 1;
/// }
/// # Ok(count)
/// # }
/// ```
///
/// It ends with the last page, or with the first error. A page that came has the cursor of the next one, so whoever stored that goes on later
/// with [`Pages::behind`].
pub const fn pages<R, F>(limit: u32, read: F) -> Pages<F>
where
    F: FnMut(PageRequest) -> Result<Page<R>, StorageError>,
{
    Pages { limit, next: Next::Page(None), read }
}

/// The pages of a list, from [`pages`].
#[derive(Debug, Clone)]
pub struct Pages<F> {
    limit: u32,
    next: Next,
    read: F,
}

#[derive(Debug, Clone)]
enum Next {
    Page(Option<Cursor>),
    Nothing,
}

impl<R, F: FnMut(PageRequest) -> Result<Page<R>, StorageError>> Pages<F> {
    /// The same, beginning with the page behind a cursor.
    #[must_use]
    pub fn behind(mut self, cursor: Cursor) -> Self {
        self.next = Next::Page(Some(cursor));
        self
    }

    /// The rows of all pages, one by one.
    #[must_use]
    pub fn rows(self) -> Rows<R, F> {
        Rows { pages: self, page: Vec::new().into_iter() }
    }
}

impl<R, F: FnMut(PageRequest) -> Result<Page<R>, StorageError>> Iterator for Pages<F> {
    type Item = Result<Page<R>, StorageError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Next::Page(after) = std::mem::replace(&mut self.next, Next::Nothing) else { return None };
        let page = (self.read)(PageRequest { limit: self.limit, after });
        if let Ok(Page { next: Some(next), .. }) = &page {
            self.next = Next::Page(Some(next.clone()));
        }
        Some(page)
    }
}

impl<R, F: FnMut(PageRequest) -> Result<Page<R>, StorageError>> std::iter::FusedIterator for Pages<F> {}

/// The rows of a list, from [`Pages::rows`].
#[derive(Debug, Clone)]
pub struct Rows<R, F> {
    pages: Pages<F>,
    page: vec::IntoIter<R>,
}

impl<R, F: FnMut(PageRequest) -> Result<Page<R>, StorageError>> Iterator for Rows<R, F> {
    type Item = Result<R, StorageError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.page.next() {
                return Some(Ok(row));
            }
            match self.pages.next()? {
                Ok(page) => self.page = page.rows.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R, F: FnMut(PageRequest) -> Result<Page<R>, StorageError>> std::iter::FusedIterator for Rows<R, F> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ph1_write::Ph1WriteReasonCode;

    /// The numbers below ten, in pages; the cursor is the next number.
    #[expect(clippy::unnecessary_wraps, reason = "pages are asked of what may fail")]
    fn below_ten(request: PageRequest) -> Result<Page<u32>, StorageError> {
        let from: u32 = request.after.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let to = (from + request.limit).min(10);
        Ok(Page { rows: (from..to).collect(), next: (to < 10).then(|| Cursor::new(to.to_string())) })
    }

    #[test]
    fn all_rows_come_once_and_pages_are_asked_for_when_they_are_needed() {
        for limit in [1, 3, 5, 10, 11] {
            let mut asked = 0;
            let mut rows = pages(limit, |page| {
                asked += 1;
                below_ten(page)
            })
            .rows();
            assert_eq!(rows.next(), Some(Ok(0)));
            drop(rows);
            assert_eq!(asked, 1, "one page serves the first row");
            let rows: Result<Vec<u32>, _> = pages(limit, below_ten).rows().collect();
            assert_eq!(rows, Ok((0..10).collect()), "{limit}");
        }
    }

    #[test]
    fn pages_go_on_behind_a_cursor() {
        let page = pages(4, below_ten).next().unwrap().unwrap();
        let rest = pages(4, below_ten).behind(page.next.unwrap()).rows();
        assert_eq!(rest.collect::<Result<Vec<_>, _>>(), Ok((4..10).collect()));
    }

    #[test]
    fn an_error_ends_the_pages() {
        let error = StorageError::BackendUnavailable {
            reason_code: Ph1WriteReasonCode::WriteScopeViolation.into(),
            detail: "gone".to_owned(),
        };
        let mut asked = 0;
        let mut rows = pages(4, |page| {
            asked += 1;
            if asked == 2 { Err(error.clone()) } else { below_ten(page) }
        })
        .rows();
        let came: Vec<_> = rows.by_ref().take(9).collect();
        assert_eq!(came[..4], [Ok(0), Ok(1), Ok(2), Ok(3)]);
        assert_eq!(came[4..], [Err(error.clone())]);
        assert_eq!(rows.next(), None);
    }
}
