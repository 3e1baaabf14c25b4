//! The reason-code enum of an engine.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::contract::{Field, ReasonClass, ReasonCode};
use crate::naming;

use super::bounded::{Uses, bounded_impl};
use super::scope::{Scope, distinct, ident, reason_enum};
use super::{EmitError, columns, docs};

/// `Ph1WReasonCode`; nothing where the engine registers no code.
pub(super) fn reason_codes(scope: &Scope) -> Result<TokenStream, EmitError> {
    let Some(contract) = scope.contract().filter(|contract| !contract.reason_codes.is_empty()) else {
        return Ok(TokenStream::new());
    };
    let codes = &contract.reason_codes;
    let engine = &contract.engine.id;
    let item = format!("{engine}: reason codes");
    let name = reason_enum(engine);
    let variants: Vec<Ident> =
        codes.iter().map(|code| ident(&item, &naming::pascal(&code.name))).collect::<Result<_, _>>()?;
    distinct(&item, &variants)?;
    distinct_numbers(&item, codes)?;
    let variant_items = codes.iter().zip(&variants).map(|(code, variant)| variant_item(code, variant));
    let infos = codes.iter().map(|code| info(engine, code));
    let doc = docs::paragraphs([
        format!("Every reason code of {engine}, by number."),
        "Retired codes stay, so that old rows are readable; a call that gives one is refused.".to_owned(),
    ]);
    let check = quote! { violations.reason(field, self.code(), code); };
    let bounded = bounded_impl(&name, Uses::Everything, &check);
    let conversions = conversions(&name);
    let column = columns::named(&name);
    let accessors = accessors();
    Ok(quote! {
        #doc
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize,
        )]
        #[repr(u32)]
        pub enum #name {
            #(#variant_items)*
        }

        impl #name {
            /// Every code, by number; retired ones included.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// Everything that the contract says about the code.
            #[must_use]
            pub const fn info(self) -> &'static ::selene_contracts::ReasonCodeInfo {
                match self {
                    #(Self::#variants => &#infos,)*
                }
            }

            #accessors
        }

        #conversions

        #column

        #bounded
    })
}

/// The methods of every reason-code enum that read its info.
fn accessors() -> TokenStream {
    quote! {
        /// The same code among those of all engines.
        #[must_use]
        pub const fn code(self) -> ::selene_contracts::ReasonCode {
            ::selene_contracts::ReasonCode::new(self.info())
        }

        /// Its name in the register: `W_ENROLL_TIMEOUT`.
        #[must_use]
        pub const fn as_str(self) -> &'static str {
            self.info().name
        }

        /// Its number in the register, which never changes: `0x0002_0001`.
        #[must_use]
        pub const fn number(self) -> u32 {
            self.info().number
        }

        /// What kind of thing it says.
        #[must_use]
        pub const fn class(self) -> ::selene_contracts::ReasonClass {
            self.info().class
        }

        /// One sentence for people.
        #[must_use]
        pub const fn meaning(self) -> &'static str {
            self.info().meaning
        }

        /// Whether it may no longer be given.
        #[must_use]
        pub const fn is_retired(self) -> bool {
            self.info().retired
        }
    }
}

fn conversions(name: &Ident) -> TokenStream {
    quote! {
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = ::selene_contracts::UnknownReasonCode;

            fn from_str(name: &str) -> ::core::result::Result<Self, ::selene_contracts::UnknownReasonCode> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|code| code.as_str() == name)
                    .ok_or_else(|| ::selene_contracts::UnknownReasonCode { name: name.to_owned() })
            }
        }

        impl ::core::convert::From<#name> for ::selene_contracts::ReasonCode {
            fn from(code: #name) -> Self {
                code.code()
            }
        }
    }
}

fn variant_item(code: &ReasonCode, variant: &Ident) -> TokenStream {
    let retired = if code.retired { "Retired." } else { "" };
    let doc = docs::paragraphs([
        docs::sentence(&code.meaning),
        format!(
            "`{}`, number {}, class {}. {}",
            code.name,
            spelled(code.number),
            code.class.as_str(),
            docs::sentence(&source(code))
        ),
        retired.to_owned(),
    ]);
    let (name, number) = (&code.name, number(code.number));
    quote! { #doc #[serde(rename = #name)] #variant = #number, }
}

fn source(code: &ReasonCode) -> String {
    if code.source.is_empty() { String::new() } else { format!("From {}", code.source) }
}

fn info(engine: &str, code: &ReasonCode) -> TokenStream {
    let (name, number, meaning, retired) = (&code.name, number(code.number), &code.meaning, code.retired);
    let class = class(code.class);
    quote! {
        ::selene_contracts::ReasonCodeInfo {
            engine: #engine,
            name: #name,
            number: #number,
            class: #class,
            meaning: #meaning,
            retired: #retired,
        }
    }
}

/// `ReasonClass::Gate`
fn class(class: ReasonClass) -> TokenStream {
    let variant = Ident::new(&naming::pascal(class.as_str()), Span::call_site());
    quote! { ::selene_contracts::ReasonClass::#variant }
}

/// `ReasonRule { … }`: which codes an input takes in a field; `None` where the field says nothing about it.
pub(super) fn rule(scope: &Scope, item: &str, field: &Field) -> Result<Option<TokenStream>, EmitError> {
    if field.classes.is_empty() && field.own_step.is_none() {
        return Ok(None);
    }
    let classes = field.classes.iter().map(|known| class(*known));
    let own_step = match &field.own_step {
        None => quote! { ::core::option::Option::None },
        Some(code) => {
            let code = scope.reason_code(item, code)?;
            quote! { ::core::option::Option::Some(#code) }
        }
    };
    Ok(Some(quote! {
        ::selene_contracts::ReasonRule { classes: &[#(#classes),*], own_step: #own_step }
    }))
}

/// Whether an input takes a code of the engine in a field that says which classes it takes.
pub(super) fn takes(field: &Field, code: &ReasonCode) -> bool {
    let is_bound = !field.classes.is_empty() || field.own_step.is_some();
    !is_bound || field.classes.contains(&code.class) || field.own_step.as_ref() == Some(&code.name)
}

/// The number as the registry spells it: `0x0002_0001`.
fn spelled(number: u32) -> String {
    format!("0x{:04X}_{:04X}", number >> 16, number & 0xFFFF)
}

/// The number as a literal in its spelling.
fn number(number: u32) -> Literal {
    spelled(number).parse().unwrap_or_else(|_| Literal::u32_unsuffixed(number))
}

/// Refuses a number that stands twice: two codes would be one.
fn distinct_numbers(item: &str, codes: &[ReasonCode]) -> Result<(), EmitError> {
    let mut seen = std::collections::BTreeSet::new();
    for code in codes {
        if !seen.insert(code.number) {
            return Err(EmitError::DuplicateName { item: item.to_owned(), name: spelled(code.number) });
        }
    }
    Ok(())
}
