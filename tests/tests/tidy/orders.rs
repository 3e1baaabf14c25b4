//! The order in which the parts of each crate may import, as ARCHITECTURE.md shows it; `layers` holds the sources to it.

/// The order of the parts of a crate. A part is a folder, or a file beside the folders, by its name without `.rs`.
pub struct Order {
    /// The sources of the crate.
    pub folder: &'static str,
    /// The file there that declares the parts.
    pub root: &'static str,
    /// A part, and the parts of this list that it may import from. Files that are not named are the base: every part may
    /// import them, and they import no part, except files that only declare modules and re-export. A folder that is not
    /// named has no place yet: it may import no part, and no part may import it.
    pub parts: &'static [(&'static str, &'static [&'static str])],
}

/// The orders of all crates that have parts.
pub const ORDERS: [Order; 9] =
    [STORE, COMMAND, POSTGRES, COPY_COMMAND, SERVER_COMMAND, REGENERATE, EMISSION, CONTRACTS, PROOF];

/// The store: rules, rows, the life of a call, checks, and the driver of files.
pub const STORE: Order = Order {
    folder: "storage/src",
    root: "lib.rs",
    parts: &[
        ("observe", &[]),
        ("rules", &[]),
        ("rows", &["rules"]),
        ("commit", &["observe", "rules", "rows"]),
        ("asynchronous", &["observe", "rules", "rows", "commit"]),
        ("check", &["rules", "rows", "commit"]),
        ("audit", &["rules", "rows", "commit", "check"]),
        ("test_support", &["observe", "rules", "rows", "commit", "check"]),
        ("transfer", &["rules", "rows", "commit", "check"]),
        (
            "sqlite",
            &[
                "asynchronous",
                "observe",
                "rules",
                "rows",
                "commit",
                "check",
                "audit",
                "test_support",
                "transfer",
            ],
        ),
        ("command", &["check", "audit", "sqlite"]),
        ("backend", &["asynchronous", "rules", "rows", "commit", "check", "audit", "transfer"]),
    ],
};

/// The operator's command. What it reads and does is in the library, so it names no driver either.
const COMMAND: Order = Order {
    folder: "storage/src/bin/selene-store",
    root: "main.rs",
    parts: &[
        ("commands", &[]),
        ("external", &[]),
        ("cli", &["commands"]),
        ("main", &["commands", "external", "cli"]),
    ],
};

/// Texts of statements, the open transaction, a connection, what is asked through it, and the handle above. The errors of
/// opening are the base.
const POSTGRES: Order = Order {
    folder: "storage/postgres/src",
    root: "lib.rs",
    parts: &[
        ("statement", &[]),
        ("batch", &["statement"]),
        ("connection", &["statement", "batch"]),
        ("schema", &["batch", "connection"]),
        ("session", &["statement", "batch", "connection", "schema"]),
        ("server", &["connection", "schema"]),
        ("leader", &["batch", "connection", "session", "server"]),
        ("store", &["batch", "connection", "schema", "server", "leader"]),
        ("inspect", &["connection", "schema", "store"]),
        ("copy", &["statement", "batch", "connection", "session", "schema", "server"]),
        ("test_support", &["statement", "batch", "connection", "schema", "store"]),
    ],
};

/// The command that copies. What it shows by is that of the other commands.
const COPY_COMMAND: Order = Order {
    folder: "storage/postgres/src/bin/selene-store-copy",
    root: "main.rs",
    parts: &[
        ("place", &[]),
        ("failure", &["place"]),
        ("cli", &[]),
        ("copying", &["cli", "failure", "place"]),
        ("main", &["cli", "copying", "failure"]),
    ],
};

/// The commands on databases of servers. What they show by is that of the other commands.
const SERVER_COMMAND: Order = Order {
    folder: "storage/postgres/src/bin/selene-store-server",
    root: "main.rs",
    parts: &[
        ("refused", &[]),
        ("cli", &[]),
        ("commands", &["cli", "refused"]),
        ("inspect", &["cli", "commands", "refused"]),
        ("migrate", &["cli", "refused"]),
        ("main", &["cli", "commands", "inspect", "migrate", "refused"]),
    ],
};

/// The phases, then what runs them. A phase needs the trees of the first one for their places and words.
pub const REGENERATE: Order = Order {
    folder: "xtask/src",
    root: "lib.rs",
    parts: &[
        ("diagnostics", &[]),
        ("written", &["diagnostics"]),
        ("read", &["diagnostics"]),
        ("parse", &["diagnostics", "read"]),
        ("resolve", &["diagnostics", "read", "parse"]),
        ("check", &["diagnostics", "read", "parse", "resolve", "written"]),
        ("lint", &["diagnostics", "read", "parse", "resolve", "written"]),
        ("diff", &["diagnostics", "read", "parse", "resolve", "lint"]),
        ("emission", &["diagnostics", "resolve"]),
        ("write", &["diagnostics", "parse", "resolve", "written"]),
        (
            "pipeline",
            &["diagnostics", "read", "parse", "resolve", "check", "lint", "emission", "write", "written"],
        ),
        // Pages are made of what was read, resolved and proven, down to the words of every line; who compares revisions is a command.
        ("book", &["coverage", "diagnostics", "read", "parse", "resolve", "pipeline"]),
        // Schemas for other languages are made of contracts alone.
        ("export", &[]),
        // A draft is made of contracts and of texts that it is given.
        ("scaffold", &[]),
        // A mutant is made of a resolved contract.
        ("mutate", &["resolve"]),
        // Drafts are made from what one run of the phases gave; who runs them is a command.
        ("adopt", &["diagnostics", "read", "parse", "resolve"]),
        // What is proven; the tests write their records by it.
        ("coverage", &["diagnostics", "parse", "resolve", "write", "written", "pipeline"]),
        // Schemas name what the readers know; they read nothing.
        ("editors", &[]),
        ("cli", &["diagnostics"]),
        (
            "commands",
            &[
                "coverage",
                "diagnostics",
                "adopt",
                "book",
                "diff",
                "editors",
                "export",
                "read",
                "parse",
                "resolve",
                "lint",
                "mutate",
                "write",
                "written",
                "pipeline",
                "scaffold",
                "cli",
            ],
        ),
    ],
};

/// From the model of a contract to tokens and to a schema.
const EMISSION: Order = Order {
    folder: "codegen/src",
    root: "lib.rs",
    parts: &[
        ("contract", &[]),
        ("yaml", &[]),
        ("naming", &["contract"]),
        ("paged", &["contract", "yaml"]),
        ("row", &["contract", "yaml", "naming"]),
        ("schema", &["contract", "yaml", "naming", "row"]),
        ("emit", &["contract", "yaml", "naming", "paged", "row"]),
        // Views of what was emitted.
        ("outline", &[]),
    ],
};

/// What generated code builds on: values and rows, what is refused, a call that was admitted, and pages of answers. What macros
/// declare for the engines is not seen here.
const CONTRACTS: Order = Order {
    folder: "generated/src",
    root: "lib.rs",
    parts: &[
        ("row", &[]),
        ("cursor", &["row"]),
        ("payload", &["row"]),
        ("violation", &["cursor", "payload"]),
        ("error", &["violation"]),
        ("error_json", &["error", "violation"]),
        ("check", &["error", "payload", "violation"]),
        ("bounded", &["check", "payload", "violation"]),
        ("capability", &["check"]),
        // The modules of the engines, which the macro fills, and their list; the tests of the others take examples from them.
        ("engines", &["capability"]),
        ("every_repo", &["engines"]),
        ("registered", &["engines"]),
        ("committed", &["engines", "error"]),
        ("known", &["capability", "row"]),
        ("outcome", &["capability", "committed", "engines", "error"]),
        ("admitted", &["bounded", "capability", "check", "error", "outcome", "violation"]),
        ("page", &["admitted", "capability", "check", "cursor", "engines", "error", "row", "violation"]),
        ("pages", &["cursor", "engines", "error", "page"]),
        // Contracts that only tests have.
        ("foreign", &["committed", "error"]),
    ],
};

/// A backend under test, what is at work in it, and what is asked of it. Suites and reference models know nothing of each other.
const PROOF: Order = Order {
    folder: "tests/src",
    root: "lib.rs",
    parts: &[
        ("harness", &[]),
        ("world", &["harness"]),
        ("workplace", &["harness", "world"]),
        ("suites", &["harness", "world", "workplace"]),
        ("model", &["harness", "world", "workplace"]),
        ("lib", &["harness", "world", "workplace", "suites", "model"]),
    ],
};
