//! `selene-store migrate`: to the schema version of this build.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use selene_storage::command::ending;
use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::output::{self, Format};
use selene_storage::command::progress::Progress;
use selene_storage::command::report;
use selene_storage::upkeep;
use selene_storage::{SqliteStore, StoreReport};
use serde::Serialize;

use super::FileSource;

/// Brings a file to the schema version of this build, and verifies it
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store migrate selene.db --dry-run      does all of it on a copy beside the file, verifies the copy, and deletes it
  selene-store backup selene.db before.db && selene-store migrate selene.db

All steps are one transaction: killed at any moment, the file has the old version or the new one. Stop programs of an earlier build
before: they refuse a newer version. A program of this build migrates by itself when it opens the file for writing.

A dry run needs the size of the file as free space beside it, and changes nothing of the file.

The database of a server is migrated as the owner of its tables, and ROLE, as which stores open it, gets its rights; a dry run there does all of
it and takes it back, and holds its locks meanwhile:
  selene-store migrate 'host=/run/postgresql dbname=selene user=selene_owner' --role selene

Exit codes: 0 the file has the version of this build, and nothing is wrong; 1 it has the version, and the checks found something wrong;
2 a wrong command line; 3 it could not be done, and the file is as it was.")]
pub struct Args {
    #[command(flatten)]
    source: FileSource,
    /// Try it: on a copy of the file, or in a transaction of the server that is taken back
    #[arg(long)]
    dry_run: bool,
    /// On a server: the role of the stores
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Args {
    /// Whether it is a database on a server.
    pub fn is_on_server(&self) -> bool {
        self.source.is_on_server()
    }
}

#[derive(Serialize)]
struct Migrated<'a> {
    file: String,
    is_dry_run: bool,
    from: i32,
    to: i32,
    is_intact: bool,
    #[serde(flatten)]
    report: &'a StoreReport,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let path = args.source.path()?;
    if args.role.is_some() {
        return Err(Failure::RoleOfFile(path.to_owned()));
    }
    let scratch = args.dry_run.then(|| Scratch::copy_of(args)).transpose()?;
    let target = scratch.as_ref().map_or(path, |scratch| &scratch.path);
    let options = args.source.options();
    let migration = upkeep::migrate(target, &options).map_err(Failure::upkeep(target))?;
    let store = SqliteStore::open_read_only_with(target, &options).map_err(Failure::open(target))?;
    let mut progress = Progress::begin();
    let report = store.verify_watched(&[], |at| progress.show_check(at));
    drop((progress, store));
    let report = report.map_err(Failure::store(target))?;
    let printed = match args.format {
        Format::Text => {
            let done = match (migration.from == migration.to, args.dry_run) {
                (true, _) => format!("has schema version {} already", migration.to),
                (false, true) => {
                    format!("would go from schema version {} to {}", migration.from, migration.to)
                }
                (false, false) => format!("went from schema version {} to {}", migration.from, migration.to),
            };
            output::print_for_people(&format!(
                "{} {done}\n{}",
                path.display(),
                report::findings(&path.display(), &report)
            ))
        }
        Format::Json => output::print_json(&Migrated {
            file: path.display().to_string(),
            is_dry_run: args.dry_run,
            from: migration.from,
            to: migration.to,
            is_intact: report.is_intact(),
            report: &report,
        }),
    };
    Ok(ending::of_work(report.is_intact(), printed))
}

/// A copy that is deleted at the end.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn copy_of(args: &Args) -> Result<Self, Failure> {
        let source = args.source.path()?;
        let path = with(source, ".dry-run");
        let mut progress = Progress::begin();
        let copy = upkeep::copy(source, &path, &args.source.options(), |at| progress.show_copy(at));
        copy.and_then(upkeep::CopyDraft::keep).map_err(Failure::upkeep(source))?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            // What stays is refused by the next dry run, which names it.
            let _ = std::fs::remove_file(with(&self.path, suffix));
        }
    }
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
