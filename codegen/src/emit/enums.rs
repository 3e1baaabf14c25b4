//! Enums of the lexicon.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::contract::TypeDef;
use crate::naming;

use super::bounded::{Uses, bounded_impl};
use super::newtypes::type_doc;
use super::scope::{Scope, distinct, ident};
use super::{EmitError, columns, docs};

/// An enum whose values are stored and printed in `UPPER_SNAKE`.
pub(super) fn value_enum(scope: &Scope, ty: &TypeDef, values: &[String]) -> Result<TokenStream, EmitError> {
    let item = format!("{}: {}", scope.id(), ty.name);
    let name = ident(&item, &ty.name)?;
    let variants: Vec<Ident> =
        values.iter().map(|value| ident(&item, &naming::pascal(value))).collect::<Result<_, _>>()?;
    distinct(&item, &variants)?;
    if variants.is_empty() {
        return Err(EmitError::UnknownValue { item, value: String::new(), ty: ty.name.clone() });
    }
    let doc = type_doc(ty);
    let value_docs = values.iter().map(|value| docs::doc(&format!("`{value}`")));
    let type_name = &ty.name;
    let bounded = bounded_impl(&name, Uses::Nothing, &TokenStream::new());
    let column = columns::named(&name);
    Ok(quote! {
        #doc
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize,
        )]
        pub enum #name {
            #(#value_docs #[serde(rename = #values)] #variants,)*
        }

        impl #name {
            /// Every value, in contract order.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// The spelling of specs, rows and JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(Self::#variants => #values,)*
                }
            }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = ::selene_contracts::UnknownValue;

            fn from_str(text: &str) -> ::core::result::Result<Self, ::selene_contracts::UnknownValue> {
                ::selene_contracts::UnknownValue::find(#type_name, Self::ALL, |value| value.as_str(), text)
            }
        }

        #column

        #bounded
    })
}
