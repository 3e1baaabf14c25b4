//! Checks the profile bindings of a user on a device against each other: each one ends when the next one begins, and only the
//! last is active.

use selene_contracts::tables::wake_profile_bindings;

/// One binding of a user and a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The enrollment that bound it.
    pub(crate) enrollment: String,
    pub(crate) is_active: bool,
    pub(crate) bound_at: u64,
    pub(crate) unbound_at: Option<u64>,
}

/// The fields of the bindings of one pair that do not fit the others, with the enrollment of the binding. Times are
/// compared here and not in SQL, which keeps them as signed numbers.
pub(crate) fn differing(mut bindings: Vec<Binding>) -> Vec<(String, &'static str)> {
    // Of those that began at the same time, the one that ended first comes first, and the active one last.
    bindings.sort_by_key(|binding| {
        (binding.bound_at, binding.unbound_at.is_none(), binding.unbound_at, binding.enrollment.clone())
    });
    let next_starts = bindings.iter().skip(1).map(|next| Some(next.bound_at)).chain([None]);
    let ends: Vec<Option<u64>> = next_starts.collect();
    let checked = bindings.into_iter().zip(ends).filter_map(|(binding, end)| {
        let field = if binding.is_active != end.is_none() {
            wake_profile_bindings::ACTIVE
        } else if binding.unbound_at != end {
            wake_profile_bindings::UNBOUND_AT
        } else {
            return None;
        };
        Some((binding.enrollment, field))
    });
    checked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding(enrollment: &str, bound_at: u64, unbound_at: Option<u64>) -> Binding {
        Binding { enrollment: enrollment.to_owned(), is_active: unbound_at.is_none(), bound_at, unbound_at }
    }

    #[test]
    fn each_binding_ends_when_the_next_begins_and_the_last_is_in_use() {
        let high = u64::MAX - 1;
        assert_eq!(differing(Vec::new()), []);
        assert_eq!(differing(vec![binding("a", 5, None)]), []);
        let whole = [binding("c", high, None), binding("a", 5, Some(9)), binding("b", 9, Some(high))];
        assert_eq!(differing(whole.to_vec()), []);
        let together = [binding("b", 5, None), binding("c", 5, Some(5)), binding("a", 5, Some(5))];
        assert_eq!(differing(together.to_vec()), []);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let named = |bindings: &[Binding]| differing(bindings.to_vec());
        let swapped = [binding("a", 5, None), binding("b", 9, Some(9))];
        assert_eq!(named(&swapped), [("a".to_owned(), "active"), ("b".to_owned(), "active")]);
        let early = [binding("a", 5, Some(8)), binding("b", 9, None)];
        assert_eq!(named(&early), [("a".to_owned(), "unbound_at")]);
        let none = [binding("a", 5, Some(9))];
        assert_eq!(named(&none), [("a".to_owned(), "active")]);
        let odd = [Binding { is_active: true, ..binding("a", 5, Some(9)) }];
        assert_eq!(named(&odd), [("a".to_owned(), "unbound_at")]);
    }
}
