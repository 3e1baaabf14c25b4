//! The module of an engine for asynchronous callers: what the engine's own module holds, with traits of the same names whose methods give
//! futures.

use proc_macro2::TokenStream;
use quote::quote;

use crate::contract::{Contract, SharedContract};
use crate::naming;

use super::form::Form;
use super::scope::{Scope, ident};
use super::{EmitError, forwarding, traits};

/// The Rust code of one engine for asynchronous callers.
///
/// # Errors
/// As [`engine`](super::engine).
pub fn asynchronous(contract: &Contract, shared: &SharedContract) -> Result<TokenStream, EmitError> {
    let scope = Scope::of_engine(contract, shared)?;
    let engine = &contract.engine.id;
    let module = ident(&format!("{engine}: module"), &naming::module_name(engine))?;
    let traits = traits::traits(&scope, Form::Asynchronous)?;
    let forwarding = forwarding::forwarding(&scope, Form::Asynchronous)?;
    // What is declared here stands before what is taken over by the star.
    Ok(quote! {
        pub use ::selene_contracts::#module::*;
        #traits
        #forwarding
    })
}
