//! Every kind of change: its id, its class, its purpose in a sentence, and what to do.
//!
//! `C00xx` engines and their words, `C01xx` capabilities, `C02xx` what calls hold, `C03xx` what answers hold, `C04xx` types,
//! `C05xx` callers, gates and effects, `C06xx` dedupe and events, `C07xx` reason codes, `C08xx` tables, `C09xx` acceptance tests.
//!
//! The classes follow one thought. A call that may hold less breaks callers, one that may hold more breaks backends. An answer
//! that may hold more breaks callers, one that may hold less breaks backends. A table that has rows and gets another form needs
//! a migration, whether its rows fit or not.

use super::kind::{Class, Kind};

macro_rules! kinds {
    ($($name:ident = $id:literal $class:ident $purpose:literal $to_do:literal;)*) => {
        $(
            #[doc = $purpose]
            pub static $name: &Kind =
                &Kind { id: $id, class: Class::$class, purpose: $purpose, to_do: $to_do };
        )*
        /// Every kind, in the order of this file.
        pub static ALL: &[&Kind] = &[$($name),*];
    };
}

kinds! {
    ENGINE_REMOVED = "C0001" Callers "An engine is gone." "bring its pages back, or retire it in reason_codes.yaml and notify whoever calls it";
    ENGINE_ADDED = "C0002" Addition "An engine is new." "write its rules, rows, migration and suite";
    TRAIT_RENAMED = "C0003" Callers "The repository trait of an engine has another name." "put the name back, or change every import and every `impl` of it";
    HALF_REMOVED = "C0004" WeakerProof "One page of an engine is gone." "bring the page back; without it the engine is proven by half";
    HEADER_CHANGED = "C0005" Wording "The header of an engine says something else." "nothing";
    WORDS_CHANGED = "C0006" Wording "Words for people have changed." "nothing";
    LEXICON_ENTRY = "C0007" Wording "A type or record is declared on one side only, or has changed and nothing uses it." "nothing";
    LINE_CHANGED = "C0008" WeakerProof "A line that states something is gone or says something else, and nothing else that is compared tells it." "see what the line stated, and who relies on it";

    CAPABILITY_REMOVED = "C0101" Callers "A capability is gone." "bring it back, or say `renamed_from` where it has another name; else take its calls out of every caller";
    STORED_CALLS_LOST = "C0102" StoredData "A capability whose calls are stored is gone." "bring it back: a retry of a stored call must get its answer";
    CAPABILITY_ADDED = "C0103" Addition "A capability is new." "serve it in every backend: the compiler asks for it";
    CAPABILITY_MOVED = "C0104" Callers "A capability belongs to another engine." "change the trait and the module in every caller and every backend";
    STORED_CALLS_MOVED = "C0105" StoredData "A capability whose calls are stored belongs to another engine." "leave a capability for the stored calls with the old engine: their records name it";
    CAPABILITY_RENAMED = "C0106" Callers "A capability has another id, and nothing is left of the one that callers use." "change the method and the input type in every caller and every backend";
    CAPABILITY_PLANNED = "C0107" Callers "A capability that was served is only planned." "serve it again, or take its calls out of every caller";
    CAPABILITY_SERVED = "C0108" Addition "A capability that was planned is served." "serve it in every backend: the compiler asks for it";
    PLAN_CHANGED = "C0109" Wording "A planned capability has changed, is new or is gone; nobody serves it." "nothing";
    CAPABILITY_RENAMED_WITH_ALIAS = "C0110" Backends "A capability has another id, and callers find it by its first one, which is deprecated." "change the method and the input type in every backend, then in every caller";

    INPUT_ADDED_REQUIRED = "C0201" Callers "A call must name something new." "make it optional (`name?`), or name it in every call";
    INPUT_ADDED = "C0202" Addition "A call may name something new." "nothing; who fills in the input type field by field is asked by the compiler";
    INPUT_REMOVED = "C0203" Callers "A call can no longer name something." "bring it back, or take it out of every call";
    INPUT_REQUIRED = "C0204" Callers "A call must name what it could leave out." "make it optional again, or name it in every call";
    INPUT_OPTIONAL = "C0205" Backends "A call may leave out what it had to name." "let every backend serve calls without it";
    INPUT_TYPE = "C0206" Callers "What a call names has another type." "put the type back, or change every call";
    INPUT_NARROWER = "C0207" Callers "What a call names has narrower bounds." "put the bound back, or keep to it in every call";
    INPUT_WIDER = "C0208" Backends "What a call names has wider bounds." "let every backend serve, and every column hold, what could not come before";
    INPUT_SHAPE = "C0209" Callers "A call names one set of fields instead of one of several, or the other way round." "change every call";
    VARIANT_REMOVED = "C0210" Callers "A call can no longer choose one of several sets of fields." "bring the alternative back, or change the calls that choose it";
    VARIANT_ADDED = "C0211" Backends "A call may choose a further set of fields." "serve it in every backend";
    SCHEMA_UNREAD = "C0212" Callers "A schema has changed that could not be read on both sides." "mend the finding of `cargo xtask lint` about it, and compare again";
    INPUT_RENAMED = "C0213" Callers "What a call names has another name." "put the name back, or write the other one in every call";

    OUTPUT_TYPE = "C0301" Callers "An answer has another type." "put the type back, or change whoever reads the answer";
    OUTPUT_MAYBE = "C0302" Callers "An answer may be nothing that was always something." "let every caller serve the case, or always give an answer";
    OUTPUT_ALWAYS = "C0303" Backends "An answer is always something that could be nothing." "give one in every backend, or refuse the call";
    OUTPUT_FURTHER = "C0304" Callers "An answer may be of a further type." "let every caller serve the case";
    OUTPUT_FEWER = "C0305" Callers "An answer can no longer be of one of several types." "take the case out of every caller";
    ANSWER_REMOVED = "C0306" Callers "Something is missing from an answer." "bring it back, or take it out of whoever reads it";
    ANSWER_ADDED = "C0307" Backends "An answer has something new." "fill it in every backend; a caller may leave it unread";
    ANSWER_OPTIONAL = "C0308" Callers "Part of an answer may be absent that was always there." "let every caller serve the case, or always give it";
    ANSWER_ALWAYS = "C0309" Backends "Part of an answer is always there that could be absent." "give it in every backend";
    ANSWER_TYPE = "C0310" Callers "Part of an answer has another type." "put the type back, or change whoever reads it";
    ANSWER_WIDER = "C0311" Callers "Part of an answer has wider bounds." "let every caller take what could not come before";
    ANSWER_NARROWER = "C0312" Backends "Part of an answer has narrower bounds." "keep to them in every backend, also for rows from before";
    STORED_ANSWER = "C0313" StoredData "Answers that are stored do not have the form that they have to be given again in." "make the field optional or a list, or say in lexicon.yaml what stored answers have (`absent: VALUE`)";
    ANSWER_RENAMED = "C0314" Callers "Part of an answer has another name." "put the name back, or write the other one in whoever reads the answer";

    VALUE_REMOVED = "C0401" Callers "An enum has lost a value." "bring the value back, or take it out of every call and every match";
    VALUE_REMOVED_STORED = "C0402" StoredData "An enum that columns hold has lost a value." "write a migration that gives the rows with it another value, and one that changes the check of the column";
    VALUE_ADDED_ANSWER = "C0403" Callers "An enum that answers give has a further value." "let every match of a caller serve it";
    VALUE_ADDED_INPUT = "C0404" Backends "An enum that calls name has a further value." "serve it in every backend";
    VALUE_ADDED_STORED = "C0405" StoredData "An enum that columns hold has a further value." "write a migration that changes the check of the column";
    TYPE_KIND = "C0406" Callers "A type is of another kind, or its values have another unit." "put it back, or change whoever makes or reads its values";
    TYPE_KIND_STORED = "C0407" StoredData "A type that columns hold is of another kind, or its values have another unit." "write a migration that changes the values that are stored";
    TYPE_RENAMED = "C0408" Callers "A type or a record has another name." "write the other name wherever callers and backends use it";

    CALLER_REMOVED = "C0501" Callers "Somebody who could call may not." "allow it again, or take the call out of that caller";
    CALLER_ADDED = "C0502" Addition "Somebody may call who could not." "nothing; make sure that the caller is meant to";
    GATE_ADDED = "C0503" Callers "A call needs a simulation that needed none." "take the gate off, or give every call its `simulation_id`";
    GATE_REMOVED = "C0504" WeakerProof "A call needs no simulation that needed one." "make sure that nothing relies on the gate";
    EFFECT_CHANGED = "C0505" Callers "A capability has another side effect." "put it back: a write answers `Committed<T>`, a read `T`";
    READ_SCOPE_CHANGED = "C0506" Callers "A read looks at the rows of somebody else." "make sure that the callers may see what they get";
    WRITTEN_TABLES = "C0507" Backends "A capability writes other tables." "write them in every backend";
    RULE_REMOVED = "C0508" WeakerProof "A rule, a guard or a gate of a capability that is stated in words is gone." "put the sentence back, or state it where it holds now";
    RULE_ADDED = "C0509" Backends "A further rule, guard or gate of a capability is stated in words." "keep it in every backend";
    PROMISE_CHANGED = "C0510" WeakerProof "A sentence about events or about the rows of a read is gone or says something else." "make sure that nobody relies on the old words, and keep the new ones in every backend";
    PROMISE_ADDED = "C0511" Backends "A further sentence must hold of events or of the rows of a read." "keep it in every backend";
    MOVE_ADDED = "C0512" Backends "Something may go to a state that it could not go to, by a sentence." "serve the move in every backend, and the state behind it in every caller";
    MOVE_REMOVED = "C0513" Callers "Something may no longer go to a state that it could go to, by a sentence." "put the move back, or take the calls that make it out of every caller";
    ANSWER_IN_WORDS = "C0514" Callers "A sentence says that callers get another value." "put the answer back, or let every caller serve the other one";
    RULE_CHANGED = "C0515" Backends "A rule, a guard or a gate of a capability that is stated in words says something else." "keep the new rule in every backend, and see which calls it refuses";

    DEDUPE_KEY = "C0601" StoredData "The dedupe key of a capability is another one." "put the key back: stored calls are found by it; another call needs a capability of its own";
    DEDUPE_SPACE = "C0602" StoredData "The space in which dedupe keys are unique is another one." "put the space back: keys of stored calls belong to it";
    DEDUPE_ADDED = "C0603" Backends "A capability has a dedupe key that had none." "remember its calls in every backend";
    EVENT_CHANGED = "C0604" Backends "The event of a capability has another type or another reason code." "emit it so in every backend, and notify whoever reads events";
    EVENT_MORE = "C0605" Backends "The event of a capability must have more." "give it in every backend; events from before do not have it";
    EVENT_LESS = "C0606" WeakerProof "The event of a capability must have less." "make sure that nobody relies on it";
    EVENT_MAY = "C0607" Addition "The event of a capability may have something new." "nothing";

    CODE_REMOVED = "C0701" Callers "A reason code is gone or retired." "bring it back, or take it out of every caller";
    CODE_LOST = "C0702" StoredData "A reason code that events hold is no longer registered." "put it back into the register, with `retired: true`";
    CODE_ADDED = "C0703" Addition "A reason code is new." "nothing; an older caller does not know it";
    CODE_NUMBER = "C0704" StoredData "A reason code has another number." "put the number back: events hold it";
    CODE_CLASS = "C0705" Callers "A reason code has another class." "put the class back: fields take codes by their class";
    CODE_MEANING = "C0706" Callers "A reason code means something else." "put the meaning back: a new meaning needs a new code";
    REFUSAL_CODE = "C0707" Callers "A refusal carries another reason code." "notify every caller that looks at it";
    FAILURE_CODE = "C0708" Callers "A line about a failure names another reason code." "notify every caller that looks at it, or put the code back";
    FAILURE_CHANGED = "C0709" Callers "A line about a failure refuses other calls." "put the line back, or notify every caller that is refused otherwise now";

    TABLE_REMOVED = "C0801" StoredData "A table is gone." "write a migration that says what becomes of its rows";
    TABLE_ADDED = "C0802" Addition "A table is new." "write a migration that makes it; `cargo xtask ddl` prints it";
    TABLE_MOVED = "C0803" Backends "A table belongs to another engine." "take its row type from the module of that engine";
    TRUTH_TYPE = "C0804" StoredData "A table has another truth type." "write a migration that takes off or puts on the locks of a ledger, and the version of each row";
    PRIMARY_KEY = "C0805" StoredData "A table has another primary key." "write a migration that rebuilds the table; rows that share the new key have to be parted first";
    UNIQUE_ADDED = "C0806" StoredData "Rows must be unique that could be alike." "write a migration that makes the index; rows that are alike have to be parted first";
    UNIQUE_REMOVED = "C0807" WeakerProof "Rows may be alike that were unique." "write a migration that drops the index; make sure that nothing relies on it";
    COLUMN_REMOVED = "C0808" StoredData "A column is gone." "leave it unused rather than drop it: seals of events go over its values";
    COLUMN_ADDED = "C0809" StoredData "A table has a further column." "write a migration that adds it; rows from before have no value in it";
    COLUMN_ADDED_REQUIRED = "C0810" StoredData "A table has a further column that must have a value." "make it optional (`name?`): rows from before have no value in it";
    COLUMN_REQUIRED = "C0811" StoredData "A column must have a value that could be empty." "make it optional again, or write a migration that fills it";
    COLUMN_OPTIONAL = "C0812" StoredData "A column may be empty that always had a value." "write a migration that rebuilds the table";
    COLUMN_TYPE = "C0813" StoredData "A column has another type." "put the type back, or write a migration that changes the values that are stored";
    COLUMN_NARROWER = "C0814" StoredData "A column has narrower bounds." "put the bound back: rows beyond it are stored";
    COLUMN_WIDER = "C0815" StoredData "A column has wider bounds." "write a migration that changes the check of the column";
    REFERENCE_ADDED = "C0816" StoredData "A column must name a row of another table." "write a migration that adds the reference; rows that lead nowhere have to be mended first";
    REFERENCE_REMOVED = "C0817" WeakerProof "A column need no longer name a row of another table." "make sure that nothing relies on it";
    INVARIANT_ADDED = "C0818" Backends "A further sentence must hold of the rows, keys or boundaries of an engine." "keep it in every backend, and say in lexicon.yaml what a database can keep of it";
    INVARIANT_REMOVED = "C0819" WeakerProof "A sentence that held of rows, keys or boundaries is gone." "put it back, or make sure that nothing relies on it";
    INVARIANT_CHANGED = "C0820" WeakerProof "A sentence about rows, keys or boundaries says something else." "make sure that nobody relies on the old words, and keep the new ones in every backend";
    CONSTRAINT_ADDED = "C0821" StoredData "A database keeps more of a table." "write a migration that adds it; rows that are against it have to be mended first";
    CONSTRAINT_REMOVED = "C0822" WeakerProof "A database keeps less of a table." "write a migration that takes it off; make sure that nothing relies on it";
    STORAGE_CHANGED = "C0823" StoredData "A table has other indices, private columns or another order of its rows." "write a migration that brings the table into that form";
    READ_ADDED = "C0824" Backends "An engine reads a table, or needs an index, that it did not." "write a migration that makes the index, and read it in every backend";
    READ_REMOVED = "C0825" Wording "An engine no longer reads a table or needs an index." "nothing";
    TABLE_RENAMED = "C0826" StoredData "A table has another name." "write a migration that renames the table; seals of events name it, so they no longer fit its rows";
    COLUMN_RENAMED = "C0827" StoredData "A column has another name." "put the name back where events seal the rows, for a seal goes over the names of columns; else write a migration that renames it";

    TEST_REMOVED = "C0901" WeakerProof "An acceptance test is gone." "put it back, or name the test that proves the same";
    TEST_ADDED = "C0902" Addition "An acceptance test is new." "write its body: the suite does not compile without it";
    TEST_CHANGED = "C0903" WeakerProof "An acceptance test has the same id and proves something else." "put it back, and give what is proven now an id of its own";
}

/// The kind of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_unique_and_says_what_it_is_for() {
        for (index, kind) in ALL.iter().enumerate() {
            assert!(ALL[..index].iter().all(|other| other.id < kind.id), "{}", kind.id);
            assert!(kind.purpose.ends_with('.') && !kind.purpose.contains(". "), "{}: one sentence", kind.id);
            assert!(!kind.to_do.is_empty() && !kind.to_do.ends_with('.'), "{}: what to do", kind.id);
        }
        for class in Class::ALL {
            assert!(ALL.iter().any(|kind| kind.class == class), "{class:?} has a kind");
        }
    }
}
