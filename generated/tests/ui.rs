//! Code that must not compile, with the message that a person then sees beside it.
//!
//! It stands in this package because `trybuild` compiles every dependency of the package that it runs in once more,
//! and the acceptance tests depend on SQLite. `cargo xtask bless messages` shows what an edit
//! of the specs changes in the messages, and accepts it; it names a folder with the cases in `SELENE_PINNED`.

#[test]
fn code_that_breaks_the_contract_does_not_compile() {
    let stage = std::env::var_os("SELENE_PINNED").map(std::path::PathBuf::from);
    let cases = stage.map_or_else(|| "tests/ui/*.rs".into(), |stage| stage.join("generated/tests/ui/*.rs"));
    trybuild::TestCases::new().compile_fail(cases);
}
