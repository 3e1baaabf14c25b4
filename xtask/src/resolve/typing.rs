//! Names as types: a field by its declaration, a type as it is written. A name in `lower_snake` means the type of its field,
//! so that the two need each other.

use selene_codegen::contract::{Builtin, Field, TypeRef};

use super::bounds::bounds;
use super::names::Names;
use super::types::{UNKNOWN, check_classes};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::lexicon::FieldEntry;
use crate::parse::schema::{Expr, ExprKind};
use crate::source::{Span, Spanned};

impl Names<'_> {
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
                .help(guess_or(&name.value, known, &otherwise))
                .about(self.engine, &name.value),
            );
            return untyped(&name.value);
        };
        self.check_field(entry, diagnostics)
    }

    /// A field of the lexicon with its bounds looked at, unless its type is unknown.
    pub fn check_field(&self, entry: &FieldEntry, diagnostics: &mut Diagnostics) -> Field {
        let ty = entry.ty.as_ref().and_then(|ty| self.type_ref(ty, diagnostics));
        let range = ty.as_ref().zip(entry.range.as_ref());
        let range = range.and_then(|(ty, range)| bounds(ty, range, diagnostics));
        if let (Some(ty), Some(list)) = (&ty, &entry.classes) {
            check_classes(ty, list, diagnostics);
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
        let builtins = Builtin::ALL.iter().map(|(_, name)| *name);
        let known: Vec<&str> = self.type_names().chain(builtins).collect();
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_TYPE,
                format!("the lexicon does not know the type `{name}`"),
                span,
                "not known",
            )
            .help(guess_or(name, known, "add it to `types` or `records` in lexicon.yaml"))
            .about(self.engine, name),
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

/// Reports a form that has no meaning where it stands.
pub(super) fn misplaced(expr: &Expr, message: &str, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::WRONG_PLACE, message, expr.span, "has no meaning here")
            .help("write a name, or declare a record or group in lexicon.yaml"),
    );
}
