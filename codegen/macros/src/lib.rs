//! The thin proc-macro shell around `selene_codegen::emit`: it reads the contract file that it names and expands it.
//!
//! What lives here: reading files and turning errors into `compile_error!`. What must not: any decision about what a
//! contract means; `cargo xtask regenerate` has made them all.

mod statement;

use std::path::{Path, PathBuf};

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::{emit, yaml};
use syn::LitStr;

/// The file beside every engine's contract that holds what all engines share.
const SHARED_FILE: &str = "shared.yaml";

/// Expands the contract of one engine: `contract!("contracts/ph1_w.yaml")`.
///
/// The path is relative to the package root. Names that the contract does not declare are those of `shared.yaml`
/// beside it.
#[proc_macro]
pub fn contract(input: TokenStream) -> TokenStream {
    expand(input, |path| {
        let contract: Contract = read(path)?;
        let shared: SharedContract = read(&path.with_file_name(SHARED_FILE))?;
        emit::engine(&contract, &shared, &forward_slashes(path)).map_err(|error| error.to_string())
    })
}

/// Expands the contract of one engine for asynchronous callers: `contract_async!("contracts/ph1_w.yaml")`, in a module beside that of
/// [`contract!`](macro@contract), whose items it takes over.
///
/// The path is relative to the package root.
#[proc_macro]
pub fn contract_async(input: TokenStream) -> TokenStream {
    expand(input, |path| {
        let contract: Contract = read(path)?;
        let shared: SharedContract = read(&path.with_file_name(SHARED_FILE))?;
        emit::asynchronous(&contract, &shared).map_err(|error| error.to_string())
    })
}

/// Expands the types and records that every engine shares: `shared!("contracts/shared.yaml")`.
///
/// The path is relative to the package root.
#[proc_macro]
pub fn shared(input: TokenStream) -> TokenStream {
    expand(input, |path| {
        let contract: SharedContract = read(path)?;
        emit::shared(&contract, &forward_slashes(path)).map_err(|error| error.to_string())
    })
}

/// A statement whose tables and columns are named through the contracts, as a `&'static str`:
/// `sql!("SELECT {*WakeEnrollmentSampleRecord} FROM {@wake_enrollment_samples} WHERE {sample_seq} = $1")`.
///
/// `{@table}` and `{@table alias}` name a table, `{column}` a column of the only table, `{alias.column}` one of several, `{#alias}` the columns of a primary key,
/// `{*Type}` the column list of a row or record that is in scope, `{Enum::Variant}` the stored text of a value as a literal, where
/// an index holds only rows with that value. A table, column or value that no contract has does not compile; nor do a column without braces, parameters other than `$1..$n` in the order of first appearance, or `SELECT *`.
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    let literal = match syn::parse::<LitStr>(input) {
        Ok(literal) => literal,
        Err(error) => return error.into_compile_error().into(),
    };
    statement::expand(&literal).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// A list and its pages, as a `selene_contracts::row::Listing`, of one statement that is written as for [`sql!`](macro@sql):
/// `listing!("SELECT {*MemoryLedgerRecord} FROM {@memory_ledger} WHERE {user_id} = $1 ORDER BY {memory_seq}")`.
///
/// It gives one type, and ends with the columns of its order. Those, with the columns that it compares with a parameter, have to be a
/// key: a page begins behind the order of one row.
#[proc_macro]
pub fn listing(input: TokenStream) -> TokenStream {
    let literal = match syn::parse::<LitStr>(input) {
        Ok(literal) => literal,
        Err(error) => return error.into_compile_error().into(),
    };
    statement::expand_listing(&literal).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Runs an expansion for the path literal; a failure stands at the literal and says how to mend it.
fn expand(input: TokenStream, emit: impl Fn(&Path) -> Result<Tokens, String>) -> TokenStream {
    let literal = match syn::parse::<LitStr>(input) {
        Ok(literal) => literal,
        Err(error) => return error.into_compile_error().into(),
    };
    let path = PathBuf::from(literal.value());
    emit(&path)
        .unwrap_or_else(|problem| {
            let message = format!(
                "{}: {problem}\n\nhelp: contract files are machine-written; run `cargo xtask regenerate`",
                path.display()
            );
            syn::Error::new(literal.span(), message).into_compile_error()
        })
        .into()
}

/// Reads a contract file relative to the root of the package that is compiled.
fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?;
    let file = PathBuf::from(root).join(path);
    let text = std::fs::read_to_string(&file)
        .map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
    yaml::from_str(&text).map_err(|error| format!("`{}`: {error}", path.display()))
}

/// The path as the emitted code spells it on every platform.
fn forward_slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
