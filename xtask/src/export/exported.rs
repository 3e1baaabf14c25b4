//! What is exported, and what every document says of itself.

use selene_codegen::contract::{Contract, SharedContract};

/// What is exported: the contracts of all engines, and those that are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Exported<'c> {
    /// Every engine: a reason code may be of any of them.
    pub contracts: &'c [Contract],
    /// The types and records of all engines.
    pub shared: &'c SharedContract,
    /// The ids of the engines to export.
    pub engines: &'c [&'c str],
}

impl<'c> Exported<'c> {
    pub(super) fn chosen(self) -> impl Iterator<Item = &'c Contract> {
        self.contracts.iter().filter(move |contract| self.engines.contains(&contract.engine.id.as_str()))
    }

    /// `PH1.F, PH1.J and PH1.W`, or the one engine.
    pub(super) fn title(self) -> String {
        match self.engines {
            [one] => format!("Contract of {one}"),
            _ => format!("Contracts of {}", self.engines.join(", ")),
        }
    }
}

/// What every document says of itself.
pub(super) const NOTES: &str = "Made from the contracts of the specs by `cargo xtask export`. The shapes are those that the Rust types \
     write as JSON. A field whose type allows null may be absent. Lengths of texts are bounded in bytes of UTF-8 \
     (`x-min-bytes`, `x-max-bytes`); `minLength` and `maxLength` count characters and are only what follows from that. An id \
     (`x-id`) must not look like another one: no controls, no spaces at its ends, no invisible characters, normal form C.";
