//! Types, reason codes and classes of refusals, as lexicon and register promise them.

use selene_contracts::{Bounded, ReasonCode, Violations};
use serde::de::DeserializeOwned;

/// An id with letters of any script, of one to so many bytes.
pub fn id<T: Bounded + DeserializeOwned>(longest: usize) {
    assert_eq!(problems::<T>(""), (1, 0), "an id is not empty");
    assert_eq!(problems::<T>("x"), (0, 0), "one byte is enough");
    assert_eq!(problems::<T>(&"x".repeat(longest)), (0, 0), "{longest} bytes");
    assert_eq!(problems::<T>(&"x".repeat(longest + 1)), (1, 0), "{} bytes", longest + 1);
    assert_eq!(problems::<T>("Zoë"), (0, 0), "letters of any script");
    assert_eq!(problems::<T>("x\u{200b}"), (0, 1), "it looks like another id");
}

/// How many bounds a text breaks, and in how many ways it looks like another id.
fn problems<T: Bounded + DeserializeOwned>(text: &str) -> (usize, usize) {
    let value: T = serde_json::from_value(text.into()).expect("a text");
    let mut violations = Violations::new(ReasonCode::all().next().expect("there are codes"));
    value.check("field", None, &mut violations);
    (violations.found().len(), violations.look_alikes().len())
}

/// Types of an engine that are ids, and the most bytes that each has.
#[macro_export]
macro_rules! ids {
    ($($name:ident: $longest:literal,)*) => {
        mod types {
            $(
                #[test]
                #[expect(non_snake_case, reason = "a test has the name of the type that it is about")]
                fn $name() {
                    $crate::named::id::<super::$name>($longest);
                }
            )*
        }
    };
}

/// Reason codes of an engine, each with its class.
#[macro_export]
macro_rules! codes {
    ($($class:ident: $($name:ident)*;)*) => {
        mod codes {
            $($(
                #[test]
                #[expect(non_snake_case, reason = "a test has the name of the code that it is about")]
                fn $name() {
                    let code: selene_contracts::ReasonCode = stringify!($name).parse().expect("it is registered");
                    assert_eq!(code.class(), selene_contracts::ReasonClass::$class);
                }
            )*)*
        }
    };
}

/// The code of each class of refusals, the same for every call of an engine.
#[macro_export]
macro_rules! refusals {
    ($($class:ident: $name:ident,)*) => {
        mod refusals {
            $(
                #[test]
                fn $class() {
                    for capability in super::ENGINE.capabilities {
                        assert_eq!(capability.refusals.$class.as_str(), stringify!($name), "{}", capability.id);
                    }
                }
            )*
        }
    };
}

/// Tables of an engine: whether each is a ledger, and the column that counts without a gap.
#[macro_export]
macro_rules! tables {
    ($($table:literal: $truth_type:ident $(counts $counter:literal)?,)*) => {
        mod tables {
            #[test]
            fn truth_types_and_counters() {
                let stated: Vec<_> =
                    super::ENGINE.tables.iter().map(|table| (table.name, table.truth_type, table.counter)).collect();
                let counter = |counters: &[&'static str]| counters.first().copied();
                let promised =
                    [$(($table, selene_contracts::TruthType::$truth_type, counter(&[$($counter)?])),)*];
                assert_eq!(stated, promised);
            }
        }
    };
}
