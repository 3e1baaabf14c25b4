//! Meanings of reason codes against single parts of their names: a number, what was done, and what is only added to.

use super::meanings;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::parse::reason_codes::RegisteredCode;

/// Meanings that contradict the name of their code, or the line about the failure.
pub fn against_names(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    meanings::against_names(subject, diagnostics);
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        for code in registered.codes.iter().filter(|code| !code.retired && !code.meaning.is_empty()) {
            let mut named = engine.each_page().flat_map(|page| &page.reason_codes);
            let Some(named) = named.find(|named| named.value == code.name.value) else { continue };
            let Some(what) = contradiction(code) else { continue };
            let message = format!("`{}` means \"{}\", and {what} by its name", code.name.value, code.meaning);
            diagnostics.push(
                Diagnostic::new(codes::MEANING_AGAINST_NAME, message, code.name.span, "this meaning")
                    .and(named.span, "named here")
                    .help("say what the code means by its name, or name another code"),
            );
        }
    }
}

fn contradiction(code: &RegisteredCode) -> Option<&'static str> {
    let parts: Vec<&str> = code.name.value.split('_').collect();
    let meaning = code.meaning.to_ascii_lowercase();
    let words: Vec<&str> =
        meaning.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if counts_otherwise(&parts, &words) {
        return Some("has another number");
    }
    if code.name.value.contains("APPEND_ONLY") && words.contains(&"current") && !words.contains(&"ledger") {
        return Some("is about a row that is only added");
    }
    does_the_opposite(&parts, &words).then_some("says the opposite")
}

/// `FAIL_G3_SCORE_LOW` with the meaning "Gate 4: …".
fn counts_otherwise(parts: &[&str], words: &[&str]) -> bool {
    let numbered = parts.iter().filter_map(|part| {
        let at = part.find(|c: char| c.is_ascii_digit())?;
        (at == 1).then(|| (part[..1].to_ascii_lowercase(), part[1..].to_ascii_lowercase()))
    });
    numbered.into_iter().any(|(letter, number)| {
        words.windows(2).any(|two| {
            let is_number = two[1].starts_with(|c: char| c.is_ascii_digit());
            two[0].starts_with(&letter) && two[0].len() > 1 && is_number && two[1] != number
        })
    })
}

/// What a step begins, and what another one ends: the verb of a name, and how it stands in a meaning.
const BEGINS: [(&str, &str); 17] = [
    ("INSERT", "inserted"),
    ("CREATE", "created"),
    ("REGISTER", "registered"),
    ("APPEND", "appended"),
    ("ADD", "added"),
    ("START", "started"),
    ("OPEN", "opened"),
    ("GENERATE", "generated"),
    ("ISSUE", "issued"),
    ("ACTIVATE", "activated"),
    ("ENABLE", "enabled"),
    ("RESUME", "resumed"),
    ("RESTORE", "restored"),
    ("ACCEPT", "accepted"),
    ("CONFIRM", "confirmed"),
    ("GRANT", "granted"),
    ("BIND", "bound"),
];
const ENDS: [(&str, &str); 17] = [
    ("REVOKE", "revoked"),
    ("CLOSE", "closed"),
    ("DELETE", "deleted"),
    ("REMOVE", "removed"),
    ("CANCEL", "canceled"),
    ("CANCEL", "cancelled"),
    ("COMPLETE", "completed"),
    ("FINISH", "finished"),
    ("END", "ended"),
    ("EXPIRE", "expired"),
    ("RETIRE", "retired"),
    ("DISABLE", "disabled"),
    ("SUSPEND", "suspended"),
    ("DECLINE", "declined"),
    ("REJECT", "rejected"),
    ("DENY", "denied"),
    ("UNBIND", "unbound"),
];

/// `DEVICE_INSERT` with the meaning "A device was removed.".
fn does_the_opposite(parts: &[&str], words: &[&str]) -> bool {
    let does = |list: &[(&str, &str)]| list.iter().any(|(verb, _)| parts.contains(verb));
    let done = |list: &[(&str, &str)]| list.iter().any(|(_, done)| words.contains(done));
    // "was": what a step did. What a refusal is about may have ended long ago.
    if !words.contains(&"was") || words.contains(&"or") || words.contains(&"before") {
        return false;
    }
    let (begins, ends) = (does(&BEGINS), does(&ENDS));
    begins && !ends && done(&ENDS) && !done(&BEGINS) || ends && !begins && done(&BEGINS) && !done(&ENDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opposite(name: &str, meaning: &str) -> bool {
        let (parts, words): (Vec<_>, Vec<_>) = (name.split('_').collect(), meaning.split(' ').collect());
        does_the_opposite(&parts, &words)
    }

    #[test]
    fn a_step_does_what_its_name_says() {
        assert!(opposite("F_DEVICE_INSERT", "a device was removed"));
        assert!(opposite("F_SESSION_CLOSE", "a session was opened"));
        assert!(!opposite("F_DEVICE_INSERT", "a device was registered"));
        assert!(!opposite("F_OPEN_REVOKE", "a link was opened"));
        assert!(!opposite("F_START_REFUSED", "the session has ended"));
    }

    #[test]
    fn a_number_of_a_name_is_that_of_its_meaning() {
        assert!(counts_otherwise(&["FAIL", "G3"], &["gate", "4", "the", "score"]));
        assert!(!counts_otherwise(&["FAIL", "G3A"], &["gate", "3a", "a", "recording"]));
        assert!(!counts_otherwise(&["FAIL", "G3"], &["the", "score", "of", "3"]));
    }
}
