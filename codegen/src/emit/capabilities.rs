//! Capabilities: the input type, the output enum, and the `Capability` implementation that joins them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::contract::{Capability, Contract, Effect, Field, Output};
use crate::naming;
use crate::paged;

use super::checks;
use super::inputs::Input;
use super::scope::{Scope, distinct, ident};
use super::{EmitError, dedupe, docs, known, pages, specs, successors};

/// Every capability of the contract, in its order.
pub(super) fn capabilities(scope: &Scope) -> Result<TokenStream, EmitError> {
    let capabilities: Vec<&Capability> = scope.contract().into_iter().flat_map(Contract::served).collect();
    // The method of a page must not have the name of another capability's.
    let pages =
        capabilities.iter().filter(|one| pages::listed(scope, one).is_some()).map(|one| paged::id(&one.id));
    let ids = capabilities.iter().flat_map(|one| std::iter::once(&one.id).chain(&one.stored_name)).cloned();
    let names = ids.chain(pages).map(|id| ident(&id, &naming::pascal(&id))).collect::<Result<Vec<_>, _>>()?;
    distinct(scope.id(), &names)?;
    capabilities.into_iter().map(|capability| self::capability(scope, capability)).collect()
}

fn capability(scope: &Scope, capability: &Capability) -> Result<TokenStream, EmitError> {
    let input = Input::of(capability)?;
    let name = &input.name;
    let item = &capability.id;
    let definition = input.definition(scope, &capability_doc(scope, capability))?;
    let output_enum = output_enum(scope, capability)?;
    let former = former_types(capability)?;
    let output = output_type(scope, capability)?;
    let spec = specs::capability(scope, capability, &input)?;
    let checks = input.for_each_alternative(|fields, access| {
        let bounded: Vec<&Field> = fields.iter().filter(|field| checks::is_bounded(scope, field)).collect();
        Ok((checks::fields(scope, item, fields, access)?, bounded))
    })?;
    let violations =
        if checks.is_empty() { format_ident!("_violations") } else { format_ident!("violations") };
    let dedupe_key = dedupe::dedupe_key(scope, &input, capability.dedupe.as_ref())?;
    let known_fields = dedupe::known_fields(&input)?;
    let kind = match capability.effect {
        Effect::Write => quote! { ::selene_contracts::WriteCapability for #name {} },
        Effect::Read | Effect::Guard => {
            let asked = dedupe::asked(scope, &input)?;
            quote! { ::selene_contracts::ReadCapability for #name { #asked } }
        }
    };
    let paged = pages::paged_read(scope, capability, name)?;
    let known = known::known(scope, capability, name)?;
    let followed = successors::of_input(scope, capability, name)?;
    Ok(quote! {
        #definition
        #output_enum
        #former

        impl ::selene_contracts::Capability for #name {
            type Output = #output;

            const SPEC: &'static ::selene_contracts::CapabilitySpec = &#spec;

            fn check_bounds(&self, #violations: &mut ::selene_contracts::Violations) {
                #checks
            }

            #dedupe_key
            #known_fields
        }

        impl #kind

        #paged
        #known
        #followed
    })
}

/// The names that the input, and the enum of its outputs, had before the capability was renamed.
fn former_types(capability: &Capability) -> Result<TokenStream, EmitError> {
    let Some(first) = &capability.stored_name else { return Ok(TokenStream::new()) };
    let mut names = vec![(naming::pascal(first), naming::pascal(&capability.id))];
    if let Output::OneOf { .. } = &capability.output {
        names.push((output_name(first), output_name(&capability.id)));
    }
    let alias = |(former, name): &(String, String)| {
        let [former_name, new_name] = [ident(&capability.id, former)?, ident(&capability.id, name)?];
        let doc = docs::doc(&format!("The first name of [`{name}`]."));
        let note = format!("renamed to `{name}`");
        Ok(quote! {
            #doc
            #[deprecated(note = #note)]
            pub type #former_name = #new_name;
        })
    };
    names.iter().map(alias).collect()
}

/// The type that a successful call gives.
pub(super) fn output_type(scope: &Scope, capability: &Capability) -> Result<TokenStream, EmitError> {
    let item = format!("{}: output", capability.id);
    match &capability.output {
        Output::Type(ty) => scope.ty(&item, ty),
        Output::OneOf { .. } => {
            let name = ident(&item, &output_name(&capability.id))?;
            Ok(quote! { #name })
        }
    }
}

fn output_name(id: &str) -> String {
    format!("{}Output", naming::pascal(id))
}

/// The enum of an output that is one of several types.
fn output_enum(scope: &Scope, capability: &Capability) -> Result<TokenStream, EmitError> {
    let Output::OneOf { one_of } = &capability.output else { return Ok(TokenStream::new()) };
    let item = format!("{}: output", capability.id);
    let name = ident(&item, &output_name(&capability.id))?;
    let variants =
        one_of.iter().map(|ty| ident(&item, &naming::output_variant(ty))).collect::<Result<Vec<_>, _>>()?;
    distinct(&item, &variants)?;
    let types = one_of.iter().map(|ty| scope.ty(&item, ty)).collect::<Result<Vec<_>, _>>()?;
    let doc = docs::doc(&format!("What `{}` gives: one of its outputs.", capability.id));
    let variant_docs = one_of.iter().map(|ty| docs::doc(&format!("`{ty}`")));
    Ok(quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        pub enum #name {
            #(#variant_docs #variants(#types),)*
        }
    })
}

/// What the specs say about a capability, for the input type.
fn capability_doc(scope: &Scope, capability: &Capability) -> TokenStream {
    let effect = match capability.effect {
        Effect::Write if capability.writes.is_empty() => "Writes".to_owned(),
        Effect::Write => format!("Writes `{}`", capability.writes.join("`, `")),
        Effect::Read => "Reads".to_owned(),
        Effect::Guard => "Tries a forbidden overwrite, which must fail".to_owned(),
    };
    let gate = if capability.simulation_gated { ", only within a simulation" } else { "" };
    let mut paragraphs = vec![
        docs::sentence(&capability.name),
        format!(
            "Input of `{}` of {}. {effect}. Called by `{}`{gate}.",
            capability.id,
            scope.id(),
            capability.allowed_callers.join("`, `"),
        ),
    ];
    if !capability.context.is_empty() {
        paragraphs.push(format!("Of the call context it uses `{}`.", capability.context.join("`, `")));
    }
    if let Some(rule) = &capability.dedupe {
        let keys: Vec<String> = rule.keys.iter().map(|key| format!("`({})`", key.join(", "))).collect();
        paragraphs.push(format!(
            "Two calls with the same {} in `{}` are the same call.",
            keys.join(", else "),
            rule.space
        ));
    }
    if let Some(rule) = &capability.audit {
        paragraphs.push(audit_doc(rule));
    }
    paragraphs.extend(
        capability.notes.iter().map(|note| format!("`{}`: {}", note.key, docs::sentence(&note.text))),
    );
    docs::paragraphs(paragraphs)
}

fn audit_doc(rule: &crate::contract::AuditRule) -> String {
    let event = if rule.event_types.is_empty() {
        "an event".to_owned()
    } else {
        format!("`{}`", rule.event_types.join("` or `"))
    };
    let reason = match (&rule.reason_code, rule.reason_from_input) {
        (Some(code), _) => format!(" with the reason code `{code}`"),
        (None, true) => " with the reason code of the input".to_owned(),
        (None, false) => String::new(),
    };
    let payload = if rule.payload_keys.is_empty() {
        String::new()
    } else {
        format!(" and the payload `{}`", rule.payload_keys.join("`, `"))
    };
    format!("An applied call emits {event}{reason}{payload}.")
}
