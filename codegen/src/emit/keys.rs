//! Keys of the tables as structs with a reference for each column, and what rows and records they find.
//!
//! What lives here: the module `keys` of an engine, and the traits of `selene_contracts::row` that join keys and rows. What must not:
//! which keys there are and their statements, which `row::keys` gives.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::contract::Table;
use crate::row::{self, Key, Selection};

use super::scope::{Scope, distinct, ident};
use super::{EmitError, docs};

/// The module with the keys of these tables.
pub(super) fn module(scope: &Scope, tables: &[&Table]) -> Result<TokenStream, EmitError> {
    let keys: Vec<Key<'_>> = tables.iter().copied().flat_map(row::keys).collect();
    let names: Vec<Ident> = keys.iter().map(|key| format_ident!("{}", key.name)).collect();
    distinct(scope.id(), &names)?;
    let keys = keys.iter().map(|key| structure(scope, key)).collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote! {
        /// Keys of the tables: what finds a row, or the rows that share the start of a key.
        pub mod keys {
            #[allow(unused_imports, reason = "the types of columns, wherever the contract has them")]
            use super::*;

            #(#keys)*
        }
    })
}

/// What the keys of a table find as this type.
pub(super) fn found(table: &Table, name: &TokenStream, selection: &Selection<'_>) -> TokenStream {
    row::keys(table)
        .iter()
        .map(|key| {
            let key_name = format_ident!("{}", key.name);
            let select = key.select(selection);
            let listed = key.lists().then(|| {
                let lists = (0..key.columns.len()).map(|given| key.select_list(selection, given));
                quote! {
                    impl ::selene_contracts::row::ListedBy<keys::#key_name<'_>> for #name {
                        const SELECT_LISTS: &'static [&'static str] = &[#(#lists),*];
                    }
                }
            });
            quote! {
                impl ::selene_contracts::row::FoundBy<keys::#key_name<'_>> for #name {
                    const SELECT_BY: &'static str = #select;
                }

                #listed
            }
        })
        .collect()
}

fn structure(scope: &Scope, key: &Key<'_>) -> Result<TokenStream, EmitError> {
    let name = format_ident!("{}", key.name);
    let item = format!("{}: {}", scope.id(), key.name);
    let parts = key
        .columns
        .iter()
        .map(|column| {
            let (name, ty) = (ident(&item, &column.name)?, scope.ty(&item, &column.ty)?);
            Ok((docs::field(scope, column), name, ty))
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let fields = parts.iter().map(|(doc, name, ty)| quote! { #doc pub #name: &'k #ty, });
    let values =
        parts.iter().map(|(_, name, _)| quote! { ::selene_contracts::row::Column::value(self.#name) });
    let (columns, exists) = (key.names(), key.exists());
    let count = Literal::usize_unsuffixed(columns.len());
    let of = format!("`({})` of `{}`", columns.join(", "), key.table.name);
    let doc = docs::doc(&match key.condition {
        None if key.is_primary() => format!("The primary key {of}."),
        None => format!("The unique key {of}."),
        Some(condition) => format!("The key {of} among the rows with `{condition}`."),
    });
    let starts = if key.lists() { starts(key, &name, &parts) } else { TokenStream::new() };
    let counted = key.highest().map(|highest| {
        quote! {
            impl ::selene_contracts::row::CountedKey for #name<'_> {
                const HIGHEST: &'static str = #highest;
            }
        }
    });
    Ok(quote! {
        #doc
        #[derive(Clone, Copy, Debug)]
        pub struct #name<'k> {
            #(#fields)*
        }

        impl ::selene_contracts::row::Key for #name<'_> {
            type Values<'a> = [::selene_contracts::row::Value<'a>; #count] where Self: 'a;

            const COLUMNS: &'static [&'static str] = &[#(#columns),*];
            const EXISTS: &'static str = #exists;

            fn values(&self) -> Self::Values<'_> {
                [#(#values),*]
            }
        }

        #starts
        #counted
    })
}

/// A function for each start of a key: `of_tenant_id_and_position_id`.
fn starts(key: &Key<'_>, name: &Ident, parts: &[(TokenStream, Ident, TokenStream)]) -> TokenStream {
    let names = key.names();
    let functions = (0..parts.len()).map(|given| {
        let count = Literal::usize_unsuffixed(given);
        let function = match given {
            0 => format_ident!("every"),
            _ => format_ident!("of_{}", names[..given].join("_and_")),
        };
        let doc = docs::doc(&match given {
            0 => "Every row of the table, in the order of the key.".to_owned(),
            _ => format!("The rows with this `{}`, in the order of the key.", names[..given].join("`, `")),
        });
        let parameters = parts[..given].iter().map(|(_, name, ty)| quote! { #name: &'k #ty });
        let values = parts[..given]
            .iter()
            .map(|(_, name, _)| quote! { ::selene_contracts::row::Column::value(#name) });
        quote! {
            #doc
            #[must_use]
            pub fn #function(#(#parameters),*) -> ::selene_contracts::row::KeyStart<'k, Self, #count> {
                ::selene_contracts::row::KeyStart::new([#(#values),*])
            }
        }
    });
    quote! {
        impl<'k> #name<'k> {
            #(#functions)*
        }
    }
}
