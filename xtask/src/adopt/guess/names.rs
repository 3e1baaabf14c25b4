//! The table of names: how the fields of specs are called, and which type a name of that form has.

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Meaning {
    /// A type that the language of the lexicon has.
    Builtin(&'static str),
    /// A whole number with its smallest and largest value.
    Whole(&'static str, u64, u64),
    /// A real number between two bounds.
    Real(&'static str, &'static str),
    /// A time of the caller's clock: the type of `now`.
    Time,
    /// An id of its own type, at most that many bytes long.
    Id(u32),
    /// The same in ASCII only.
    AsciiId(u32),
    /// Words that people read, at most that many bytes long.
    Text(u32),
    /// One of several values.
    Choice,
}

/// How a name must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// It is this word, or these words.
    Whole,
    /// It begins with this.
    Begins,
    /// It ends with this, or is it without the `_`.
    Ends,
    /// The name has this text anywhere.
    Holds,
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pattern {
    /// How a name must look.
    pub form: Form,
    /// The part that it must have.
    pub part: &'static str,
    /// What it stands for then.
    pub meaning: Meaning,
    /// Why, for the person who reads the draft: what a name of that form is.
    pub why: &'static str,
}

const fn whole(part: &'static str, meaning: Meaning, why: &'static str) -> Pattern {
    Pattern { form: Form::Whole, part, meaning, why }
}

const fn begins(part: &'static str, meaning: Meaning, why: &'static str) -> Pattern {
    Pattern { form: Form::Begins, part, meaning, why }
}

const fn ends(part: &'static str, meaning: Meaning, why: &'static str) -> Pattern {
    Pattern { form: Form::Ends, part, meaning, why }
}

const fn holds(part: &'static str, meaning: Meaning, why: &'static str) -> Pattern {
    Pattern { form: Form::Holds, part, meaning, why }
}

const BOOL: Meaning = Meaning::Builtin("bool");
const COUNT: Meaning = Meaning::Builtin("u32");
const PLACE: Meaning = Meaning::Builtin("u64");
const PART: Meaning = Meaning::Real("0.0", "1.0");
const REAL: Meaning = Meaning::Builtin("f32");
const DIGEST: Meaning = Meaning::Builtin("Digest");
const REASON: Meaning = Meaning::Builtin("EngineReasonCode");

/// Every pattern. The first that a name has decides.
pub const PATTERNS: [Pattern; 119] = [
    whole("payload_min", Meaning::Builtin("Payload"), "the payload of an event"),
    ends("_reason_code", REASON, "a registered code"),
    // Whether something is so, before what it is about.
    begins("is_", BOOL, "a question"),
    begins("has_", BOOL, "a question"),
    begins("can_", BOOL, "a question"),
    begins("allow_", BOOL, "a question"),
    begins("allows_", BOOL, "a question"),
    begins("requires_", BOOL, "a question"),
    begins("needs_", BOOL, "a question"),
    begins("no_", BOOL, "a denial"),
    holds("_active_at_", BOOL, "a state at a moment"),
    ends("_active", BOOL, "a state that is or is not"),
    ends("_enabled", BOOL, "a state that is or is not"),
    ends("_accepted", BOOL, "an answer"),
    ends("_confirmed", BOOL, "an answer"),
    ends("_asserted", BOOL, "an answer"),
    ends("_allowed", BOOL, "an answer"),
    ends("_required", BOOL, "an answer"),
    ends("_valid", BOOL, "an answer"),
    ends("_ok", BOOL, "an answer"),
    ends("_only", BOOL, "an answer"),
    ends("_detected", BOOL, "an answer"),
    ends("_changed", BOOL, "an answer"),
    ends("_degraded", BOOL, "an answer"),
    ends("_unstable", BOOL, "an answer"),
    ends("_duplicate", BOOL, "an answer"),
    ends("_requested", BOOL, "an answer"),
    ends("_received", BOOL, "an answer"),
    ends("_present", BOOL, "an answer"),
    ends("_enforced", BOOL, "an answer"),
    // Times and how long something takes.
    ends("_at", Meaning::Time, "a moment"),
    ends("_until", Meaning::Time, "a moment"),
    ends("_since", Meaning::Time, "a moment"),
    ends("_time", Meaning::Time, "a moment"),
    ends("_deadline", Meaning::Time, "a moment"),
    ends("_date", Meaning::AsciiId(32), "a day, as 2026-01-31"),
    ends("_ms", COUNT, "milliseconds"),
    ends("_ns", PLACE, "nanoseconds"),
    ends("_seconds", COUNT, "seconds"),
    ends("_minutes", COUNT, "minutes"),
    ends("_days", COUNT, "days"),
    // Numbers.
    ends("_count", COUNT, "a count"),
    ends("_bytes", COUNT, "a size in bytes"),
    ends("_points", COUNT, "a count"),
    ends("_chars", COUNT, "a count of characters"),
    ends("_attempts", Meaning::Whole("u8", 0, 20), "a small count"),
    ends("_retries", Meaning::Whole("u8", 0, 20), "a small count"),
    ends("_passes", Meaning::Whole("u8", 0, 8), "a small count"),
    ends("_index", Meaning::Whole("u16", 1, 65_535), "a place from 1"),
    ends("_seq", PLACE, "a place in a sequence"),
    ends("_sequence", PLACE, "a place in a sequence"),
    ends("_position", PLACE, "a place in a store"),
    ends("_ordinal", PLACE, "a place in a sequence"),
    ends("_limit", COUNT, "a limit"),
    ends("_budget", COUNT, "a limit"),
    ends("_target", COUNT, "a number to reach"),
    ends("_total", COUNT, "a count"),
    ends("_stars", Meaning::Whole("u8", 1, 5), "stars"),
    ends("_percent", Meaning::Whole("u8", 0, 100), "a part of a hundred"),
    ends("_pct", PART, "a part of a whole"),
    ends("_ratio", PART, "a part of a whole"),
    ends("_coverage", PART, "a part of a whole"),
    ends("_score", PART, "a measure from 0 to 1"),
    ends("_confidence", PART, "a measure from 0 to 1"),
    ends("_probability", PART, "a measure from 0 to 1"),
    ends("_likeness", PART, "a measure from 0 to 1"),
    ends("_clarity", PART, "a measure from 0 to 1"),
    ends("_db", REAL, "decibels"),
    ends("_dbfs", REAL, "decibels of full scale"),
    ends("_ppm", REAL, "parts of a million"),
    begins("max_", COUNT, "a limit"),
    begins("min_", COUNT, "a limit"),
    begins("num_", COUNT, "a count"),
    begins("total_", COUNT, "a count"),
    // One of several values.
    ends("_status", Meaning::Choice, "a choice"),
    ends("_state", Meaning::Choice, "a choice"),
    ends("_lifecycle", Meaning::Choice, "a choice"),
    ends("_mode", Meaning::Choice, "a choice"),
    ends("_kind", Meaning::Choice, "a choice"),
    ends("_type", Meaning::Choice, "a choice"),
    ends("_level", Meaning::Choice, "a choice"),
    ends("_scope", Meaning::Choice, "a choice"),
    ends("_result", Meaning::Choice, "a choice"),
    ends("_decision", Meaning::Choice, "a choice"),
    ends("_outcome", Meaning::Choice, "a choice"),
    ends("_operation", Meaning::Choice, "a choice"),
    ends("_action", Meaning::Choice, "a choice"),
    ends("_role", Meaning::Choice, "a choice"),
    ends("_rule", Meaning::Choice, "a choice"),
    ends("_gate", Meaning::Choice, "a choice"),
    ends("_step", Meaning::Choice, "a choice"),
    ends("_gates", Meaning::Choice, "a choice"),
    ends("_channel", Meaning::Choice, "a choice"),
    ends("_priority", Meaning::Choice, "a choice"),
    ends("_band", Meaning::Choice, "a choice"),
    ends("_severity", Meaning::Choice, "a choice"),
    // Digests, references, ids.
    ends("_hash", DIGEST, "a hash"),
    ends("_digest", DIGEST, "a hash"),
    ends("_fingerprint", Meaning::Id(256), "a fingerprint"),
    ends("_ref", Meaning::Id(128), "a reference"),
    ends("_id", Meaning::Id(64), "an id"),
    ends("_token", Meaning::Id(128), "a token"),
    ends("_key", Meaning::AsciiId(64), "a key"),
    ends("_code", Meaning::Id(32), "a code"),
    ends("_tag", Meaning::AsciiId(35), "a tag"),
    ends("_language", Meaning::AsciiId(35), "a language tag, as en-GB"),
    ends("_locale", Meaning::AsciiId(35), "a language tag, as en-GB"),
    ends("_timezone", Meaning::AsciiId(64), "a time zone, as Europe/Rome"),
    ends("_currency", Meaning::AsciiId(3), "a currency, as EUR"),
    ends("_country", Meaning::AsciiId(2), "a country, as IT"),
    // Words.
    ends("_title", Meaning::Text(128), "words for people"),
    ends("_name", Meaning::Text(256), "words for people"),
    ends("_label", Meaning::Text(128), "words for people"),
    ends("_text", Meaning::Text(4096), "words for people"),
    ends("_body", Meaning::Text(4096), "words for people"),
    ends("_message", Meaning::Text(1024), "words for people"),
    ends("_note", Meaning::Text(1024), "words for people"),
    ends("_summary", Meaning::Text(1024), "words for people"),
    ends("_description", Meaning::Text(1024), "words for people"),
];

impl Pattern {
    /// Whether a name has this form.
    #[must_use]
    pub fn fits(&self, name: &str) -> bool {
        match self.form {
            Form::Whole => name == self.part,
            Form::Begins => name.starts_with(self.part),
            Form::Ends => name.ends_with(self.part) || name == self.part.trim_start_matches('_'),
            Form::Holds => name.contains(self.part),
        }
    }

    /// The form in words: `its name ends with `_at`: a moment`.
    #[must_use]
    pub fn reason(&self) -> String {
        let verb = match self.form {
            Form::Whole => "is",
            Form::Begins => "begins with",
            Form::Ends => "ends with",
            Form::Holds => "holds",
        };
        format!("its name {verb} `{}`: {}", self.part, self.why)
    }
}

/// The pattern of a name; the first of the table that fits.
#[must_use]
pub fn pattern_of(name: &str) -> Option<&'static Pattern> {
    PATTERNS.iter().find(|pattern| pattern.fits(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pattern_is_hidden_by_an_earlier_one() {
        for (index, pattern) in PATTERNS.iter().enumerate() {
            let name = match pattern.form {
                Form::Whole => pattern.part.to_owned(),
                Form::Begins => format!("{}thing", pattern.part),
                Form::Ends => format!("thing{}", pattern.part),
                Form::Holds => format!("thing{}thing", pattern.part),
            };
            let first = PATTERNS.iter().position(|other| other.fits(&name));
            assert_eq!(first, Some(index), "{name}");
        }
    }
}
