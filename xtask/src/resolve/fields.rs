//! Fields with marks: optional, a list, a fixed value; and records that would hold themselves.

use selene_codegen::contract::{Builtin, Field, TypeKind, TypeRef};

use super::names::Names;
use super::types::{UNKNOWN, innermost};
use super::typing::misplaced;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::lexicon::{FieldEntry, RecordEntry};
use crate::parse::schema::{Expr, ExprKind};
use crate::source::{Span, Spanned};

impl<'a> Names<'a> {
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

    /// The fields that words stand for. What no group of the lexicon explains is reported.
    pub fn fields_of_group(&self, words: &str, span: Span, diagnostics: &mut Diagnostics) -> Vec<Field> {
        let Some(group) = self.group(words) else {
            let known: Vec<&str> = self.group_names().collect();
            let otherwise = format!("add `\"{words}\": [field, …]` to `groups` in lexicon.yaml");
            let message = format!("no group of the lexicon explains \"{words}\"");
            diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_GROUP, message, span, "prose")
                    .help(guess_or(words, known, &otherwise))
                    .about(self.engine, words),
            );
            return Vec::new();
        };
        let mut fields = Vec::new();
        for expr in group {
            let found =
                self.marked_field(expr, diagnostics, &mut |name, diagnostics| self.field(name, diagnostics));
            fields.extend(found.map(|(field, _)| Field { group: Some(words.to_owned()), ..field }));
        }
        fields
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
            ExprKind::Values { name, values } => {
                let mut field = look_up(name, diagnostics);
                if !matches!(field.ty, TypeRef::List(_)) {
                    field.max_items = None;
                }
                self.check_values(&field, values, expr.span, diagnostics);
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

    /// Values that a schema gives a field: all that its type has. A contract takes whatever the type takes, so fewer cannot be kept.
    fn check_values(&self, field: &Field, values: &[Text], span: Span, diagnostics: &mut Diagnostics) {
        let ty = match &field.ty {
            TypeRef::List(inner) | TypeRef::Option(inner) => inner.as_ref(),
            ty => ty,
        };
        let stated: Vec<String> =
            values.iter().filter_map(|value| self.fixed(ty, value, diagnostics)).collect();
        let further = match ty {
            TypeRef::Named(name) if name == UNKNOWN => return,
            TypeRef::Named(name) => match self.kind(name) {
                Some(TypeKind::Enum { values }) => {
                    let further = values.iter().filter(|value| !stated.contains(value));
                    further.map(|value| format!("`{value}`")).collect()
                }
                _ => vec!["others".to_owned()],
            },
            TypeRef::Builtin(Builtin::Bool) => Vec::new(),
            _ => vec!["others".to_owned()],
        };
        if stated.len() == values.len() && !further.is_empty() {
            let message = format!(
                "`{}` takes these values here, and `{ty}` has {} too",
                field.name,
                further.join(", ")
            );
            diagnostics
                .push(Diagnostic::new(codes::MALFORMED_SCHEMA, message, span, "fewer than its type").help(
                    "give the field an enum with these values in lexicon.yaml, or write the name only",
                ));
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
