//! Functions that make a row of the row of another table, or of the input that adds it, so that nobody lists the columns that both have.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::contract::{Capability, Effect, Record, Table, TypeKind, TypeRef};
use crate::naming;
use crate::row::{self, Fit, Successor, Taken};

use super::scope::{Meaning, Scope, ident};
use super::{EmitError, docs};

/// A function of the row of a table for each other table that its row follows from.
pub(super) fn of(
    scope: &Scope,
    item: &str,
    table: &Table,
    row_name: &Ident,
) -> Result<TokenStream, EmitError> {
    let Some(contract) = scope.contract() else { return Ok(TokenStream::new()) };
    let is_moment = |ty: &TypeRef| is_moment(scope, ty);
    // A record may have every column of two tables; the first is enough.
    let mut known = BTreeSet::new();
    let functions = row::tables(contract)
        .filter_map(|other| Successor::of(table, other, is_moment).map(|successor| (other, successor)))
        .flat_map(|(other, successor)| {
            whole(scope, table, other).into_iter().map(move |source| (source, successor.clone()))
        })
        .filter(|((name, _), _)| known.insert(name.clone()))
        .map(|((name, path), successor)| {
            let function = format!("of_{}", naming::upper_snake(&name).to_lowercase());
            let doc = format!("The row that follows from a `{name}`, with what is its own.");
            self::function(scope, item, (&function, &doc), &path, &successor)
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    Ok(if functions.is_empty() {
        TokenStream::new()
    } else {
        quote! { impl #row_name { #(#functions)* } }
    })
}

/// The records that have every column of a table, by name and path; its row where there is none. A record that is a part of `of` as
/// well becomes a row of it by a function of its own.
fn whole(scope: &Scope, of: &Table, other: &Table) -> Vec<(String, TokenStream)> {
    let is_whole = |record: &Record| Fit::of(other, record) == Some(Fit::Whole);
    let records = scope.known_records().filter(|(record, _)| is_whole(record));
    let mut found: Vec<(String, TokenStream)> = records
        .filter(|(record, _)| Fit::of(of, record).is_none())
        .map(|(record, path)| (record.name.clone(), path))
        .collect();
    if found.is_empty() {
        let name = row::struct_name(other);
        let path = format_ident!("{name}");
        found.push((name, quote! { #path }));
    }
    found
}

fn function(
    scope: &Scope,
    item: &str,
    (function, doc): (&str, &str),
    other: &TokenStream,
    Successor { taken, own }: &Successor<'_>,
) -> Result<TokenStream, EmitError> {
    let taken = taken
        .iter()
        .map(|Taken { column, is_wrapped }| {
            let name = ident(item, &column.name)?;
            let value = quote! { ::core::clone::Clone::clone(&other.#name) };
            Ok(if *is_wrapped {
                quote! { #name: ::core::option::Option::Some(#value), }
            } else {
                quote! { #name: #value, }
            })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let own_names =
        own.iter().map(|field| ident(item, &field.name)).collect::<Result<Vec<_>, EmitError>>()?;
    let types = own.iter().map(|field| scope.ty(item, &field.ty)).collect::<Result<Vec<_>, EmitError>>()?;
    let function = ident(item, function)?;
    let doc = docs::doc(doc);
    Ok(quote! {
        #doc
        #[must_use]
        pub fn #function(other: &#other, #(#own_names: #types),*) -> Self {
            Self {
                #(#taken)*
                #(#own_names,)*
            }
        }
    })
}

/// A function of each record of a table that a write may add, where the record follows from the input.
pub(super) fn of_input(
    scope: &Scope,
    capability: &Capability,
    input: &Ident,
) -> Result<TokenStream, EmitError> {
    let (Some(contract), Effect::Write, []) =
        (scope.contract(), capability.effect, capability.input_alternatives.as_slice())
    else {
        return Ok(TokenStream::new());
    };
    let is_written = |table: &&Table| {
        let mut names = capability.writes.iter().map(|name| naming::without_schema(name));
        names.any(|name| name == row::bare_name(table))
    };
    let written = row::tables(contract).filter(is_written);
    let records = written.flat_map(|table| {
        let fitting = scope.known_records().filter(|(record, _)| Fit::of(table, record).is_some());
        fitting.map(move |(record, path)| (table, record, path))
    });
    let mut known = BTreeSet::new();
    records
        .filter_map(|(table, record, path)| {
            let is_moment = |ty: &TypeRef| is_moment(scope, ty);
            let found = Successor::of_input(record, table, &capability.input, is_moment)?;
            known.insert(&record.name).then_some((record, path, found))
        })
        .map(|(record, path, found)| {
            let item = format!("{}: {}", capability.id, record.name);
            let name = format!("of_{}", naming::method_name(&capability.id));
            let doc = format!(
                "The record that follows from the input of `{}`, with what is its own.",
                capability.id
            );
            let function = function(scope, &item, (&name, &doc), &quote! { #input }, &found)?;
            Ok(quote! { impl #path { #function } })
        })
        .collect()
}

/// Whether a value of a type says when something was: a number of nanoseconds.
fn is_moment(scope: &Scope, ty: &TypeRef) -> bool {
    if let TypeRef::Option(inner) = ty {
        return is_moment(scope, inner);
    }
    let Some(Meaning::Type(def)) = scope.meaning(ty) else { return false };
    matches!(&def.kind, TypeKind::Integer { unit: Some(unit), .. } if unit == "ns")
}
