//! What a caller imports by a star is enough to call a store, for every engine alone and for all of them together.
//!
//! Each engine has a module, so that nothing but its own star import is in scope. The engines and their calls are the contracts'.

use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_storage::SqliteStore;

fn context() -> CallContext {
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(7), TurnId::new(1))
}

fn store() -> SqliteStore {
    SqliteStore::open_in_memory().unwrap()
}

/// For each engine a test in a module with one star import: every call on a store, and through the trait as an object, finds its
/// one method. Whether the calls are served is asked of them elsewhere.
macro_rules! stars {
    ($($module:ident: $repo:ident {
        writes { $($write:ident => $write_method:ident,)* }
        reads { $($read:ident => $read_method:ident,)* }
        pages { $($paged:ident => $page_method:ident,)* }
    })*) => {
        $(mod $module {
            use selene_contracts::$module::*;
            #[allow(unused_imports, reason = "an engine may have no list")]
            use selene_contracts::PageRequest;

            #[test]
            fn a_star_import_is_enough() {
                let (store, context) = (super::store(), super::context());
                let object: &dyn $repo = &store;
                $(let _ = |input: $write| (store.$write_method(&context, input.clone()), object.$write_method(&context, input));)*
                $(let _ = |input: $read| (store.$read_method(&context, input.clone()), object.$read_method(&context, input));)*
                $(let _ = |input: $paged, page: PageRequest| (store.$page_method(&context, input.clone(), page.clone()), object.$page_method(&context, input, page));)*
            }
        })*

        mod all_engines_at_once {
            $(use selene_contracts::$module::*;)*
            use selene_contracts::{EveryRepo, PageRequest};

            #[test]
            fn calls_of_different_engines_stand_side_by_side() {
                let (store, context) = (super::store(), super::context());
                let everything: &dyn EveryRepo = &store;
                $($(let _ = |input: $write| (store.$write_method(&context, input.clone()), everything.$write_method(&context, input));)*)*
                $($(let _ = |input: $read| (store.$read_method(&context, input.clone()), everything.$read_method(&context, input));)*)*
                $($(let _ = |input: $paged, page: PageRequest| (store.$page_method(&context, input.clone(), page.clone()), everything.$page_method(&context, input, page));)*)*
                let identity = Ph1fReadIdentityRow { user_id: "ann".into() };
                assert_eq!(everything.ph1f_read_identity_row(&context, identity), Ok(None));
            }
        }
    };
}

selene_contracts::for_every_engine!(stars);
