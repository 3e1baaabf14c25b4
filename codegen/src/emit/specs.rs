//! What a contract says, as constants that tools can read.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::contract::{
    AuditRule, Builtin, Capability, DedupeRule, Effect, Field, Note, Output, ROW_VERSION, ReadScope, Table,
    TruthType, TypeKind, TypeRef,
};
use crate::{naming, row};

use super::dedupe::texts;
use super::docs::{field_bounds, is_collection, leaf};
use super::inputs::Input;
use super::scope::{Meaning, Scope, ident};
use super::{EmitError, reason_codes};

/// `CapabilitySpec { … }` of one capability.
pub(super) fn capability(
    scope: &Scope,
    capability: &Capability,
    input: &Input,
) -> Result<TokenStream, EmitError> {
    let (id, name, engine) = (&capability.id, &capability.name, scope.id());
    let stored_name = capability.stored_name();
    let method = naming::method_name(id);
    let effect = effect(capability.effect);
    let read_scope = option(capability.read_scope.map(read_scope));
    let callers = capability
        .allowed_callers
        .iter()
        .map(|caller| {
            let caller = ident(id, &naming::pascal(caller))?;
            Ok(quote! { ::selene_contracts::Caller::#caller })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    let simulation_gated = capability.simulation_gated;
    let context = texts(&capability.context);
    let alternatives = input
        .alternatives()
        .into_iter()
        .map(|fields| field_specs(scope, id, fields))
        .collect::<Result<Vec<_>, _>>()?;
    let variants = input.variants();
    let output = output_text(&capability.output);
    let writes = texts(&capability.writes);
    let dedupe = dedupe(capability.dedupe.as_ref());
    let audit = audit(scope, id, capability.audit.as_ref())?;
    let notes = notes(&capability.notes);
    Ok(quote! {
        ::selene_contracts::CapabilitySpec {
            id: #id,
            stored_name: #stored_name,
            method: #method,
            engine: #engine,
            name: #name,
            effect: #effect,
            read_scope: #read_scope,
            allowed_callers: &[#(#callers),*],
            simulation_gated: #simulation_gated,
            context: #context,
            input: &[#(#alternatives),*],
            variants: &[#(#variants),*],
            output: #output,
            writes: #writes,
            dedupe: #dedupe,
            audit: #audit,
            notes: #notes,
            refusals: &REFUSALS,
        }
    })
}

fn read_scope(scope: ReadScope) -> TokenStream {
    let variant = match scope {
        ReadScope::Tenant => format_ident!("Tenant"),
        ReadScope::Row => format_ident!("Row"),
        ReadScope::WholeLedger => format_ident!("WholeLedger"),
    };
    quote! { ::selene_contracts::ReadScope::#variant }
}

fn effect(effect: Effect) -> TokenStream {
    let variant = match effect {
        Effect::Write => format_ident!("Write"),
        Effect::Read => format_ident!("Read"),
        Effect::Guard => format_ident!("Guard"),
    };
    quote! { ::selene_contracts::Effect::#variant }
}

/// The output as the contract writes it.
pub(super) fn output_text(output: &Output) -> String {
    match output {
        Output::Type(ty) => ty.to_string(),
        Output::OneOf { one_of } => one_of.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
    }
}

fn dedupe(rule: Option<&DedupeRule>) -> TokenStream {
    let Some(rule) = rule else { return quote! { ::core::option::Option::None } };
    let space = &rule.space;
    let keys = rule.keys.iter().map(|key| texts(key));
    quote! {
        ::core::option::Option::Some(::selene_contracts::DedupeSpec { space: #space, keys: &[#(#keys),*] })
    }
}

fn audit(scope: &Scope, item: &str, rule: Option<&AuditRule>) -> Result<TokenStream, EmitError> {
    let none = AuditRule::default();
    let rule = rule.unwrap_or(&none);
    let event_types = texts(&rule.event_types);
    let reason_code = match &rule.reason_code {
        None => quote! { ::core::option::Option::None },
        Some(code) => {
            let code = scope.reason_code(&format!("{item}: audit"), code)?;
            quote! { ::core::option::Option::Some(#code) }
        }
    };
    let reason_from_input = rule.reason_from_input;
    let required_fields = texts(&rule.required_fields);
    let payload_keys = rule.payload_keys.iter().map(|key| payload_key(key));
    Ok(quote! {
        ::selene_contracts::AuditSpec {
            event_types: #event_types,
            reason_code: #reason_code,
            reason_from_input: #reason_from_input,
            required_fields: #required_fields,
            payload_keys: &[#(#payload_keys),*],
        }
    })
}

/// `PayloadKeySpec { … }` of `key`, `key?` or `key=value`.
fn payload_key(text: &str) -> TokenStream {
    let (key, fixed) = match text.split_once('=') {
        Some((key, value)) => (key.trim(), Some(value.trim())),
        None => (text, None),
    };
    let fixed = option(fixed);
    let (name, is_optional) = match key.strip_suffix('?') {
        Some(name) => (name, true),
        None => (key, false),
    };
    quote! {
        ::selene_contracts::PayloadKeySpec { name: #name, fixed: #fixed, is_optional: #is_optional }
    }
}

fn notes(notes: &[Note]) -> TokenStream {
    let notes = notes.iter().map(|note| {
        let (key, text) = (&note.key, &note.text);
        quote! { ::selene_contracts::Note { key: #key, text: #text } }
    });
    quote! { &[#(#notes),*] }
}

/// `&[FieldSpec { … }, …]`
fn field_specs(scope: &Scope, item: &str, fields: &[Field]) -> Result<TokenStream, EmitError> {
    let specs = fields
        .iter()
        .map(|field| {
            let (name, ty) = (&field.name, field.ty.to_string());
            let is_optional = matches!(field.ty, TypeRef::Option(_));
            let is_list = is_collection(&field.ty);
            let max_items = option(field.max_items.map(Literal::u32_unsuffixed));
            let fixed = option(field.fixed.as_ref());
            let place = format!("{item}.{name}");
            let value = value_spec(scope, &place, field)?;
            let reasons = option(reason_codes::rule(scope, &place, field)?.map(|rule| quote! { &#rule }));
            let (bounds, doc) = (field_bounds(scope, field), &field.doc);
            Ok(quote! {
                ::selene_contracts::FieldSpec {
                    name: #name,
                    ty: #ty,
                    is_optional: #is_optional,
                    is_list: #is_list,
                    max_items: #max_items,
                    fixed: #fixed,
                    value: #value,
                    reasons: #reasons,
                    bounds: #bounds,
                    doc: #doc,
                }
            })
        })
        .collect::<Result<Vec<_>, EmitError>>()?;
    Ok(quote! { &[#(#specs),*] })
}

/// `ValueSpec::…`: what one value of the field may be, its own range included.
fn value_spec(scope: &Scope, item: &str, field: &Field) -> Result<TokenStream, EmitError> {
    let leaf = leaf(&field.ty);
    let integer = |largest: u128, min: Option<u128>, max: Option<u128>| {
        let range = field.range.as_ref().map(|(min, max)| (min.to_string(), max.to_string()));
        let (low, high) = range.unwrap_or_else(|| {
            (
                min.map_or_else(|| "0".to_owned(), |min| min.to_string()),
                max.map_or_else(|| largest.to_string(), |max| max.to_string()),
            )
        });
        let number = |text: String| {
            text.parse::<u128>().map(Literal::u128_unsuffixed).map_err(|_| EmitError::MisplacedBound {
                item: item.to_owned(),
                bound: text,
                ty: field.ty.to_string(),
            })
        };
        let (low, high) = (number(low)?, number(high)?);
        Ok::<_, EmitError>(quote! { Integer { min: #low, max: #high } })
    };
    let value = match scope.meaning(leaf) {
        None => return Err(EmitError::UnknownType { item: item.to_owned(), name: leaf.to_string() }),
        Some(Meaning::Type(ty)) => match &ty.kind {
            TypeKind::Text { min_len, max_len, ascii, free } => {
                let (min, max) = (Literal::u32_unsuffixed(*min_len), Literal::u32_unsuffixed(*max_len));
                quote! { Text { min_len: #min, max_len: #max, ascii: #ascii, is_free: #free } }
            }
            TypeKind::Integer { repr, min, max, .. } => integer(repr.largest(), *min, *max)?,
            TypeKind::Enum { values } => {
                let values = texts(values);
                quote! { OneOf(#values) }
            }
        },
        Some(Meaning::Builtin(builtin)) => match builtin {
            Builtin::Bool => quote! { Bool },
            Builtin::U8 => integer(u8::MAX.into(), None, None)?,
            Builtin::U16 => integer(u16::MAX.into(), None, None)?,
            Builtin::U32 => integer(u32::MAX.into(), None, None)?,
            Builtin::U64 => integer(u64::MAX.into(), None, None)?,
            Builtin::F32 => real(field),
            Builtin::EngineReasonCode => reason_values(scope, field),
            Builtin::ReasonCode => quote! { ReasonCode },
            Builtin::Payload => quote! { Payload },
            Builtin::Digest => quote! { Digest },
        },
        Some(Meaning::Record(record)) => {
            let fields = field_specs(scope, item, &record.fields)?;
            quote! { Record(#fields) }
        }
        Some(Meaning::Unit) => quote! { Record(&[]) },
    };
    Ok(quote! { ::selene_contracts::ValueSpec::#value })
}

/// A float's range; bounds that cannot be read have been refused by the checks.
fn real(field: &Field) -> TokenStream {
    let bound = |number: Option<String>| {
        option(
            number
                .and_then(|text| text.parse::<f32>().ok())
                .filter(|bound| bound.is_finite())
                .map(Literal::f32_suffixed),
        )
    };
    let (min, max) = field.range.as_ref().map(|(min, max)| (min.to_string(), max.to_string())).unzip();
    let (min, max) = (bound(min), bound(max));
    quote! { Real { min: #min, max: #max } }
}

/// The engine's codes that may still be given in the field.
fn reason_values(scope: &Scope, field: &Field) -> TokenStream {
    let codes: Vec<&str> = scope
        .contract()
        .iter()
        .flat_map(|contract| &contract.reason_codes)
        .filter(|code| !code.retired && reason_codes::takes(field, code))
        .map(|code| code.name.as_str())
        .collect();
    let codes = texts(&codes);
    quote! { OneOf(#codes) }
}

/// `TableSpec { … }` of one table.
pub(super) fn table(scope: &Scope, table: &Table) -> Result<TokenStream, EmitError> {
    let name = &table.name;
    let truth_type: Ident = match table.truth_type {
        TruthType::Ledger => format_ident!("Ledger"),
        TruthType::Current => format_ident!("Current"),
    };
    let primary_key = texts(&table.primary_key);
    let columns = field_specs(scope, name, &table.columns)?;
    let unique_keys = table.unique_keys.iter().map(|key| texts(key));
    let invariants = texts(&table.invariants);
    let sealed: Vec<&str> = row::sealed(table).into_iter().map(|(_, column)| column).collect();
    let counter = option(row::counter(table));
    let row_version = option(row::is_versioned(table).then_some(ROW_VERSION));
    Ok(quote! {
        ::selene_contracts::TableSpec {
            name: #name,
            truth_type: ::selene_contracts::TruthType::#truth_type,
            primary_key: #primary_key,
            columns: #columns,
            sealed_columns: &[#(#sealed),*],
            row_version: #row_version,
            counter: #counter,
            unique_keys: &[#(#unique_keys),*],
            invariants: #invariants,
        }
    })
}

/// `Some(…)` or `None`.
fn option(value: Option<impl quote::ToTokens>) -> TokenStream {
    value.map_or_else(
        || quote! { ::core::option::Option::None },
        |value| quote! { ::core::option::Option::Some(#value) },
    )
}
