//! The two forms of a method: one that returns its answer, and one that returns a future of it.

use proc_macro2::TokenStream;
use quote::quote;

/// How the methods of a trait answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The method returns the answer: the traits without `async`.
    Blocking,
    /// By a future that any thread may poll.
    Asynchronous,
}

impl Form {
    /// The return type in a trait.
    pub(super) fn answer(self, result: &TokenStream) -> TokenStream {
        match self {
            Self::Blocking => quote! { #result },
            Self::Asynchronous => {
                quote! { impl ::core::future::Future<Output = #result> + ::core::marker::Send }
            }
        }
    }

    /// What stands before `fn` in an implementation, whose return type is the answer itself.
    pub(super) fn keyword(self) -> TokenStream {
        match self {
            Self::Blocking => TokenStream::new(),
            Self::Asynchronous => quote! { async },
        }
    }

    /// The answer of a call, within such a function.
    pub(super) fn answered(self, call: &TokenStream) -> TokenStream {
        match self {
            Self::Blocking => quote! { #call },
            Self::Asynchronous => quote! { #call.await },
        }
    }
}
