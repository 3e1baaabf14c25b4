//! What a rule is.

use super::subject::Subject;
use crate::diagnostics::{Code, Diagnostics};

/// One thing that must hold among the pages, the lexicon and the register.
pub struct Rule {
    /// Its id, its severity and its purpose in one sentence.
    pub code: &'static Code,
    /// Why it is there, and what mends a finding: what `--explain` prints behind the purpose.
    pub explain: &'static str,
    /// A folder with specs that break it, below `xtask/tests/fixtures`.
    pub fixture: &'static str,
    /// What looks for places that break it.
    pub finder: Finder,
}

/// What looks for places that break a rule.
pub enum Finder {
    /// A function of this phase.
    Lint(fn(&Subject<'_>, &mut Diagnostics)),
    /// An earlier phase, by its folder: without what it asks for, no contract could be made at all. Such a rule cannot be silenced.
    Phase(&'static str),
}

impl Rule {
    /// A rule of this phase.
    pub(super) const fn lint(
        code: &'static Code,
        fixture: &'static str,
        run: fn(&Subject<'_>, &mut Diagnostics),
        explain: &'static str,
    ) -> Self {
        Self { code, explain, fixture, finder: Finder::Lint(run) }
    }

    /// A rule that an earlier phase keeps.
    pub(super) const fn phase(
        code: &'static Code,
        fixture: &'static str,
        phase: &'static str,
        explain: &'static str,
    ) -> Self {
        Self { code, explain, fixture, finder: Finder::Phase(phase) }
    }

    /// Whether a line of a spec may silence it.
    #[must_use]
    pub const fn can_be_silenced(&self) -> bool {
        matches!(self.finder, Finder::Lint(_))
    }
}
