//! When a field of a requirement schema is required, and which fields a version may hold.
//!
//! A predicate reads `[selector.]key=value`: the field is required where the schema's selector `key` is exactly
//! `value`. The key is lower snake ASCII. The value is a text without `=`, control characters, and white space at its
//! ends. Example: `selector.jurisdiction=DE`. A predicate that cannot be evaluated makes its field required.

use std::collections::BTreeSet;

use selene_contracts::ph1_position::{RequiredRule, RequirementField, SchemaSelectors};
use selene_contracts::{Capability, StorageError};

use super::refuse;

/// A parsed predicate: the selector and the value that it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Predicate<'a> {
    key: &'a str,
    value: &'a str,
}

impl<'a> Predicate<'a> {
    /// Parses a predicate; none where it is malformed.
    fn parse(text: &'a str) -> Option<Self> {
        let (name, value) = text.split_once('=')?;
        let key = name.strip_prefix("selector.").unwrap_or(name);
        let is_key = key.starts_with(|first: char| first.is_ascii_lowercase())
            && key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        let is_value = !value.is_empty()
            && value.trim() == value
            && !value.chars().any(|character| character == '=' || character.is_control());
        (is_key && is_value).then_some(Self { key, value })
    }

    /// Whether it holds; none where the selector is unknown or not given.
    fn holds(self, selectors: &SchemaSelectors) -> Option<bool> {
        let given = match self.key {
            "company_size" => selectors.company_size.as_ref()?.as_str(),
            "industry_code" => selectors.industry_code.as_ref()?.as_str(),
            "jurisdiction" => selectors.jurisdiction.as_ref()?.as_str(),
            "position_family" => selectors.position_family.as_ref()?.as_str(),
            _ => return None,
        };
        Some(given == self.value)
    }
}

/// Whether a field is required under these selectors. It is optional only where its predicate is well-formed and does not hold.
pub(crate) fn required(field: &RequirementField, selectors: &SchemaSelectors) -> bool {
    let predicate = match (field.required_rule, &field.required_predicate) {
        (RequiredRule::Conditional, Some(predicate)) => Predicate::parse(predicate.as_str()),
        (RequiredRule::Always, _) | (RequiredRule::Conditional, None) => None,
    };
    predicate.and_then(|predicate| predicate.holds(selectors)).unwrap_or(true)
}

/// Refuses fields that contradict themselves or each other.
///
/// # Errors
/// A key occurs twice; a CONDITIONAL field has no predicate, or a malformed one; an ALWAYS field has a predicate.
pub(crate) fn check<C: Capability>(fields: &[RequirementField]) -> Result<(), StorageError> {
    let mut keys = BTreeSet::new();
    for field in fields {
        if !keys.insert(field.field_key.as_str()) {
            return Err(refuse::rule::<C>("field_key", "stands twice among the fields"));
        }
        let problem = match (field.required_rule, &field.required_predicate) {
            (RequiredRule::Always, Some(_)) => "must be absent, ALWAYS has no condition",
            (RequiredRule::Conditional, None) => "is missing, CONDITIONAL needs it",
            (RequiredRule::Conditional, Some(predicate))
                if Predicate::parse(predicate.as_str()).is_none() =>
            {
                "does not read `[selector.]key=value`"
            }
            _ => continue,
        };
        return Err(refuse::rule::<C>("required_predicate", problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use selene_contracts::ph1_position::{EvidenceMode, Ph1positionSchemaDraftRow};

    use super::*;

    fn field(key: &str, rule: RequiredRule, predicate: Option<&str>) -> RequirementField {
        RequirementField {
            field_key: key.into(),
            field_type: "text".into(),
            required_rule: rule,
            required_predicate: predicate.map(Into::into),
            sensitivity: "LOW".into(),
            exposure: "INTERNAL".into(),
            evidence_mode: EvidenceMode::UserAnswer,
            prompt_ref: None,
        }
    }

    fn selectors() -> SchemaSelectors {
        SchemaSelectors {
            company_size: Some("LARGE".into()),
            industry_code: Some("health care".into()),
            jurisdiction: Some("DE".into()),
            position_family: None,
        }
    }

    #[test]
    fn what_is_a_predicate_and_whether_its_field_is_required() {
        // Well-formed or not, and whether a field under it is required for LARGE, health care, DE and no family.
        let cases = [
            ("jurisdiction=DE", true, true),
            ("selector.jurisdiction=DE", true, true),
            ("jurisdiction=FR", true, false),
            ("selector.jurisdiction=FR", true, false),
            ("jurisdiction=de", true, false),
            ("jurisdiction=D", true, false),
            ("company_size=LARGE", true, true),
            ("company_size=SMALL", true, false),
            ("industry_code=health care", true, true),
            ("industry_code=health", true, false),
            // A selector that is not given, or unknown, leaves the field required.
            ("position_family=NURSE", true, true),
            ("selector.shoe_size=44", true, true),
            ("selector=DE", true, true),
            // So does a malformed predicate.
            ("", false, true),
            ("jurisdiction", false, true),
            ("=FR", false, true),
            ("selector.=FR", false, true),
            ("jurisdiction=", false, true),
            ("jurisdiction= ", false, true),
            ("jurisdiction =FR", false, true),
            ("jurisdiction= FR", false, true),
            ("jurisdiction=FR ", false, true),
            (" jurisdiction=FR", false, true),
            ("jurisdiction==FR", false, true),
            ("jurisdiction=FR=DE", false, true),
            ("jurisdiction=F\nR", false, true),
            ("Jurisdiction=FR", false, true),
            ("SELECTOR.jurisdiction=FR", false, true),
            ("selector.selector.jurisdiction=FR", false, true),
            ("selectors.jurisdiction=FR", false, true),
            ("other.jurisdiction=FR", false, true),
            ("_jurisdiction=FR", false, true),
            ("1=FR", false, true),
            ("jurisdictión=FR", false, true),
        ];
        for (predicate, is_well_formed, is_required) in cases {
            assert_eq!(Predicate::parse(predicate).is_some(), is_well_formed, "{predicate:?}");
            let field = field("k", RequiredRule::Conditional, Some(predicate));
            assert_eq!(required(&field, &selectors()), is_required, "{predicate:?}");
            let checked = check::<Ph1positionSchemaDraftRow>(&[field]);
            assert_eq!(checked.is_ok(), is_well_formed, "{predicate:?}");
        }
    }

    #[test]
    fn each_selector_that_is_given_can_free_a_field() {
        let given = SchemaSelectors { position_family: Some("NURSE".into()), ..selectors() };
        let values = [
            ("company_size", "LARGE"),
            ("industry_code", "health care"),
            ("jurisdiction", "DE"),
            ("position_family", "NURSE"),
        ];
        for (key, value) in values {
            let of = |value| field("k", RequiredRule::Conditional, Some(&format!("{key}={value}")));
            assert!(required(&of(value), &given), "{key}");
            assert!(!required(&of("another"), &given), "{key}");
        }
    }

    #[test]
    fn only_a_condition_can_free_a_field() {
        let always = field("k", RequiredRule::Always, None);
        assert!(required(&always, &selectors()));
        let contradicting = field("k", RequiredRule::Always, Some("jurisdiction=FR"));
        assert!(required(&contradicting, &selectors()));
        let without = field("k", RequiredRule::Conditional, None);
        assert!(required(&without, &selectors()));
    }

    #[test]
    fn fields_that_contradict_themselves_are_refused() {
        let always = |key| field(key, RequiredRule::Always, None);
        let conditional = |key| field(key, RequiredRule::Conditional, Some("jurisdiction=DE"));
        let cases = [
            (vec![], None),
            (vec![always("a"), conditional("b"), always("A")], None),
            (
                vec![always("a"), conditional("b"), always("a")],
                Some("field_key stands twice among the fields"),
            ),
            (
                vec![field("a", RequiredRule::Always, Some("jurisdiction=DE"))],
                Some("required_predicate must be absent, ALWAYS has no condition"),
            ),
            (
                vec![field("a", RequiredRule::Conditional, None)],
                Some("required_predicate is missing, CONDITIONAL needs it"),
            ),
            (
                vec![field("a", RequiredRule::Conditional, Some("jurisdiction"))],
                Some("required_predicate does not read `[selector.]key=value`"),
            ),
        ];
        for (fields, expected) in cases {
            let found = match check::<Ph1positionSchemaDraftRow>(&fields) {
                Ok(()) => None,
                Err(StorageError::ContractViolation { reason_code, violations, .. }) => {
                    assert_eq!(reason_code.as_str(), "POSITION_CONTRACT_VALIDATION_FAILED");
                    Some(violations[0].to_string())
                }
                Err(other) => panic!("{other}"),
            };
            assert_eq!(found.as_deref(), expected);
        }
    }
}
