//! Rows of the tables that a DB wiring lists column by column, and the records that have the same columns.
//!
//! What lives here: row structs, the traits that read and write them, and one module of names per table. What must not:
//! the stored form of a type, which `column` gives, and any statement with a condition of its own.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::contract::{Field, ROW_VERSION, Record, Table};
use crate::naming;
use crate::row::{self, Fit, Selection, Updates, Writes};

use super::scope::{Scope, distinct, ident};
use super::{EmitError, docs, keys, successors};

/// Row structs, implementations for records, and the module `tables`.
pub(super) fn rows(scope: &Scope) -> Result<TokenStream, EmitError> {
    let Some(contract) = scope.contract() else { return Ok(TokenStream::new()) };
    let tables: Vec<&Table> = row::tables(contract).collect();
    if tables.is_empty() {
        return Ok(TokenStream::new());
    }
    let names = tables
        .iter()
        .map(|table| ident(&table.name, row::bare_name(table)))
        .collect::<Result<Vec<_>, EmitError>>()?;
    distinct(scope.id(), &names)?;
    let rows = tables.iter().map(|table| table_rows(scope, table)).collect::<Result<Vec<_>, EmitError>>()?;
    let keys = keys::module(scope, &tables)?;
    let modules = tables
        .iter()
        .zip(&names)
        .map(|(table, name)| name_module(table, name))
        .collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote! {
        #(#rows)*

        #keys

        /// Names of the tables and of their columns, for statements.
        pub mod tables {
            #(#modules)*
        }
    })
}

/// The row struct of a table, and what it and the records have in common.
fn table_rows(scope: &Scope, table: &Table) -> Result<TokenStream, EmitError> {
    let item = format!("{}: {}", scope.id(), table.name);
    let row_name = format_ident!("{}", row::struct_name(table));
    let fields = table
        .columns
        .iter()
        .map(|column| {
            let doc = docs::field(scope, column);
            let name = ident(&item, &column.name)?;
            let ty = scope.ty(&format!("{item}.{}", column.name), &column.ty)?;
            Ok(quote! { #doc pub #name: #ty, })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let successors = successors::of(scope, &item, table, &row_name)?;
    let doc = docs::doc(&format!("One row of `{}`, with every column in the table's order.", table.name));
    let row = quote! { #row_name };
    let of_row = implementations(&item, table, &row, &table.columns)?;
    let records = scope
        .known_records()
        .filter_map(|(record, path)| Fit::of(table, record).map(|fit| (record, path, fit)))
        .map(|(record, path, fit)| {
            let record_item = format!("{item}: {}", record.name);
            let of_record = implementations(&record_item, table, &path, &record.fields)?;
            let conversions = conversions(scope, &record_item, table, (&row_name, &path), record, fit)?;
            Ok(quote! { #of_record #conversions })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote! {
        #doc
        #[derive(Clone, Debug, PartialEq)]
        pub struct #row_name {
            #(#fields)*
        }

        #of_row
        #(#records)*
        #successors
    })
}

/// `FromRow`, `Selection` and, where every column is there, `TableRow`.
fn implementations(
    item: &str,
    table: &Table,
    name: &TokenStream,
    fields: &[Field],
) -> Result<TokenStream, EmitError> {
    let table_name = row::bare_name(table);
    let selection = Selection::of(table, fields);
    let (columns, list) = (&selection.columns, selection.column_list());
    let select = selection.select();
    let found = keys::found(table, name, &selection);
    let key = &table.primary_key;
    let mut position = 0_usize;
    let reads = fields
        .iter()
        .map(|field| {
            let name = ident(item, &field.name)?;
            if !row::is_column(table, field) {
                return Ok(quote! { #name: ::core::default::Default::default(), });
            }
            let place = Literal::usize_unsuffixed(position);
            position += 1;
            Ok(quote! { #name: ::selene_contracts::row::cell(cells, #place)?, })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let whole = if selection.is_whole() { table_row(item, table, name)? } else { TokenStream::new() };
    Ok(quote! {
        impl ::selene_contracts::row::FromRow for #name {
            fn from_row<C: ::selene_contracts::row::Cells + ?Sized>(
                cells: &C,
            ) -> ::core::result::Result<Self, ::selene_contracts::row::Unreadable> {
                ::core::result::Result::Ok(Self { #(#reads)* })
            }

            fn column_at(position: usize) -> ::core::option::Option<(&'static str, &'static str)> {
                let column = <Self as ::selene_contracts::row::Selection>::COLUMNS.get(position)?;
                ::core::option::Option::Some((#table_name, column))
            }
        }

        impl ::selene_contracts::row::Selection for #name {
            const TABLE: &'static str = #table_name;
            const COLUMNS: &'static [&'static str] = &[#(#columns),*];
            const KEY: &'static [&'static str] = &[#(#key),*];
            const COLUMN_LIST: &'static str = #list;
            const SELECT: &'static str = #select;
        }

        #found
        #whole
    })
}

/// `TableRow`, with its statements.
fn table_row(item: &str, table: &Table, name: &TokenStream) -> Result<TokenStream, EmitError> {
    let Writes { insert, insert_many, updates } = Writes::of(table);
    let is_versioned = row::is_versioned(table);
    let sealed = row::sealed(table).into_iter().map(|(position, name)| {
        let position = Literal::usize_unsuffixed(position);
        quote! { (#position, #name) }
    });
    let value = |column: &str| {
        let name = ident(item, column)?;
        Ok(quote! { ::selene_contracts::row::Column::value(&self.#name) })
    };
    let values =
        table.columns.iter().map(|column| value(&column.name)).collect::<Result<Vec<_>, EmitError>>()?;
    let keys = table.primary_key.iter().map(String::as_str);
    let changes =
        row::changing(table).into_iter().chain(keys).map(value).collect::<Result<Vec<_>, EmitError>>()?;
    let (value_count, change_count) =
        (Literal::usize_unsuffixed(values.len()), Literal::usize_unsuffixed(changes.len()));
    let (changing, set_once) = (row::changing(table), row::set_once(table));
    let current = updates.map(|Updates { insert_or_update, update }| {
        quote! {
            impl ::selene_contracts::row::CurrentRow for #name {
                type Changes<'a> = [::selene_contracts::row::Value<'a>; #change_count];

                const CHANGING: &'static [&'static str] = &[#(#changing),*];
                const SET_ONCE: &'static [&'static str] = &[#(#set_once),*];
                const VERSION: &'static str = #ROW_VERSION;
                const INSERT_OR_UPDATE: &'static str = #insert_or_update;
                const UPDATE: &'static str = #update;

                fn changes(&self) -> Self::Changes<'_> {
                    [#(#changes),*]
                }
            }
        }
    });
    Ok(quote! {
        impl ::selene_contracts::row::TableRow for #name {
            type Values<'a> = [::selene_contracts::row::Value<'a>; #value_count];

            const IS_VERSIONED: bool = #is_versioned;
            const SEALED: &'static [(usize, &'static str)] = &[#(#sealed),*];
            const INSERT: &'static str = #insert;
            const INSERT_MANY: &'static str = #insert_many;

            fn values(&self) -> Self::Values<'_> {
                [#(#values),*]
            }
        }

        #current
    })
}

/// A row as a record; and a record as a row, where nothing is left out on either side.
fn conversions(
    scope: &Scope,
    item: &str,
    table: &Table,
    (row, path): (&Ident, &TokenStream),
    record: &Record,
    fit: Fit,
) -> Result<TokenStream, EmitError> {
    let fields = record
        .fields
        .iter()
        .map(|field| {
            let name = ident(item, &field.name)?;
            Ok(if row::is_column(table, field) {
                quote! { #name: row.#name, }
            } else {
                quote! { #name: ::core::default::Default::default(), }
            })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let back = if fit == Fit::Whole {
        let columns = table
            .columns
            .iter()
            .map(|column| ident(item, &column.name))
            .collect::<Result<Vec<_>, EmitError>>()?;
        quote! {
            impl ::core::convert::From<#path> for #row {
                fn from(record: #path) -> Self {
                    Self { #(#columns: record.#columns,)* }
                }
            }
        }
    } else {
        row_of(scope, item, table, (row, path), record)?
    };
    Ok(quote! {
        impl ::core::convert::From<#row> for #path {
            fn from(row: #row) -> Self {
                Self { #(#fields)* }
            }
        }

        #back
    })
}

/// A function that makes a row of a record and of the few columns that the record leaves out; nothing where they are many.
fn row_of(
    scope: &Scope,
    item: &str,
    table: &Table,
    (row, path): (&Ident, &TokenStream),
    record: &Record,
) -> Result<TokenStream, EmitError> {
    const LEFT_OUT_AT_MOST: usize = 4;
    let is_in_record = |column: &Field| record.fields.iter().any(|field| field.name == column.name);
    let left_out: Vec<&Field> = table.columns.iter().filter(|column| !is_in_record(column)).collect();
    if left_out.len() > LEFT_OUT_AT_MOST {
        return Ok(TokenStream::new());
    }
    let parameters = left_out
        .iter()
        .map(|column| {
            let (name, ty) = (ident(item, &column.name)?, scope.ty(item, &column.ty)?);
            Ok(quote! { #name: #ty })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let fields = table
        .columns
        .iter()
        .map(|column| {
            let name = ident(item, &column.name)?;
            Ok(if is_in_record(column) {
                quote! { #name: record.#name, }
            } else {
                quote! { #name, }
            })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let function = ident(item, &format!("of_{}", naming::upper_snake(&record.name).to_lowercase()))?;
    let doc = docs::doc(&format!("The row of a `{}` and of what it leaves out.", record.name));
    Ok(quote! {
        impl #row {
            #doc
            #[must_use]
            pub fn #function(record: #path, #(#parameters),*) -> Self {
                Self { #(#fields)* }
            }
        }
    })
}

/// The names of one table: `tables::wake_runtime_events::ACCEPTED`.
fn name_module(table: &Table, module: &Ident) -> Result<TokenStream, EmitError> {
    let name = row::bare_name(table);
    let table_doc = docs::doc(&format!("Names of `{}`.", table.name));
    // Statements may name what no row has, too.
    let private = table.private.iter().map(|private| private.column.name.as_str());
    let version = row::is_versioned(table).then_some(ROW_VERSION);
    let columns = table.columns.iter().map(|column| column.name.as_str());
    let key = &table.primary_key;
    let names: Vec<&str> = columns.chain(private).chain(version).collect();
    let columns = names
        .iter()
        .map(|name| {
            let constant = ident(&table.name, &naming::upper_snake(name))?;
            let doc = docs::doc(&format!("The column `{name}`."));
            Ok(quote! { #doc pub const #constant: &str = #name; })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote! {
        #table_doc
        pub mod #module {
            /// The table itself, without its schema.
            pub const TABLE_NAME: &str = #name;
            /// Every column that a statement may name, also those that no row has.
            pub const COLUMN_NAMES: &[&str] = &[#(#names),*];
            /// The columns of the primary key, in its order.
            pub const PRIMARY_KEY: &[&str] = &[#(#key),*];
            #(#columns)*
        }
    })
}
