//! Every code that a diagnostic may carry. A code, once released, keeps its meaning.
//!
//! `E00xx` reading, `E01xx` the form of documents, `E02xx` names and types, `E03xx` reason codes, `E04xx` engines as a whole,
//! `E05xx` what lies in files already, `E06xx` and `E07xx` what pages say about each other (the rules of [`lint`](crate::lint)),
//! `E08xx` what the specs say of their own change (see [`diff`](crate::diff)).

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written, and the exit code is 1.
    Error,
    /// Something that is probably wrong, and fails nothing.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `E0201`
    pub id: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What it is for, in one sentence.
    pub purpose: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal $severity:ident $purpose:literal;)*) => {
        $(
            #[doc = $purpose]
            pub static $name: &Code = &Code { id: $id, severity: Severity::$severity, purpose: $purpose };
        )*
        /// Every code, in the order of this file.
        pub static ALL: &[&Code] = &[$($name),*];
    };
}

codes! {
    MISSING_FOLDER = "E0001" Error "A folder that was named does not exist.";
    EMPTY_FOLDER = "E0002" Error "A folder holds no document.";
    MISSING_FILE = "E0003" Error "A file that every specs folder needs does not exist.";
    UNREADABLE_FILE = "E0004" Error "A file or folder cannot be opened.";
    NOT_UTF8 = "E0005" Error "A file is not UTF-8.";
    SYMBOLIC_LINK = "E0006" Error "A symbolic link stands where a file must be.";
    BROKEN_YAML = "E0007" Error "A file is not YAML, or a key stands in it twice.";
    BYTE_ORDER_MARK = "W0008" Warning "A file starts with a byte order mark.";
    CARRIAGE_RETURN = "W0009" Warning "A file has Windows line ends.";
    UNKNOWN_FILE = "W0010" Warning "A file in the specs folder is read by nobody.";
    REFUSED_CHARACTER = "E0011" Error "A text holds a character that cannot be seen and may not stand in specs.";

    UNKNOWN_FORM = "E0101" Error "No dialect knows the way in which a document is written.";
    NOTHING_FOUND = "E0102" Error "Nothing could be read from a document.";
    MISSING_SECTION = "E0103" Error "A document lacks a section that its kind must have.";
    DUPLICATE_SECTION = "E0104" Error "A section stands in a document twice.";
    MISSING_KEY = "E0105" Error "A bullet or key that must be there is missing.";
    DUPLICATE_KEY = "E0106" Error "A bullet that may stand once stands twice.";
    MALFORMED_CAPABILITY = "E0107" Error "A heading among the capabilities names none.";
    MALFORMED_TABLE = "E0108" Error "A heading among the tables names none.";
    MALFORMED_SCHEMA = "E0109" Error "A schema does not follow the schema language.";
    MALFORMED_KEY = "E0110" Error "A key is not a list of plain names.";
    MALFORMED_NAME = "E0111" Error "A name is not written as names of its kind are.";
    MISSING_TRAIT = "E0112" Error "The Sources of an ECM name no repository trait.";
    WRONG_SHAPE = "E0113" Error "A YAML value is not of the shape that its key needs.";
    UNKNOWN_KEY = "E0114" Error "A YAML map has a key that nobody reads.";
    UNKNOWN_HEADING = "W0115" Warning "A section is not known, and nothing in it is read.";
    UNKNOWN_BULLET = "W0116" Warning "A bullet is not known where it stands.";
    UNKNOWN_BLOCK = "W0117" Warning "A block is neither words nor bullets, or stands where nothing is read.";
    TRAILING_WORDS = "W0118" Warning "Words behind or below a value are not understood.";
    UNKNOWN_FIXED_FIELD = "W0119" Warning "A required field has a fixed value that is not understood.";
    EMPTY_SECTION = "E0120" Error "A section that must hold something holds nothing.";
    LOST_MARKS = "W0121" Warning "A page lost its Markdown marks, and is read by its lines.";
    INDEX_PAGE = "W0122" Warning "A page is about other pages, and holds no spec.";
    DEPRECATED_PAGE = "W0123" Warning "A page says itself that it is no longer valid.";
    UNREAD_WORDS = "W0124" Warning "Words that nothing was read from.";
    UNDECLARED_CODE = "W0125" Warning "A sentence names a reason code that no list of the page declares.";

    UNKNOWN_NAME = "E0201" Error "A field name that the lexicon does not know.";
    UNKNOWN_TYPE = "E0202" Error "A type or record that the lexicon does not know.";
    UNKNOWN_GROUP = "E0203" Error "Prose in a schema that no group of the lexicon explains.";
    UNKNOWN_KIND = "E0204" Error "A kind of type or integer that does not exist.";
    WRONG_BOUNDS = "E0205" Error "Bounds that are not ordered, not numbers, or do not fit their type.";
    DUPLICATE_NAME = "E0206" Error "A name is declared twice.";
    WRONG_PLACE = "E0207" Error "A form of the schema language stands where it has no meaning.";
    UNKNOWN_CALLER = "E0208" Error "A word in `allowed_callers` that the lexicon does not know.";
    UNKNOWN_SIDE_EFFECT = "E0209" Error "A word in `side_effects` that is not known.";
    UNKNOWN_VALUE = "E0210" Error "A fixed value that its type does not have.";
    UNKNOWN_TRUTH_TYPE = "E0211" Error "A truth type that is neither LEDGER nor CURRENT.";
    UNKNOWN_COLUMN = "E0212" Error "A key, constraint, reference or index names a column that the table does not have.";
    UNKNOWN_KEY_FIELD = "E0213" Error "A dedupe key names a field that the capability does not have.";
    RECURSIVE_RECORD = "E0214" Error "A record holds itself.";
    UNKNOWN_ALTERNATIVE = "E0215" Error "The lexicon gives a variant an input or output that the schema does not have.";
    MISSING_ALTERNATIVE = "E0216" Error "A schema has an input or output that no variant of the lexicon has.";
    UNKNOWN_EVENT_FIELD = "E0217" Error "A spec requires a field that no audit event has.";
    MALFORMED_PAYLOAD_KEY = "E0218" Error "A payload key is not a plain name, or stands twice.";
    SAME_RUST_NAME = "E0219" Error "Two names become the same name in Rust.";
    NO_RUST_NAME = "E0220" Error "A name cannot become a name in Rust.";
    UNKNOWN_INVARIANT = "E0221" Error "The lexicon says what keeps an invariant that the table does not state.";
    WRONG_CONSTRAINT = "E0222" Error "What the lexicon says that a database keeps does not fit the table.";

    UNREGISTERED_CODE = "E0301" Error "A spec names a reason code that the engine does not register.";
    UNNUMBERED_CODE = "E0302" Error "A registered reason code has no number.";
    UNNAMED_CODE = "E0303" Error "A registered reason code that no spec names and that is not retired.";
    REUSED_NUMBER = "E0304" Error "Two reason codes have the same number.";
    WRONG_BLOCK = "E0305" Error "The number of a reason code is not in its engine's block.";
    REUSED_BLOCK = "E0306" Error "Two engines have the same block.";
    CHANGED_NUMBER = "E0307" Error "A reason code that was released has another number now.";
    VANISHED_CODE = "E0308" Error "A reason code that was released is gone.";
    MISSING_REFUSAL = "E0309" Error "A class of refusal has no reason code.";
    DUPLICATE_CODE = "E0310" Error "Two engines register the same reason code.";
    RETIRED_CODE = "E0311" Error "A retired reason code is in use.";
    CONFLICTING_CODE = "E0312" Error "The ECM and the DB wiring give a capability different reason codes.";
    UNREADABLE_CONTRACT = "W0313" Warning "A contract that was written before is gone, changed or unreadable, and no record holds its numbers: they are not compared.";
    UNNAMED_CODE_SO_FAR = "W0314" Warning "A registered reason code that no spec names yet; one half of the specs is missing.";
    UNKNOWN_CLASS = "E0315" Error "A class of reason codes that does not exist.";
    MISSING_CLASS = "E0316" Error "A reason code has no class, or a field does not say which classes it takes.";
    CHANGED_CLASS = "E0317" Error "A reason code that was released has another class now.";
    WRONG_CLASS = "E0318" Error "A reason code is used as one of another class, or a field takes classes that fit no code.";

    DUPLICATE_ENGINE = "E0401" Error "Two documents describe the same half of an engine.";
    WRONG_ENGINE_ID = "E0402" Error "The engine id of a document does not fit its file or its other half.";
    WRONG_FOLDER = "E0403" Error "A document lies in the folder of the other kind.";
    DUPLICATE_CAPABILITY = "E0404" Error "Two capabilities have the same id.";
    UNKNOWN_CAPABILITY = "E0405" Error "A write, audit rule or entry of the lexicon does not lead to exactly one capability.";
    MISSING_WRITE = "E0406" Error "A capability that writes has no write in the DB wiring.";
    DUPLICATE_WRITE = "E0407" Error "Two writes belong to the same capability.";
    DUPLICATE_TEST = "E0408" Error "Two acceptance tests have the same id or function.";
    MISSING_TEST_FN = "E0409" Error "An acceptance test has no function.";
    DUPLICATE_TABLE = "E0410" Error "A table stands twice, or two engines disagree about its truth type.";
    UNKNOWN_TABLE = "E0411" Error "A write or the lexicon names a table that no DB wiring declares.";
    UNKNOWN_ENGINE = "E0412" Error "The lexicon or the register names an engine without a spec.";
    DUPLICATE_TRAIT = "E0413" Error "Two engines name the same repository trait.";
    NOT_RUST = "E0414" Error "A contract cannot become Rust code.";
    UNSCOPED_READ = "E0415" Error "A read names neither a tenant nor a row, and is not declared to return everything.";
    NEEDLESS_WHOLE_LEDGER = "E0416" Error "A read is declared to return everything, and names a tenant or a row.";

    VANISHED_CAPABILITY = "E0501" Error "A capability whose calls are stored is gone or has another name.";
    CHANGED_DEDUPE = "E0502" Error "The dedupe key or space of stored calls has changed.";
    UNUSED_RENAME = "E0503" Error "`renamed_from` names nothing that was stored, or what another capability is stored as.";
    UNREADABLE_ANSWER = "E0504" Error "An answer that was stored before could not be given again.";
    NARROWED_BOUND = "E0505" Error "A bound admits less than what may be stored.";

    DIFFERENT_VERSIONS = "E0601" Error "The ECM and the DB wiring of an engine state different versions.";
    DIFFERENT_STATUS = "E0602" Error "One page of an engine says that it is in use, the other that it is not.";
    UNKNOWN_STATUS = "W0603" Warning "A status is not a word of the vocabulary.";
    DEFERRED_ENGINE = "W0604" Warning "An engine is deferred or retired, and its contract is made all the same.";
    OWNED_UNDECLARED = "E0605" Error "The ECM owns a table that the DB wiring does not declare.";
    DECLARED_UNOWNED = "E0606" Error "The DB wiring declares a table that no ECM owns.";
    TWO_OWNERS = "E0607" Error "Two ECMs own the same table.";
    DIFFERENT_TABLES = "E0608" Error "Two DB wirings declare a table with different keys or columns.";
    FOREIGN_WRITE = "E0609" Error "A write changes a table that its DB wiring neither declares nor reads.";
    UNWRITTEN_TABLE = "W0610" Warning "A table is declared, and no capability of any engine writes it.";
    TRUTH_CONTRADICTED = "E0611" Error "What a table says of its rows contradicts its truth type.";
    GUARD_WITHOUT_LEDGER = "E0612" Error "An engine has an append-only guard and no ledger.";
    LEDGER_WITHOUT_GUARD = "W0613" Warning "An engine owns a ledger and has no append-only guard.";
    OPTIONAL_DEDUPE = "E0614" Error "A call may lack a field of the last alternative of its dedupe key.";
    UNUSED_IDEMPOTENCY_KEY = "E0615" Error "A capability takes an idempotency key that its dedupe key leaves out.";
    DIFFERENT_DEDUPE = "E0616" Error "A sentence states a dedupe key that no write has.";
    UNGATED_SIMULATION = "E0617" Error "An event needs a simulation, and its capability may be called without one.";
    UNREQUIRED_SIMULATION = "W0618" Warning "A capability is gated by a simulation that its event does not have to name.";
    UNREACHABLE_EVENT_FIELD = "E0619" Error "An event must carry a field that nothing the capability sees has.";
    UNKNOWN_PAYLOAD_KEY = "E0620" Error "A payload key stands for nothing that the capability takes, sees or gives.";
    OPTIONAL_PAYLOAD_KEY = "E0621" Error "An event must have a payload key whose input may be absent.";
    DIFFERENT_PAYLOAD = "E0622" Error "A sentence lists other payload keys than the writes.";
    UNKNOWN_EVENT_TYPE = "E0623" Error "An event type is no value of the vocabulary.";
    DIFFERENT_EVENT_TYPES = "E0624" Error "The event type of a write is another one in the other page or in a sentence.";
    ONE_SIDED_STEP = "E0625" Error "The ECM and the DB wiring do not name the same codes of steps.";
    MISFILED_CODE = "E0626" Error "A code stands in a section that is for codes of another class.";
    UNKNOWN_CODE_IN_SENTENCE = "E0627" Error "A sentence names a reason code that is not registered, or retired.";
    WRONG_SOURCE = "E0628" Error "The register says that a code comes from a section that does not name it.";
    UNKNOWN_REFERENCE = "E0629" Error "A foreign key leads from or to a table that the wirings do not know.";
    UNKNOWN_INDEX = "E0630" Error "A required index is of no table that its read names, or not an index.";
    WRONG_PRIMARY_INDEX = "E0631" Error "An index is called the primary key of its table and is not.";
    REFERENCE_TO_NO_KEY = "E0632" Error "A foreign key leads to a column that is part of no key.";
    DIFFERENT_NULLABILITY = "E0633" Error "A foreign key is nullable and its column is not, or the other way round.";
    DIFFERENT_REFERENCE_TYPES = "E0634" Error "The two ends of a foreign key have different types.";
    OPTIONAL_KEY = "E0635" Error "A column of a key may be absent.";
    NEEDLESS_KEY = "W0636" Warning "A key repeats a column or another key.";
    UNKNOWN_COLUMN_IN_SENTENCE = "E0637" Error "An invariant names a column that its table does not have.";
    UNKNOWN_VALUE_IN_SENTENCE = "W0638" Warning "A sentence names a value that no enum of the lexicon has.";
    UNKEPT_UNIQUE = "E0639" Error "A sentence says that rows are unique by columns that no key has.";
    READ_OF_NOBODY = "E0640" Error "A table is read that nobody owns and that is not stated as outside.";
    OUTSIDE_AND_DECLARED = "E0641" Error "A table is stated as outside, and a DB wiring declares it.";
    DIFFERENT_TEST_FN = "E0642" Error "The function of an acceptance test does not begin with its id.";
    TEST_OF_ANOTHER_ENGINE = "W0643" Warning "An acceptance test is named after another engine than those beside it.";
    CAPABILITY_OF_ANOTHER_ENGINE = "E0644" Error "A capability is named after another engine.";
    EFFECT_AGAINST_ID = "E0645" Error "What a capability is called contradicts its side effects.";
    RECORD_AGAINST_TABLE = "E0646" Error "A record and the table that it is a row of disagree about a field.";
    UNKNOWN_ENGINE_IN_SENTENCE = "W0647" Warning "A sentence names an engine that no spec describes.";
    UNUSED_ENTRY = "W0648" Warning "An entry of the lexicon is used by nobody.";
    SPELLED_ALIKE = "W0649" Warning "Two names differ by their spelling only.";
    REVERSED_MEANING = "E0650" Error "The meaning of a released reason code was reversed, and its number stayed.";
    CHANGED_MEANING = "W0651" Warning "The meaning of a released reason code has changed.";
    UNKNOWN_VALUE_OF_FIELD = "E0652" Error "A page gives a field a value that its type does not have.";
    WIRING_OF_ANOTHER = "E0653" Error "The Sources of an ECM name the DB wiring of another engine.";
    TITLE_OF_ANOTHER = "E0654" Error "The title of a page names another engine than its header.";
    NEARLY_A_NAME = "W0655" Warning "A sentence names nearly what is there.";
    CALLERS_AGAINST_NAME = "E0656" Error "A group of callers that is named after one caller holds others.";
    CHECK_AGAINST_SENTENCE = "E0657" Error "What keeps an invariant names other values or columns than its sentence.";
    PRESENCE_AGAINST_FIELD = "E0658" Error "A sentence says when a column is there, and the column is always there.";
    ONE_SIDED_REQUIRED = "E0659" Error "The ECM requires a field of every event that a write does not list.";
    ENGINE_IN_SENTENCE = "E0660" Error "A sentence gives the events of a page another engine than its header.";
    GUARD_AGAINST_KEY = "E0661" Error "An append-only guard does not name a row of a ledger by a key.";
    FOLD_WITHOUT_LEDGER = "E0662" Error "A write changes a table that equals the fold of a ledger, and not the ledger.";
    NAMED_TWICE = "W0663" Warning "A list names the same thing twice.";
    READ_AS_WRITE = "E0664" Error "A capability that changes nothing takes an idempotency key or needs a simulation.";
    EVENT_OF_NO_WRITE = "W0665" Warning "A sentence names a type of event that no write of its engine makes.";
    INCOMPLETE_LIST = "W0666" Warning "A list of reason codes leaves out a code that its engine answers with.";
    SAME_TITLE = "W0667" Warning "Two capabilities, or two acceptance tests of a page, have the same name.";
    CODE_OF_ANOTHER_ENGINE = "E0668" Error "A sentence names a reason code of another engine without saying so.";
    INPUT_AGAINST_COLUMN = "E0669" Error "An input may be absent or is a list, and the column that it is written to is not.";
    VALUES_AGAINST_FIELD = "E0670" Error "A sentence gives a field other values or bounds than the lexicon.";
    UNKNOWN_COLUMN_OF_READ = "E0671" Error "A read names a column that its table does not have.";
    WRITE_OF_ONLY_READ = "E0672" Error "A write changes a table of which a sentence says that it is only read.";
    LEDGER_OUTSIDE_GUARDS = "W0673" Warning "An engine has guards, and none of them takes a key of one of its ledgers.";
    REFERENCE_TO_PART_OF_KEY = "E0674" Error "Foreign keys lead to a part of a key, and none leads to the rest of it.";
    ANSWER_OF_ANOTHER_TABLE = "E0675" Error "A capability answers with the row of another table than it is about.";
    MARKED_CONTEXT = "E0676" Error "An input marks as optional, as a list or as fixed what every call has once.";
    UNREAD_REFERENCE = "W0677" Warning "Words look like a foreign key and are not read as one.";
    ROWS_AGAINST_ID = "E0678" Error "A read is called after one row or several, and answers otherwise.";
    READ_WITHOUT_KEY = "E0679" Error "A read answers with one row, and takes no key of it.";
    ANSWER_OF_GUARD = "E0680" Error "An append-only guard answers with something.";
    TITLE_AGAINST_FN = "W0681" Warning "The function of an acceptance test has no word of its title.";
    UNIT_AGAINST_NAME = "E0682" Error "A name ends with another unit than its type or its words state.";
    SAME_MEANING = "W0683" Warning "Two reason codes of an engine have the same meaning.";
    ABSENCE_AGAINST_FIELD = "E0684" Error "A sentence says that a column may be absent, or never is, and the column says otherwise.";
    PAYLOAD_AGAINST_SENTENCE = "E0685" Error "A write puts a key into its event that no event holds by a sentence.";
    CALL_AGAINST_SENTENCE = "E0686" Error "A sentence says otherwise than the ECM who may call a capability.";
    MOVE_FROM_END = "E0687" Error "A sentence lets a state go on that another one calls an end.";
    REFUSED_WITH_OTHER_CLASS = "E0688" Error "A sentence refuses a call with a code that is of no refusal.";
    REFUSAL_AGAINST_LEXICON = "E0689" Error "The ECM gives a class of refusal another code than the lexicon.";
    VERSION_AGAINST_TITLE = "E0690" Error "The title of a page names another version than its header.";
    ITEMS_OF_NO_LIST = "E0691" Error "The lexicon bounds the items of a field that is nowhere a list.";
    TIME_OF_READ = "W0692" Warning "A read takes the time of the call, or a time by which no row is found.";
    WRITE_WITHOUT_RESULT = "W0693" Warning "A write answers without `Result`, and those beside it answer with one.";
    WRITE_WITHOUT_TIME = "W0694" Warning "A write does not take the time of the call, and those beside it do.";
    GATE_OF_OTHER_CLASS = "E0695" Error "A page calls a gate what is a step, an outcome or an event of no gate.";
    TABLE_OF_PURPOSE = "E0696" Error "A purpose names a table that its engine has nothing to do with.";
    UNKNOWN_NAME_OF_READ = "W0697" Warning "A bullet of a read names what nothing is called.";
    UNUSED_INPUT = "W0698" Warning "A write takes an input that it does not use.";

    MALFORMED_SILENCE = "E0701" Error "A line that silences a rule names no rule, one that cannot be silenced, or no reason.";
    UNUSED_SILENCE = "W0702" Warning "A rule is silenced where it finds nothing.";
    STANDING_GUESS = "W0703" Warning "A guess of a draft still carries its mark.";
    UNKNOWN_TEST_IN_SENTENCE = "E0704" Error "A sentence names an acceptance test that no page has.";
    TABLE_AGAINST_SENTENCE = "E0705" Error "A sentence says that an engine or a capability owns, reads or writes a table, and its pages do not.";
    KEY_WITHOUT_SCOPE = "W0706" Warning "A dedupe key is an idempotency key alone, beside keys with a scope.";
    FACT_AGAINST_SENTENCE = "E0707" Error "A sentence gives a table another truth type or key than its DB wiring.";
    CODE_AGAINST_WORDS = "W0708" Warning "The words of a failure deny nothing, and the name of its code does.";
    COUNT_AGAINST_LIST = "E0709" Error "A sentence counts otherwise than it lists, or than its pages have.";
    STATED_TWICE = "E0710" Error "Two sentences of an engine give one limit or one time two values.";
    SEVERAL_PER_KEY = "E0711" Error "A sentence or an index lets rows share a key, or keeps it of other rows than its table.";
    STATE_OF_ANOTHER_ENUM = "E0712" Error "A sentence leads between states that no enum has together.";
    TWO_STARTS = "E0713" Error "Two sentences let the same thing begin in two states.";
    FORGOTTEN_STATE = "W0714" Warning "Sentences lead to and from every value of an enum but one.";
    KEPT_OTHERWISE = "E0715" Error "What keeps an invariant says the opposite of its sentence, or is about another column.";
    DOC_AGAINST_ENTRY = "E0716" Error "The words of an entry of the lexicon state other bounds or values than the entry.";
    KEYS_AGAINST_SENTENCE = "E0717" Error "A sentence says of every key how it begins, and a primary key begins otherwise.";
    TENANT_OUTSIDE_KEY = "W0718" Warning "A key leaves out the tenant, which the keys beside it have.";
    EVENT_AGAINST_SENTENCE = "E0719" Error "A sentence says otherwise than a write or another sentence what events have and how many there are.";
    INPUT_AGAINST_SENTENCE = "E0720" Error "A sentence says otherwise than the input what a call names.";
    ANSWER_AGAINST_SENTENCE = "E0721" Error "A sentence gives a capability another answer than its output.";
    NAME_AGAINST_ID = "E0722" Error "The name of a capability says the opposite of its id.";
    MEANING_OF_ANOTHER = "E0723" Error "The meaning of a reason code has the words of another code of its engine.";
    LEDGER_CHANGED_BY_CALL = "E0724" Error "A write changes or deletes rows by its id, and all its tables are ledgers.";
    REFERENCE_ACTION = "E0725" Error "What stands behind a foreign key would change a row that cannot change so.";
    LINE_OF_ANOTHER_CODE = "E0726" Error "A line about a failure has the words of another code than it names.";
    MEANING_AGAINST_NAME = "E0727" Error "The meaning of a reason code contradicts its name, or the line about its failure.";
    REPLAY_OF_OTHER_CLASS = "E0728" Error "A line says that a call is a replay, and its code is of another class.";
    REFUSAL_OF_ANOTHER_KIND = "E0729" Error "The lexicon gives a class of refusals a code that is named after something else.";
    RANGE_BELOW_TARGET = "E0730" Error "A field is never above another one, and its range ends before it can reach it.";
    CLASSES_AGAINST_LIST = "E0731" Error "A list of reason codes is for other calls than the lexicon's classes.";
    CHANGE_AGAINST_SENTENCE = "E0732" Error "A sentence lets something change, or be shared, which another one keeps for good.";
    COLUMN_OF_ANOTHER_STATE = "E0733" Error "A sentence gives a column to rows of another state than its invariant.";
    EFFECT_AGAINST_WORDS = "E0734" Error "The words of a capability contradict its side effects.";
    ALLOWED_AND_REFUSED = "E0735" Error "A sentence allows what a failure, an input or another sentence of its engine refuses.";

    MALFORMED_ACKNOWLEDGEMENT = "E0801" Error "A line that acknowledges a break names no class or kind of change, or no reason.";
    UNUSED_ACKNOWLEDGEMENT = "E0802" Error "A break is acknowledged where nothing breaks.";
    UNUSED_RENAME_STATEMENT = "E0803" Error "`renamed_from` names nothing that the specs had which are compared with.";
}

/// Findings about names that only the lexicon can explain: without one, every name would bring one of them.
pub static OF_UNKNOWN_NAMES: [&Code; 4] = [UNKNOWN_NAME, UNKNOWN_TYPE, UNKNOWN_GROUP, UNKNOWN_CALLER];

/// Findings about what a spec must have, which a page that is none need not.
pub static OF_MISSING_PARTS: [&Code; 4] = [UNKNOWN_FORM, NOTHING_FOUND, MISSING_SECTION, MISSING_KEY];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_says_what_it_is_for() {
        for (index, code) in ALL.iter().enumerate() {
            assert!(
                ALL[..index].iter().all(|other| other.id < code.id || other.id[1..] < code.id[1..]),
                "{}",
                code.id
            );
            assert_eq!(code.id.starts_with('E'), code.severity == Severity::Error, "{}", code.id);
            assert!(code.purpose.ends_with('.'), "{}", code.id);
        }
    }
}
