//! What the specs state and somebody has to prove. What must not live here: whether it is proven.

use selene_codegen::contract::{Capability, Contract, Effect, TruthType};
use selene_codegen::naming::without_schema;
use serde::Serialize;

use super::record::Outcome;

/// A kind of thing that is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A capability.
    Capability,
    /// A reason code.
    ReasonCode,
    /// An acceptance test.
    AcceptanceTest,
    /// A sentence about the rows of a table.
    Invariant,
    /// Who may call, within what, and what a bullet named `…gate…` or `…guard` says.
    Gate,
    /// A ledger that nobody can change.
    LedgerLock,
}

impl Kind {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::Capability,
        Self::ReasonCode,
        Self::AcceptanceTest,
        Self::Invariant,
        Self::Gate,
        Self::LedgerLock,
    ];

    /// Its name for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Capability => "capability",
            Self::ReasonCode => "reason code",
            Self::AcceptanceTest => "acceptance test",
            Self::Invariant => "invariant",
            Self::Gate => "gate",
            Self::LedgerLock => "ledger lock",
        }
    }

    /// Its name for several of them.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Capability => "capabilities",
            Self::ReasonCode => "reason codes",
            Self::AcceptanceTest => "acceptance tests",
            Self::Invariant => "invariants",
            Self::Gate => "gates",
            Self::LedgerLock => "ledger locks",
        }
    }
}

/// Something that the specs state.
#[derive(Debug, Clone)]
pub struct Item<'c> {
    /// The contract that states it.
    pub contract: &'c Contract,
    /// What it is called: an id, `TABLE: SENTENCE`, `CAPABILITY: GATE`, the name of a table.
    pub name: String,
    /// Where its line stands among the places of the contract.
    pub path: Vec<String>,
    /// The statement of the specs that is to be proven.
    pub subject: Subject<'c>,
}

/// What an item is.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'c> {
    /// A capability, and what comes of a call that it is there for.
    Capability(&'c Capability, &'static [Outcome]),
    /// A reason code by its name.
    Code(&'c selene_codegen::contract::ReasonCode),
    /// An acceptance test.
    Test(&'c selene_codegen::contract::AcceptanceTest),
    /// A sentence about the rows of a table, by the name of the table in SQL.
    Sentence(&'c str, &'c str),
    /// A refusal of a capability.
    Refusal(&'c Capability, Outcome),
    /// A condition of a capability in words.
    Condition(&'c Capability),
    /// A ledger by its name in SQL.
    Ledger(&'c str),
}

impl Subject<'_> {
    /// The kind of the subject.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Capability(..) => Kind::Capability,
            Self::Code(_) => Kind::ReasonCode,
            Self::Test(_) => Kind::AcceptanceTest,
            Self::Sentence(..) => Kind::Invariant,
            Self::Refusal(..) | Self::Condition(_) => Kind::Gate,
            Self::Ledger(_) => Kind::LedgerLock,
        }
    }
}

/// Everything that a contract states, kind by kind, in the order of the contract.
#[must_use]
pub fn items(contract: &Contract) -> Vec<Item<'_>> {
    let item = |name: &str, path: &[&str], subject| Item {
        contract,
        name: name.to_owned(),
        path: path.iter().map(|part| (*part).to_owned()).collect(),
        subject,
    };
    let mut items = Vec::new();
    for capability in &contract.capabilities {
        let subject = Subject::Capability(capability, served(capability.effect));
        items.push(item(&capability.id, &["capabilities", &capability.id], subject));
    }
    for code in &contract.reason_codes {
        items.push(item(&code.name, &["reason_codes", &code.name], Subject::Code(code)));
    }
    for test in &contract.acceptance_tests {
        items.push(item(&test.id, &["acceptance_tests", &test.id], Subject::Test(test)));
    }
    for table in &contract.tables {
        for (index, text) in table.invariants.iter().enumerate() {
            let bare = without_schema(&table.name);
            let path = ["tables", &table.name, "invariants", &index.to_string()];
            items.push(item(&format!("{bare}: {text}"), &path, Subject::Sentence(bare, text)));
        }
    }
    for capability in contract.served() {
        let id = &capability.id;
        let mut gate = |name: &str, path: &[&str], subject| {
            items.push(item(&format!("{id}: {name}"), &[&["capabilities", id], path].concat(), subject));
        };
        gate("caller", &["allowed_callers"], Subject::Refusal(capability, Outcome::CallerNotAllowed));
        if capability.simulation_gated {
            let subject = Subject::Refusal(capability, Outcome::SimulationRequired);
            gate("simulation", &["simulation_gated"], subject);
        }
        for note in capability.notes.iter().filter(|note| is_gate(&note.key)) {
            gate(&note.key, &["notes", &note.key], Subject::Condition(capability));
        }
    }
    for table in contract.tables.iter().filter(|table| table.truth_type == TruthType::Ledger) {
        let bare = without_schema(&table.name);
        items.push(item(bare, &["tables", &table.name, "truth_type"], Subject::Ledger(bare)));
    }
    items
}

/// Whether a bullet of a capability states a condition: `gate_rule`, `process_guard`.
fn is_gate(key: &str) -> bool {
    key.contains("gate") || key.contains("guard")
}

/// What comes of a call that a capability is there for.
const fn served(effect: Effect) -> &'static [Outcome] {
    match effect {
        Effect::Write => &[Outcome::Applied],
        Effect::Read => &[Outcome::Answered, Outcome::Audited],
        Effect::Guard => &[Outcome::AppendOnlyViolation],
    }
}
