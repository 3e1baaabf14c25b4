//! How the names of the specs become Rust names. One place, so that every emitter and every report agrees.

/// `PH1.VOICE.ID` becomes `ph1_voice_id`: the module and the contract file of an engine.
#[must_use]
pub fn module_name(engine_id: &str) -> String {
    engine_id.to_ascii_lowercase().replace('.', "_")
}

/// `PH1.VOICE.ID` becomes `Ph1VoiceId`: the stem of the engine's own Rust types.
#[must_use]
pub fn engine_stem(engine_id: &str) -> String {
    pascal(engine_id)
}

/// `PH1W_ENROLL_START_DRAFT_ROW` becomes `ph1w_enroll_start_draft_row`.
#[must_use]
pub fn method_name(capability_id: &str) -> String {
    capability_id.to_ascii_lowercase()
}

/// `PH1W_ENROLL_START_DRAFT_ROW`, `pass_target` or `CurrentAndNew` in `PascalCase`.
#[must_use]
pub fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in upper_snake(name).split('_') {
        let (first, rest) = word.split_at(word.len().min(1));
        out.push_str(first);
        out.push_str(&rest.to_ascii_lowercase());
    }
    out
}

/// `CurrentAndNew`, `current_and_new` or `CURRENT_AND_NEW` as `CURRENT_AND_NEW`: the stored spelling of enum values.
#[must_use]
pub fn upper_snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut previous_is_lower = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            previous_is_lower = false;
            continue;
        }
        if c.is_ascii_uppercase() && previous_is_lower {
            out.push('_');
        }
        previous_is_lower = c.is_ascii_lowercase();
        out.push(c.to_ascii_uppercase());
    }
    while out.ends_with('_') {
        out.pop();
    }
    out
}

/// `Ph1wWakeRepo` becomes `Ph1wWakeBackend`.
#[must_use]
pub fn backend_trait(repo_trait: &str) -> String {
    format!("{}Backend", repo_trait.strip_suffix("Repo").unwrap_or(repo_trait))
}

/// The name of an input enum's variant: its field names, joined with `And`.
#[must_use]
pub fn alternative_variant<'a>(field_names: impl IntoIterator<Item = &'a str>) -> String {
    field_names.into_iter().map(pascal).collect::<Vec<_>>().join("And")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_specs() {
        assert_eq!(module_name("PH1.VOICE.ID"), "ph1_voice_id");
        assert_eq!(engine_stem("PH1.VOICE.ID"), "Ph1VoiceId");
        assert_eq!(pascal("PH1W_ENROLL_START_DRAFT_ROW"), "Ph1wEnrollStartDraftRow");
        assert_eq!(pascal("W_ENROLL_INVALID_BOUNDS"), "WEnrollInvalidBounds");
        assert_eq!(pascal("CurrentAndNew"), "CurrentAndNew");
        assert_eq!(upper_snake("CurrentAndNew"), "CURRENT_AND_NEW");
        assert_eq!(upper_snake("CURRENT_AND_NEW"), "CURRENT_AND_NEW");
        assert_eq!(upper_snake("Other"), "OTHER");
        assert_eq!(backend_trait("Ph1wWakeRepo"), "Ph1wWakeBackend");
        assert_eq!(
            alternative_variant(["wake_enrollment_session_id", "sample_seq"]),
            "WakeEnrollmentSessionIdAndSampleSeq"
        );
    }
}
