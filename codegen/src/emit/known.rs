//! How the rows of a read or guard are found, where its contract says it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::contract::{Capability, Field, Record, Table, TypeRef};
use crate::row::{self, Key, Known, KnownList};

use super::EmitError;
use super::scope::{Meaning, Scope, ident};

/// `KeyedRead`, `StartedList` or `LedgerGuard` for the input of a capability; nothing where its contract does not fix its rows.
pub(super) fn known(scope: &Scope, capability: &Capability, input: &Ident) -> Result<TokenStream, EmitError> {
    let Some(contract) = scope.contract() else { return Ok(TokenStream::new()) };
    let meaning = |name: &str| scope.meaning(&TypeRef::Named(name.to_owned()));
    let record_of = |name: &str| match meaning(name) {
        Some(Meaning::Record(record)) => Some(record),
        _ => None,
    };
    let kind_of = |name: &str| match meaning(name) {
        Some(Meaning::Type(def)) => Some(&def.kind),
        _ => None,
    };
    match Known::of(contract, capability, record_of, kind_of) {
        Some(Known::Row { key, record }) => keyed_read(scope, &capability.id, input, &key, record),
        Some(Known::List(list)) => started_list(scope, &capability.id, input, &list),
        Some(Known::Ledgers(tables)) => ledger_guard(capability, input, &tables),
        None => Ok(TokenStream::new()),
    }
}

fn keyed_read(
    scope: &Scope,
    item: &str,
    input: &Ident,
    key: &Key<'_>,
    record: &Record,
) -> Result<TokenStream, EmitError> {
    let row = scope.ty(item, &TypeRef::Named(record.name.clone()))?;
    let key_name = format_ident!("{}", key.name);
    let count = Literal::usize_unsuffixed(key.columns.len());
    let values = values(item, &key.columns)?;
    Ok(quote! {
        impl ::selene_contracts::known::KeyedRead for #input {
            type Row = #row;
            type Values<'a> = [::selene_contracts::row::Value<'a>; #count];

            const SELECT: &'static str =
                <#row as ::selene_contracts::row::FoundBy<keys::#key_name<'static>>>::SELECT_BY;

            fn values(&self) -> Self::Values<'_> {
                [#(#values),*]
            }

            fn answer(row: ::core::option::Option<Self::Row>) -> Self::Output {
                row
            }
        }
    })
}

fn started_list(
    scope: &Scope,
    item: &str,
    input: &Ident,
    list: &KnownList<'_>,
) -> Result<TokenStream, EmitError> {
    let crate::listing::Listing { whole, first, after } = list.listing();
    let order =
        list.order.iter().map(|column| scope.ty(item, &column.ty)).collect::<Result<Vec<_>, EmitError>>()?;
    let values = values(item, &list.given)?;
    Ok(quote! {
        impl ::selene_contracts::known::StartedList for #input {
            type Order = (#(#order,)*);

            const LISTING: ::selene_contracts::row::Listing =
                ::selene_contracts::row::Listing { whole: #whole, first: #first, after: #after };

            fn values(&self) -> ::std::vec::Vec<::selene_contracts::row::Value<'_>> {
                ::std::vec![#(#values),*]
            }
        }
    })
}

fn ledger_guard(capability: &Capability, input: &Ident, tables: &[&Table]) -> Result<TokenStream, EmitError> {
    let item = &capability.id;
    let row_of = |table: &Table, pattern: &TokenStream| {
        let (row, key) =
            (format_ident!("{}", row::struct_name(table)), format_ident!("{}", row::primary_key_name(table)));
        let names = table
            .primary_key
            .iter()
            .map(|column| ident(item, column))
            .collect::<Result<Vec<_>, EmitError>>()?;
        Ok(quote! {
            #pattern { #(#names,)* .. } => {
                ::selene_contracts::known::LedgerRow::of::<#row, _>(&keys::#key { #(#names),* })
            }
        })
    };
    let patterns = if capability.input_alternatives.is_empty() {
        vec![quote! { Self }]
    } else {
        let variants = capability.input_alternatives.iter();
        let variants = variants.map(|form| {
            let variant = ident(item, &form.variant)?;
            Ok(quote! { Self::#variant })
        });
        variants.collect::<Result<Vec<_>, EmitError>>()?
    };
    let arms = tables
        .iter()
        .zip(&patterns)
        .map(|(table, pattern)| row_of(table, pattern))
        .collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote! {
        impl ::selene_contracts::known::LedgerGuard for #input {
            fn ledger_row(&self) -> ::selene_contracts::known::LedgerRow {
                match self { #(#arms)* }
            }
        }
    })
}

/// The values of these fields of the input, as columns hold them.
fn values(item: &str, fields: &[&Field]) -> Result<Vec<TokenStream>, EmitError> {
    let value = |field: &&Field| {
        let name = ident(item, &field.name)?;
        Ok(quote! { ::selene_contracts::row::Column::value(&self.#name) })
    };
    fields.iter().map(value).collect()
}
