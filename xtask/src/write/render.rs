//! Contracts as text: YAML for the macro, and the two Rust files that call it.

use std::fmt::Write as _;

use selene_codegen::contract::{Capability, Contract, Effect, SharedContract};
use selene_codegen::naming::{method_name, module_name, pascal};
use selene_codegen::paged::{self, Listed};
use selene_codegen::row::Known;
use selene_codegen::yaml;

use crate::parallel;
use crate::paths::SHARED;
use crate::resolve::Resolved;

/// A file to be, by its path below the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// `contracts/ph1_w.yaml`
    pub path: String,
    /// The text of the file.
    pub text: String,
}

/// The Rust file that expands every contract of an engine, below the output folder.
pub const ENGINES_FILE: &str = "src/engines.rs";

/// The Rust file that expands what all engines share, below the output folder. It is always the same.
pub const SHARED_FILE: &str = "src/shared.rs";

/// The longest line that the workspace's rustfmt keeps on one line.
const LINE_WIDTH: usize = 110;

/// Every file of a run, `contracts/*.yaml` first.
///
/// # Errors
/// A contract holds something that YAML cannot express.
pub fn render(resolved: &Resolved) -> Result<Vec<Rendered>, yaml::YamlError> {
    let mut files = vec![Rendered {
        path: format!("contracts/{SHARED}.yaml"),
        text: with_head(
            "types and records of all engines",
            "specs/lexicon.yaml",
            &yaml::to_string(&resolved.shared)?,
        ),
    }];
    for (contract, text) in resolved.contracts.iter().zip(parallel::map(&resolved.contracts, yaml::to_string))
    {
        let id = &contract.engine.id;
        let head = format!("the contract of {id}");
        let from = format!("the specs of {id}, specs/lexicon.yaml and specs/reason_codes.yaml");
        files.push(Rendered {
            path: format!("contracts/{}.yaml", module_name(id)),
            text: with_head(&head, &from, &text?),
        });
    }
    files.push(Rendered {
        path: ENGINES_FILE.to_owned(),
        text: engines(&resolved.contracts, &resolved.shared),
    });
    files.push(Rendered { path: SHARED_FILE.to_owned(), text: shared().to_owned() });
    Ok(files)
}

fn with_head(what: &str, from: &str, text: &str) -> String {
    format!("# Machine-written by `cargo xtask regenerate`: {what}. Edit {from} instead.\n{text}")
}

fn shared() -> &'static str {
    "//! Types and records that every engine shares. Machine-written by `cargo xtask regenerate`; edit `specs/` instead.\n\n\
     selene_codegen_macros::shared!(\"contracts/shared.yaml\");\n"
}

/// The Rust file that expands these contracts.
pub fn engines(contracts: &[Contract], shared: &SharedContract) -> String {
    let mut text = String::from(
        "//! Every engine, each expanded from its contract. Machine-written by `cargo xtask regenerate`; edit `specs/` instead.\n",
    );
    let mut entries = Vec::new();
    for contract in contracts {
        let (id, module) = (&contract.engine.id, module_name(&contract.engine.id));
        let purpose = one_line(&contract.engine.purpose);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n/// {id}: {purpose}\npub mod {module} {{\n    selene_codegen_macros::contract!(\"contracts/{module}.yaml\");\n}}\n"
        );
        entries.push(format!("&{module}::ENGINE"));
    }
    let head = "pub static ALL: &[&selene_contracts::EngineSpec] =";
    text.push_str("\n/// Every engine, by id.\n");
    text.push_str(&array(head, &entries));
    text.push_str(&visitor(contracts));
    text.push_str(&tables(contracts));
    text.push_str(&implement_every(contracts));
    text.push_str(&asynchronous(contracts));
    text.push_str(&calls(contracts, shared));
    text.push_str(&known_reads(contracts, shared));
    text.push_str(&for_every(
        "suite",
        "the acceptance tests",
        "an engine whose suite nobody wrote, or nobody runs, does not compile",
        contracts
            .iter()
            .filter(|contract| !contract.acceptance_tests.is_empty())
            .map(|contract| (contract, format!("{}_acceptance_tests", module_name(&contract.engine.id)))),
    ));
    text
}

/// A macro that names something of every engine, so that no list of engines is kept by hand.
fn for_every<'a>(
    name: &str,
    what: &str,
    so_that: &str,
    entries: impl Iterator<Item = (&'a Contract, String)>,
) -> String {
    let mut text = format!(
        "\n/// Calls a macro of the caller with the module and {what} of every engine: {so_that}.\n#[macro_export]\n\
         macro_rules! for_every_{name} {{\n    ($each:ident) => {{"
    );
    let calls: Vec<String> = entries
        .map(|(contract, item)| format!("\n        $each!({}, {item});", module_name(&contract.engine.id)))
        .collect();
    text.push_str(&calls.concat());
    text.push_str(if calls.is_empty() { "};\n}\n" } else { "\n    };\n}\n" });
    text
}

/// A macro that implements every backend trait for one store.
fn implement_every(contracts: &[Contract]) -> String {
    let mut text = String::from(
        "\n/// Implements the backend trait of every engine for a store whose methods `commit`, `read`, `read_page` and `guard` take any admitted call.\n\
         #[macro_export]\nmacro_rules! implement_every_backend {\n    ($store:ty) => {",
    );
    for contract in contracts.iter().filter(|contract| contract.engine.repo_trait.is_some()) {
        let _ = write!(text, "\n        $crate::implement_{}!($store);", module_name(&contract.engine.id));
    }
    text.push_str(if text.ends_with('{') { "};\n}\n" } else { "\n    };\n}\n" });
    text
}

/// Every engine for asynchronous callers, and the macro that implements all of it for one store.
fn asynchronous(contracts: &[Contract]) -> String {
    let mut text = String::from(
        "\n/// Every engine for asynchronous callers: modules with what the engines' own hold, but for their traits, whose methods give futures.\n\
         #[cfg(feature = \"async\")]\npub mod asynchronous {",
    );
    let mut macros = String::new();
    for contract in contracts {
        let (id, module) = (&contract.engine.id, module_name(&contract.engine.id));
        let _ = write!(
            text,
            "\n    /// {id} for asynchronous callers.\n    pub mod {module} {{\n        \
             selene_codegen_macros::contract_async!(\"contracts/{module}.yaml\");\n    }}\n"
        );
        if contract.engine.repo_trait.is_some() {
            let _ = write!(macros, "\n        $crate::implement_{module}_async!($store);");
        }
    }
    text.push_str(
        "}\n\n/// Implements the asynchronous backend trait of every engine for a store whose methods `commit`, `read`, `read_page` and `guard` take any admitted call and give futures.\n\
         #[cfg(feature = \"async\")]\n#[macro_export]\nmacro_rules! implement_every_async_backend {\n    ($store:ty) => {",
    );
    text.push_str(&macros);
    text.push_str(if macros.is_empty() { "};\n}\n" } else { "\n    };\n}\n" });
    text
}

/// A macro that names every call of every engine, so that no list of calls is kept by hand.
fn calls(contracts: &[Contract], shared: &SharedContract) -> String {
    let mut text = String::from(
        "\n/// Calls a macro of the caller once, with every engine that has a repository trait: `module: Trait`, its writes, its reads and guards, and the pages of those reads that give a list, each as `Input => method`.\n\
         #[macro_export]\nmacro_rules! for_every_engine {\n    ($each:ident) => {\n        $each! {\n",
    );
    for contract in contracts {
        let Some(repo) = &contract.engine.repo_trait else { continue };
        let _ = writeln!(text, "            {}: {repo} {{", module_name(&contract.engine.id));
        for (kind, are_writes) in [("writes", true), ("reads", false)] {
            let wanted = |capability: &&Capability| (capability.effect == Effect::Write) == are_writes;
            let ids = contract.served().filter(wanted).map(|Capability { id, .. }| id);
            text.push_str(&section(kind, ids.map(|id| format!("{} => {},", pascal(id), method_name(id)))));
        }
        let lists = contract.served().filter(|read| is_paged(read, contract, shared));
        let calls =
            lists.map(|read| format!("{} => {},", pascal(&read.id), method_name(&paged::id(&read.id))));
        text.push_str(&section("pages", calls));
        text.push_str("            }\n");
    }
    text.push_str("        }\n    };\n}\n");
    text
}

/// The calls of one kind: one call stands in the line of its kind, where there is room.
fn section(kind: &str, calls: impl Iterator<Item = String>) -> String {
    const INDENT: &str = "                ";
    let calls: Vec<String> = calls.collect();
    match calls.as_slice() {
        [] => format!("{INDENT}{kind} {{}}\n"),
        [only] if INDENT.len() + kind.len() + only.len() + 5 <= LINE_WIDTH => {
            format!("{INDENT}{kind} {{ {only} }}\n")
        }
        several => {
            let lines: Vec<String> = several.iter().map(|call| format!("{INDENT}    {call}\n")).collect();
            format!("{INDENT}{kind} {{\n{}{INDENT}}}\n", lines.concat())
        }
    }
}

/// A macro that names the input of every read and guard of which its contract says the rows.
fn known_reads(contracts: &[Contract], shared: &SharedContract) -> String {
    let mut calls = String::new();
    for contract in contracts.iter().filter(|contract| contract.engine.repo_trait.is_some()) {
        let record_of =
            |name: &str| contract.records.iter().chain(&shared.records).find(|record| record.name == name);
        let type_of = |name: &str| contract.types.iter().chain(&shared.types).find(|ty| ty.name == name);
        let module = module_name(&contract.engine.id);
        for capability in contract.served() {
            let known = Known::of(contract, capability, record_of, |name| type_of(name).map(|ty| &ty.kind));
            let each = match known {
                Some(Known::Row { .. }) => "by_key",
                Some(Known::List(_)) => "by_start",
                Some(Known::Ledgers(_)) => "of_ledger",
                None => continue,
            };
            // Writing to a string cannot fail.
            let _ = write!(calls, "\n        ${each}!($crate::{module}::{});", pascal(&capability.id));
        }
    }
    let end = if calls.is_empty() { "};\n}\n" } else { "\n    };\n}\n" };
    format!(
        "\n/// Calls a macro of the caller with the input of every read and guard of which its contract says the rows: `by_key` for a \
         `known::KeyedRead`, `by_start` for a `known::StartedList`, `of_ledger` for a `known::LedgerGuard`.\n\
         #[macro_export]\nmacro_rules! for_every_known_read {{\n    ($by_key:ident, $by_start:ident, $of_ledger:ident) => {{{calls}{end}"
    )
}

/// Whether a read gives a list of records; the engine's own ones win over shared ones.
fn is_paged(read: &Capability, contract: &Contract, shared: &SharedContract) -> bool {
    let record_of =
        |name: &str| contract.records.iter().chain(&shared.records).find(|record| record.name == name);
    Listed::of(read, record_of).is_some()
}

/// A function that calls a visitor with the input type of every capability, so that no list of engines is kept by hand.
fn visitor(contracts: &[Contract]) -> String {
    let name = if contracts.is_empty() { "_visitor" } else { "visitor" };
    let mut text = format!(
        "\n/// Shows every input type of every engine to `visitor`: engines by id, capabilities in contract order.\n\
         pub fn visit_capabilities({name}: &mut impl selene_contracts::CapabilityVisitor) {{"
    );
    for contract in contracts {
        let _ = write!(text, "\n    {}::visit_capabilities(visitor);", module_name(&contract.engine.id));
    }
    text.push_str(if contracts.is_empty() { "}\n" } else { "\n}\n" });
    text
}

/// A module with the table names of all engines: a table has one owner, which lists its columns.
fn tables(contracts: &[Contract]) -> String {
    let mut text = String::from(
        "\n/// Names of the tables of all engines and of their columns, for statements.\npub mod tables {",
    );
    for contract in contracts {
        if contract.tables.iter().any(|table| !table.columns.is_empty()) {
            let _ = write!(text, "\n    pub use super::{}::tables::*;", module_name(&contract.engine.id));
        }
    }
    text.push_str(if text.ends_with('{') { "}\n" } else { "\n}\n" });
    text
}

/// A static array as rustfmt lays it out: on one line, on an indented second one, or one item per line.
fn array(head: &str, entries: &[String]) -> String {
    let list = format!("&[{}];", entries.join(", "));
    if head.len() + 1 + list.len() <= LINE_WIDTH {
        return format!("{head} {list}\n");
    }
    if list.len() + 4 <= LINE_WIDTH {
        return format!("{head}\n    {list}\n");
    }
    let mut text = format!("{head} &[\n");
    for entry in entries {
        let _ = writeln!(text, "    {entry},");
    }
    text.push_str("];\n");
    text
}

/// Words for a doc comment: brackets would read as links, angle brackets as tags.
fn one_line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace('[', "\\[").replace(']', "\\]").replace('<', "\\<")
}
