//! When two calls are the same call: the dedupe key, and the fields that every backend asks for.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::contract::{Builtin, DedupeRule, Field, TypeRef};

use super::EmitError;
use super::checks::Access;
use super::inputs::Input;
use super::scope::{Meaning, Scope, ident};

/// Fields of the call context that a key may name, and whether they may be absent.
const CONTEXT_FIELDS: [(&str, bool); 4] =
    [("now", false), ("correlation_id", false), ("turn_id", false), ("simulation_id", true)];

/// `fn dedupe_key` of an input: which calls are the same one.
pub(super) fn dedupe_key(
    scope: &Scope,
    input: &Input,
    rule: Option<&DedupeRule>,
) -> Result<TokenStream, EmitError> {
    let body = match rule {
        None => quote! { ::core::option::Option::None },
        Some(rule) => {
            input.for_each_alternative(|fields, access| key_of(scope, input, rule, fields, access))?
        }
    };
    let names_context = rule.is_some_and(|rule| {
        let inputs: Vec<&Field> = input.alternatives().into_iter().flatten().collect();
        rule.keys.iter().flatten().any(|name| !inputs.iter().any(|field| field.name == *name))
    });
    let context = if names_context { format_ident!("context") } else { format_ident!("_context") };
    Ok(quote! {
        fn dedupe_key(
            &self,
            #context: &::selene_contracts::CallContext,
        ) -> ::core::option::Option<::selene_contracts::DedupeKey> {
            #body
        }
    })
}

/// One part of a key.
struct Part<'a> {
    name: &'a str,
    /// A reference to the value, or to the option that holds it.
    reference: TokenStream,
    is_optional: bool,
}

/// The statements that find the key among one set of fields, and the fields that they use.
fn key_of<'a>(
    scope: &Scope,
    input: &Input,
    rule: &DedupeRule,
    fields: &'a [Field],
    access: Access,
) -> Result<(TokenStream, Vec<&'a Field>), EmitError> {
    let mut used: Vec<&Field> = Vec::new();
    let mut statements = TokenStream::new();
    for key in &rule.keys {
        if key.is_empty() {
            return Err(EmitError::EmptyDedupeKey { item: input.item.clone() });
        }
        let parts =
            key.iter().map(|name| part(scope, input, name, fields, access)).collect::<Result<Vec<_>, _>>()?;
        for field in fields.iter().filter(|field| key.contains(&field.name)) {
            if !used.iter().any(|known| known.name == field.name) {
                used.push(field);
            }
        }
        let found = construct(&rule.space, &parts);
        if parts.iter().all(|part| !part.is_optional) {
            statements.extend(found);
            return Ok((statements, used));
        }
        let conditions =
            parts.iter().enumerate().filter(|(_, part)| part.is_optional).map(|(index, part)| {
                let (value, reference) = (value_name(index), &part.reference);
                quote! { let ::core::option::Option::Some(#value) = #reference }
            });
        statements.extend(quote! { if #(#conditions)&&* { return #found; } });
    }
    statements.extend(quote! { ::core::option::Option::None });
    Ok((statements, used))
}

fn construct(space: &str, parts: &[Part]) -> TokenStream {
    let parts = parts.iter().enumerate().map(|(index, part)| {
        let (name, reference) = (part.name, &part.reference);
        if part.is_optional {
            let value = value_name(index);
            quote! { (#name, #value.to_string()) }
        } else {
            quote! { (#name, #reference.to_string()) }
        }
    });
    quote! {
        ::core::option::Option::Some(::selene_contracts::DedupeKey::new(#space, [#(#parts),*]))
    }
}

fn value_name(index: usize) -> Ident {
    format_ident!("part_{}", index + 1)
}

fn part<'a>(
    scope: &Scope,
    input: &Input,
    name: &'a str,
    fields: &[Field],
    access: Access,
) -> Result<Part<'a>, EmitError> {
    let error = || EmitError::DedupeField { item: input.item.clone(), field: name.to_owned() };
    let Some(field) = fields.iter().find(|field| field.name == name) else {
        let (_, is_optional) =
            CONTEXT_FIELDS.into_iter().find(|(context, _)| *context == name).ok_or_else(error)?;
        let field = ident(&input.item, name)?;
        let reference = if is_optional {
            quote! { &context.#field }
        } else {
            quote! { context.#field }
        };
        return Ok(Part { name, reference, is_optional });
    };
    if !is_printable(scope, &field.ty) {
        return Err(error());
    }
    let is_optional = matches!(field.ty, TypeRef::Option(_));
    let ident = ident(&input.item, name)?;
    let reference = match (access, is_optional) {
        (Access::Place, true) => quote! { &self.#ident },
        (Access::Place, false) => quote! { self.#ident },
        (Access::Bound, _) => quote! { #ident },
    };
    Ok(Part { name, reference, is_optional })
}

/// `fn asked`: the fields of a read's input with their values as text. A value without a text, such as a list, is no key.
pub(super) fn asked(scope: &Scope, input: &Input) -> Result<TokenStream, EmitError> {
    let body = input.for_each_alternative(|fields, access| {
        let keys: Vec<&Field> = fields.iter().filter(|field| is_printable(scope, &field.ty)).collect();
        let parts = keys
            .iter()
            .map(|field| part(scope, input, &field.name, fields, access))
            .collect::<Result<Vec<_>, _>>()?;
        let entries = parts.iter().map(|Part { name, reference, is_optional }| {
            if *is_optional {
                quote! { (#reference).as_ref().map(|value| (#name, value.to_string())) }
            } else {
                quote! { ::core::option::Option::Some((#name, #reference.to_string())) }
            }
        });
        Ok((quote! { ::selene_contracts::DedupePart::given([#(#entries),*]) }, keys))
    })?;
    Ok(quote! {
        fn asked(&self) -> ::std::vec::Vec<::selene_contracts::DedupePart> {
            #body
        }
    })
}

/// Whether a value of this type has a text of its own.
fn is_printable(scope: &Scope, ty: &TypeRef) -> bool {
    let leaf = match ty {
        TypeRef::Option(inner) => inner.as_ref(),
        ty => ty,
    };
    match scope.meaning(leaf) {
        Some(Meaning::Builtin(builtin)) => !matches!(builtin, Builtin::F32 | Builtin::Payload),
        Some(Meaning::Type(_)) => true,
        Some(Meaning::Unit | Meaning::Record(_)) | None => false,
    }
}

/// `fn tenant_id`, `fn device_id`, `fn user_id` and `fn idempotency_key`, where the input has such a field.
pub(super) fn known_fields(input: &Input) -> Result<TokenStream, EmitError> {
    let fields = [
        ("tenant_id", "TenantId"),
        ("device_id", "DeviceId"),
        ("user_id", "UserId"),
        ("idempotency_key", "IdempotencyKey"),
    ];
    fields.into_iter().map(|(name, ty)| known_field(input, name, ty)).collect()
}

fn known_field(input: &Input, name: &str, ty: &str) -> Result<TokenStream, EmitError> {
    let holds = |ty_ref: &TypeRef| matches!(ty_ref, TypeRef::Named(found) if found == ty);
    let find = |fields: &[Field]| {
        fields.iter().position(|field| {
            field.name == name
                && match &field.ty {
                    TypeRef::Option(inner) => holds(inner),
                    ty => holds(ty),
                }
        })
    };
    if !input.alternatives().into_iter().any(|fields| find(fields).is_some()) {
        return Ok(TokenStream::new());
    }
    let method = ident(&input.item, name)?;
    let ty = ident(&input.item, ty)?;
    let body = input.for_each_alternative(|fields, access| {
        let Some(field) = find(fields).map(|index| &fields[index]) else {
            return Ok((quote! { ::core::option::Option::None }, Vec::new()));
        };
        let is_optional = matches!(field.ty, TypeRef::Option(_));
        let value = match (access, is_optional) {
            (Access::Place, true) => quote! { self.#method.as_ref() },
            (Access::Place, false) => quote! { ::core::option::Option::Some(&self.#method) },
            (Access::Bound, true) => quote! { #method.as_ref() },
            (Access::Bound, false) => quote! { ::core::option::Option::Some(#method) },
        };
        Ok((value, vec![field]))
    })?;
    Ok(quote! {
        fn #method(&self) -> ::core::option::Option<&::selene_contracts::shared::#ty> {
            #body
        }
    })
}

/// A list of texts as a constant expression.
pub(super) fn texts<S: AsRef<str>>(texts: &[S]) -> TokenStream {
    let texts = texts.iter().map(|text| Literal::string(text.as_ref()));
    quote! { &[#(#texts),*] }
}
