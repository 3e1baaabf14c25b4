//! The acceptance trait of an engine and the macro that turns an implementation into `#[test]` functions.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::naming;

use super::scope::{Scope, distinct, ident};
use super::{EmitError, docs};

/// One required method per acceptance test, so that a test which the spec adds and nobody wrote does not compile.
/// Nothing where the specs state no acceptance test.
pub(super) fn acceptance(scope: &Scope) -> Result<TokenStream, EmitError> {
    let Some(contract) = scope.contract().filter(|contract| !contract.acceptance_tests.is_empty()) else {
        return Ok(TokenStream::new());
    };
    let engine = &contract.engine.id;
    let tests = &contract.acceptance_tests;
    let item = format!("{engine}: acceptance tests");
    let functions: Vec<Ident> =
        tests.iter().map(|test| ident(&item, &test.test_fn)).collect::<Result<_, _>>()?;
    distinct(&item, &functions)?;
    let function_docs: Vec<TokenStream> = tests
        .iter()
        .map(|test| docs::doc(&docs::sentence(&format!("`{}`: {}", test.id, test.title))))
        .collect();
    let module = ident(&item, &naming::module_name(engine))?;
    let suite_trait = format_ident!("{}Acceptance", naming::engine_stem(engine));
    let macro_name = format_ident!("{}_acceptance_tests", naming::module_name(engine));
    let trait_doc = docs::paragraphs([
        format!("Every acceptance test that the specs of {engine} state."),
        format!("`{macro_name}!` runs an implementation as `#[test]` functions."),
    ]);
    let macro_doc = docs::paragraphs([
        format!("Runs an implementation of `{suite_trait}` as `#[test]` functions, one per acceptance test."),
        "The expression makes a fresh suite; it is evaluated once per test.".to_owned(),
    ]);
    Ok(quote! {
        #trait_doc
        pub trait #suite_trait {
            #(#function_docs fn #functions(&self);)*
        }

        #macro_doc
        #[macro_export]
        macro_rules! #macro_name {
            ($suite:expr) => {
                #(
                    #[test]
                    fn #functions() {
                        $crate::#module::#suite_trait::#functions(&$suite);
                    }
                )*
            };
        }
    })
}
