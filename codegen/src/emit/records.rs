//! Records: outputs and their elements.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::contract::{Field, Record, TypeRef};

use super::checks::{self, Access, Uses};
use super::scope::{Scope, distinct, ident};
use super::{EmitError, docs};

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
    let body =
        struct_with_fields(scope, &item, &name, &docs::doc(&meaning), &record.fields, MissingList::Empty)?;
    let checks = checks::fields(scope, &item, &record.fields, Access::Place)?;
    let uses = if checks.is_empty() { Uses::Nothing } else { Uses::Violations };
    let bounded = checks::bounded_impl(&name, uses, &checks);
    Ok(quote! {
        #body

        #bounded
    })
}

/// What a list is that a serialized form lacks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MissingList {
    /// Not read: what a caller sends says all of its lists.
    Refused,
    /// Empty: a record that was stored before the list was added to it is still read.
    Empty,
}

/// A struct with public fields that serializes in the spec's spelling.
pub(super) fn struct_with_fields(
    scope: &Scope,
    item: &str,
    name: &Ident,
    doc: &TokenStream,
    fields: &[Field],
    missing: MissingList,
) -> Result<TokenStream, EmitError> {
    let fields = field_list(scope, item, fields, &quote! { pub }, missing)?;
    Ok(quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        pub struct #name {
            #fields
        }
    })
}

/// Named fields with docs, behind `visibility`.
pub(super) fn field_list(
    scope: &Scope,
    item: &str,
    fields: &[Field],
    visibility: &TokenStream,
    missing: MissingList,
) -> Result<TokenStream, EmitError> {
    let names: Vec<Ident> = fields.iter().map(|field| ident(item, &field.name)).collect::<Result<_, _>>()?;
    distinct(item, &names)?;
    fields
        .iter()
        .zip(&names)
        .map(|(field, name)| {
            let doc = docs::field(scope, field);
            let ty = scope.ty(&format!("{item}.{}", field.name), &field.ty)?;
            let absent = match field.ty {
                TypeRef::Option(_) => {
                    Some(quote! { #[serde(default, skip_serializing_if = "Option::is_none")] })
                }
                TypeRef::List(_) if missing == MissingList::Empty => Some(quote! { #[serde(default)] }),
                _ => None,
            };
            Ok(quote! { #doc #absent #visibility #name: #ty, })
        })
        .collect()
}
