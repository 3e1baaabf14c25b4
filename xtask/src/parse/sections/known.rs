//! The sections that specs have: their headings in every dialect.

use crate::parse::section::Section;

/// A section that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// `Engine Header`
    EngineHeader,
    /// `Capability List`
    CapabilityList,
    /// `Failure Modes + Reason Codes`
    FailureModes,
    /// `Audit Emission Requirements Per Capability`
    AuditPerCapability,
    /// `Sources`
    Sources,
    /// `Data Owned`
    DataOwned,
    /// `Ownership`: tables owned, reads and writes of the lettered dialect.
    Ownership,
    /// `Wiring`: who calls the engine, and what goes in and out.
    Wiring,
    /// `Reads`
    Reads,
    /// `Writes`
    Writes,
    /// `Relations & Keys`
    Relations,
    /// `Reason Codes`
    ReasonCodes,
    /// `Audit Emissions`
    AuditEmissions,
    /// `Acceptance Tests`
    AcceptanceTests,
    /// Sentences for people: boundaries, constraints, rules, notes.
    Prose,
}

impl Known {
    /// Every section that has one name, in the order in which missing ones are reported.
    pub(super) const NAMED: [Self; 14] = [
        Self::EngineHeader,
        Self::CapabilityList,
        Self::FailureModes,
        Self::AuditPerCapability,
        Self::Sources,
        Self::DataOwned,
        Self::Ownership,
        Self::Wiring,
        Self::Reads,
        Self::Writes,
        Self::Relations,
        Self::ReasonCodes,
        Self::AuditEmissions,
        Self::AcceptanceTests,
    ];

    /// The heading, without number and brackets: `Data Owned` of `## 2) Data Owned (tables)`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EngineHeader => "Engine Header",
            Self::CapabilityList => "Capability List",
            Self::FailureModes => "Failure Modes + Reason Codes",
            Self::AuditPerCapability => "Audit Emission Requirements Per Capability",
            Self::Sources => "Sources",
            Self::DataOwned => "Data Owned",
            Self::Ownership => "Ownership",
            Self::Wiring => "Wiring",
            Self::Reads => "Reads",
            Self::Writes => "Writes",
            Self::Relations => "Relations & Keys",
            Self::ReasonCodes => "Reason Codes",
            Self::AuditEmissions => "Audit Emissions",
            Self::AcceptanceTests => "Acceptance Tests",
            Self::Prose => "Boundaries",
        }
    }

    /// Whether a page may have it more than once: tests and sentences are lists that go on.
    pub const fn may_repeat(self) -> bool {
        matches!(self, Self::AcceptanceTests | Self::Prose)
    }

    /// The section of that heading. Case does not count, and neither does what stands in brackets behind the name.
    #[must_use]
    pub fn of(section: &Section<'_>) -> Option<Self> {
        section.heading?;
        Self::of_name(&section.name())
    }

    /// The section that is named so.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.split_once(" (").map_or(name, |(name, _)| name).trim().to_ascii_lowercase();
        Self::called(&name).or_else(|| Self::by_words(&name))
    }

    /// The section that has this name, or another one that stands for it, without brackets behind it.
    #[must_use]
    pub fn called(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let other_name = match name.as_str() {
            "header" | "engine identity" | "engine metadata" => Some(Self::EngineHeader),
            "capabilities" | "capability contracts" | "capability map" | "capability set" => {
                Some(Self::CapabilityList)
            }
            "data ownership" | "ownership and persistence" | "ownership & persistence" => {
                Some(Self::Ownership)
            }
            "audit/proof emissions" | "audit emission requirements" => Some(Self::AuditEmissions),
            "failure modes" | "failure modes and reason codes" | "failure modes & reason codes" => {
                Some(Self::FailureModes)
            }
            "relations and keys" => Some(Self::Relations),
            "tables owned" | "owned tables" => Some(Self::DataOwned),
            "read paths" | "read dependencies" => Some(Self::Reads),
            "write paths" | "write outputs" => Some(Self::Writes),
            _ => None,
        };
        let named = || Self::NAMED.into_iter().find(|known| known.name().eq_ignore_ascii_case(&name));
        other_name.or_else(named)
    }

    /// Headings that say what they are with one of their words: `Runtime Acceptance Tests`, `Hard Boundary`.
    fn by_words(name: &str) -> Option<Self> {
        // A name such as `NOTE_KEEP` is one word.
        let words = || name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        if words().any(|word| word == "acceptance") {
            return Some(Self::AcceptanceTests);
        }
        for (start, known) in [
            ("capability list", Self::CapabilityList),
            ("data owned", Self::DataOwned),
            ("audit emission requirements", Self::AuditPerCapability),
            ("audit emissions", Self::AuditEmissions),
            ("failure modes", Self::FailureModes),
        ] {
            if name.starts_with(start) {
                return Some(known);
            }
        }
        if name.replace('-', " ").contains("reason code") {
            return Some(Self::ReasonCodes);
        }
        words().any(|word| PROSE.contains(&word)).then_some(Self::Prose)
    }
}

/// Words of headings under which sentences for people stand.
const PROSE: [&str; 14] = [
    "boundary",
    "boundaries",
    "constraints",
    "rule",
    "rules",
    "invariants",
    "lock",
    "locks",
    "note",
    "notes",
    "references",
    "guardrails",
    "discipline",
    "blocker",
];
