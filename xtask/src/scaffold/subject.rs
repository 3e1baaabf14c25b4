//! The contract that is drafted for, and the contracts around it.

use selene_codegen::contract::{
    Capability, Contract, Field, Output, Record, SharedContract, Table, TypeDef, TypeKind, TypeRef,
};
use selene_codegen::naming::{method_name, module_name, pascal, without_schema};
use selene_codegen::row::{self, Known};
use selene_codegen::schema::{self, Schema};

/// The contract that is drafted for, and what it refers to.
pub(super) struct Subject<'a> {
    pub(super) contract: &'a Contract,
    pub(super) contracts: &'a [Contract],
    pub(super) shared: &'a SharedContract,
    pub(super) schema: &'a Schema,
}

/// A table with the contract that lists its columns.
#[derive(Clone, Copy)]
pub(super) struct Owned<'a> {
    pub(super) owner: &'a Contract,
    pub(super) table: &'a Table,
}

impl<'a> Subject<'a> {
    /// `ph1_notes`
    pub(super) fn module(&self) -> String {
        module_name(&self.contract.engine.id)
    }

    /// A table that a contract lists column by column, by its name with or without a schema.
    pub(super) fn table(&self, name: &str) -> Option<Owned<'a>> {
        let name = without_schema(name);
        self.contracts.iter().find_map(|owner| {
            let table = row::tables(owner).find(|table| row::bare_name(table) == name)?;
            Some(Owned { owner, table })
        })
    }

    /// The table as a database has it.
    pub(super) fn schema_of(&self, owned: Owned<'_>) -> Option<&'a schema::Table> {
        self.schema.table(row::bare_name(owned.table))
    }

    /// A record of the engine, else one that all share.
    pub(super) fn record(&self, name: &str) -> Option<&'a Record> {
        let own = self.contract.records.iter();
        own.chain(&self.shared.records).find(|record| record.name == name)
    }

    /// A named type of the engine, else one that all share.
    pub(super) fn named_type(&self, name: &str) -> Option<&'a TypeDef> {
        let own = self.contract.types.iter();
        own.chain(&self.shared.types).find(|ty| ty.name == name)
    }

    /// What the contract says of the rows of a read or guard; then a store serves it without a word about it.
    pub(super) fn known(&self, capability: &Capability) -> Option<Known<'a>> {
        let kind_of = |name: &str| self.named_type(name).map(|ty| &ty.kind);
        Known::of(self.contract, capability, |name| self.record(name), kind_of)
    }

    /// What kind of value a type is; none for records, builtins and collections.
    pub(super) fn kind(&self, ty: &TypeRef) -> Option<&'a TypeKind> {
        match ty {
            TypeRef::Named(name) => self.named_type(name).map(|ty| &ty.kind),
            _ => None,
        }
    }
}

/// `Ph1notesNoteCreateDraftRow`: the input type of a capability.
pub(super) fn input_type(capability: &Capability) -> String {
    pascal(&capability.id)
}

/// The module of a capability below that of its engine: its name without the part that says the engine.
pub(super) fn module_of(capability: &Capability) -> String {
    let method = method_name(&capability.id);
    match method.split_once('_') {
        Some((_, rest)) if rest.starts_with(|c: char| c.is_ascii_lowercase()) => rest.to_owned(),
        _ => method,
    }
}

/// The one record that a capability gives, whether it may be absent, and whether there are several of it.
pub(super) fn given_record(capability: &Capability) -> Option<(&str, Given)> {
    let Output::Type(ty) = &capability.output else { return None };
    match ty {
        TypeRef::Named(name) => Some((name, Given::One)),
        TypeRef::Option(inner) => named(inner).map(|name| (name, Given::Optional)),
        TypeRef::List(inner) => named(inner).map(|name| (name, Given::Several)),
        _ => None,
    }
}

/// How many of a record a capability gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    One,
    Optional,
    Several,
}

fn named(ty: &TypeRef) -> Option<&str> {
    if let TypeRef::Named(name) = ty { Some(name) } else { None }
}

/// A field by its name.
pub(super) fn field<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
    fields.iter().find(|field| field.name == name)
}
