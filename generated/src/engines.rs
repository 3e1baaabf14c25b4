//! Every engine, each expanded from its contract. Machine-written by `cargo xtask regenerate`; edit `specs/` instead.

/// PH1.F: Keep the foundation that every engine leans on: identities, devices and their tenant, sessions, the memory and conversation ledgers, and the record of every idempotency key.
pub mod ph1_f {
    selene_codegen_macros::contract!("contracts/ph1_f.yaml");
}

/// PH1.J: Keep every audit event of every engine in hash-chained, append-only chains, one chain per tenant, and read them back in order.
pub mod ph1_j {
    selene_codegen_macros::contract!("contracts/ph1_j.yaml");
}

/// PH1.LINK: Keep invitation links from draft to use, as far as onboarding needs them: generate, open and activate on one device, revoke, read.
pub mod ph1_link {
    selene_codegen_macros::contract!("contracts/ph1_link.yaml");
}

/// PH1.ONB: Persist deterministic onboarding session lifecycle for invited onboarding (start, terms, schema-required verification gates, primary-device proof, access create, complete).
pub mod ph1_onb {
    selene_codegen_macros::contract!("contracts/ph1_onb.yaml");
}

/// PH1.PERSONA: Record which personalization profile was decided for a person, as one bounded audit event per decision, and read those decisions back by chain.
pub mod ph1_persona {
    selene_codegen_macros::contract!("contracts/ph1_persona.yaml");
}

/// PH1.POSITION: Keep companies, positions and the requirement schemas of positions, as far as onboarding needs them.
pub mod ph1_position {
    selene_codegen_macros::contract!("contracts/ph1_position.yaml");
}

/// PH1.VOICE.ID: Persist voice enrollment session/sample/profile lifecycle under deterministic idempotency and append-only sample history.
pub mod ph1_voice_id {
    selene_codegen_macros::contract!("contracts/ph1_voice_id.yaml");
}

/// PH1.W: Persist deterministic wake enrollment/session/runtime lifecycle and active wake profile bindings under append-only/idempotent rules.
pub mod ph1_w {
    selene_codegen_macros::contract!("contracts/ph1_w.yaml");
}

/// PH1.WRITE: Record how a text was formatted for presentation, as one bounded audit event per outcome, and read those outcomes back by chain.
pub mod ph1_write {
    selene_codegen_macros::contract!("contracts/ph1_write.yaml");
}

/// PH2.ACCESS: Keep the access instance of a person in a tenant, as far as onboarding needs it.
pub mod ph2_access {
    selene_codegen_macros::contract!("contracts/ph2_access.yaml");
}

/// Every engine, by id.
pub static ALL: &[&selene_contracts::EngineSpec] = &[
    &ph1_f::ENGINE,
    &ph1_j::ENGINE,
    &ph1_link::ENGINE,
    &ph1_onb::ENGINE,
    &ph1_persona::ENGINE,
    &ph1_position::ENGINE,
    &ph1_voice_id::ENGINE,
    &ph1_w::ENGINE,
    &ph1_write::ENGINE,
    &ph2_access::ENGINE,
];

/// Shows every input type of every engine to `visitor`: engines by id, capabilities in contract order.
pub fn visit_capabilities(visitor: &mut impl selene_contracts::CapabilityVisitor) {
    ph1_f::visit_capabilities(visitor);
    ph1_j::visit_capabilities(visitor);
    ph1_link::visit_capabilities(visitor);
    ph1_onb::visit_capabilities(visitor);
    ph1_persona::visit_capabilities(visitor);
    ph1_position::visit_capabilities(visitor);
    ph1_voice_id::visit_capabilities(visitor);
    ph1_w::visit_capabilities(visitor);
    ph1_write::visit_capabilities(visitor);
    ph2_access::visit_capabilities(visitor);
}

/// Names of the tables of all engines and of their columns, for statements.
pub mod tables {
    pub use super::ph1_f::tables::*;
    pub use super::ph1_j::tables::*;
    pub use super::ph1_link::tables::*;
    pub use super::ph1_onb::tables::*;
    pub use super::ph1_position::tables::*;
    pub use super::ph1_voice_id::tables::*;
    pub use super::ph1_w::tables::*;
    pub use super::ph2_access::tables::*;
}

/// Implements the backend trait of every engine for a store whose methods `commit`, `read` and `guard` take any admitted call.
#[macro_export]
macro_rules! implement_every_backend {
    ($store:ty) => {
        $crate::implement_ph1_f!($store);
        $crate::implement_ph1_j!($store);
        $crate::implement_ph1_link!($store);
        $crate::implement_ph1_onb!($store);
        $crate::implement_ph1_persona!($store);
        $crate::implement_ph1_position!($store);
        $crate::implement_ph1_voice_id!($store);
        $crate::implement_ph1_w!($store);
        $crate::implement_ph1_write!($store);
        $crate::implement_ph2_access!($store);
    };
}

/// Calls a macro of the caller with the module and the acceptance tests of every engine: an engine whose suite nobody wrote, or nobody runs, does not compile.
#[macro_export]
macro_rules! for_every_suite {
    ($each:ident) => {
        $each!(ph1_f, ph1_f_acceptance_tests);
        $each!(ph1_j, ph1_j_acceptance_tests);
        $each!(ph1_link, ph1_link_acceptance_tests);
        $each!(ph1_onb, ph1_onb_acceptance_tests);
        $each!(ph1_persona, ph1_persona_acceptance_tests);
        $each!(ph1_position, ph1_position_acceptance_tests);
        $each!(ph1_voice_id, ph1_voice_id_acceptance_tests);
        $each!(ph1_w, ph1_w_acceptance_tests);
        $each!(ph1_write, ph1_write_acceptance_tests);
        $each!(ph2_access, ph2_access_acceptance_tests);
    };
}
