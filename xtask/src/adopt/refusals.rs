//! Which of an engine's codes each class of refusal carries, guessed from how the codes are called.

use selene_codegen::contract::{ReasonClass, RefusalClass};

use super::codes::CodeDraft;
use super::entry::{Entry, Part};
use super::subject::{Adopted, Subject};

/// How codes end that a class of refusal carries; the first that is found counts.
const ENDS: [(RefusalClass, &[&str]); 7] = [
    (
        RefusalClass::Contract,
        &[
            "CONTRACT_VALIDATION_FAILED",
            "INPUT_SCHEMA_INVALID",
            "VALIDATION_FAILED",
            "FIELDS_INVALID",
            "INPUT_INVALID",
        ],
    ),
    (
        RefusalClass::ForeignKey,
        &["FOREIGN_KEY_MISSING", "REFERENCE_UNKNOWN", "SCOPE_VIOLATION", "SCOPE_MISMATCH"],
    ),
    (RefusalClass::Duplicate, &["DUPLICATE_KEY", "ALREADY_EXISTS"]),
    (RefusalClass::Scope, &["SCOPE_VIOLATION", "SCOPE_MISMATCH", "TENANT_MISMATCH"]),
    (RefusalClass::NotFound, &["NOT_FOUND", "SCOPE_VIOLATION", "SCOPE_MISMATCH"]),
    (RefusalClass::AppendOnly, &["APPEND_ONLY_VIOLATION"]),
    (RefusalClass::Replay, &["IDEMPOTENCY_REPLAY", "IDEMPOTENCY_DUP", "REPLAY_NOOP"]),
];

/// Drafts the refusals of an engine that the lexicon does not know at all. One that it knows has what it needs.
pub(super) fn draft(
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    codes: Option<&Vec<CodeDraft>>,
    entries: &mut Vec<Entry>,
) {
    if engine.scope.is_some() {
        return;
    }
    let registered = subject.register.engine(engine.id).into_iter().flat_map(|engine| &engine.codes);
    let registered =
        registered.filter_map(|code| Some((code.name.value.as_str(), code.class.as_ref()?.value)));
    let drafted = codes.into_iter().flatten().map(|code| (code.name.as_str(), code.class));
    let there: Vec<(&str, ReasonClass)> = registered.chain(drafted).collect();
    for (class, ends) in ENDS {
        let fits = |end: &&'static str| {
            let code = there.iter().find(|(name, of_code)| name.ends_with(*end) && class.takes(*of_code));
            code.map(|(name, _)| (*name, *end))
        };
        if let Some((name, end)) = ends.iter().find_map(fits) {
            entries.push(Entry {
                part: Part::Refusals,
                key: class.as_str().to_owned(),
                value: name.to_owned(),
                from: format!("the code ends with `{end}`"),
            });
        }
    }
}
