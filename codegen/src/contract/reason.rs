//! Reason codes with their classes, and which of them each class of refusal carries.

use serde::{Deserialize, Serialize};

/// A registered reason code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonCode {
    /// `W_ENROLL_INVALID_BOUNDS`.
    pub name: String,
    /// The permanent number: high 16 bits the engine's block, low 16 bits a sequence.
    pub number: u32,
    /// What kind of thing it says.
    pub class: ReasonClass,
    /// One sentence for people.
    pub meaning: String,
    /// The spec bullet that it comes from.
    pub source: String,
    /// No longer used, but its number and name stay taken and old rows stay readable.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

/// What kind of thing a reason code says. A field of a call says which classes it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonClass {
    /// Why a call was refused.
    Refusal,
    /// A call was applied before, and nothing was written.
    Replay,
    /// What an applied write, an audited read or an audited guard is called.
    Step,
    /// What a sample, a deferral, a formatting or a decision of a person came to.
    Outcome,
    /// A gate that a wake word failed.
    Gate,
    /// Why a wake word was not answered although it may have passed the gates.
    Suppression,
}

impl ReasonClass {
    /// Every class, in declaration order.
    pub const ALL: [Self; 6] =
        [Self::Refusal, Self::Replay, Self::Step, Self::Outcome, Self::Gate, Self::Suppression];

    /// The name as the register, the lexicon and the contracts write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Replay => "replay",
            Self::Step => "step",
            Self::Outcome => "outcome",
            Self::Gate => "gate",
            Self::Suppression => "suppression",
        }
    }

    /// The class of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }
}

/// A reason code together with the engine that registers it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonRef {
    /// `PH1.W`.
    pub engine: String,
    /// `W_ENROLL_INVALID_BOUNDS`.
    pub name: String,
}

/// A class of refusal; every class has exactly one reason code per engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalClass {
    /// The caller is not among `allowed_callers`.
    Caller,
    /// A simulation-gated write without a `simulation_id`.
    Simulation,
    /// A value out of its bounds, or a state that does not allow the call.
    Contract,
    /// A row that the input names does not exist.
    ForeignKey,
    /// A key that must be new exists already.
    Duplicate,
    /// Another tenant's, user's, device's or engine's row or key.
    Scope,
    /// An attempt to change a ledger.
    AppendOnly,
    /// The thing to work on does not exist.
    NotFound,
    /// A replayed call; not a failure, but it carries a code too.
    Replay,
    /// Whether a commit is durable is unknown.
    OutcomeUnknown,
    /// The store cannot serve the call now.
    Unavailable,
}

impl RefusalClass {
    /// Whether such a refusal may carry a code of that class. A replay has a class of its own; an engine without a code of it
    /// reports a replay as a refusal.
    #[must_use]
    pub const fn takes(self, class: ReasonClass) -> bool {
        matches!((self, class), (_, ReasonClass::Refusal) | (Self::Replay, ReasonClass::Replay))
    }

    /// Every class, in declaration order.
    pub const ALL: [Self; 11] = [
        Self::Caller,
        Self::Simulation,
        Self::Contract,
        Self::ForeignKey,
        Self::Duplicate,
        Self::Scope,
        Self::AppendOnly,
        Self::NotFound,
        Self::Replay,
        Self::OutcomeUnknown,
        Self::Unavailable,
    ];

    /// The name as the lexicon and the contracts write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Simulation => "simulation",
            Self::Contract => "contract",
            Self::ForeignKey => "foreign_key",
            Self::Duplicate => "duplicate",
            Self::Scope => "scope",
            Self::AppendOnly => "append_only",
            Self::NotFound => "not_found",
            Self::Replay => "replay",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Unavailable => "unavailable",
        }
    }
}
