//! `REFUSALS`, `ENGINE` and `visit_capabilities`: what tools and generic code read of an engine.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::contract::{Contract, RefusalClass};
use crate::naming;

use super::scope::{Scope, ident, reason_enum};
use super::{EmitError, docs, specs};

/// Emits all three of an engine, and nothing for the shared module.
pub(super) fn metadata(scope: &Scope) -> Result<TokenStream, EmitError> {
    let Some(contract) = scope.contract() else { return Ok(TokenStream::new()) };
    let refusals = refusals(scope, contract)?;
    let engine = engine(scope, contract)?;
    Ok(quote! { #refusals #engine })
}

/// Every class must have its code as soon as there is a capability that can be refused.
fn refusals(scope: &Scope, contract: &Contract) -> Result<TokenStream, EmitError> {
    if contract.served().next().is_none() {
        return Ok(TokenStream::new());
    }
    let classes = RefusalClass::ALL.map(|class| Ident::new(class.as_str(), Span::call_site()));
    let codes =
        RefusalClass::ALL.into_iter().map(|class| scope.refusal(class)).collect::<Result<Vec<_>, _>>()?;
    let doc = docs::doc(&format!("The reason code of each class of refusal of {}.", contract.engine.id));
    Ok(quote! {
        #doc
        pub static REFUSALS: ::selene_contracts::Refusals = ::selene_contracts::Refusals {
            #(#classes: #codes,)*
        };
    })
}

fn engine(scope: &Scope, contract: &Contract) -> Result<TokenStream, EmitError> {
    let (id, purpose) = (&contract.engine.id, &contract.engine.purpose);
    let inputs = contract
        .served()
        .map(|capability| ident(&capability.id, &naming::pascal(&capability.id)))
        .collect::<Result<Vec<_>, _>>()?;
    let planned = contract.capabilities.iter().filter(|capability| capability.planned);
    let planned = planned.map(|capability| &capability.id);
    let reason_enum = reason_enum(id);
    let codes = contract
        .reason_codes
        .iter()
        .map(|code| ident(&code.name, &naming::pascal(&code.name)))
        .collect::<Result<Vec<_>, _>>()?;
    let tables =
        contract.tables.iter().map(|table| specs::table(scope, table)).collect::<Result<Vec<_>, _>>()?;
    let tests = contract.acceptance_tests.iter().map(|test| {
        let (id, test_fn, title) = (&test.id, &test.test_fn, &test.title);
        quote! { ::selene_contracts::AcceptanceTestSpec { id: #id, test_fn: #test_fn, title: #title } }
    });
    let doc = docs::doc(&format!("Everything that the contract says about {id}."));
    let visit_doc = docs::doc(&format!("Shows every input type of {id} to `visitor`, in contract order."));
    let visitor = if inputs.is_empty() { format_ident!("_visitor") } else { format_ident!("visitor") };
    Ok(quote! {
        #visit_doc
        pub fn visit_capabilities(#visitor: &mut impl ::selene_contracts::CapabilityVisitor) {
            #(#visitor.visit::<#inputs>();)*
        }

        #doc
        pub static ENGINE: ::selene_contracts::EngineSpec = ::selene_contracts::EngineSpec {
            id: #id,
            purpose: #purpose,
            capabilities: &[#(<#inputs as ::selene_contracts::Capability>::SPEC),*],
            planned_capabilities: &[#(#planned),*],
            reason_codes: &[#(#reason_enum::#codes.code()),*],
            tables: &[#(#tables),*],
            acceptance_tests: &[#(#tests),*],
        };
    })
}
