//! Arguments of `export`. What must not live here: doing it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What `export --help` teaches.
pub(super) const HELP: &str = "\
Examples:
  cargo xtask export --format json-schema                    one JSON Schema (2020-12) of all engines
  cargo xtask export --format json-schema --engine PH1.W | jq '.\"$defs\" | keys'
  cargo xtask export --format openapi --out target/openapi   a file for each engine, as ph1_w.openapi.json
  cargo xtask export --format openapi --engine PH1.W > ph1_w.json

For callers in other languages: inputs, outputs, records, enums, reason codes and errors, in the JSON that the Rust types write.
Every document stands alone. Names are those of Rust behind the engine's module: ph1_w.WakeEnrollmentSessionRecord, shared.UserId.
There is no server: in OpenAPI an operation documents a call of the library, and promises no protocol.
What schemas cannot say is in descriptions and `x-` keys: lengths count bytes, and ids must not look like others.

Exit codes: 0 success; 1 an error in the specs, no such engine, or a file that cannot be written; 2 a wrong command line.";

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to write.
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// Only these engines, as PH1.W [default: all of them]
    #[arg(long, value_name = "ENGINE")]
    pub engine: Vec<String>,
    /// The folder with ecm/, db_wiring/, lexicon.yaml and reason_codes.yaml [default: specs/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub specs: Option<PathBuf>,
    /// Write a file for each engine into this folder [default: one document on standard output]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A language that describes JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// JSON Schema, draft 2020-12.
    JsonSchema,
    /// OpenAPI 3.1.
    Openapi,
}
