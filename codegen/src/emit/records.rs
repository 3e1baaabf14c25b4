//! Records: outputs and their elements.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::contract::{Builtin, Field, Record, TypeKind, TypeRef};
use crate::naming;

use super::bounded::{Uses, bounded_impl};
use super::checks::{self, Access};
use super::scope::{Meaning, Scope, distinct, ident};
use super::{EmitError, columns, docs};

/// Every record of the contract.
///
/// Records are `PartialEq` only: a record may hold an `f32` anywhere below, and giving up `Eq` later because a spec
/// added one would break callers.
pub(super) fn records(scope: &Scope) -> Result<TokenStream, EmitError> {
    scope.own_records().iter().map(|record| self::record(scope, record)).collect()
}

fn record(scope: &Scope, record: &Record) -> Result<TokenStream, EmitError> {
    let item = format!("{}: {}", scope.id(), record.name);
    let name = ident(&item, &record.name)?;
    let meaning = if record.doc.is_empty() {
        format!("`{}` of the contract.", record.name)
    } else {
        docs::sentence(&record.doc)
    };
    let body = struct_with_fields(scope, &item, &name, &docs::doc(&meaning), &record.fields, Form::Record)?;
    let absent = absent_values(scope, &item, &name, &record.fields)?;
    let checks = checks::fields(scope, &item, &record.fields, Access::Place)?;
    let uses = if checks.is_empty() { Uses::Nothing } else { Uses::Violations };
    let bounded = bounded_impl(&name, uses, &checks);
    let column = columns::document(&name);
    Ok(quote! {
        #body
        #absent

        #column

        #bounded
    })
}

/// What a struct is read from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Answers, also such as were stored before some of the fields were there.
    Record,
    /// The input of a call.
    Input,
}

/// The functions that give a field to answers which were stored before the field was there.
fn absent_values(
    scope: &Scope,
    item: &str,
    name: &Ident,
    fields: &[Field],
) -> Result<TokenStream, EmitError> {
    let functions = fields
        .iter()
        .filter(|field| has_absent(field))
        .map(|field| {
            let item = format!("{item}.{}", field.name);
            let ty = scope.ty(&item, &field.ty)?;
            let value = absent_value(scope, &item, field, &ty)?;
            let function = ident(&item, &absent_name(field))?;
            Ok(quote! { fn #function() -> #ty { #value } })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    Ok(if functions.is_empty() {
        TokenStream::new()
    } else {
        quote! { impl #name { #(#functions)* } }
    })
}

/// Optional fields and lists are empty where they are absent, whatever is stated.
fn has_absent(field: &Field) -> bool {
    field.absent.is_some() && !matches!(field.ty, TypeRef::Option(_) | TypeRef::List(_) | TypeRef::Map(..))
}

fn absent_name(field: &Field) -> String {
    format!("absent_{}", field.name)
}

fn absent_value(
    scope: &Scope,
    item: &str,
    field: &Field,
    ty: &TokenStream,
) -> Result<TokenStream, EmitError> {
    let text = field.absent.as_deref().unwrap_or_default();
    let unknown = || EmitError::UnknownValue {
        item: item.to_owned(),
        value: text.to_owned(),
        ty: field.ty.to_string(),
    };
    let meaning = scope.meaning(&field.ty);
    let number = || checks::whole_number(text, meaning).ok_or_else(unknown);
    Ok(match meaning {
        Some(Meaning::Type(def)) => match &def.kind {
            TypeKind::Enum { values } if values.iter().any(|value| value == text) => {
                let variant = ident(item, &naming::pascal(text))?;
                quote! { #ty::#variant }
            }
            TypeKind::Enum { .. } => return Err(unknown()),
            TypeKind::Text { .. } => quote! { #ty::new(#text) },
            TypeKind::Integer { .. } => {
                let number = number()?;
                quote! { #ty::new(#number) }
            }
        },
        Some(Meaning::Builtin(Builtin::Bool)) => {
            let value: bool = text.parse().map_err(|_| unknown())?;
            quote! { #value }
        }
        _ => {
            let number = number()?;
            quote! { #number }
        }
    })
}

/// A struct with public fields that serializes in the spec's spelling.
pub(super) fn struct_with_fields(
    scope: &Scope,
    item: &str,
    name: &Ident,
    doc: &TokenStream,
    fields: &[Field],
    form: Form,
) -> Result<TokenStream, EmitError> {
    let fields = field_list(scope, item, fields, &quote! { pub }, (form == Form::Record).then_some(name))?;
    Ok(quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        pub struct #name {
            #fields
        }
    })
}

/// Named fields with docs, behind `visibility`. Those of a record are also read from answers that are older than a field.
pub(super) fn field_list(
    scope: &Scope,
    item: &str,
    fields: &[Field],
    visibility: &TokenStream,
    record: Option<&Ident>,
) -> Result<TokenStream, EmitError> {
    let names: Vec<Ident> = fields.iter().map(|field| ident(item, &field.name)).collect::<Result<_, _>>()?;
    distinct(item, &names)?;
    fields
        .iter()
        .zip(&names)
        .map(|(field, name)| {
            let doc = docs::field(scope, field);
            let ty = scope.ty(&format!("{item}.{}", field.name), &field.ty)?;
            let optional = match (&field.ty, record) {
                (TypeRef::Option(_), _) => {
                    quote! { #[serde(default, skip_serializing_if = "Option::is_none")] }
                }
                (TypeRef::List(_) | TypeRef::Map(..), Some(_)) => quote! { #[serde(default)] },
                (_, Some(record)) if has_absent(field) => {
                    let path = format!("{record}::{}", absent_name(field));
                    quote! { #[serde(default = #path)] }
                }
                _ => TokenStream::new(),
            };
            Ok(quote! { #doc #optional #visibility #name: #ty, })
        })
        .collect()
}
