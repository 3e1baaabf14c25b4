//! The two traits of an engine and the blanket implementation between them.
//!
//! The backend trait stands in a module of its own: both traits have the same method names, so with both in scope a call
//! on a store would be ambiguous. What a caller imports by a star holds the repo trait only.

use proc_macro2::TokenStream;
use quote::quote;

use crate::contract::{Capability, Effect};
use crate::naming;

use super::capabilities::output_type;
use super::form::Form;
use super::pages::PageMethod;
use super::scope::{Scope, ident};
use super::{EmitError, docs};

/// `…Repo`, `backend::…Backend` and the implementation of the first for every second. Nothing while the ECM is missing.
pub(super) fn traits(scope: &Scope, form: Form) -> Result<TokenStream, EmitError> {
    let Some(contract) = scope.contract() else { return Ok(TokenStream::new()) };
    let Some(repo_name) = &contract.engine.repo_trait else { return Ok(TokenStream::new()) };
    let engine = &contract.engine.id;
    let item = format!("{engine}: trait");
    let repo = ident(&item, repo_name)?;
    let backend = ident(&item, &naming::backend_trait(repo_name))?;
    let methods = contract
        .served()
        .map(|capability| Method::of(scope, capability, form))
        .collect::<Result<Vec<_>, _>>()?;
    let repo_methods = methods.iter().map(Method::repo);
    let former_methods = methods.iter().map(Method::former);
    let backend_methods = methods.iter().map(Method::backend);
    let blanket_methods = methods.iter().map(|method| method.blanket(&backend));
    let repo_doc = docs::paragraphs([
        format!("{engine} for its callers: {}", docs::sentence(&contract.engine.purpose)),
        format!(
            "Every `backend::{backend}` is one: the call is admitted first, so no check can be forgotten or gone around."
        ),
    ]);
    let backend_doc = docs::paragraphs([
        format!("What a store implements for {engine}. Every call has been admitted."),
        format!("Callers use `{repo}`."),
    ]);
    let module_doc = docs::doc(&format!("What a store needs to implement {engine}; no caller imports it."));
    // The future of a call borrows the store, and any thread may poll it.
    let shared = (form == Form::Asynchronous).then(|| quote! { + ::core::marker::Sync });
    Ok(quote! {
        #repo_doc
        pub trait #repo {
            #(#repo_methods)*
            #(#former_methods)*
        }

        #module_doc
        pub mod backend {
            use super::*;

            #backend_doc
            pub trait #backend {
                #(#backend_methods)*
            }

            impl<B: #backend #shared> #repo for B {
                #(#blanket_methods)*
            }
        }
    })
}

/// One capability as a method.
struct Method {
    form: Form,
    doc: TokenStream,
    name: syn::Ident,
    input: syn::Ident,
    result: TokenStream,
    /// The method's name of before the capability was renamed.
    former: Option<syn::Ident>,
    /// The same, page by page, where it gives a list.
    page: Option<PageMethod>,
}

impl Method {
    fn of(scope: &Scope, capability: &Capability, form: Form) -> Result<Self, EmitError> {
        let item = &capability.id;
        let output = output_type(scope, capability)?;
        let value = match capability.effect {
            Effect::Write => quote! { ::selene_contracts::Committed<#output> },
            Effect::Read | Effect::Guard => output,
        };
        Ok(Self {
            form,
            doc: docs::paragraphs([docs::sentence(&capability.name), format!("`{item}`")]),
            name: ident(item, &naming::method_name(item))?,
            input: ident(item, &naming::pascal(item))?,
            result: quote! { ::core::result::Result<#value, ::selene_contracts::StorageError> },
            former: capability
                .stored_name
                .as_ref()
                .map(|first| ident(item, &naming::method_name(first)))
                .transpose()?,
            page: PageMethod::of(scope, capability, form)?,
        })
    }

    fn repo(&self) -> TokenStream {
        let Self { form, doc, name, input, result, former: _, page } = self;
        let (answer, page) = (form.answer(result), page.as_ref().map(PageMethod::repo));
        quote! {
            #doc
            fn #name(&self, context: &::selene_contracts::CallContext, input: #input) -> #answer;
            #page
        }
    }

    /// The method under the name that the capability had first, for callers of before.
    fn former(&self) -> TokenStream {
        let Self { form, doc: _, name, input, result, former, page: _ } = self;
        let answer = form.answer(result);
        let Some(former) = former else { return TokenStream::new() };
        let doc = docs::doc(&format!("The first name of `{name}`."));
        let note = format!("renamed to `{name}`");
        quote! {
            #doc
            #[deprecated(note = #note)]
            fn #former(&self, context: &::selene_contracts::CallContext, input: #input) -> #answer {
                self.#name(context, input)
            }
        }
    }

    fn backend(&self) -> TokenStream {
        let Self { form, doc, name, input, result, former: _, page } = self;
        let (answer, page) = (form.answer(result), page.as_ref().map(PageMethod::backend));
        quote! {
            #doc
            fn #name(&self, call: ::selene_contracts::Admitted<#input>) -> #answer;
            #page
        }
    }

    fn blanket(&self, backend: &syn::Ident) -> TokenStream {
        let Self { form, doc: _, name, input, result, former: _, page } = self;
        let page = page.as_ref().map(|page| page.blanket(backend));
        let call = quote! { #backend::#name(self, ::selene_contracts::Admitted::admit(context, input)?) };
        let (keyword, answered) = (form.keyword(), form.answered(&call));
        quote! {
            #keyword fn #name(&self, context: &::selene_contracts::CallContext, input: #input) -> #result {
                #answered
            }
            #page
        }
    }
}
