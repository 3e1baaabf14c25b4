//! Reason codes across engines. Each engine's own enum is generated; this is what they have in common.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Everything that is known about a registered reason code.
#[derive(Debug, PartialEq, Eq)]
pub struct ReasonCodeInfo {
    /// Engine that registers it: `PH1.W`.
    pub engine: &'static str,
    /// `W_ENROLL_INVALID_BOUNDS`.
    pub name: &'static str,
    /// Permanent number: high 16 bits the engine's block, low 16 bits a sequence.
    pub number: u32,
    /// What kind of thing it says.
    pub class: ReasonClass,
    /// One sentence for people.
    pub meaning: &'static str,
    /// Whether it is retired: readable in old rows, refused in new ones.
    pub retired: bool,
}

// The contract model (`selene_codegen::contract::ReasonClass`) has the same classes. That type is not used here: its crate brings
// a parser of Rust with it, which is built for the macro alone and not for programs. A code of a class that is only there does
// not compile, because the generated code names the class of every code.
/// What kind of thing a reason code says. The register gives every code its class, and a field of a call says which
/// classes it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
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
    /// Its name, as the register writes it: `gate`.
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
}

impl fmt::Display for ReasonClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which reason codes an input takes in one of its fields. Prints as what such a code must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonRule {
    /// The classes that it takes.
    pub classes: &'static [ReasonClass],
    /// The one code that it takes beside them: the one of the capability's own event.
    pub own_step: Option<ReasonCode>,
}

impl ReasonRule {
    /// Whether a code may be given, whether it is retired or not.
    #[must_use]
    pub fn takes(&self, code: ReasonCode) -> bool {
        self.classes.contains(&code.class()) || self.own_step == Some(code)
    }
}

impl fmt::Display for ReasonRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own_step = self.own_step.map(ReasonCode::as_str);
        let named = self.classes.iter().map(|class| class.as_str()).chain(own_step);
        for (index, name) in named.enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

/// A registered reason code of any engine. Serializes as its name.
#[derive(Clone, Copy)]
pub struct ReasonCode(&'static ReasonCodeInfo);

impl ReasonCode {
    /// Wraps what the contract registers. Only expanded contracts make one.
    pub(crate) const fn new(info: &'static ReasonCodeInfo) -> Self {
        Self(info)
    }

    /// Its name: `W_ENROLL_INVALID_BOUNDS`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0.name
    }

    /// Its number in the register, which never changes: `0x0002_0001`.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0.number
    }

    /// The engine that registers it.
    #[must_use]
    pub const fn engine(self) -> &'static str {
        self.0.engine
    }

    /// What kind of thing it says.
    #[must_use]
    pub const fn class(self) -> ReasonClass {
        self.0.class
    }

    /// One sentence for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        self.0.meaning
    }

    /// Whether it may no longer be given.
    #[must_use]
    pub const fn is_retired(self) -> bool {
        self.0.retired
    }
}

impl PartialEq for ReasonCode {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl Eq for ReasonCode {}

impl std::hash::Hash for ReasonCode {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

impl PartialOrd for ReasonCode {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ReasonCode {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.number().cmp(&other.number())
    }
}

impl fmt::Debug for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that no engine registers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a registered reason code")]
pub struct UnknownReasonCode {
    /// The name as it was given.
    pub name: String,
}

impl Serialize for ReasonCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ReasonCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

/// The reason code of each class of refusal, for one engine. Generated from the lexicon's `refusals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusals {
    /// The caller is not among `allowed_callers`.
    pub caller: ReasonCode,
    /// A simulation-gated write without a `simulation_id`.
    pub simulation: ReasonCode,
    /// A value out of its bounds, or a state that does not allow the call.
    pub contract: ReasonCode,
    /// A row that the input names does not exist.
    pub foreign_key: ReasonCode,
    /// A key that must be new exists already.
    pub duplicate: ReasonCode,
    /// Another tenant's, user's, device's or engine's row or key.
    pub scope: ReasonCode,
    /// An attempt to change a ledger.
    pub append_only: ReasonCode,
    /// The thing to work on does not exist.
    pub not_found: ReasonCode,
    /// For a call whose key was used before: it is answered again.
    pub replay: ReasonCode,
    /// Whether a commit is durable is unknown.
    pub outcome_unknown: ReasonCode,
    /// The store cannot serve the call now.
    pub unavailable: ReasonCode,
}
