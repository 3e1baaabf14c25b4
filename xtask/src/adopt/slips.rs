//! Names that are probably mistyped: nothing is drafted for them.

/// Whether a name is a known one with one letter more, less or other: a person has to say which was meant.
pub(super) fn is_slip(name: &str, known: &str) -> bool {
    const LONG: usize = 8;
    let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let is_plural = |one: &str, other: &str| one.strip_suffix('s') == Some(other);
    name.len().min(known.len()) >= LONG
        && letters(name) != letters(known)
        && !is_plural(name, known)
        && !is_plural(known, name)
        && strsim::osa_distance(name, known) == 1
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn one_letter_is_a_slip_and_another_word_is_none() {
        assert!(is_slip("idempotency_kei", "idempotency_key"));
        assert!(is_slip("reminder_idd", "reminder_id"));
        assert!(!is_slip("note_id", "vote_id"));
        assert!(!is_slip("reminder_ids", "reminder_id"));
        assert!(!is_slip("reminder_1_id", "reminder_2_id"));
    }
}
