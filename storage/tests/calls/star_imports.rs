//! What a caller imports by a star is enough to call a store, for every engine alone and for all of them together.
//!
//! Each engine has a module, so that nothing but its own star import is in scope. That all engines stand here is asked of
//! the table of engines at the end.

use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_storage::SqliteStore;

fn context() -> CallContext {
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(7), TurnId::new(1))
}

fn store() -> SqliteStore {
    SqliteStore::open_in_memory().unwrap()
}

/// A test in a module with one star import: the call on a store, and the same call through the trait as an object.
macro_rules! star {
    ($engine:ident, $repo:ident, $method:ident, $input:expr, $is_answered:expr) => {
        mod $engine {
            use selene_contracts::$engine::*;

            #[test]
            fn a_star_import_is_enough() {
                let store = super::store();
                assert_eq!(store.$method(&super::context(), $input).is_ok(), $is_answered);
                let object: &dyn $repo = &store;
                assert_eq!(object.$method(&super::context(), $input).is_ok(), $is_answered);
            }
        }
    };
}

star! { ph1_f, Ph1fFoundationRepo, ph1f_read_identity_row, Ph1fReadIdentityRow { user_id: "ann".into() }, true }
star! { ph1_j, Ph1jAuditRepo, ph1j_read_rows, Ph1jReadRows {}, true }
star! { ph1_link, Ph1LinkRepo, ph1link_read_link_row, Ph1linkReadLinkRow { token_id: "tok".into() }, true }
star! { ph1_onb, Ph1OnbRepo, ph1onb_session_rows, Ph1onbSessionRows {}, true }
star! {
    ph1_persona, Ph1PersonaRepo, ph1persona_profile_commit_row,
    Ph1personaProfileCommitRow {
        tenant_id: "tenant_a".into(), session_id: None, user_id: "ann".into(), device_id: "phone".into(),
        style_profile_ref: "style".into(), delivery_policy_ref: "policy".into(),
        preferences_snapshot_ref: "snapshot".into(), reason_code: Ph1PersonaReasonCode::PersonaProfileCommit,
        idempotency_key: "key".into(),
    },
    false
}
star! {
    ph1_position, Ph1PositionRepo, ph1position_read_company_row,
    Ph1positionReadCompanyRow { tenant_id: "tenant_a".into(), company_id: "acme".into() }, true
}
star! {
    ph1_voice_id, Ph1VidEnrollmentRepo, vid_append_only_guard,
    VidAppendOnlyGuard { voice_enrollment_session_id: "ves".into(), sample_seq: 1 }, false
}
star! {
    ph1_w, Ph1wWakeRepo, ph1w_read_active_wake_profile,
    Ph1wReadActiveWakeProfile { user_id: "ann".into(), device_id: "phone".into() }, true
}
star! {
    ph1_write, Ph1WriteRepo, ph1write_format_commit_row,
    Ph1writeFormatCommitRow {
        tenant_id: "tenant_a".into(), session_id: None, user_id: "ann".into(), device_id: "phone".into(),
        format_mode: FormatMode::FormattedText, reason_code: Ph1WriteReasonCode::WriteFormattedText, idempotency_key: "key".into(),
    },
    false
}
star! {
    ph2_access, Ph2AccessRepo, ph2access_read_instance_row,
    Ph2accessReadInstanceRow { tenant_id: "tenant_a".into(), user_id: "ann".into() }, true
}

mod all_engines_at_once {
    use selene_contracts::ph1_f::*;
    use selene_contracts::ph1_j::*;
    use selene_contracts::ph1_link::*;
    use selene_contracts::ph1_onb::*;
    use selene_contracts::ph1_persona::*;
    use selene_contracts::ph1_position::*;
    use selene_contracts::ph1_voice_id::*;
    use selene_contracts::ph1_w::*;
    use selene_contracts::ph1_write::*;
    use selene_contracts::ph2_access::*;

    /// Everything that an OS calls, in one bound.
    trait Everything:
        Ph1fFoundationRepo
        + Ph1jAuditRepo
        + Ph1LinkRepo
        + Ph1OnbRepo
        + Ph1PersonaRepo
        + Ph1PositionRepo
        + Ph1VidEnrollmentRepo
        + Ph1wWakeRepo
        + Ph1WriteRepo
        + Ph2AccessRepo
    {
    }

    impl Everything for selene_storage::SqliteStore {}

    #[test]
    fn calls_of_different_engines_stand_side_by_side() {
        let store = super::store();
        let everything: &dyn Everything = &store;
        assert_eq!(
            everything
                .ph1f_read_identity_row(&super::context(), Ph1fReadIdentityRow { user_id: "ann".into() }),
            Ok(None)
        );
        assert_eq!(
            store.ph1link_read_link_row(&super::context(), Ph1linkReadLinkRow { token_id: "tok".into() }),
            Ok(None)
        );
    }
}

#[test]
fn every_engine_has_its_test() {
    let here = include_str!("star_imports.rs");
    for engine in selene_contracts::ALL {
        let module = engine.id.to_lowercase().replace('.', "_");
        assert!(here.contains(&format!("use selene_contracts::{module}::*;")), "{module} is missing");
        assert!(here.contains(&format!("{module}, ")), "star! {{ {module}, … }} is missing");
    }
}
