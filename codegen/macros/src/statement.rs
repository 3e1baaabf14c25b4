//! The constant that a statement becomes: its parts, joined while compiling, once no word of it names a column outside of braces.

use proc_macro2::TokenStream;
use quote::quote;
use selene_codegen::listing::Listing;
use selene_codegen::naming;
use selene_codegen::statement::{self, Part};
use syn::{Ident, LitStr};

/// A block that is the whole text.
pub(crate) fn expand(literal: &LitStr) -> Result<TokenStream, syn::Error> {
    let span = literal.span();
    let parts = statement::parts(&literal.value()).map_err(|error| syn::Error::new(span, error))?;
    let name = |text: &str| {
        syn::parse_str::<Ident>(text)
            .map(|mut ident| {
                ident.set_span(span);
                ident
            })
            .map_err(|_| syn::Error::new(span, format!("`{text}` is no name in Rust")))
    };
    let words = statement::bare_words(&parts);
    let (mut pieces, mut tables) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Sql(sql) => pieces.push(quote! { #sql }),
            Part::Table { table, alias } => {
                let table = name(&table)?;
                tables.push(quote! { ::selene_contracts::tables::#table::COLUMN_NAMES });
                pieces.push(quote! { ::selene_contracts::tables::#table::TABLE_NAME });
                if let Some(alias) = alias {
                    let alias = format!(" AS {alias}");
                    pieces.push(quote! { #alias });
                }
            }
            Part::Column { qualifier, table, column } => {
                if let Some(qualifier) = qualifier {
                    let qualifier = format!("{qualifier}.");
                    pieces.push(quote! { #qualifier });
                }
                let (table, column) = (name(&table)?, name(&naming::upper_snake(&column))?);
                pieces.push(quote! { ::selene_contracts::tables::#table::#column });
            }
            Part::Key { qualifier, table } => pieces.push(key(&name(&table)?, &qualifier)),
            Part::Columns { of } => {
                let of = name(&of)?;
                pieces.push(quote! { <#of as ::selene_contracts::row::Selection>::COLUMN_LIST });
            }
            Part::Value { of, variant } => {
                let (of, variant) = (name(&of)?, name(&variant)?);
                pieces.extend([quote! { "'" }, quote! { #of::#variant.as_str() }, quote! { "'" }]);
            }
        }
    }
    let checks = words.iter().map(|word| {
        let message = format!(
            "`{word}` is a column of a table in this statement: write `{{{word}}}`, or `{{alias.{word}}}` where its table has an alias, so that a renamed column does not compile"
        );
        quote! {
            const _: () = if ::selene_contracts::row::is_column_of(TABLES, #word) {
                ::core::panic!("{}", #message)
            };
        }
    });
    Ok(quote! {{
        const TABLES: &[&[&str]] = &[#(#tables),*];
        #(#checks)*
        const PARTS: &[&str] = &[#(#pieces),*];
        const BYTES: [u8; ::selene_contracts::row::length(PARTS)] = ::selene_contracts::row::joined(PARTS);
        const TEXT: &str = match ::core::str::from_utf8(&BYTES) {
            ::core::result::Result::Ok(text) => text,
            ::core::result::Result::Err(_) => ::core::panic!("parts of UTF-8 are UTF-8"),
        };
        TEXT
    }})
}

/// The three statements of a list.
pub(crate) fn expand_listing(literal: &LitStr) -> Result<TokenStream, syn::Error> {
    let span = literal.span();
    let listing = Listing::of(&literal.value()).map_err(|error| syn::Error::new(span, error))?;
    let text = |text: &str| expand(&LitStr::new(text, span));
    let (whole, first, after) = (text(&listing.whole)?, text(&listing.first)?, text(&listing.after)?);
    Ok(quote! {
        ::selene_contracts::row::Listing { whole: #whole, first: #first, after: #after }
    })
}

/// The columns of a primary key, each behind the alias of its table: `binding.user_id, binding.device_id`.
fn key(table: &Ident, qualifier: &str) -> TokenStream {
    quote! {{
        const KEY: &[&str] = ::selene_contracts::tables::#table::PRIMARY_KEY;
        const BYTES: [u8; ::selene_contracts::row::qualified_length(KEY, #qualifier)] =
            ::selene_contracts::row::qualified(KEY, #qualifier);
        const TEXT: &str = match ::core::str::from_utf8(&BYTES) {
            ::core::result::Result::Ok(text) => text,
            ::core::result::Result::Err(_) => ::core::panic!("parts of UTF-8 are UTF-8"),
        };
        TEXT
    }}
}
