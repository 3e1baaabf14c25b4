//! From a contract to Rust tokens. One file per kind of item; [`engine`] and [`shared`] put them together.
//!
//! What lives here: pure functions from the contract model to tokens. What must not: reading files, macros, formatting.
//! Every emitted path starts with `::selene_contracts`, so that the code means the same wherever it is expanded. A
//! contract that cannot be emitted is an [`EmitError`], never a panic: `cargo xtask regenerate` checks all of it long
//! before, at the Markdown line, so this is the second lock.

mod acceptance;
mod asynchronous;
mod bounded;
mod capabilities;
mod checks;
mod columns;
mod dedupe;
mod docs;
mod enums;
mod error;
mod form;
mod forwarding;
mod inputs;
mod keys;
mod known;
mod metadata;
mod newtypes;
mod pages;
mod reason_codes;
mod records;
mod rows;
mod scope;
mod specs;
mod successors;
mod traits;

pub use asynchronous::asynchronous;
pub use error::EmitError;

use proc_macro2::TokenStream;
use quote::quote;

use crate::contract::{Contract, SharedContract, TypeKind};
use form::Form;
use scope::Scope;

/// The Rust code of one engine's contract: [`surface`] and [`rows`].
///
/// `include_path` is the contract file relative to the package root; the code includes it, so that an edit rebuilds.
///
/// # Errors
/// The contract names something that does not exist, or that has no name in Rust.
pub fn engine(
    contract: &Contract,
    shared: &SharedContract,
    include_path: &str,
) -> Result<TokenStream, EmitError> {
    let surface = surface(contract, shared, include_path)?;
    let rows = rows(contract, shared)?;
    Ok(quote! { #surface #rows })
}

/// What callers and backends name of one engine: types, records, codes, inputs, traits and tests.
///
/// # Errors
/// The contract names something that does not exist, or that has no name in Rust.
pub fn surface(
    contract: &Contract,
    shared: &SharedContract,
    include_path: &str,
) -> Result<TokenStream, EmitError> {
    let scope = Scope::of_engine(contract, shared)?;
    let include = include(include_path);
    let types = types(&scope)?;
    let records = records::records(&scope)?;
    let reason_codes = reason_codes::reason_codes(&scope)?;
    let capabilities = capabilities::capabilities(&scope)?;
    let traits = traits::traits(&scope, Form::Blocking)?;
    let forwarding = forwarding::forwarding(&scope, Form::Blocking)?;
    let metadata = metadata::metadata(&scope)?;
    let acceptance = acceptance::acceptance(&scope)?;
    Ok(
        quote! { #include #types #records #reason_codes #capabilities #traits #forwarding #metadata #acceptance },
    )
}

/// The rows of one engine's tables and their keys; nothing where its contract lists no columns.
///
/// # Errors
/// The contract names something that does not exist, or that has no name in Rust.
pub fn rows(contract: &Contract, shared: &SharedContract) -> Result<TokenStream, EmitError> {
    rows::rows(&Scope::of_engine(contract, shared)?)
}

/// The Rust code of the types and records that every engine shares.
///
/// # Errors
/// The contract names something that does not exist, or that has no name in Rust.
pub fn shared(contract: &SharedContract, include_path: &str) -> Result<TokenStream, EmitError> {
    let scope = Scope::of_shared(contract)?;
    let include = include(include_path);
    let types = types(&scope)?;
    let records = records::records(&scope)?;
    Ok(quote! { #include #types #records })
}

/// Newtypes and enums, in contract order.
fn types(scope: &Scope) -> Result<TokenStream, EmitError> {
    scope
        .own_types()
        .iter()
        .map(|ty| match &ty.kind {
            TypeKind::Text { min_len, max_len, ascii, free } => {
                newtypes::text(scope, ty, *min_len, *max_len, *ascii, *free)
            }
            TypeKind::Integer { repr, min, max, unit: _ } => newtypes::integer(scope, ty, *repr, *min, *max),
            TypeKind::Enum { values } => enums::value_enum(scope, ty, values),
        })
        .collect()
}

/// Makes the compiler watch the contract file.
fn include(path: &str) -> TokenStream {
    quote! {
        const _: &str = ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #path));
    }
}
