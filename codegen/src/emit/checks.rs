//! Bounds: one statement per bounded field, in field order.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::contract::{Builtin, Field, Number, TypeKind, TypeRef};

use super::docs::leaf;
use super::scope::{Meaning, Scope, ident};
use super::{EmitError, reason_codes};

/// How the fields are reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// `self.pass_target`: the fields of a struct.
    Place,
    /// `pass_target`: a reference that a pattern of an enum's variant bound.
    Bound,
}

/// The statements that check these fields; none where no field has a bound.
pub(super) fn fields(
    scope: &Scope,
    item: &str,
    fields: &[Field],
    access: Access,
) -> Result<TokenStream, EmitError> {
    fields.iter().map(|field| self::field(scope, &format!("{item}.{}", field.name), field, access)).collect()
}

/// Whether a field has any bound, own or of its type.
pub(super) fn is_bounded(scope: &Scope, field: &Field) -> bool {
    field.range.is_some()
        || field.max_items.is_some()
        || field.fixed.is_some()
        || !field.classes.is_empty()
        || field.own_step.is_some()
        || type_is_bounded(scope, &field.ty)
}

fn type_is_bounded(scope: &Scope, ty: &TypeRef) -> bool {
    if let TypeRef::Map(key, _) = ty
        && type_is_bounded(scope, key)
    {
        return true;
    }
    match scope.meaning(leaf(ty)) {
        Some(Meaning::Builtin(
            Builtin::F32 | Builtin::EngineReasonCode | Builtin::ReasonCode | Builtin::Payload,
        )) => true,
        Some(Meaning::Type(ty)) => match ty.kind {
            TypeKind::Text { .. } => true,
            TypeKind::Integer { min, max, .. } => min.is_some() || max.is_some(),
            TypeKind::Enum { .. } => false,
        },
        Some(Meaning::Record(record)) => record.fields.iter().any(|field| is_bounded(scope, field)),
        Some(Meaning::Unit | Meaning::Builtin(_)) | None => false,
    }
}

fn field(scope: &Scope, item: &str, field: &Field, access: Access) -> Result<TokenStream, EmitError> {
    if !is_bounded(scope, field) {
        return Ok(TokenStream::new());
    }
    let ident = ident(item, &field.name)?;
    let reference = match access {
        Access::Place => quote! { &self.#ident },
        Access::Bound => quote! { #ident },
    };
    let code = match &field.violation {
        None => quote! { ::core::option::Option::None },
        Some(code) => {
            let code = scope.reason_code(item, code)?;
            quote! { ::core::option::Option::Some(#code) }
        }
    };
    let check = Check { scope, item, field, code };
    check.value(&field.ty, &reference)
}

/// What the statements of one field have in common.
struct Check<'a> {
    scope: &'a Scope<'a>,
    item: &'a str,
    field: &'a Field,
    code: TokenStream,
}

impl Check<'_> {
    /// The statements for a value of type `ty` behind the expression `reference`.
    fn value(&self, ty: &TypeRef, reference: &TokenStream) -> Result<TokenStream, EmitError> {
        let has_own_bounds = self.field.range.is_some()
            || self.field.fixed.is_some()
            || self.field.max_items.is_some()
            || self.has_rule();
        if !has_own_bounds {
            return Ok(self.type_check(reference));
        }
        let value = quote! { value };
        match ty {
            TypeRef::Option(inner) => {
                let inner = self.value(inner, &value)?;
                Ok(quote! { if let ::core::option::Option::Some(value) = #reference { #inner } })
            }
            TypeRef::List(inner) => self.list(inner, reference),
            TypeRef::Map(..)
                if self.field.range.is_none() && self.field.fixed.is_none() && !self.has_rule() =>
            {
                let items = self.items(reference);
                let check = self.type_check(reference);
                Ok(quote! { #items #check })
            }
            TypeRef::Map(..) => Err(self.misplaced("")),
            TypeRef::Unit | TypeRef::Builtin(_) | TypeRef::Named(_) => self.leaf(ty, reference),
        }
    }

    /// Whether the field says which reason codes it takes.
    const fn has_rule(&self) -> bool {
        !self.field.classes.is_empty() || self.field.own_step.is_some()
    }

    /// The bounds that the type itself has, through every option, list and map.
    fn type_check(&self, reference: &TokenStream) -> TokenStream {
        let (name, code) = (&self.field.name, &self.code);
        quote! { ::selene_contracts::Bounded::check(#reference, #name, #code, violations); }
    }

    fn items(&self, reference: &TokenStream) -> TokenStream {
        let Some(max) = self.field.max_items else { return TokenStream::new() };
        let (name, code, max) = (&self.field.name, &self.code, Literal::u32_unsuffixed(max));
        let list = receiver(reference);
        quote! { violations.items(#name, #list.len(), #max, #code); }
    }

    fn list(&self, inner: &TypeRef, reference: &TokenStream) -> Result<TokenStream, EmitError> {
        let items = self.items(reference);
        if self.field.range.is_none() && self.field.fixed.is_none() && !self.has_rule() {
            let each = if type_is_bounded(self.scope, inner) {
                self.type_check(reference)
            } else {
                TokenStream::new()
            };
            return Ok(quote! { #items #each });
        }
        let each = self.value(inner, &quote! { value })?;
        Ok(quote! { #items for value in #reference { #each } })
    }

    fn leaf(&self, ty: &TypeRef, reference: &TokenStream) -> Result<TokenStream, EmitError> {
        let meaning = self.scope.meaning(ty);
        if meaning.is_none() {
            return Err(EmitError::UnknownType { item: self.item.to_owned(), name: ty.to_string() });
        }
        if matches!(meaning, Some(Meaning::Builtin(Builtin::F32))) {
            return self.real(reference);
        }
        if let Some(rule) = reason_codes::rule(self.scope, self.item, self.field)? {
            return self.reason(meaning, reference, &rule);
        }
        let of_type =
            if type_is_bounded(self.scope, ty) { self.type_check(reference) } else { TokenStream::new() };
        let range = self.range(meaning, reference)?;
        let fixed = self.fixed(meaning, reference)?;
        Ok(quote! { #of_type #range #fixed })
    }

    /// A float: NaN is reported once, and bounds are compared in the field's own precision, so that a value written
    /// exactly as the bound lies within it.
    fn real(&self, reference: &TokenStream) -> Result<TokenStream, EmitError> {
        if let Some(value) = &self.field.fixed {
            return Err(self.misplaced(value));
        }
        let Some((min, max)) = &self.field.range else { return Ok(self.type_check(reference)) };
        let (name, code) = (&self.field.name, &self.code);
        let (min_text, max_text) = (min.to_string(), max.to_string());
        let bounds = [&min_text, &max_text].map(|text| text.parse::<f32>());
        let [Ok(low), Ok(high)] = bounds else { return Err(self.misplaced(&format!("{min}..={max}"))) };
        if !(low.is_finite() && high.is_finite() && low <= high) {
            return Err(self.misplaced(&format!("{min}..={max}")));
        }
        let (low, high) = (Literal::f32_suffixed(low), Literal::f32_suffixed(high));
        let place = place(reference);
        Ok(quote! {
            if violations.finite(#name, #place, #code) {
                violations.range(#name, (#low..=#high).contains(#reference), (#min_text, #max_text), #code);
            }
        })
    }

    /// A reason code of the classes that the field takes.
    fn reason(
        &self,
        meaning: Option<Meaning>,
        reference: &TokenStream,
        rule: &TokenStream,
    ) -> Result<TokenStream, EmitError> {
        let value = match meaning {
            Some(Meaning::Builtin(Builtin::EngineReasonCode)) => {
                let receiver = receiver(reference);
                quote! { #receiver.code() }
            }
            Some(Meaning::Builtin(Builtin::ReasonCode)) => place(reference),
            _ => return Err(self.misplaced("of reason codes")),
        };
        let (name, code) = (&self.field.name, &self.code);
        Ok(quote! {
            {
                const TAKES: ::selene_contracts::ReasonRule = #rule;
                violations.reason_of(#name, #value, &TAKES, #code);
            }
        })
    }

    fn range(&self, meaning: Option<Meaning>, reference: &TokenStream) -> Result<TokenStream, EmitError> {
        let Some((min, max)) = &self.field.range else { return Ok(TokenStream::new()) };
        let misplaced = || self.misplaced(&format!("{min}..={max}"));
        let (Number::Whole(low), Number::Whole(high)) = (*min, *max) else { return Err(misplaced()) };
        let (Ok(low), Ok(high)) = (u64::try_from(low), u64::try_from(high)) else { return Err(misplaced()) };
        let largest = meaning.and_then(largest_integer).ok_or_else(misplaced)?;
        if low > high || u128::from(high) > largest {
            return Err(misplaced());
        }
        let (name, code) = (&self.field.name, &self.code);
        let (min_text, max_text) = (low.to_string(), high.to_string());
        let (low, high) = (Literal::u64_unsuffixed(low), Literal::u64_unsuffixed(high));
        let number = match meaning {
            Some(Meaning::Type(_)) => {
                let newtype = receiver(reference);
                quote! { &#newtype.get() }
            }
            _ => reference.clone(),
        };
        Ok(quote! {
            violations.range(#name, (#low..=#high).contains(#number), (#min_text, #max_text), #code);
        })
    }

    fn fixed(&self, meaning: Option<Meaning>, reference: &TokenStream) -> Result<TokenStream, EmitError> {
        let Some(expected) = &self.field.fixed else { return Ok(TokenStream::new()) };
        let unknown = || EmitError::UnknownValue {
            item: self.item.to_owned(),
            value: expected.clone(),
            ty: self.field.ty.to_string(),
        };
        let (name, code) = (&self.field.name, &self.code);
        let is_expected = match meaning {
            Some(Meaning::Type(ty)) => {
                let value = receiver(reference);
                match &ty.kind {
                    TypeKind::Enum { values } if !values.contains(expected) => return Err(unknown()),
                    TypeKind::Enum { .. } | TypeKind::Text { .. } => quote! { #value.as_str() == #expected },
                    TypeKind::Integer { .. } => {
                        let number = whole_number(expected, meaning).ok_or_else(unknown)?;
                        quote! { #value.get() == #number }
                    }
                }
            }
            Some(Meaning::Builtin(Builtin::Bool)) => {
                let place = place(reference);
                match expected.as_str() {
                    "true" => quote! { #place },
                    "false" => quote! { !#place },
                    _ => return Err(unknown()),
                }
            }
            _ => {
                let place = place(reference);
                let number = whole_number(expected, meaning).ok_or_else(unknown)?;
                quote! { #place == #number }
            }
        };
        Ok(quote! { violations.fixed(#name, #is_expected, #expected, #code); })
    }

    fn misplaced(&self, bound: &str) -> EmitError {
        let bound = match (&self.field.range, bound) {
            (Some((min, max)), "") => format!("{min}..={max}"),
            (None, "") => self.field.fixed.clone().unwrap_or_default(),
            (_, bound) => bound.to_owned(),
        };
        EmitError::MisplacedBound { item: self.item.to_owned(), bound, ty: self.field.ty.to_string() }
    }
}

/// `&self.x` as the receiver of a method: `self.x`; a bound name stays itself.
fn receiver(reference: &TokenStream) -> TokenStream {
    let mut tokens = reference.clone().into_iter().peekable();
    let is_borrow =
        matches!(tokens.peek(), Some(proc_macro2::TokenTree::Punct(punct)) if punct.as_char() == '&');
    tokens.skip(usize::from(is_borrow)).collect()
}

/// The value behind a reference expression: `self.x` for `&self.x`, `*x` for `x`.
fn place(reference: &TokenStream) -> TokenStream {
    let receiver = receiver(reference);
    let is_bound = receiver.clone().into_iter().count() == reference.clone().into_iter().count();
    if is_bound {
        quote! { *#receiver }
    } else {
        receiver
    }
}

/// The largest value of a type that is an integer.
fn largest_integer(meaning: Meaning) -> Option<u128> {
    match meaning {
        Meaning::Builtin(Builtin::U8) => Some(u8::MAX.into()),
        Meaning::Builtin(Builtin::U16) => Some(u16::MAX.into()),
        Meaning::Builtin(Builtin::U32) => Some(u32::MAX.into()),
        Meaning::Builtin(Builtin::U64) => Some(u64::MAX.into()),
        Meaning::Type(ty) => match ty.kind {
            TypeKind::Integer { repr, .. } => Some(repr.largest()),
            TypeKind::Text { .. } | TypeKind::Enum { .. } => None,
        },
        Meaning::Unit | Meaning::Builtin(_) | Meaning::Record(_) => None,
    }
}

/// A whole number that a type can hold.
pub(super) fn whole_number(text: &str, meaning: Option<Meaning>) -> Option<Literal> {
    let value = text.parse::<u128>().ok()?;
    (value <= largest_integer(meaning?)?).then(|| Literal::u128_unsuffixed(value))
}
