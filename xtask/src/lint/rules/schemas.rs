//! Tables that are named with a schema: the one that they are declared in, and no other.

use crate::diagnostics::{Code, Diagnostic};
use crate::lint::Subject;
use crate::lint::subject::Declared;
use crate::source::Span;

/// The declaration of a table that is named with another schema than all its declarations have.
fn in_other<'s, 'a>(name: &str, subject: &'s Subject<'a>) -> Option<&'s Declared<'a>> {
    let (schema, table) = name.rsplit_once('.')?;
    let declared = subject.tables.get(table)?;
    let differs =
        |one: &&Declared<'_>| one.text.name.value.rsplit_once('.').is_some_and(|(known, _)| known != schema);
    declared.iter().all(|one| differs(&one)).then(|| declared.first()).flatten()
}

/// The finding about a name with another schema, if that is what it has. `does` is what the engine does with the table, `done`
/// the same for the place.
pub(super) fn differing(
    code: &'static Code,
    (name, place): (&str, Span),
    (engine, does, done): (&str, &str, &str),
    subject: &Subject<'_>,
) -> Option<Diagnostic> {
    let known = &in_other(name, subject)?.text.name;
    let message = format!("`{engine}` {does} `{name}`, which is declared as `{}`", known.value);
    Some(
        Diagnostic::new(code, message, place, format!("{done} here"))
            .and(known.span, "declared here")
            .help("name the same schema, or none"),
    )
}
