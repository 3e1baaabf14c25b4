//! A list of faults of bounded length: what is broken by the million is not held in memory.

use std::ops::Deref;

use serde::Serialize;

/// Faults in the order of a report; at most [`Faults::AT_MOST`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Faults<T> {
    faults: Vec<T>,
    is_cut: bool,
}

impl<T> Faults<T> {
    /// Faults that are listed at most.
    pub const AT_MOST: usize = 1_000;

    /// Whether there are more than are listed.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Lists a fault, and gives its place in the list; none where the list is full.
    pub(crate) fn add(&mut self, fault: T) -> Option<usize> {
        if self.faults.len() == Self::AT_MOST {
            self.is_cut = true;
            return None;
        }
        self.faults.push(fault);
        Some(self.faults.len() - 1)
    }

    /// A fault that was listed, to add to it.
    pub(crate) fn at(&mut self, place: usize) -> &mut T {
        &mut self.faults[place]
    }

    pub(crate) fn sort(&mut self)
    where
        T: Ord,
    {
        self.faults.sort();
    }
}

impl<T> Default for Faults<T> {
    fn default() -> Self {
        Self { faults: Vec::new(), is_cut: false }
    }
}

impl<T> Deref for Faults<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.faults
    }
}

impl<T> IntoIterator for Faults<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.faults.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Faults<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.faults.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_is_not_listed_fails() {
        let mut faults = Faults::default();
        for number in 0..Faults::<usize>::AT_MOST {
            assert_eq!(faults.add(number), Some(number));
        }
        assert!(!faults.is_cut(), "the list is full, and nothing is missing");
        assert_eq!(faults.add(Faults::<usize>::AT_MOST), None);
        assert!(faults.is_cut());
        assert_eq!(
            (faults.len(), faults.last()),
            (Faults::<usize>::AT_MOST, Some(&(Faults::<usize>::AT_MOST - 1)))
        );
    }

    #[test]
    fn a_report_shows_the_list_beside_its_own_fields() {
        #[derive(Serialize)]
        struct Report {
            rows: u64,
            #[serde(flatten)]
            faults: Faults<&'static str>,
        }
        let mut report = Report { rows: 1, faults: Faults::default() };
        report.faults.add("a gap");
        assert_eq!(
            serde_json::to_string(&report).unwrap(),
            r#"{"rows":1,"faults":["a gap"],"is_cut":false}"#
        );
    }
}
