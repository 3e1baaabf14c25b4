//! Contract files read back as they were written, and a file of another shape is refused with its place.

use selene_codegen::contract::{Contract, IntegerRepr, SharedContract, TypeDef, TypeKind};
use selene_codegen::yaml;

#[test]
fn a_contract_reads_back_as_it_was_written() {
    for text in [include_str!("contracts/small.yaml"), include_str!("contracts/forms.yaml")] {
        let contract: Contract = yaml::from_str(text).unwrap();
        let written = yaml::to_string(&contract).unwrap();
        assert_eq!(yaml::from_str::<Contract>(&written).unwrap(), contract);
        assert_eq!(yaml::to_string(&yaml::from_str::<Contract>(&written).unwrap()).unwrap(), written);
    }
    let shared: SharedContract = yaml::from_str(include_str!("contracts/shared.yaml")).unwrap();
    let written = yaml::to_string(&shared).unwrap();
    assert_eq!(yaml::from_str::<SharedContract>(&written).unwrap(), shared);
}

#[test]
fn a_file_of_another_shape_is_refused_with_its_place() {
    for (text, problem) in [
        ("types: []\nnonsense: 1\n", "unknown field `nonsense`"),
        ("types:\n- name: A\n  kind: text\n", "missing field `min_len`"),
        ("types:\n- name: A\n  kind: colour\n", "unknown variant `colour`"),
        ("types: [\n", "line 2"),
        ("records:\n- name: A\n  fields:\n  - {name: a, type: Set<A>}\n", "`Set<A>` is not a type"),
    ] {
        let error = yaml::from_str::<SharedContract>(text).unwrap_err();
        assert!(error.to_string().contains(problem), "{text}: {error}");
        assert!(error.to_string().contains("line"), "{text}: {error}");
    }
}

/// Texts that readers of YAML 1.1, YAML 1.2 or JSON take for something else where they stand without quotes.
const AMBIGUOUS: [&str; 62] = [
    "",
    "~",
    "null",
    "Null",
    "NULL",
    "true",
    "TRUE",
    "False",
    "NO",
    "no",
    "Yes",
    "on",
    "ON",
    "Off",
    "y",
    "Y",
    "n",
    "N",
    "0",
    "17",
    "-17",
    "+17",
    "017",
    "0o17",
    "0x1F",
    "0b11",
    "1_000",
    "1e3",
    "1E-3",
    "1.5",
    ".5",
    "5.",
    ".inf",
    "-.INF",
    ".nan",
    "12:30:45",
    "12:30",
    "2001-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5",
    "=",
    "<<",
    "- a",
    "-",
    "? a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "[a",
    "{a",
    "\"a\"",
    "'a'",
    " a ",
];

#[test]
fn what_another_reader_would_take_for_something_else_is_quoted() {
    for text in AMBIGUOUS {
        let written = yaml::to_string(&vec![text]).unwrap();
        assert!(written.starts_with("- '"), "{text}: {written}");
        assert_eq!(yaml::from_str::<Vec<String>>(&written).unwrap(), [text]);
        let key = yaml::to_string(&std::collections::BTreeMap::from([(text, text)])).unwrap();
        assert!(key.starts_with('\''), "{text}: {key}");
    }
    for text in ["W_ENROLL", "a-b", "NONE_LEFT", "Option<UserId>", "(a, b) | c", "e3", "PH1.W", "one, two"] {
        assert_eq!(yaml::to_string(&vec![text]).unwrap(), format!("- {text}\n"));
    }
}

#[test]
fn characters_that_cannot_be_seen_are_written_as_escapes() {
    for (text, written) in [
        ("a\nb", "- \"a\\nb\"\n"),
        ("\u{0}", "- \"\\u0000\"\n"),
        ("a\u{202e}\"\\", "- \"a\\u202E\\\"\\\\\"\n"),
        ("\u{85}\u{2028}\u{feff}\r\t", "- \"\\u0085\\u2028\\uFEFF\\r\\t\"\n"),
    ] {
        assert_eq!(yaml::to_string(&vec![text]).unwrap(), written);
        assert_eq!(yaml::from_str::<Vec<String>>(written).unwrap(), [text]);
    }
}

#[test]
fn bounds_above_64_bits_keep_every_digit() {
    let max = Some(u128::MAX);
    let kind =
        TypeKind::Integer { repr: IntegerRepr::U128, min: Some(u128::from(u64::MAX)), max, unit: None };
    let ty = TypeDef { name: "Wide".to_owned(), kind, doc: String::new() };
    let written = yaml::to_string(&ty).unwrap();
    assert!(written.contains("min: 18446744073709551615\n"), "{written}");
    assert!(written.contains("max: '340282366920938463463374607431768211455'\n"), "{written}");
    assert_eq!(yaml::from_str::<TypeDef>(&written).unwrap(), ty);
}
