//! How a named type lies in a column: one implementation of `Column` for each kind of type.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::contract::IntegerRepr;

/// A text, as it is.
pub(super) fn text(name: &Ident) -> TokenStream {
    column(
        name,
        &quote! { ::selene_contracts::row::Value::Text(::std::borrow::Cow::Borrowed(&self.0)) },
        &quote! { <::std::string::String as ::selene_contracts::row::Column>::read(value).map(Self) },
    )
}

/// A number, in the form of the number inside.
pub(super) fn integer(name: &Ident, repr: IntegerRepr) -> TokenStream {
    let inner = Ident::new(repr.as_str(), name.span());
    column(
        name,
        &quote! { ::selene_contracts::row::Column::value(&self.0) },
        &quote! { <#inner as ::selene_contracts::row::Column>::read(value).map(Self) },
    )
}

/// A value that is stored by its name: an enum's or a reason code.
pub(super) fn named(name: &Ident) -> TokenStream {
    column(
        name,
        &quote! { ::selene_contracts::row::Value::Text(::std::borrow::Cow::Borrowed(self.as_str())) },
        &quote! {
            match value {
                ::selene_contracts::row::Value::Text(text) => text.parse().ok(),
                _ => ::core::option::Option::None,
            }
        },
    )
}

/// `Column` for a type that is stored as one JSON text.
pub(super) fn document(name: &Ident) -> TokenStream {
    column(
        name,
        &quote! { ::selene_contracts::row::document::value(self) },
        &quote! { ::selene_contracts::row::document::read(&value) },
    )
}

fn column(name: &Ident, stored: &TokenStream, read: &TokenStream) -> TokenStream {
    quote! {
        impl ::selene_contracts::row::Column for #name {
            fn value(&self) -> ::selene_contracts::row::Value<'_> {
                #stored
            }

            fn read(value: ::selene_contracts::row::Value<'_>) -> ::core::option::Option<Self> {
                #read
            }
        }
    }
}
