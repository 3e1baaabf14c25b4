//! The frame of an implementation of `Bounded`. What stands in it comes from the emission of each kind of type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// What a `Bounded` implementation needs of its parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Uses {
    /// The value's own bounds: the field's name, the reason code and the list of violations.
    Everything,
    /// The bounds of fields inside, which have names and codes of their own.
    Violations,
    /// The type has no bounds.
    Nothing,
}

/// `impl Bounded for #name`, with parameters named after their use.
pub(super) fn bounded_impl(name: &Ident, uses: Uses, body: &TokenStream) -> TokenStream {
    let parameter = |name: &str, is_used: bool| {
        if is_used { Ident::new(name, Span::call_site()) } else { format_ident!("_{name}") }
    };
    let field = parameter("field", uses == Uses::Everything);
    let code = parameter("code", uses == Uses::Everything);
    let violations = parameter("violations", uses != Uses::Nothing);
    quote! {
        impl ::selene_contracts::Bounded for #name {
            fn check(
                &self,
                #field: &'static str,
                #code: ::core::option::Option<::selene_contracts::ReasonCode>,
                #violations: &mut ::selene_contracts::Violations,
            ) {
                #body
            }
        }
    }
}
