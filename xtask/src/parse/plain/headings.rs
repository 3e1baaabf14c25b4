//! The sections of the dialect: their headings, and the halves that must have them.

use selene_codegen::contract::SpecKind;

use crate::parse::section::Section;

/// A section that the dialect knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    EngineHeader,
    CapabilityList,
    FailureModes,
    AuditPerCapability,
    Sources,
    DataOwned,
    Reads,
    Writes,
    Relations,
    ReasonCodes,
    AuditEmissions,
    AcceptanceTests,
}

const ECM: &[SpecKind] = &[SpecKind::Ecm];
const DB: &[SpecKind] = &[SpecKind::DbWiring];

impl Known {
    /// Every section, in the order in which missing ones are reported.
    pub(super) const ALL: [Self; 12] = [
        Self::EngineHeader,
        Self::CapabilityList,
        Self::FailureModes,
        Self::AuditPerCapability,
        Self::Sources,
        Self::DataOwned,
        Self::Reads,
        Self::Writes,
        Self::Relations,
        Self::ReasonCodes,
        Self::AuditEmissions,
        Self::AcceptanceTests,
    ];

    /// The heading, without number and brackets: `Data Owned` of `## 2) Data Owned (tables)`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::EngineHeader => "Engine Header",
            Self::CapabilityList => "Capability List",
            Self::FailureModes => "Failure Modes + Reason Codes",
            Self::AuditPerCapability => "Audit Emission Requirements Per Capability",
            Self::Sources => "Sources",
            Self::DataOwned => "Data Owned",
            Self::Reads => "Reads",
            Self::Writes => "Writes",
            Self::Relations => "Relations & Keys",
            Self::ReasonCodes => "Reason Codes",
            Self::AuditEmissions => "Audit Emissions",
            Self::AcceptanceTests => "Acceptance Tests",
        }
    }

    /// The halves of an engine that must have the section.
    pub(super) const fn required_in(self) -> &'static [SpecKind] {
        match self {
            Self::EngineHeader => &[SpecKind::Ecm, SpecKind::DbWiring],
            Self::CapabilityList | Self::FailureModes | Self::AuditPerCapability | Self::Sources => ECM,
            Self::DataOwned
            | Self::Reads
            | Self::Writes
            | Self::Relations
            | Self::AuditEmissions
            | Self::AcceptanceTests => DB,
            Self::ReasonCodes => &[],
        }
    }

    /// The section of that heading. Case does not count, and neither does what stands in brackets behind the name.
    pub(super) fn of(section: &Section<'_>) -> Option<Self> {
        let name = section.name();
        let name = name.split_once(" (").map_or(name.as_str(), |(name, _)| name).trim();
        let name = if name.eq_ignore_ascii_case("Audit/Proof Emissions") { "Audit Emissions" } else { name };
        Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }
}
