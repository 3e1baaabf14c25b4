//! How the names of the specs become Rust names. One place, so that every emitter and every report agrees.

use crate::contract::TypeRef;

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

/// `os_core.audit_events` becomes `audit_events`: the name of a table in SQL.
#[must_use]
pub fn without_schema(table: &str) -> &str {
    table.rsplit_once('.').map_or(table, |(_, name)| name)
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

/// The variant of an output enum: `UserRecord` stays, `Vec<UserRecord>` becomes `UserRecords`.
#[must_use]
pub fn output_variant(ty: &TypeRef) -> String {
    match ty {
        TypeRef::Unit => "Nothing".to_owned(),
        TypeRef::Builtin(builtin) => pascal(builtin.as_str()),
        TypeRef::Named(name) => pascal(name),
        TypeRef::Option(inner) => format!("Optional{}", output_variant(inner)),
        TypeRef::List(inner) => format!("{}s", output_variant(inner)),
        TypeRef::Map(_, value) => format!("{}Map", output_variant(value)),
    }
}

/// How a name can stand in Rust code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifier {
    /// The name as it is written.
    Plain,
    /// As a raw identifier: `r#type`. Rows and JSON keep the name of the specs, so nothing is lost.
    Raw,
}

/// Words that edition 2024 reserves, strictly or for later, and that may be raw identifiers. Weak keywords (`union`,
/// `default`, `auto`, `safe`, `raw`) are names like any other where the generated code puts them.
const RAW_WORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that Rust refuses even as raw identifiers.
pub const PATH_WORDS: [&str; 4] = ["Self", "crate", "self", "super"];

/// How a name can stand in Rust code; `None` where it cannot: it is empty, `_`, begins with a digit, holds anything but
/// ASCII letters, digits and `_`, or is one of [`PATH_WORDS`].
#[must_use]
pub fn identifier(name: &str) -> Option<Identifier> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !starts_well || !is_word || name == "_" || PATH_WORDS.contains(&name) {
        return None;
    }
    Some(if RAW_WORDS.contains(&name) { Identifier::Raw } else { Identifier::Plain })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_become_raw_and_path_words_are_refused() {
        for word in ["gen", "try", "type", "yield", "async", "typeof", "true"] {
            assert_eq!(identifier(word), Some(Identifier::Raw), "{word}");
        }
        for word in ["union", "default", "auto", "safe", "raw", "macro_rules", "Gen", "_x", "step1"] {
            assert_eq!(identifier(word), Some(Identifier::Plain), "{word}");
        }
        for word in ["", "_", "2fa", "Self", "self", "super", "crate", "a-b", "é", "r#type"] {
            assert_eq!(identifier(word), None, "{word}");
        }
    }

    #[test]
    fn names_follow_the_specs() {
        assert_eq!(module_name("PH1.VOICE.ID"), "ph1_voice_id");
        assert_eq!(engine_stem("PH1.VOICE.ID"), "Ph1VoiceId");
        assert_eq!(without_schema("os_core.audit_events"), "audit_events");
        assert_eq!(without_schema("audit_events"), "audit_events");
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
