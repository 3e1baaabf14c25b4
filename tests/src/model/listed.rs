//! Which engines have no drafted model: those whose models were written by hand, and those without any.

/// Engines whose models were written by hand, by id.
pub(super) const BY_HAND: &[&str] = &[
    "PH1.F",
    "PH1.J",
    "PH1.LINK",
    "PH1.ONB",
    "PH1.PERSONA",
    "PH1.POSITION",
    "PH1.VOICE.ID",
    "PH1.W",
    "PH1.WRITE",
    "PH2.ACCESS",
];

/// Engines that no model answers, by id: no sequence calls them, and their tables stay empty. One line for each.
#[rustfmt::skip]
pub const WITHOUT_MODEL: &[&str] = &[
];
