//! The schema language, form by form: what a schema is read as, and what is reported of a malformed one.

use std::fmt::Write as _;

use xtask::parse::schema::{outline, parse};
use xtask::source::Sources;

/// Every schema with its outline and its findings, each with the bytes that it marks.
fn read_all(schemas: &[&str]) -> String {
    let mut text = String::new();
    for schema in schemas {
        let file = Sources::default().add("", "", "");
        let (tree, errors) = parse(schema, file, 0);
        let tree = tree.as_ref().map_or_else(|| "-".to_owned(), outline);
        let _ = writeln!(text, "{schema:?}\n    {tree}");
        for error in errors {
            let marked = &schema[error.span.start..error.span.end];
            let _ = writeln!(
                text,
                "    {}..{} {marked:?}: {} ({})",
                error.span.start, error.span.end, error.message, error.help
            );
        }
    }
    text
}

#[test]
fn well_formed_schemas() {
    let read = read_all(&[
        "none",
        "()",
        "unit",
        "user_id",
        "(now, user_id, title?, tags[], rollout_scope=CurrentAndNew, ratio=0.5, engine=PH1.PERSONA, text=\"two words\")",
        "session_id | profile_id",
        "(status={OPEN|HELD}, kinds={A, B}, one={A})",
        "(mode=OFF|AUTO, done=true|false, state=OPEN | HELD?, text=\"a\"|\"b\", engine=PH1.A|PH1.B)",
        "(mode=OFF | session_id, mode=OFF|x=Y, mode=OFF | Record{a}, mode=OFF | in words)",
        "mode=OFF|AUTO",
        "(session_id, sample_seq) | event_id",
        "(now, sample quality fields, result)",
        "stream/device/timing fields",
        "(a, b - c, d)",
        "Result<WakeEnrollmentSessionRecord, StorageError>",
        "Result<(), StorageError>",
        "Result<(campaign_id, state), StorageError>",
        "Result<A | B[], StorageError>",
        "Result<Name{a,b?,c[]}, StorageError>",
        "Name{}",
        "Option<wake_profile_id>",
        "Vec<Record>",
        "Record[]",
        "Record[]?",
        "Map<OnboardingSessionId, OnboardingSessionRecord>",
        "Map<A, Map<B, Option<C[]>>>",
        "A | B[] | C",
        "  ( a ,\n    b? )  ",
    ]);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(read) });
}

#[test]
fn malformed_schemas_mark_the_place_and_say_what_to_type() {
    let read = read_all(&[
        "",
        "   ",
        "(a, b",
        "a, b",
        "(a,, b)",
        "(a, b,)",
        "(a b)?x",
        "a)",
        "|",
        "a |",
        "(| a)",
        "a??",
        "a[",
        "a[0]",
        "Map<A",
        "Map<>",
        "Name{a",
        "a=",
        "(a=, b)",
        "(status={A|B, c)",
        "(status={A|}, c)",
        "(status={}, c)",
        "(status={A B}, c)",
        "(a: u8)",
        "note (optional) fields",
        "é?ß",
        "\"open",
        "((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))))",
    ]);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(read) });
}
