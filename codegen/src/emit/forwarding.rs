//! The macro with which a store implements an engine's backend trait: every method hands its call on.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::contract::Effect;
use crate::naming;

use super::form::Form;
use super::pages::PageMethod;
use super::scope::{Scope, ident};
use super::{EmitError, docs};

/// `implement_ph1_w!(Store)`. Nothing while the ECM is missing.
pub(super) fn forwarding(scope: &Scope, form: Form) -> Result<TokenStream, EmitError> {
    let Some(contract) = scope.contract() else { return Ok(TokenStream::new()) };
    let Some(repo_name) = &contract.engine.repo_trait else { return Ok(TokenStream::new()) };
    let engine = &contract.engine.id;
    let item = format!("{engine}: trait");
    let backend = ident(&item, &naming::backend_trait(repo_name))?;
    let module = ident(&item, &naming::module_name(engine))?;
    let methods = contract
        .served()
        .map(|capability| {
            let name = ident(&capability.id, &naming::method_name(&capability.id))?;
            let input = ident(&capability.id, &naming::pascal(&capability.id))?;
            let page = PageMethod::of(scope, capability, form)?.map(|page| page.forwarding(&module));
            let method = method(&module, &name, &input, capability.effect, form);
            Ok(quote! { #method #page })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let (macro_name, home) = match form {
        Form::Blocking => (format_ident!("implement_{}", module), quote! { $crate }),
        Form::Asynchronous => (format_ident!("implement_{}_async", module), quote! { $crate::asynchronous }),
    };
    let doc = docs::paragraphs([
        format!("Implements `{backend}` for a store whose methods `commit`, `read`, `read_page` and `guard` take any admitted call."),
        "Where the store cannot serve a capability, the compiler names the input that lacks an implementation.".to_owned(),
    ]);
    Ok(quote! {
        #doc
        #[macro_export]
        macro_rules! #macro_name {
            ($store:ty) => {
                impl #home::#module::backend::#backend for $store {
                    #(#methods)*
                }
            };
        }
    })
}

fn method(module: &Ident, name: &Ident, input: &Ident, effect: Effect, form: Form) -> TokenStream {
    let output = quote! { <$crate::#module::#input as $crate::Capability>::Output };
    let (forward, value) = match effect {
        Effect::Write => (format_ident!("commit"), quote! { $crate::Committed<#output> }),
        Effect::Read => (format_ident!("read"), output),
        Effect::Guard => (format_ident!("guard"), output),
    };
    let (keyword, answered) = (form.keyword(), form.answered(&quote! { self.#forward(call) }));
    quote! {
        #keyword fn #name(
            &self,
            call: $crate::Admitted<$crate::#module::#input>,
        ) -> ::core::result::Result<#value, $crate::StorageError> {
            #answered
        }
    }
}
