//! Input structs, and input enums where the schema has alternatives.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::contract::{Alternative, Capability, Field};
use crate::naming;

use super::checks::Access;
use super::records::{Form, field_list, struct_with_fields};
use super::scope::{Scope, distinct, ident};
use super::{EmitError, docs};

/// The input of one capability: one set of fields, or several alternatives.
pub(super) struct Input<'a> {
    /// `Ph1wEnrollStartDraftRow`.
    pub(super) name: Ident,
    /// `PH1W_ENROLL_START_DRAFT_ROW`, for errors.
    pub(super) item: String,
    shape: Shape<'a>,
}

enum Shape<'a> {
    Struct(&'a [Field]),
    Enum(Vec<Variant<'a>>),
}

struct Variant<'a> {
    name: Ident,
    alternative: &'a Alternative,
}

impl<'a> Variant<'a> {
    fn fields(&self) -> &'a [Field] {
        &self.alternative.fields
    }

    /// What a call names, and what it gives where that is known.
    fn sentence(&self) -> String {
        let names: Vec<String> = self.fields().iter().map(|field| format!("`{}`", field.name)).collect();
        let gives = self
            .alternative
            .output
            .as_ref()
            .map_or_else(String::new, |output| format!(" and gives `{output}`"));
        format!("The call names {}{gives}.", names.join(" and "))
    }
}

impl<'a> Input<'a> {
    /// The input that the capability declares.
    pub(super) fn of(capability: &'a Capability) -> Result<Self, EmitError> {
        let item = capability.id.clone();
        let name = ident(&item, &naming::pascal(&capability.id))?;
        if capability.input_alternatives.is_empty() {
            return Ok(Self { name, item, shape: Shape::Struct(&capability.input) });
        }
        if !capability.input.is_empty() {
            return Err(EmitError::AmbiguousInput { item });
        }
        let variants = capability
            .input_alternatives
            .iter()
            .map(|alternative| {
                if let Some(output) = &alternative.output
                    && !capability.output.types().contains(output)
                {
                    let (variant, output) = (alternative.variant.clone(), output.to_string());
                    return Err(EmitError::UnknownOutput { item: item.clone(), variant, output });
                }
                Ok(Variant { name: ident(&item, &alternative.variant)?, alternative })
            })
            .collect::<Result<Vec<_>, EmitError>>()?;
        distinct(&item, variants.iter().map(|variant| &variant.name))?;
        Ok(Self { name, item, shape: Shape::Enum(variants) })
    }

    /// The sets of fields that an input may have.
    pub(super) fn alternatives(&self) -> Vec<&'a [Field]> {
        match &self.shape {
            Shape::Struct(fields) => vec![fields],
            Shape::Enum(variants) => variants.iter().map(Variant::fields).collect(),
        }
    }

    /// The names of the variants, in the order of the alternatives; none where there are no alternatives.
    pub(super) fn variants(&self) -> Vec<&'a str> {
        match &self.shape {
            Shape::Struct(_) => Vec::new(),
            Shape::Enum(variants) => {
                variants.iter().map(|variant| variant.alternative.variant.as_str()).collect()
            }
        }
    }

    /// The struct or enum of the input, with its documentation.
    pub(super) fn definition(&self, scope: &Scope, doc: &TokenStream) -> Result<TokenStream, EmitError> {
        match &self.shape {
            Shape::Struct(fields) => {
                struct_with_fields(scope, &self.item, &self.name, doc, fields, Form::Input)
            }
            Shape::Enum(variants) => {
                let name = &self.name;
                let variants = variants
                    .iter()
                    .map(|variant| {
                        let doc = docs::doc(&variant.sentence());
                        let fields =
                            field_list(scope, &self.item, variant.fields(), &TokenStream::new(), None)?;
                        let name = &variant.name;
                        Ok(quote! { #doc #name { #fields }, })
                    })
                    .collect::<Result<Vec<_>, EmitError>>()?;
                Ok(quote! {
                    #doc
                    #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
                    pub enum #name { #(#variants)* }
                })
            }
        }
    }

    /// A body that works on the fields of whichever alternative there is. `arm` gives the statements for one set of
    /// fields and the fields that they use; alternatives with the same statements share an arm.
    pub(super) fn for_each_alternative(
        &self,
        arm: impl Fn(&'a [Field], Access) -> Result<(TokenStream, Vec<&'a Field>), EmitError>,
    ) -> Result<TokenStream, EmitError> {
        let variants = match &self.shape {
            Shape::Struct(fields) => return Ok(arm(fields, Access::Place)?.0),
            Shape::Enum(variants) => variants,
        };
        let mut arms: Vec<(String, Vec<TokenStream>, TokenStream)> = Vec::new();
        for variant in variants {
            let (fields, variant) = (variant.fields(), &variant.name);
            let (body, used) = arm(fields, Access::Bound)?;
            let types: Vec<String> =
                used.iter().map(|field| format!("{}: {}", field.name, field.ty)).collect();
            let signature = format!("{} => {body}", types.join(", "));
            let rest = (used.len() < fields.len()).then(|| quote! { .. });
            let names =
                used.iter().map(|field| ident(&self.item, &field.name)).collect::<Result<Vec<_>, _>>()?;
            let pattern = quote! { Self::#variant { #(#names,)* #rest } };
            match arms.iter_mut().find(|(known, ..)| *known == signature) {
                Some((_, patterns, _)) => patterns.push(pattern),
                None => arms.push((signature, vec![pattern], body)),
            }
        }
        // Where every alternative does the same without a look at its fields, there is nothing to match on.
        if let [(_, _, body)] = arms.as_slice()
            && variants
                .iter()
                .all(|variant| arm(variant.fields(), Access::Bound).is_ok_and(|(_, used)| used.is_empty()))
        {
            return Ok(body.clone());
        }
        let arms = arms.iter().map(|(_, patterns, body)| quote! { #(#patterns)|* => { #body } });
        Ok(quote! { match self { #(#arms)* } })
    }
}
