//! Bounds, checked at the door. Expanded contracts call one method of [`Violations`] per bounded field.

use crate::error::StorageError;
use crate::look_alike::LookAlike;
use crate::payload::Payload;
use crate::reason::{ReasonCode, ReasonRule};
use crate::violation::{FieldViolation, Problem};

/// Collects every violation of one call.
#[derive(Debug)]
pub struct Violations {
    default: ReasonCode,
    found: Vec<FieldViolation>,
    /// Ids that look like others. Kept apart: they may be stored by an earlier build.
    look_alikes: Vec<FieldViolation>,
}

impl Violations {
    /// Starts with the engine's code for a contract violation.
    #[must_use]
    pub const fn new(default: ReasonCode) -> Self {
        Self { default, found: Vec::new(), look_alikes: Vec::new() }
    }

    /// What was found so far, without ids that look like others.
    #[must_use]
    pub fn found(&self) -> &[FieldViolation] {
        &self.found
    }

    /// Ids that look like others, found so far.
    #[must_use]
    pub fn look_alikes(&self) -> &[FieldViolation] {
        &self.look_alikes
    }

    /// The error for a call of `capability`, if anything was found, ids that look like others last.
    #[must_use]
    pub fn into_error(self, capability: &'static str) -> Option<StorageError> {
        let mut violations = self.found;
        violations.extend(self.look_alikes);
        let reason_code = violations.first()?.reason_code;
        Some(StorageError::ContractViolation { reason_code, capability, violations })
    }

    /// Adds a violation; `code` overrides the engine's own.
    pub fn push(&mut self, field: &'static str, problem: Problem, code: Option<ReasonCode>) {
        self.found.push(FieldViolation { field, problem, reason_code: code.unwrap_or(self.default) });
    }

    /// An id of `min..=max` bytes that is not blank and does not look like another one.
    pub fn id(
        &mut self,
        field: &'static str,
        value: &str,
        bounds: (usize, usize),
        ascii: bool,
        code: Option<ReasonCode>,
    ) {
        if self.length(field, value, bounds, ascii, code) {
            self.look_alike(field, LookAlike::of(value), code);
        }
    }

    /// A text that people read, of `min..=max` bytes, not blank and without control characters.
    pub fn text(
        &mut self,
        field: &'static str,
        value: &str,
        bounds: (usize, usize),
        ascii: bool,
        code: Option<ReasonCode>,
    ) {
        if self.length(field, value, bounds, ascii, code) {
            self.look_alike(field, LookAlike::of_text(value), code);
        }
    }

    fn look_alike(&mut self, field: &'static str, found: Option<LookAlike>, code: Option<ReasonCode>) {
        let reason_code = code.unwrap_or(self.default);
        self.look_alikes.extend(found.map(|look_alike| FieldViolation {
            field,
            problem: Problem::LookAlike(look_alike),
            reason_code,
        }));
    }

    /// Returns whether nothing is wrong.
    fn length(
        &mut self,
        field: &'static str,
        value: &str,
        (min, max): (usize, usize),
        ascii: bool,
        code: Option<ReasonCode>,
    ) -> bool {
        let before = self.found.len();
        if min > 0 && value.trim().is_empty() {
            self.push(field, Problem::Blank, code);
        } else if value.len() < min || value.len() > max {
            self.push(field, Problem::Length { min, max, actual: value.len() }, code);
        } else if ascii && !value.is_ascii() {
            self.push(field, Problem::NotAscii, code);
        }
        self.found.len() == before
    }

    /// A number within `inside`; `bounds` is how the contract writes it.
    pub fn range(
        &mut self,
        field: &'static str,
        inside: bool,
        (min, max): (&'static str, &'static str),
        code: Option<ReasonCode>,
    ) {
        if !inside {
            self.push(field, Problem::Range { min, max }, code);
        }
    }

    /// A number that is neither NaN nor infinite. Returns whether it is.
    pub fn finite(&mut self, field: &'static str, value: f32, code: Option<ReasonCode>) -> bool {
        if !value.is_finite() {
            self.push(field, Problem::NotFinite, code);
        }
        value.is_finite()
    }

    /// The one value that the contract fixes.
    pub fn fixed(
        &mut self,
        field: &'static str,
        is_expected: bool,
        expected: &'static str,
        code: Option<ReasonCode>,
    ) {
        if !is_expected {
            self.push(field, Problem::Fixed { expected }, code);
        }
    }

    /// A list of at most `max` items.
    pub fn items(&mut self, field: &'static str, actual: usize, max: usize, code: Option<ReasonCode>) {
        if actual > max {
            self.push(field, Problem::Items { max, actual }, code);
        }
    }

    /// A reason code that may still be given.
    pub fn reason(&mut self, field: &'static str, value: ReasonCode, code: Option<ReasonCode>) {
        if value.is_retired() {
            self.push(field, Problem::Retired, code);
        }
    }

    /// A reason code that may still be given, and that the field takes.
    pub fn reason_of(
        &mut self,
        field: &'static str,
        value: ReasonCode,
        takes: &'static ReasonRule,
        code: Option<ReasonCode>,
    ) {
        if takes.takes(value) {
            self.reason(field, value, code);
        } else {
            self.push(field, Problem::ReasonClass { takes }, code);
        }
    }

    /// A payload within its bounds, whose values hold no control characters.
    pub fn payload(&mut self, field: &'static str, value: &Payload, code: Option<ReasonCode>) {
        if let Err(error) = value.check() {
            self.push(field, Problem::Payload(error), code);
        } else {
            let unseen = value.iter().find_map(|(_, value)| LookAlike::of_text(value));
            self.look_alike(field, unseen, code);
        }
    }
}
