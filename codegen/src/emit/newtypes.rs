//! Text and integer newtypes.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::contract::{IntegerRepr, TypeDef};

use super::bounded::{Uses, bounded_impl};
use super::scope::{Scope, ident};
use super::{EmitError, columns, docs};

/// A newtype over `String`. It may hold a text out of its bounds: those are checked at the door, where the engine's
/// reason code is known.
pub(super) fn text(
    scope: &Scope,
    ty: &TypeDef,
    min: u32,
    max: u32,
    ascii: bool,
    free: bool,
) -> Result<TokenStream, EmitError> {
    let item = format!("{}: {}", scope.id(), ty.name);
    if min > max {
        return Err(EmitError::MisplacedBound { item, bound: format!("{min}..={max}"), ty: ty.name.clone() });
    }
    let name = ident(&item, &ty.name)?;
    let doc = type_doc(ty);
    let (min, max) = (Literal::u32_unsuffixed(min), Literal::u32_unsuffixed(max));
    let check = if free {
        quote! { text }
    } else {
        quote! { id }
    };
    let check = quote! { violations.#check(field, &self.0, (#min, #max), #ascii, code); };
    let bounded = bounded_impl(&name, Uses::Everything, &check);
    let column = columns::text(&name);
    Ok(quote! {
        #doc
        #[derive(
            Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct #name(::std::string::String);

        impl #name {
            /// Wraps a text as it is; its bounds are checked when a call is admitted.
            #[must_use]
            pub fn new(text: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self(text.into())
            }

            /// The text as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ::core::convert::From<&str> for #name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl ::core::convert::From<::std::string::String> for #name {
            fn from(text: ::std::string::String) -> Self {
                Self(text)
            }
        }

        #column

        #bounded
    })
}

/// A newtype over an integer. Like a text, it may hold a value out of its bounds.
pub(super) fn integer(
    scope: &Scope,
    ty: &TypeDef,
    repr: IntegerRepr,
    min: Option<u128>,
    max: Option<u128>,
) -> Result<TokenStream, EmitError> {
    let item = format!("{}: {}", scope.id(), ty.name);
    let name = ident(&item, &ty.name)?;
    let doc = type_doc(ty);
    let inner = Ident::new(repr.as_str(), Span::call_site());
    let bounded = match integer_check(&item, repr, min, max)? {
        Some(check) => bounded_impl(&name, Uses::Everything, &check),
        None => bounded_impl(&name, Uses::Nothing, &TokenStream::new()),
    };
    let column = columns::integer(&name, repr);
    Ok(quote! {
        #doc
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct #name(#inner);

        impl #name {
            /// Wraps a number as it is; its bounds are checked when a call is admitted.
            #[must_use]
            pub const fn new(value: #inner) -> Self {
                Self(value)
            }

            /// The number as it was given.
            #[must_use]
            pub const fn get(self) -> #inner {
                self.0
            }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::convert::From<#inner> for #name {
            fn from(value: #inner) -> Self {
                Self(value)
            }
        }

        #column

        #bounded
    })
}

/// The check of an integer; `None` where every value is within bounds.
fn integer_check(
    item: &str,
    repr: IntegerRepr,
    min: Option<u128>,
    max: Option<u128>,
) -> Result<Option<TokenStream>, EmitError> {
    let largest = repr.largest();
    let (low, high) = (min.unwrap_or(0), max.unwrap_or(largest));
    if low > high || high > largest {
        return Err(EmitError::MisplacedBound {
            item: item.to_owned(),
            bound: format!("{low}..={high}"),
            ty: repr.as_str().to_owned(),
        });
    }
    if (low, high) == (0, largest) {
        return Ok(None);
    }
    let (low_text, high_text) = (low.to_string(), high.to_string());
    let (low, high) = (Literal::u128_unsuffixed(low), Literal::u128_unsuffixed(high));
    Ok(Some(quote! {
        violations.range(field, (#low..=#high).contains(&self.0), (#low_text, #high_text), code);
    }))
}

/// What a type means and its bounds.
pub(super) fn type_doc(ty: &TypeDef) -> TokenStream {
    let meaning =
        if ty.doc.is_empty() { format!("`{}` of the lexicon.", ty.name) } else { docs::sentence(&ty.doc) };
    let bounds = docs::sentence(&docs::type_bounds(&ty.kind));
    docs::paragraphs([meaning, if bounds.is_empty() { bounds } else { format!("Bounds: {bounds}") }])
}
