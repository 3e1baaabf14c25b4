//! Names that no lexicon explains, declared by what the pages say of them: a revision without our lexicon is compared by
//! names and shapes.

use std::collections::BTreeSet;

use selene_codegen::contract::{Builtin, TypeKind};

use crate::parse::document::{Document, Text};
use crate::parse::lexicon::{FieldEntry, Lexicon, Scope, TypeEntry};
use crate::parse::schema::{Expr, ExprKind};
use crate::source::{Span, Spanned};

/// Names of the call context, where no lexicon lists them.
const AMBIENT: [&str; 4] = ["now", "correlation_id", "turn_id", "simulation_id"];

/// Declares every name of the pages that the lexicon does not know. Gives the types among them: nothing but their names is
/// known.
pub fn declare(lexicon: &mut Lexicon, documents: &[Document]) -> BTreeSet<String> {
    let mut guess =
        Guess { known: known(lexicon), fields: Vec::new(), types: Vec::new(), groups: Vec::new() };
    for document in documents {
        for capability in &document.capabilities {
            if let Some(callers) = &capability.callers
                && guess.known.insert(("callers", callers.value.clone()))
            {
                lexicon.callers.push((callers.clone(), vec![callers.clone()]));
            }
            for schema in [&capability.input, &capability.output].into_iter().flatten() {
                schema.tree.iter().for_each(|tree| guess.names(tree));
            }
        }
        let columns = document.tables.iter().filter_map(|table| table.columns.as_ref()?.tree.as_ref());
        columns.for_each(|tree| guess.names(tree));
    }
    if lexicon.ambient.is_empty()
        && let Some(document) = documents.first()
    {
        let at = Span::start_of(document.file);
        lexicon.ambient.extend(AMBIENT.map(|name| Spanned::new(name.to_owned(), at)));
    }
    let names: BTreeSet<String> = guess.types.iter().map(|name| name.value.clone()).collect();
    lexicon.shared.fields.extend(guess.fields.into_iter().map(field));
    lexicon.shared.types.extend(guess.types.into_iter().map(type_of_any_text));
    lexicon.shared.groups.extend(guess.groups);
    names
}

/// What the lexicon knows already, each name with what it is.
fn known(lexicon: &Lexicon) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    found.extend(lexicon.callers.iter().map(|(name, _)| ("callers", name.value.clone())));
    let scopes = lexicon.engines.iter().map(|(_, scope)| scope);
    for Scope { types, fields, groups, records, .. } in std::iter::once(&lexicon.shared).chain(scopes) {
        found.extend(fields.iter().map(|entry| ("field", entry.name.value.clone())));
        found.extend(types.iter().map(|entry| ("type", entry.name.value.clone())));
        found.extend(records.iter().map(|entry| ("type", entry.name.value.clone())));
        found.extend(groups.iter().map(|(name, _)| ("group", name.value.clone())));
    }
    found.extend(Builtin::ALL.iter().map(|(_, name)| ("type", (*name).to_owned())));
    found
}

struct Guess {
    known: BTreeSet<(&'static str, String)>,
    fields: Vec<Text>,
    types: Vec<Text>,
    groups: Vec<(Text, Vec<Expr>)>,
}

impl Guess {
    /// Every name of a schema. Types begin with a capital, fields do not.
    fn names(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Unit | ExprKind::Nothing => {}
            ExprKind::Name(name) => self.name(Spanned::new(name.clone(), expr.span)),
            ExprKind::Optional(inner) | ExprKind::List(inner) => self.names(inner),
            ExprKind::Fixed { name, .. } | ExprKind::Values { name, .. } => self.name(name.clone()),
            ExprKind::Generic { args: parts, .. }
            | ExprKind::Record { fields: parts, .. }
            | ExprKind::Tuple(parts)
            | ExprKind::OneOf(parts) => parts.iter().for_each(|part| self.names(part)),
            ExprKind::Prose(words) => {
                // A group of which only the words are known counts as one field.
                if self.known.insert(("group", words.clone())) {
                    let text = Spanned::new(words.clone(), expr.span);
                    let field = Expr { kind: ExprKind::Name(words.clone()), span: expr.span };
                    self.groups.push((text.clone(), vec![field]));
                    self.name(text);
                }
            }
        }
    }

    fn name(&mut self, name: Text) {
        let is_type = name.value.starts_with(|c: char| c.is_ascii_uppercase()) && !name.value.contains(' ');
        let (what, list) = if is_type { ("type", &mut self.types) } else { ("field", &mut self.fields) };
        // Every result names the type of its error.
        if name.value != "StorageError" && self.known.insert((what, name.value.clone())) {
            list.push(name);
        }
    }
}

fn field(name: Text) -> FieldEntry {
    FieldEntry {
        name,
        ty: None,
        range: None,
        max_items: None,
        classes: None,
        violation: None,
        absent: None,
        renamed_from: None,
        doc: None,
    }
}

fn type_of_any_text(name: Text) -> TypeEntry {
    let kind = TypeKind::Text { min_len: 0, max_len: u32::MAX, ascii: false, free: true };
    TypeEntry { name, kind, renamed_from: None, doc: String::new() }
}
