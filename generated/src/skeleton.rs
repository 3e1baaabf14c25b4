//! The mark of a body that nobody has written yet. What must not live here: anything that a finished body needs.

/// Stands in a body that is not written yet, and panics when it runs: ``not written yet: `AT-W-DB-01` ``.
///
/// What is missing is named as the specs name it: an acceptance test, or a capability. `cargo xtask coverage` knows such a
/// body by this macro and reports it as `skeleton`. In a rule of a store the panic costs its own call and nothing else.
///
/// ```should_panic
/// fn at_w_db_01_tenant_isolation_enforced() {
///     selene_contracts::skeleton!("AT-W-DB-01")
/// }
/// # at_w_db_01_tenant_isolation_enforced();
/// ```
#[macro_export]
macro_rules! skeleton {
    ($name:literal) => {
        ::core::panic!(::core::concat!("not written yet: `", $name, "`"))
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_body_that_is_not_written_says_what_is_missing() {
        let body = || -> u8 { crate::skeleton!("AT-X-DB-01") };
        let panicked = std::panic::catch_unwind(body).unwrap_err();
        assert_eq!(panicked.downcast_ref::<&str>(), Some(&"not written yet: `AT-X-DB-01`"));
    }
}
