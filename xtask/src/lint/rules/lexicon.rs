//! The lexicon: what nobody uses, and what differs by its spelling only.

use std::collections::BTreeMap;

use selene_codegen::contract::TypeKind;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::names::Used;
use crate::parse::document::Text;
use crate::parse::lexicon::Scope;
use crate::source::Span;

/// Names that the reader itself knows, and that no page has to use.
const BUILT_IN: [&str; 3] = ["event_type", "engine", "severity"];

/// Entries that no page and no other entry uses.
pub fn unused(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let (Some(lexicon), true) = (subject.lexicon(), subject.is_whole) else { return };
    let mut all = Used::default();
    subject.engines.iter().for_each(|engine| all.by_pages(engine));
    subject.scopes().into_iter().for_each(|scope| all.by_scope(scope));
    all.names.extend(lexicon.ambient.iter().map(|name| name.value.as_str()));
    report_scope(&lexicon.shared, &all, "any engine", diagnostics);
    for (id, scope) in &lexicon.engines {
        let mut own = Used::default();
        subject
            .engines
            .iter()
            .filter(|engine| engine.id.value == id.value)
            .for_each(|engine| own.by_pages(engine));
        own.by_scope(scope);
        own.by_scope(&lexicon.shared);
        report_scope(scope, &own, &format!("`{}`", id.value), diagnostics);
    }
    for (name, _) in lexicon.callers.iter().filter(|(name, _)| !all.callers.contains(name.value.as_str())) {
        report("the callers", name, "any engine", diagnostics);
    }
    for name in &lexicon.acknowledged {
        let first = name.value.split('.').next().unwrap_or_default();
        let is_declared = subject.scopes().iter().any(|scope| names(scope).any(|known| known.value == first));
        if !is_declared
            && !subject
                .resolved
                .contracts
                .iter()
                .any(|contract| contract.records.iter().any(|record| record.name == first))
        {
            report("the acknowledged", name, "any engine", diagnostics);
        }
    }
}

fn report_scope(scope: &Scope, used: &Used<'_>, whose: &str, diagnostics: &mut Diagnostics) {
    for entry in scope.types.iter().filter(|entry| !used.has(&entry.name.value)) {
        report("the type", &entry.name, whose, diagnostics);
    }
    for entry in &scope.fields {
        if !used.has(&entry.name.value) && !BUILT_IN.contains(&entry.name.value.as_str()) {
            report("the field", &entry.name, whose, diagnostics);
        }
    }
    for entry in scope.records.iter().filter(|entry| !used.has(&entry.name.value)) {
        report("the record", &entry.name, whose, diagnostics);
    }
    for (name, _) in scope.groups.iter().filter(|(name, _)| !used.groups.contains(name.value.as_str())) {
        report("the group", name, whose, diagnostics);
    }
}

fn report(what: &str, name: &Text, whose: &str, diagnostics: &mut Diagnostics) {
    let message = format!("no page of {whose} uses {what} `{}`", name.value);
    diagnostics.push(
        Diagnostic::new(codes::UNUSED_ENTRY, message, name.span, "used by nobody")
            .help("take it out, or mend the name where it was meant"),
    );
}

fn names(scope: &Scope) -> impl Iterator<Item = &Text> {
    let types = scope.types.iter().map(|entry| &entry.name);
    types
        .chain(scope.fields.iter().map(|entry| &entry.name))
        .chain(scope.records.iter().map(|entry| &entry.name))
}

/// Names of one kind that differ by their spelling only: fields, types with records, codes of an engine, values of enums.
pub fn spelled_alike(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let scopes = subject.scopes();
    let fields = scopes
        .iter()
        .flat_map(|scope| &scope.fields)
        .map(|entry| (entry.name.value.as_str(), entry.name.span));
    compare("fields", fields, diagnostics);
    let types = scopes.iter().flat_map(|scope| {
        scope.types.iter().map(|entry| &entry.name).chain(scope.records.iter().map(|entry| &entry.name))
    });
    compare("types", types.map(|name| (name.value.as_str(), name.span)), diagnostics);
    let enums = scopes.iter().flat_map(|scope| &scope.types).filter_map(|entry| match &entry.kind {
        TypeKind::Enum { values } => Some((entry.name.span, values)),
        _ => None,
    });
    let values = enums.flat_map(|(span, values)| values.iter().map(move |value| (value.as_str(), span)));
    compare("values", values, diagnostics);
    for engine in subject.register().iter().flat_map(|register| &register.engines) {
        let codes = engine.codes.iter().filter(|code| !code.retired);
        compare("reason codes", codes.map(|code| (code.name.value.as_str(), code.name.span)), diagnostics);
    }
}

fn compare<'a>(what: &str, names: impl Iterator<Item = (&'a str, Span)>, diagnostics: &mut Diagnostics) {
    // Each name once, with its first place, in the order of the names.
    let mut places: BTreeMap<&str, Span> = BTreeMap::new();
    for (name, span) in names {
        places.entry(name).or_insert(span);
    }
    let names: Vec<Spelling<'_>> = places.into_iter().map(|(name, span)| Spelling::new(name, span)).collect();
    for (index, one) in names.iter().enumerate() {
        for other in names[index + 1..].iter().filter(|other| one.is_like(other)) {
            let (name, again) = (one.name, other.name);
            let message = format!("the {what} `{name}` and `{again}` differ by their spelling only");
            diagnostics.push(
                Diagnostic::new(codes::SPELLED_ALIKE, message, other.span, format!("`{again}`"))
                    .and(one.span, format!("`{name}`"))
                    .help("use one of them; where both are meant, give one a name that says the difference"),
            );
        }
    }
}

/// The shortest name, without its `_`, in which one letter more or less is a slip and no other word.
const LONG: usize = 8;

/// A name as it is compared.
struct Spelling<'a> {
    name: &'a str,
    span: Span,
    /// Without case and `_`.
    flat: String,
    /// The same without digits, which distinguish names on purpose.
    letters: String,
    is_ascii: bool,
}

impl<'a> Spelling<'a> {
    fn new(name: &'a str, span: Span) -> Self {
        let flat = name.replace('_', "").to_ascii_lowercase();
        let letters = flat.chars().filter(|c| !c.is_ascii_digit()).collect();
        let is_ascii = flat.is_ascii();
        Self { name, span, flat, letters, is_ascii }
    }

    fn is_like(&self, other: &Self) -> bool {
        let (one, other_flat) = (self.flat.len(), other.flat.len());
        let is_slip = one.min(other_flat) >= LONG
            && one.abs_diff(other_flat) <= 1
            && (!self.is_ascii
                || !other.is_ascii
                || share_an_end(self.flat.as_bytes(), other.flat.as_bytes()))
            && self.letters != other.letters
            && strsim::osa_distance(&self.flat, &other.flat) == 1;
        is_slip || self.flat == other.flat
    }
}

/// Whether two names begin or end alike, so that one slip may be all between them: it touches two letters beside each other at most,
/// and so not both ends. It is asked of all pairs of names, and their distance of few.
fn share_an_end(one: &[u8], other: &[u8]) -> bool {
    let length = one.len().min(other.len()).saturating_sub(2) / 2;
    one[..length] == other[..length] || one[one.len() - length..] == other[other.len() - length..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text that one slip makes of another one: a letter is missing, doubled, another one, or exchanged with the next.
    fn slips(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for at in 0..text.len() {
            let (before, after) = text.split_at(at);
            let (letter, rest) = after.split_at(1);
            found.push(format!("{before}{rest}"));
            found.push(format!("{before}{letter}{letter}{rest}"));
            found.push(format!("{before}z{rest}"));
            if let Some(next) = rest.get(..1) {
                found.push(format!("{before}{next}{letter}{}", &rest[1..]));
            }
        }
        found
    }

    #[test]
    fn one_slip_leaves_an_end_as_it_is() {
        for text in ["abcdefgh", "abcdefghi", "abcdefghij", "aabbaabb", "abababab"] {
            for slip in slips(text) {
                if strsim::osa_distance(text, &slip) == 1 {
                    assert!(share_an_end(text.as_bytes(), slip.as_bytes()), "{text} {slip}");
                }
            }
        }
        assert!(!share_an_end(b"abcdefgh", b"zbcdefgz"));
    }
}
