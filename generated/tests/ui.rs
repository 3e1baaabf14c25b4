//! Code that must not compile, with the message that a person then sees beside it.
//!
//! It stands in this package because `trybuild` compiles every dependency of the package that it runs in once more,
//! and the acceptance tests depend on SQLite. `TRYBUILD=overwrite cargo test -p selene-contracts --test ui` writes
//! the messages anew.

#[test]
fn code_that_breaks_the_contract_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
