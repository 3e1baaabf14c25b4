//! What it means for a value to be within its bounds, for every type that a contract can name.

use std::collections::BTreeMap;

use crate::check::Violations;
use crate::digest::Digest;
use crate::payload::Payload;
use crate::reason::ReasonCode;

/// A value whose type has bounds. Expanded contracts implement it for every newtype, enum and record.
pub trait Bounded {
    /// Reports every bound that the value breaks, as a violation of `field`; `code` overrides the engine's own code.
    fn check(&self, field: &'static str, code: Option<ReasonCode>, violations: &mut Violations);
}

/// Types whose values have no bounds to check.
macro_rules! unbounded {
    ($($ty:ty),*) => {$(
        impl Bounded for $ty {
            fn check(&self, _field: &'static str, _code: Option<ReasonCode>, _violations: &mut Violations) {}
        }
    )*};
}

unbounded!((), bool, u8, u16, u32, u64, u128, Digest);

impl Bounded for f32 {
    fn check(&self, field: &'static str, code: Option<ReasonCode>, violations: &mut Violations) {
        violations.finite(field, *self, code);
    }
}

impl Bounded for ReasonCode {
    fn check(&self, field: &'static str, code: Option<ReasonCode>, violations: &mut Violations) {
        violations.reason(field, *self, code);
    }
}

impl Bounded for Payload {
    fn check(&self, field: &'static str, code: Option<ReasonCode>, violations: &mut Violations) {
        violations.payload(field, self, code);
    }
}

impl<T: Bounded> Bounded for Option<T> {
    fn check(&self, field: &'static str, code: Option<ReasonCode>, violations: &mut Violations) {
        if let Some(value) = self {
            value.check(field, code, violations);
        }
    }
}

impl<T: Bounded> Bounded for Vec<T> {
    fn check(&self, field: &'static str, code: Option<ReasonCode>, violations: &mut Violations) {
        for item in self {
            item.check(field, code, violations);
        }
    }
}

impl<K: Bounded, V: Bounded> Bounded for BTreeMap<K, V> {
    fn check(&self, field: &'static str, code: Option<ReasonCode>, violations: &mut Violations) {
        for (key, value) in self {
            key.check(field, code, violations);
            value.check(field, code, violations);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::{ReasonClass, ReasonCodeInfo, ReasonRule};
    use crate::violation::Problem;

    static ACTIVE: ReasonCodeInfo = ReasonCodeInfo {
        engine: "PH9.T",
        name: "T_ACTIVE",
        number: 1,
        class: ReasonClass::Refusal,
        meaning: "For tests.",
        retired: false,
    };
    static RETIRED: ReasonCodeInfo = ReasonCodeInfo {
        engine: "PH9.T",
        name: "T_RETIRED",
        number: 2,
        class: ReasonClass::Refusal,
        meaning: "For tests.",
        retired: true,
    };

    fn problems(value: &impl Bounded) -> Vec<Problem> {
        let mut violations = Violations::new(ReasonCode::new(&ACTIVE));
        value.check("field", None, &mut violations);
        violations.found().iter().map(|found| found.problem.clone()).collect()
    }

    #[test]
    fn floats_must_be_finite_wherever_they_stand() {
        assert_eq!(problems(&f32::MAX), []);
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(problems(&value), [Problem::NotFinite]);
        }
        assert_eq!(problems(&Some(f32::NAN)), [Problem::NotFinite]);
        assert_eq!(problems(&vec![1.0, f32::NAN, f32::NAN]), [Problem::NotFinite, Problem::NotFinite]);
        let map = BTreeMap::from([(1_u8, vec![Some(f32::NAN)])]);
        assert_eq!(problems(&map), [Problem::NotFinite]);
        assert_eq!(problems(&None::<f32>), []);
    }

    #[test]
    fn retired_reason_codes_are_refused() {
        assert_eq!(problems(&ReasonCode::new(&ACTIVE)), []);
        assert_eq!(problems(&Some(ReasonCode::new(&RETIRED))), [Problem::Retired]);
    }

    #[test]
    fn a_field_takes_the_classes_that_it_names_and_the_step_of_its_own() {
        static GATE: ReasonCodeInfo =
            ReasonCodeInfo { name: "T_GATE", number: 3, class: ReasonClass::Gate, ..ACTIVE };
        static STEP: ReasonCodeInfo =
            ReasonCodeInfo { name: "T_STEP", number: 4, class: ReasonClass::Step, ..ACTIVE };
        static OTHER_STEP: ReasonCodeInfo =
            ReasonCodeInfo { name: "T_OTHER_STEP", number: 5, class: ReasonClass::Step, ..ACTIVE };
        static RETIRED_GATE: ReasonCodeInfo =
            ReasonCodeInfo { name: "T_RETIRED_GATE", number: 6, class: ReasonClass::Gate, ..RETIRED };
        static RULE: ReasonRule =
            ReasonRule { classes: &[ReasonClass::Gate], own_step: Some(ReasonCode::new(&STEP)) };
        let found = |info: &'static ReasonCodeInfo| {
            let mut violations = Violations::new(ReasonCode::new(&ACTIVE));
            violations.reason_of("field", ReasonCode::new(info), &RULE, None);
            violations.found().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let other = "field must be a reason code of another class: the field takes gate or T_STEP";
        assert_eq!(found(&GATE), Vec::<String>::new());
        assert_eq!(found(&STEP), Vec::<String>::new());
        assert_eq!(found(&OTHER_STEP), [other]);
        assert_eq!(found(&ACTIVE), [other]);
        assert_eq!(found(&RETIRED), [other], "reported once");
        assert_eq!(found(&RETIRED_GATE), ["field is a retired reason code"]);
    }

    #[test]
    fn payloads_are_checked() {
        assert_eq!(problems(&Payload::new([("key", "value")])), []);
        assert_eq!(problems(&Payload::new([("Key", "value")])).len(), 1);
        // Refused where something new is written, and no reason to refuse a retry of what was answered before.
        let mut violations = Violations::new(ReasonCode::new(&ACTIVE));
        Bounded::check(&Payload::new([("key", "a\0b")]), "field", None, &mut violations);
        assert_eq!((violations.found().len(), violations.look_alikes().len()), (0, 1));
    }

    #[test]
    fn texts_are_counted_in_bytes_and_white_space_is_blank() {
        let problem = |value: &str, bounds, ascii| {
            let mut violations = Violations::new(ReasonCode::new(&ACTIVE));
            violations.id("field", value, bounds, ascii, None);
            violations.found().first().map(|found| found.problem.clone())
        };
        assert_eq!(problem("ab", (2, 2), true), None);
        assert_eq!(problem("a", (2, 2), false), Some(Problem::Length { min: 2, max: 2, actual: 1 }));
        assert_eq!(problem("éa", (1, 2), false), Some(Problem::Length { min: 1, max: 2, actual: 3 }));
        assert_eq!(problem("é", (1, 2), true), Some(Problem::NotAscii));
        assert_eq!(problem(" \t\n", (1, 9), false), Some(Problem::Blank));
        assert_eq!(problem("", (0, 9), false), None);
        assert_eq!(problem("   ", (0, 9), false), None);
    }

    #[test]
    fn a_code_of_its_own_replaces_the_engines() {
        let mut violations = Violations::new(ReasonCode::new(&ACTIVE));
        f32::NAN.check("field", Some(ReasonCode::new(&RETIRED)), &mut violations);
        assert_eq!(violations.found()[0].reason_code, ReasonCode::new(&RETIRED));
        assert_eq!(violations.found()[0].to_string(), "field is not a finite number");
    }
}
