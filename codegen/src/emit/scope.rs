//! What the names of a contract mean, and how they are written in Rust.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::contract::{Builtin, Contract, ReasonRef, Record, RefusalClass, SharedContract, TypeDef, TypeRef};
use crate::naming::{self, Identifier};

use super::EmitError;

/// Everything that a contract can name: its own types and records, then the shared ones.
pub(super) struct Scope<'a> {
    contract: Option<&'a Contract>,
    types: &'a [TypeDef],
    records: &'a [Record],
    named: BTreeMap<&'a str, (Meaning<'a>, Home)>,
}

/// What a leaf of a type reference is.
#[derive(Clone, Copy)]
pub(super) enum Meaning<'a> {
    /// `()`, as of a guard.
    Unit,
    /// A type that every contract knows.
    Builtin(Builtin),
    /// A newtype or an enum.
    Type(&'a TypeDef),
    /// A record of the contract or of the shared one.
    Record(&'a Record),
}

/// Which module declares a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    Here,
    Shared,
}

impl<'a> Scope<'a> {
    /// The names of an engine's contract; its own win over shared ones.
    pub(super) fn of_engine(contract: &'a Contract, shared: &'a SharedContract) -> Result<Self, EmitError> {
        let mut named = BTreeMap::new();
        declare(&mut named, "shared", Home::Shared, &shared.types, &shared.records)?;
        declare(&mut named, &contract.engine.id, Home::Here, &contract.types, &contract.records)?;
        Ok(Self { contract: Some(contract), types: &contract.types, records: &contract.records, named })
    }

    /// The names of the shared contract.
    pub(super) fn of_shared(shared: &'a SharedContract) -> Result<Self, EmitError> {
        let mut named = BTreeMap::new();
        declare(&mut named, "shared", Home::Here, &shared.types, &shared.records)?;
        Ok(Self { contract: None, types: &shared.types, records: &shared.records, named })
    }

    /// The engine's contract; only the shared contract has none.
    pub(super) const fn contract(&self) -> Option<&'a Contract> {
        self.contract
    }

    /// `PH1.W`, or `shared`.
    pub(super) fn id(&self) -> &'a str {
        self.contract.map_or("shared", |contract| contract.engine.id.as_str())
    }

    pub(super) const fn own_types(&self) -> &'a [TypeDef] {
        self.types
    }

    pub(super) const fn own_records(&self) -> &'a [Record] {
        self.records
    }

    /// Every record that the contract can name, with its path in Rust, by name.
    pub(super) fn known_records(&self) -> impl Iterator<Item = (&'a Record, TokenStream)> {
        self.named.iter().filter_map(|(name, (meaning, home))| {
            let Meaning::Record(record) = meaning else { return None };
            let name = ident(name, name).ok()?;
            let path = match home {
                Home::Here => quote! { #name },
                Home::Shared => quote! { ::selene_contracts::shared::#name },
            };
            Some((*record, path))
        })
    }

    /// What a leaf means; `None` for lists, options, maps and unknown names.
    pub(super) fn meaning(&self, leaf: &TypeRef) -> Option<Meaning<'a>> {
        match leaf {
            TypeRef::Unit => Some(Meaning::Unit),
            TypeRef::Builtin(builtin) => Some(Meaning::Builtin(*builtin)),
            TypeRef::Named(name) => self.named.get(name.as_str()).map(|(meaning, _)| *meaning),
            TypeRef::Option(_) | TypeRef::List(_) | TypeRef::Map(..) => None,
        }
    }

    /// The Rust type of a reference that stands at `item`.
    pub(super) fn ty(&self, item: &str, ty: &TypeRef) -> Result<TokenStream, EmitError> {
        Ok(match ty {
            TypeRef::Unit => quote! { () },
            TypeRef::Builtin(builtin) => self.builtin(item, *builtin)?,
            TypeRef::Named(name) => {
                let (_, home) = self
                    .named
                    .get(name.as_str())
                    .ok_or_else(|| EmitError::UnknownType { item: item.to_owned(), name: name.clone() })?;
                let ident = ident(item, name)?;
                match home {
                    Home::Here => quote! { #ident },
                    Home::Shared => quote! { ::selene_contracts::shared::#ident },
                }
            }
            TypeRef::Option(inner) => {
                let inner = self.ty(item, inner)?;
                quote! { ::core::option::Option<#inner> }
            }
            TypeRef::List(inner) => {
                let inner = self.ty(item, inner)?;
                quote! { ::std::vec::Vec<#inner> }
            }
            TypeRef::Map(key, value) => {
                let (key, value) = (self.ty(item, key)?, self.ty(item, value)?);
                quote! { ::std::collections::BTreeMap<#key, #value> }
            }
        })
    }

    fn builtin(&self, item: &str, builtin: Builtin) -> Result<TokenStream, EmitError> {
        Ok(match builtin {
            Builtin::ReasonCode => quote! { ::selene_contracts::ReasonCode },
            Builtin::Payload => quote! { ::selene_contracts::Payload },
            Builtin::Digest => quote! { ::selene_contracts::Digest },
            Builtin::EngineReasonCode => {
                let contract = self
                    .contract
                    .filter(|contract| !contract.reason_codes.is_empty())
                    .ok_or_else(|| EmitError::NoReasonCodes { item: item.to_owned() })?;
                let name = reason_enum(&contract.engine.id);
                quote! { #name }
            }
            Builtin::Bool | Builtin::U8 | Builtin::U16 | Builtin::U32 | Builtin::U64 | Builtin::F32 => {
                let name = Ident::new(builtin.as_str(), Span::call_site());
                quote! { #name }
            }
        })
    }

    /// A constant expression for a reason code that stands at `item`: the engine's own, one of its refusals, or
    /// another engine's as `ENGINE:NAME`.
    pub(super) fn reason_code(&self, item: &str, name: &str) -> Result<TokenStream, EmitError> {
        if let Some((engine, name)) = name.split_once(':') {
            return reason_ref(item, &ReasonRef { engine: engine.to_owned(), name: name.to_owned() });
        }
        let found = self.contract.and_then(|contract| {
            if contract.reason_codes.iter().any(|code| code.name == name) {
                return Some(ReasonRef { engine: contract.engine.id.clone(), name: name.to_owned() });
            }
            contract.refusals.values().find(|reference| reference.name == name).cloned()
        });
        let found = found.ok_or_else(|| EmitError::UnknownReasonCode {
            item: item.to_owned(),
            engine: self.id().to_owned(),
            name: name.to_owned(),
        })?;
        reason_ref(item, &found)
    }

    /// A constant expression for the reason code of a class of refusal.
    pub(super) fn refusal(&self, class: RefusalClass) -> Result<TokenStream, EmitError> {
        let missing = || EmitError::MissingRefusal { engine: self.id().to_owned(), class: class.as_str() };
        let contract = self.contract.ok_or_else(missing)?;
        let item = format!("{}: refusals: {}", self.id(), class.as_str());
        let reference = contract.refusals.get(&class).ok_or_else(missing)?;
        if reference.engine == contract.engine.id {
            return self.reason_code(&item, &reference.name);
        }
        reason_ref(&item, reference)
    }
}

/// Adds the types and records of one contract; a name that is declared twice in it is an error.
fn declare<'a>(
    named: &mut BTreeMap<&'a str, (Meaning<'a>, Home)>,
    contract: &str,
    home: Home,
    types: &'a [TypeDef],
    records: &'a [Record],
) -> Result<(), EmitError> {
    let types = types.iter().map(|ty| (ty.name.as_str(), Meaning::Type(ty)));
    let records = records.iter().map(|record| (record.name.as_str(), Meaning::Record(record)));
    let mut seen = BTreeSet::new();
    for (name, meaning) in types.chain(records) {
        if !seen.insert(name) {
            return Err(EmitError::DuplicateName { item: contract.to_owned(), name: name.to_owned() });
        }
        named.insert(name, (meaning, home));
    }
    Ok(())
}

/// A reason code of any engine as a constant expression.
fn reason_ref(item: &str, reference: &ReasonRef) -> Result<TokenStream, EmitError> {
    let module = ident(item, &naming::module_name(&reference.engine))?;
    let name = reason_enum(&reference.engine);
    let variant = ident(item, &naming::pascal(&reference.name))?;
    Ok(quote! { ::selene_contracts::#module::#name::#variant.code() })
}

/// `Ph1WReasonCode`.
pub(super) fn reason_enum(engine_id: &str) -> Ident {
    format_ident!("{}ReasonCode", naming::engine_stem(engine_id))
}

/// A name as an identifier; reserved words become raw ones.
pub(super) fn ident(item: &str, name: &str) -> Result<Ident, EmitError> {
    match naming::identifier(name) {
        Some(Identifier::Plain) => Ok(Ident::new(name, Span::call_site())),
        Some(Identifier::Raw) => Ok(Ident::new_raw(name, Span::call_site())),
        None => Err(EmitError::InvalidName { item: item.to_owned(), name: name.to_owned() }),
    }
}

/// Refuses two names that are the same name in Rust.
pub(super) fn distinct<'n>(item: &str, names: impl IntoIterator<Item = &'n Ident>) -> Result<(), EmitError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(EmitError::DuplicateName { item: item.to_owned(), name: name.to_string() });
        }
    }
    Ok(())
}
