//! `output_schema` as a type, or several; records that the schema writes in place.

use selene_codegen::contract::{Field, Output, Record, TypeRef};
use selene_codegen::naming;

use super::input::push_unique;
use super::names::Names;
use super::provenance::Provenance;
use super::types::is_unknown;
use super::typing::misplaced;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::schema::{Expr, ExprKind};
use crate::source::Span;

/// Resolves outputs of one engine and keeps the records that they bring.
pub struct Outputs<'a> {
    /// The names that may be used.
    pub names: &'a Names<'a>,
    /// The engine's contract file, for provenance.
    pub file: &'a str,
    /// Records written in place, with their place.
    pub records: Vec<(Record, Span)>,
}

impl Outputs<'_> {
    /// Resolves a schema in output position.
    pub fn resolve(
        &mut self,
        schema: &Expr,
        capability: &Text,
        provenance: &mut Provenance,
        diagnostics: &mut Diagnostics,
    ) -> Option<Output> {
        let inner = without_result(schema, diagnostics)?;
        let stem = format!("{}Output", naming::pascal(&capability.value));
        let ExprKind::OneOf(alternatives) = &inner.kind else {
            return self.type_ref(inner, &stem, provenance, diagnostics).map(Output::Type);
        };
        // The enum of the alternatives has the name of the capability already.
        let record = format!("{}Record", naming::pascal(&capability.value));
        let mut types = Vec::new();
        for alternative in alternatives {
            if let Some(ty) = self.type_ref(alternative, &record, provenance, diagnostics) {
                if types.contains(&ty) && !is_unknown(&ty) {
                    misplaced(alternative, "this alternative stands here twice", diagnostics);
                }
                types.push(ty);
            }
        }
        (types.len() == alternatives.len()).then_some(Output::OneOf { one_of: types })
    }

    /// One output; `unnamed` is the name of a record that the schema gives none.
    fn type_ref(
        &mut self,
        expr: &Expr,
        unnamed: &str,
        provenance: &mut Provenance,
        diagnostics: &mut Diagnostics,
    ) -> Option<TypeRef> {
        match &expr.kind {
            ExprKind::Tuple(fields) => self.record(unnamed, fields, expr.span, provenance, diagnostics),
            ExprKind::Prose(_) => {
                self.record(unnamed, std::slice::from_ref(expr), expr.span, provenance, diagnostics)
            }
            ExprKind::Record { name, fields } => {
                self.record(&name.value, fields, name.span, provenance, diagnostics)
            }
            ExprKind::Optional(inner) => {
                let inner = self.type_ref(inner, unnamed, provenance, diagnostics)?;
                Some(TypeRef::Option(Box::new(inner)))
            }
            ExprKind::List(inner) => {
                let inner = self.type_ref(inner, unnamed, provenance, diagnostics)?;
                Some(TypeRef::List(Box::new(inner)))
            }
            ExprKind::Generic { name, args } => match (name.value.as_str(), args.as_slice()) {
                ("Option", [inner]) => {
                    let inner = self.type_ref(inner, unnamed, provenance, diagnostics)?;
                    Some(TypeRef::Option(Box::new(inner)))
                }
                ("Vec", [inner]) => {
                    let inner = self.type_ref(inner, unnamed, provenance, diagnostics)?;
                    Some(TypeRef::List(Box::new(inner)))
                }
                ("Map", [key, value]) => {
                    self.names.check_key(key, diagnostics);
                    let key = self.names.type_ref(key, diagnostics);
                    let value = self.type_ref(value, unnamed, provenance, diagnostics);
                    Some(TypeRef::Map(Box::new(key?), Box::new(value?)))
                }
                _ => self.names.type_ref(expr, diagnostics),
            },
            _ => self.names.type_ref(expr, diagnostics),
        }
    }

    fn record(
        &mut self,
        name: &str,
        fields: &[Expr],
        span: Span,
        provenance: &mut Provenance,
        diagnostics: &mut Diagnostics,
    ) -> Option<TypeRef> {
        let mut record = Record { name: name.to_owned(), fields: Vec::new(), doc: String::new() };
        for expr in fields {
            for (field, span) in self.fields(expr, diagnostics) {
                let path = ["records", name, "fields", &field.name];
                provenance.field(self.file, &path, span, self.names.lexicon_span(&field.name, None));
                push_unique(&mut record.fields, field, span, diagnostics);
            }
        }
        self.add(&mut record, provenance, diagnostics);
        let first = self.records.iter().find(|(known, _)| known.name == name);
        if self.names.has_type(name) || first.is_some_and(|(known, _)| *known != record) {
            let diagnostic = Diagnostic::new(
                codes::DUPLICATE_NAME,
                format!("the record `{name}` is written in place, but declared elsewhere too"),
                span,
                "again",
            )
            .help("use its name alone, or give it another one");
            diagnostics.push(match first {
                Some((_, first)) => diagnostic.and(*first, "first here"),
                None => diagnostic,
            });
            return None;
        }
        if first.is_none() {
            provenance.add(self.file, &["records", name], span);
            self.records.push((record, span));
        }
        Some(TypeRef::Named(name.to_owned()))
    }

    /// The field that a part of a record is, or those of the group that its words stand for.
    fn fields(&self, expr: &Expr, diagnostics: &mut Diagnostics) -> Vec<(Field, Span)> {
        let ExprKind::Prose(words) = &expr.kind else {
            return self.names.record_field(expr, None, diagnostics).into_iter().collect();
        };
        let fields = self.names.fields_of_group(words, expr.span, diagnostics);
        fields.into_iter().map(|field| (field, expr.span)).collect()
    }

    /// Appends what the lexicon adds to a record that is written in place.
    fn add(&self, record: &mut Record, provenance: &mut Provenance, diagnostics: &mut Diagnostics) {
        let Some(addition) = self.names.additions().iter().find(|entry| entry.name.value == record.name)
        else {
            return;
        };
        record.doc.clone_from(&addition.doc);
        provenance.add(self.file, &["records", &record.name, "doc"], addition.name.span);
        for (expr, own) in &addition.fields {
            let Some((field, span)) = self.names.record_field(expr, own.as_ref(), diagnostics) else {
                continue;
            };
            let path = ["records", &record.name, "fields", &field.name];
            provenance.field(self.file, &path, span, self.names.lexicon_span(&field.name, own.as_ref()));
            push_unique(&mut record.fields, field, span, diagnostics);
        }
    }

    /// Reports additions that stored answers of before could not be read with, and those to a record that no schema
    /// writes in place.
    pub fn report_additions(&self, diagnostics: &mut Diagnostics) {
        for addition in self.names.additions() {
            for (expr, _) in &addition.fields {
                if !matches!(expr.kind, ExprKind::Optional(_) | ExprKind::List(_)) {
                    diagnostics.push(
                        Diagnostic::new(
                            codes::WRONG_PLACE,
                            format!(
                                "what is added to `{}` is neither optional nor a list",
                                addition.name.value
                            ),
                            expr.span,
                            "an answer that was stored before has no such field",
                        )
                        .help("write `name?` or `name[]`, so that an answer without it is read as none"),
                    );
                }
            }
            let name = &addition.name;
            if !self.records.iter().any(|(record, _)| record.name == name.value) {
                let known = self.records.iter().map(|(record, _)| record.name.as_str());
                diagnostics.push(
                    Diagnostic::new(
                        codes::UNKNOWN_TYPE,
                        format!("no schema of the engine writes the record `{}` in place", name.value),
                        name.span,
                        "which record?",
                    )
                    .help(guess_or(
                        &name.value,
                        known,
                        "name a record that an output_schema writes in place, or add the fields to it in `records`",
                    )),
                );
            }
        }
    }
}

/// Takes `Result<…, StorageError>` off: every method returns one anyway.
fn without_result<'e>(schema: &'e Expr, diagnostics: &mut Diagnostics) -> Option<&'e Expr> {
    let ExprKind::Generic { name, args } = &schema.kind else {
        return Some(schema);
    };
    if name.value != "Result" {
        return Some(schema);
    }
    match args.as_slice() {
        [inner, error] if matches!(&error.kind, ExprKind::Name(name) if name == "StorageError") => {
            Some(inner)
        }
        _ => {
            diagnostics.push(
                Diagnostic::new(codes::WRONG_PLACE, "a result is `Result<T, StorageError>`", schema.span, "")
                    .help("write `Result<T, StorageError>`"),
            );
            None
        }
    }
}
