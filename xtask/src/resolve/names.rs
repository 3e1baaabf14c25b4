//! What a name means: an engine's own declarations first, then the shared ones.

use selene_codegen::contract::{Builtin, Field, TypeDef, TypeKind, TypeRef};

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::lexicon::{
    AlternativesEntry, ClassList, FieldEntry, Lexicon, RecordEntry, Scope, TypeEntry,
};
use crate::parse::schema::{Expr, ExprKind};
use crate::source::{Span, Spanned};

/// Stands for a type that cannot be known and has its finding already: no type can have this name.
pub(super) const UNKNOWN: &str = "?";

/// The names that one engine may use.
pub struct Names<'a> {
    /// Nearest first; the last one is the shared one.
    pub(super) scopes: Vec<&'a Scope>,
}

impl<'a> Names<'a> {
    /// What every engine may use.
    #[must_use]
    pub fn shared(lexicon: &'a Lexicon) -> Self {
        Self { scopes: vec![&lexicon.shared] }
    }

    /// What one engine may use.
    #[must_use]
    pub fn engine(lexicon: &'a Lexicon, id: &str) -> Self {
        let mut scopes: Vec<&Scope> = lexicon.engine(id).into_iter().collect();
        scopes.push(&lexicon.shared);
        Self { scopes }
    }

    /// What the engine's own part of the lexicon says about alternatives.
    #[must_use]
    pub fn alternatives(&self) -> &'a [AlternativesEntry] {
        self.scopes.first().map_or(&[], |scope| &scope.alternatives)
    }

    /// What the engine's own part of the lexicon adds to records that schemas write in place.
    #[must_use]
    pub fn additions(&self) -> &'a [RecordEntry] {
        self.scopes.first().map_or(&[], |scope| &scope.additions)
    }

    fn entry(&self, name: &str) -> Option<&'a FieldEntry> {
        self.scopes.iter().find_map(|scope| scope.fields.iter().find(|entry| entry.name.value == name))
    }

    fn type_entry(&self, name: &str) -> Option<&'a TypeEntry> {
        self.scopes.iter().find_map(|scope| scope.types.iter().find(|entry| entry.name.value == name))
    }

    fn record_entry(&self, name: &str) -> Option<&'a RecordEntry> {
        self.scopes.iter().find_map(|scope| scope.records.iter().find(|entry| entry.name.value == name))
    }

    /// The fields of a prose group.
    #[must_use]
    pub fn group(&self, words: &str) -> Option<&'a [Text]> {
        let groups = self.scopes.iter().flat_map(|scope| &scope.groups);
        groups.into_iter().find(|(name, _)| name.value == words).map(|(_, fields)| fields.as_slice())
    }

    /// The words of every group.
    pub fn group_names(&self) -> impl Iterator<Item = &'a str> {
        self.scopes.iter().flat_map(|scope| &scope.groups).map(|(name, _)| name.value.as_str())
    }

    /// Which classes of reason codes an input takes: what the engine says about the capability, else about the field.
    pub(super) fn classes(&self, capability: &str, field: &str) -> Option<&'a ClassList> {
        let entries = self.scopes.iter().flat_map(|scope| &scope.classes);
        let of_capability = entries.filter(|entry| entry.capability.value == capability);
        let own = of_capability.flat_map(|entry| &entry.fields).find(|(name, _)| name.value == field);
        own.map(|(_, list)| list).or_else(|| self.entry(field)?.classes.as_ref())
    }

    /// Every field name.
    pub fn field_names(&self) -> impl Iterator<Item = &'a str> {
        self.scopes.iter().flat_map(|scope| &scope.fields).map(|entry| entry.name.value.as_str())
    }

    /// Whether a type or record of that name is declared.
    #[must_use]
    pub fn has_type(&self, name: &str) -> bool {
        Builtin::from_name(name).is_some()
            || self.type_entry(name).is_some()
            || self.record_entry(name).is_some()
    }

    /// Where the lexicon says what a field is.
    #[must_use]
    pub fn lexicon_span(&self, name: &str, own: Option<&FieldEntry>) -> Option<Span> {
        own.or_else(|| self.entry(name)).map(|entry| entry.name.span)
    }

    /// The kind of a named type.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&'a TypeKind> {
        self.type_entry(name).map(|entry| &entry.kind)
    }

    /// A bare field by its lexicon entry. One that the lexicon does not know is reported and stays known by its
    /// name, so that a key which names it is not reported too.
    pub fn field(&self, name: &Text, diagnostics: &mut Diagnostics) -> Field {
        let Some(entry) = self.entry(&name.value) else {
            let known: Vec<&str> = self.field_names().collect();
            let otherwise =
                format!("add `{}: {{ type: …, doc: \"…\" }}` to `fields` in lexicon.yaml", name.value);
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_NAME,
                    format!("the lexicon does not know the field `{}`", name.value),
                    name.span,
                    "not known",
                )
                .help(guess_or(&name.value, known, &otherwise)),
            );
            return untyped(&name.value);
        };
        self.check_field(entry, diagnostics)
    }

    /// A field of the lexicon with its bounds looked at, unless its type is unknown.
    pub fn check_field(&self, entry: &FieldEntry, diagnostics: &mut Diagnostics) -> Field {
        let ty = entry.ty.as_ref().and_then(|ty| self.type_ref(ty, diagnostics));
        let range = ty.as_ref().zip(entry.range.as_ref());
        let range = range.and_then(|(ty, range)| super::declared::bounds(ty, range, diagnostics));
        if let (Some(ty), Some(list)) = (&ty, &entry.classes) {
            super::classes::check_type(ty, list, diagnostics);
        }
        let untyped = untyped(&entry.name.value);
        Field {
            ty: ty.unwrap_or(untyped.ty),
            range,
            max_items: entry.max_items,
            violation: entry.violation.as_ref().map(|code| code.value.clone()),
            absent: entry.absent.as_ref().map(|value| value.value.clone()),
            doc: entry.doc.clone().unwrap_or_default(),
            ..untyped
        }
    }

    /// A field of a record, typed by the lexicon or by the record itself.
    pub fn record_field(
        &self,
        expr: &Expr,
        own: Option<&FieldEntry>,
        diagnostics: &mut Diagnostics,
    ) -> Option<(Field, Span)> {
        self.marked_field(expr, diagnostics, &mut |name, diagnostics| match own {
            Some(own) => Field { name: name.value.clone(), ..self.check_field(own, diagnostics) },
            None => self.field(name, diagnostics),
        })
    }

    /// A field with its marks `?` and `[]`, or with a fixed value.
    pub fn marked_field(
        &self,
        expr: &Expr,
        diagnostics: &mut Diagnostics,
        look_up: &mut dyn FnMut(&Text, &mut Diagnostics) -> Field,
    ) -> Option<(Field, Span)> {
        match &expr.kind {
            ExprKind::Name(name) => {
                let mut field = look_up(&Spanned::new(name.clone(), expr.span), diagnostics);
                if !matches!(field.ty, TypeRef::List(_)) {
                    field.max_items = None;
                }
                Some((field, expr.span))
            }
            ExprKind::Optional(inner) => {
                let (mut field, _) = self.marked_field(inner, diagnostics, look_up)?;
                field.ty = TypeRef::Option(Box::new(field.ty));
                Some((field, expr.span))
            }
            ExprKind::List(inner) => {
                let ExprKind::Name(name) = &inner.kind else {
                    misplaced(expr, "a list of something that is not a name", diagnostics);
                    return None;
                };
                let mut field = look_up(&Spanned::new(name.clone(), inner.span), diagnostics);
                field.ty = TypeRef::List(Box::new(field.ty));
                Some((field, expr.span))
            }
            ExprKind::Fixed { name, value } => {
                let mut field = look_up(name, diagnostics);
                field.max_items = None;
                field.fixed = self.fixed(&field.ty, value, diagnostics);
                Some((field, expr.span))
            }
            _ => {
                misplaced(expr, "this is not a field", diagnostics);
                None
            }
        }
    }

    /// A fixed value in the spelling of its type.
    fn fixed(&self, ty: &TypeRef, value: &Text, diagnostics: &mut Diagnostics) -> Option<String> {
        let known: Vec<String> = match ty {
            TypeRef::Named(name) if name == UNKNOWN => return Some(value.value.clone()),
            TypeRef::Named(name) => match self.kind(name) {
                Some(TypeKind::Enum { values }) => values.clone(),
                Some(TypeKind::Integer { .. }) if value.value.parse::<u128>().is_ok() => {
                    return Some(value.value.clone());
                }
                Some(TypeKind::Text { .. }) => return Some(value.value.clone()),
                _ => Vec::new(),
            },
            TypeRef::Builtin(Builtin::Bool) => vec!["true".to_owned(), "false".to_owned()],
            TypeRef::Builtin(Builtin::U8 | Builtin::U16 | Builtin::U32 | Builtin::U64)
                if value.value.parse::<u64>().is_ok() =>
            {
                return Some(value.value.clone());
            }
            _ => Vec::new(),
        };
        let stored = selene_codegen::naming::upper_snake(&value.value);
        if let Some(found) = known.iter().find(|known| **known == stored || **known == value.value) {
            return Some(found.clone());
        }
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_VALUE,
                format!("`{}` is not a value of `{ty}`", value.value),
                value.span,
                "not a value",
            )
            .help(guess_or(
                &stored,
                known.iter().map(String::as_str),
                &format!("use a value that `{ty}` has, or change the type in lexicon.yaml"),
            )),
        );
        None
    }

    /// A type as written: a name, `T[]`, `T?`, `Option<T>`, `Vec<T>`, `Map<K, V>`, `()`.
    pub fn type_ref(&self, expr: &Expr, diagnostics: &mut Diagnostics) -> Option<TypeRef> {
        match &expr.kind {
            ExprKind::Unit | ExprKind::Nothing => Some(TypeRef::Unit),
            ExprKind::Name(name) => self.named(name, expr.span, diagnostics),
            ExprKind::Optional(inner) => Some(TypeRef::Option(Box::new(self.type_ref(inner, diagnostics)?))),
            ExprKind::List(inner) => Some(TypeRef::List(Box::new(self.type_ref(inner, diagnostics)?))),
            ExprKind::Generic { name, args } => self.generic(name, args, diagnostics),
            _ => {
                misplaced(expr, "this is not a type", diagnostics);
                None
            }
        }
    }

    /// Names in `lower_snake` are fields, and mean the field's type.
    pub(super) fn named(&self, name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<TypeRef> {
        if let Some(builtin) = Builtin::from_name(name) {
            return Some(TypeRef::Builtin(builtin));
        }
        if self.type_entry(name).is_some() || self.record_entry(name).is_some() {
            return Some(TypeRef::Named(name.to_owned()));
        }
        if name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Some(self.field(&Spanned::new(name.to_owned(), span), diagnostics).ty);
        }
        let types = self.scopes.iter().flat_map(|scope| &scope.types).map(|entry| entry.name.value.as_str());
        let records =
            self.scopes.iter().flat_map(|scope| &scope.records).map(|entry| entry.name.value.as_str());
        let builtins = Builtin::ALL.iter().map(|(_, name)| *name);
        let known: Vec<&str> = types.chain(records).chain(builtins).collect();
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_TYPE,
                format!("the lexicon does not know the type `{name}`"),
                span,
                "not known",
            )
            .help(guess_or(name, known, "add it to `types` or `records` in lexicon.yaml")),
        );
        None
    }

    fn generic(&self, name: &Text, args: &[Expr], diagnostics: &mut Diagnostics) -> Option<TypeRef> {
        let wanted = match name.value.as_str() {
            "Option" | "Vec" => 1,
            "Map" => 2,
            _ => {
                diagnostics.push(
                    Diagnostic::new(
                        codes::UNKNOWN_TYPE,
                        format!("`{}<…>` is not a type here", name.value),
                        name.span,
                        "not known",
                    )
                    .help("use `Option<T>`, `Vec<T>` or `Map<K, V>`; `Result<T, StorageError>` only around the whole output"),
                );
                return None;
            }
        };
        if args.len() != wanted {
            let message = format!("`{}` takes {wanted} types, not {}", name.value, args.len());
            diagnostics.push(
                Diagnostic::new(codes::WRONG_PLACE, message, name.span, "")
                    .help("write `Option<T>`, `Vec<T>` or `Map<K, V>`"),
            );
            return None;
        }
        if let [key, _] = args {
            self.check_key(key, diagnostics);
        }
        let mut types = Vec::new();
        for arg in args {
            types.push(Box::new(self.type_ref(arg, diagnostics)?));
        }
        let mut types = types.into_iter();
        match (name.value.as_str(), types.next(), types.next()) {
            ("Option", Some(inner), _) => Some(TypeRef::Option(inner)),
            ("Vec", Some(inner), _) => Some(TypeRef::List(inner)),
            (_, Some(key), Some(value)) => Some(TypeRef::Map(key, value)),
            _ => None,
        }
    }

    /// A map is ordered by its keys, so that they must be single values with an order.
    pub(super) fn check_key(&self, key: &Expr, diagnostics: &mut Diagnostics) {
        let ordered = match self.type_ref(key, &mut Diagnostics::default()) {
            Some(TypeRef::Named(name)) => name == UNKNOWN || self.kind(&name).is_some(),
            Some(TypeRef::Builtin(builtin)) => {
                matches!(builtin, Builtin::Bool | Builtin::U8 | Builtin::U16 | Builtin::U32 | Builtin::U64)
            }
            // What is no type at all has a finding of its own.
            None => true,
            Some(_) => false,
        };
        if !ordered {
            misplaced(key, "this cannot be the key of a map", diagnostics);
        }
    }

    /// A record that holds itself, directly or through others, would have no end.
    pub fn report_recursion(&self, record: &RecordEntry, diagnostics: &mut Diagnostics) {
        let mut seen: Vec<&str> = Vec::new();
        let mut open: Vec<&RecordEntry> = vec![record];
        while let Some(current) = open.pop() {
            for held in self.held_records(current) {
                if held.name.value == record.name.value {
                    let message = format!("the record `{}` holds itself", record.name.value);
                    diagnostics.push(
                        Diagnostic::new(codes::RECURSIVE_RECORD, message, record.name.span, "this record")
                            .help("hold the key of the other record instead"),
                    );
                    return;
                }
                if !seen.contains(&held.name.value.as_str()) {
                    seen.push(&held.name.value);
                    open.push(held);
                }
            }
        }
    }

    fn held_records(&self, record: &RecordEntry) -> Vec<&'a RecordEntry> {
        let mut silent = Diagnostics::default();
        let fields =
            record.fields.iter().filter_map(|(expr, own)| self.record_field(expr, own.as_ref(), &mut silent));
        fields
            .filter_map(|(field, _)| innermost(&field.ty).and_then(|name| self.record_entry(name)))
            .collect()
    }
}

/// A field of which only the name is known.
fn untyped(name: &str) -> Field {
    Field {
        name: name.to_owned(),
        ty: TypeRef::Named(UNKNOWN.to_owned()),
        range: None,
        max_items: None,
        fixed: None,
        classes: Vec::new(),
        own_step: None,
        absent: None,
        violation: None,
        group: None,
        doc: String::new(),
    }
}

fn innermost(ty: &TypeRef) -> Option<&str> {
    match ty {
        TypeRef::Named(name) => Some(name),
        TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => innermost(inner),
        TypeRef::Unit | TypeRef::Builtin(_) => None,
    }
}

/// Reports a form that has no meaning where it stands.
pub(super) fn misplaced(expr: &Expr, message: &str, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::WRONG_PLACE, message, expr.span, "has no meaning here")
            .help("write a name, or declare a record or group in lexicon.yaml"),
    );
}

/// The types of a part of the lexicon.
pub(super) fn type_defs(scope: &Scope) -> Vec<TypeDef> {
    let types = scope.types.iter();
    types
        .map(|entry| TypeDef {
            name: entry.name.value.clone(),
            kind: entry.kind.clone(),
            doc: entry.doc.clone(),
        })
        .collect()
}
