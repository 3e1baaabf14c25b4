//! Why a contract cannot become Rust code.

/// A contract that cannot be emitted; names the item of the contract that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// A type reference that names neither a type nor a record.
    #[error("{item}: no type or record is called `{name}`")]
    UnknownType {
        /// Where the reference stands.
        item: String,
        /// The name that nothing declares.
        name: String,
    },
    /// A reason code that the engine does not register and that does not say which engine does.
    #[error(
        "{item}: {engine} registers no reason code `{name}`; another engine's is written `ENGINE:{name}`"
    )]
    UnknownReasonCode {
        /// Where the code is named.
        item: String,
        /// The engine of the contract.
        engine: String,
        /// The name that the engine does not register.
        name: String,
    },
    /// `EngineReasonCode` in a contract that registers none.
    #[error("{item}: the contract registers no reason code, so there is no `EngineReasonCode`")]
    NoReasonCodes {
        /// Where the type is named.
        item: String,
    },
    /// A class of refusal without a reason code.
    #[error("{engine}: refusals: the class `{class}` has no reason code")]
    MissingRefusal {
        /// The engine of the contract.
        engine: String,
        /// Name of the class: `not_found`.
        class: &'static str,
    },
    /// A name that is no identifier in Rust.
    #[error("{item}: `{name}` has no name in Rust")]
    InvalidName {
        /// What is to be named.
        item: String,
        /// The name of which no identifier can be made.
        name: String,
    },
    /// Two items whose names become the same name in Rust.
    #[error("{item}: `{name}` is declared twice")]
    DuplicateName {
        /// Where the names stand.
        item: String,
        /// The name that both become.
        name: String,
    },
    /// A bound that the field's type cannot have.
    #[error("{item}: the bound {bound} does not fit the type `{ty}`")]
    MisplacedBound {
        /// Where the field or type is declared: `PH1.W: WakeEnrollmentSessionRecord.pass_target`.
        item: String,
        /// The bound, as the contract writes it.
        bound: String,
        /// The type of the field.
        ty: String,
    },
    /// A fixed value that the field's type does not have.
    #[error("{item}: `{value}` is no value of `{ty}`")]
    UnknownValue {
        /// Where the field or type is declared: `PH1.W: WakeEnrollmentSessionRecord.pass_target`.
        item: String,
        /// The value that the schema fixes, as written.
        value: String,
        /// The type of the field.
        ty: String,
    },
    /// A dedupe rule that names a field which is neither in the input nor in the context, or which is a list.
    #[error("{item}: the dedupe rule names `{field}`, which is no single field of the input or the context")]
    DedupeField {
        /// Id of the capability.
        item: String,
        /// The name in the rule.
        field: String,
    },
    /// A dedupe rule without a field.
    #[error("{item}: the dedupe rule has an empty key")]
    EmptyDedupeKey {
        /// Id of the capability.
        item: String,
    },
    /// An alternative of an input that gives something which is no output of its capability.
    #[error("{item}: the alternative `{variant}` gives `{output}`, which is no output of the capability")]
    UnknownOutput {
        /// Id of the capability.
        item: String,
        /// Name of the alternative: `Session`.
        variant: String,
        /// The type that it gives.
        output: String,
    },
    /// A capability with input fields and alternatives at once.
    #[error("{item}: the input has fields and alternatives at once")]
    AmbiguousInput {
        /// Id of the capability.
        item: String,
    },
}
