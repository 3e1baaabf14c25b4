//! The paged form of a read that gives a list: its implementation, and its method in both traits and in the macro of a store.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::contract::Capability;
use crate::naming;
use crate::paged::{self, Listed};

use super::form::Form;
use super::scope::{Meaning, Scope, ident};
use super::{EmitError, docs};

/// What a read gives a list of, if it gives one.
pub(super) fn listed<'a>(scope: &Scope<'a>, capability: &Capability) -> Option<Listed<'a>> {
    Listed::of(capability, |name| match scope.meaning(&crate::contract::TypeRef::Named(name.to_owned())) {
        Some(Meaning::Record(record)) => Some(record),
        _ => None,
    })
}

/// `PagedRead` for the input of a read that gives a list; nothing for any other capability.
pub(super) fn paged_read(
    scope: &Scope,
    capability: &Capability,
    input: &Ident,
) -> Result<TokenStream, EmitError> {
    let Some(listed) = listed(scope, capability) else { return Ok(TokenStream::new()) };
    let item = format!("{}: output", capability.id);
    let row = row(scope, &item, listed)?;
    let whole = match listed.key {
        None => quote! { rows },
        Some(key) => {
            let key = ident(&item, key)?;
            quote! {
                rows.into_iter().map(|row| (::core::clone::Clone::clone(&row.#key), row)).collect()
            }
        }
    };
    Ok(quote! {
        impl ::selene_contracts::PagedRead for #input {
            type Row = #row;

            fn whole(rows: ::std::vec::Vec<Self::Row>) -> Self::Output {
                #whole
            }
        }
    })
}

fn row(scope: &Scope, item: &str, listed: Listed<'_>) -> Result<TokenStream, EmitError> {
    scope.ty(item, &crate::contract::TypeRef::Named(listed.record.name.clone()))
}

/// The method of a page.
pub(super) struct PageMethod {
    form: Form,
    doc: TokenStream,
    /// `ph1j_read_rows_page`
    name: Ident,
    input: Ident,
    row: TokenStream,
}

impl PageMethod {
    /// The method of a read that gives a list; `None` for any other capability.
    pub(super) fn of(scope: &Scope, capability: &Capability, form: Form) -> Result<Option<Self>, EmitError> {
        let Some(listed) = listed(scope, capability) else { return Ok(None) };
        let item = &capability.id;
        let method = naming::method_name(item);
        Ok(Some(Self {
            form,
            doc: docs::paragraphs([
                format!("{}, page by page.", docs::sentence(&capability.name).trim_end_matches('.')),
                format!(
                    "All pages together are what `{method}` gives. A page is admitted and audited as a call of it is."
                ),
            ]),
            name: ident(item, &naming::method_name(&paged::id(item)))?,
            input: ident(item, &naming::pascal(item))?,
            row: row(scope, &format!("{item}: output"), listed)?,
        }))
    }

    fn result(&self) -> TokenStream {
        let row = &self.row;
        quote! {
            ::core::result::Result<::selene_contracts::Page<#row>, ::selene_contracts::StorageError>
        }
    }

    pub(super) fn repo(&self) -> TokenStream {
        let Self { form, doc, name, input, row: _ } = self;
        let answer = form.answer(&self.result());
        quote! {
            #doc
            fn #name(
                &self,
                context: &::selene_contracts::CallContext,
                input: #input,
                page: ::selene_contracts::PageRequest,
            ) -> #answer;
        }
    }

    pub(super) fn backend(&self) -> TokenStream {
        let Self { form, doc, name, input, row: _ } = self;
        let answer = form.answer(&self.result());
        quote! {
            #doc
            fn #name(&self, call: ::selene_contracts::AdmittedPage<#input>) -> #answer;
        }
    }

    pub(super) fn blanket(&self, backend: &Ident) -> TokenStream {
        let (Self { form, doc: _, name, input, row: _ }, result) = (self, self.result());
        let call =
            quote! { #backend::#name(self, ::selene_contracts::AdmittedPage::admit(context, input, &page)?) };
        let (keyword, answered) = (form.keyword(), form.answered(&call));
        quote! {
            #keyword fn #name(
                &self,
                context: &::selene_contracts::CallContext,
                input: #input,
                page: ::selene_contracts::PageRequest,
            ) -> #result {
                #answered
            }
        }
    }

    /// The method of a store, in a macro of this crate, where the engine's module is `module`.
    pub(super) fn forwarding(&self, module: &Ident) -> TokenStream {
        let Self { form, doc: _, name, input, row: _ } = self;
        let (keyword, answered) = (form.keyword(), form.answered(&quote! { self.read_page(call) }));
        quote! {
            #keyword fn #name(
                &self,
                call: $crate::AdmittedPage<$crate::#module::#input>,
            ) -> ::core::result::Result<
                $crate::Page<<$crate::#module::#input as $crate::PagedRead>::Row>,
                $crate::StorageError,
            > {
                #answered
            }
        }
    }
}
