//! `cargo xtask scaffold`: drafts what is hand-written for an engine.
//!
//! What lives here: reading the workspace, showing what would be written, writing it. What must not: the texts, which
//! `xtask::scaffold` makes.

mod apply;
mod format;
mod show;
mod tree;

use std::process::ExitCode;

use selene_codegen::contract::Contract;
use selene_codegen::schema::Schema;

use super::engines::chosen;
use super::{NO_WORKSPACE_AT_ALL, exit_code, print, print_diagnostics, print_error};
use crate::cli::ScaffoldArgs;
use crate::pipeline;
use crate::{paths, scaffold};

/// Runs the command.
#[must_use]
pub fn run(args: &ScaffoldArgs) -> ExitCode {
    let Some(root) = paths::workspace_root() else {
        print_error(NO_WORKSPACE_AT_ALL);
        return ExitCode::FAILURE;
    };
    let run = pipeline::run(&root.join("specs"), &root.join("generated"));
    print_diagnostics(&run.diagnostics, &run.sources);
    if run.diagnostics.has_errors() {
        return exit_code(false);
    }
    let contracts = &run.resolved.contracts;
    let drafted = engine(contracts, &args.engine).and_then(|contract| {
        let schema = Schema::of(contracts, &run.resolved.shared).map_err(|error| error.to_string())?;
        let tree =
            tree::read(root).map_err(|(path, error)| format!("`{path}` cannot be read: {}", error.kind()))?;
        let mut draft = scaffold::draft(contract, contracts, &run.resolved.shared, &schema, &tree);
        format::format(root, &mut draft)?;
        Ok((contract, draft))
    });
    let (contract, draft) = match drafted {
        Ok(drafted) => drafted,
        Err(problem) => {
            print_error(&format!("error: {problem}\n"));
            return exit_code(false);
        }
    };
    if draft.is_empty() {
        print(&format!("nothing is missing for {}\n", contract.engine.id));
        return exit_code(true);
    }
    print(&show::shown(&draft, args.accept));
    if !args.accept {
        print_error(&format!(
            "nothing was written; to write it: cargo xtask scaffold {} --accept\n",
            contract.engine.id
        ));
        return exit_code(false);
    }
    if let Err((path, error)) = apply::apply(root, &draft) {
        print_error(&format!("error: `{path}` cannot be written: {}\n", error.kind()));
        return exit_code(false);
    }
    exit_code(true)
}

/// The contract of an engine that has both halves of its specs.
fn engine<'c>(contracts: &'c [Contract], name: &str) -> Result<&'c Contract, String> {
    let ids = chosen(contracts, std::slice::from_ref(&name.to_owned()))?;
    let contract = contracts.iter().find(|contract| ids.contains(&contract.engine.id.as_str()));
    let contract = contract.ok_or_else(|| format!("there is no engine `{name}`"))?;
    match contract.engine.missing.as_slice() {
        [] => Ok(contract),
        missing => {
            let folders: Vec<String> =
                missing.iter().map(|kind| format!("specs/{}", kind.as_str())).collect();
            Err(format!(
                "{} has no page in {}, so nothing can be drafted\nhelp: write the missing page first",
                contract.engine.id,
                folders.join(" and ")
            ))
        }
    }
}
