//! What is changed: the contract of an engine, or what all engines share.

use selene_codegen::contract::{Capability, Contract, Field, SharedContract, Table, TypeDef};
use selene_codegen::naming::module_name;
use selene_codegen::yaml::{self, YamlError};

use crate::paths::SHARED;

/// One file of contracts.
#[derive(Debug, Clone)]
pub enum Subject {
    /// What all engines share.
    Shared(SharedContract),
    /// The contract of one engine.
    Engine(Box<Contract>),
}

impl Subject {
    /// The contract of an engine.
    #[must_use]
    pub fn engine(contract: Contract) -> Self {
        Self::Engine(Box::new(contract))
    }

    /// `PH1.W`, or `shared`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Shared(_) => SHARED,
            Self::Engine(contract) => &contract.engine.id,
        }
    }

    /// The name of its file without extension: `ph1_w`.
    #[must_use]
    pub fn file(&self) -> String {
        match self {
            Self::Shared(_) => SHARED.to_owned(),
            Self::Engine(contract) => module_name(&contract.engine.id),
        }
    }

    /// Its text as YAML, without the comment at the head of the file.
    ///
    /// # Errors
    /// It holds something that YAML cannot express.
    pub fn text(&self) -> Result<String, YamlError> {
        match self {
            Self::Shared(shared) => yaml::to_string(shared),
            Self::Engine(contract) => yaml::to_string(contract),
        }
    }

    pub(super) fn types(&self) -> &[TypeDef] {
        match self {
            Self::Shared(shared) => &shared.types,
            Self::Engine(contract) => &contract.types,
        }
    }

    pub(super) fn types_mut(&mut self) -> &mut [TypeDef] {
        match self {
            Self::Shared(shared) => &mut shared.types,
            Self::Engine(contract) => &mut contract.types,
        }
    }

    /// The contract of an engine; nothing for what all share.
    pub(super) fn contract(&self) -> Option<&Contract> {
        match self {
            Self::Shared(_) => None,
            Self::Engine(contract) => Some(contract),
        }
    }

    /// The contract of an engine. Only operators that found something in it ask.
    pub(super) fn contract_mut(&mut self) -> &mut Contract {
        match self {
            Self::Shared(_) => unreachable!("what all engines share has no capabilities and no tables"),
            Self::Engine(contract) => contract,
        }
    }

    /// The capabilities that are served, each with its place in the contract.
    pub(super) fn capabilities(&self) -> impl Iterator<Item = (usize, &Capability)> {
        let all = self.contract().into_iter().flat_map(|contract| contract.capabilities.iter().enumerate());
        all.filter(|(_, capability)| !capability.planned)
    }

    /// The tables, each with its place in the contract.
    pub(super) fn tables(&self) -> impl Iterator<Item = (usize, &Table)> {
        self.contract().into_iter().flat_map(|contract| contract.tables.iter().enumerate())
    }

    /// Every input field of served capabilities.
    pub(super) fn inputs(&self) -> Vec<(FieldAt, &Field)> {
        let mut found = Vec::new();
        for (capability, stated) in self.capabilities() {
            let plain = stated.input.iter().enumerate();
            found.extend(
                plain.map(|(field, stated)| (FieldAt { capability, alternative: None, field }, stated)),
            );
            for (alternative, fields) in stated.input_alternatives.iter().enumerate() {
                found.extend(fields.fields.iter().enumerate().map(|(field, stated)| {
                    (FieldAt { capability, alternative: Some(alternative), field }, stated)
                }));
            }
        }
        found
    }

    /// The path of an input field, as places of a contract are named.
    pub(super) fn input_path(&self, at: FieldAt) -> Vec<String> {
        let Some(capability) = self.contract().map(|contract| &contract.capabilities[at.capability]) else {
            return Vec::new();
        };
        let of_input = ["capabilities", capability.id.as_str(), "input"];
        match at.alternative {
            None => path(&[&of_input[..], &[&capability.input[at.field].name]].concat()),
            Some(alternative) => {
                let alternative = &capability.input_alternatives[alternative];
                path(&[&of_input[..], &[&alternative.variant, &alternative.fields[at.field].name]].concat())
            }
        }
    }
}

/// Where an input field stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldAt {
    capability: usize,
    alternative: Option<usize>,
    field: usize,
}

impl FieldAt {
    /// The field in a copy of the contract.
    pub(super) fn get_mut(self, subject: &mut Subject) -> &mut Field {
        let capability = &mut subject.contract_mut().capabilities[self.capability];
        match self.alternative {
            None => &mut capability.input[self.field],
            Some(alternative) => &mut capability.input_alternatives[alternative].fields[self.field],
        }
    }
}

/// A path from its parts.
pub(super) fn path(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}
