//! An export, as it is asked for and written: the same for a file and for a server.

use std::fmt::Display;
use std::io::BufWriter;
use std::path::PathBuf;

use selene_contracts::StorageError;

use crate::audit::{ExportError, ExportQuery, ExportSummary};
use crate::command::failure::{Ending, Failure};
use crate::command::output::{self, count};
use crate::command::saved_heads;

/// The part of a command line that says what is exported.
#[derive(Debug, clap::Args)]
pub struct ShownExport {
    /// Only this tenant's chain
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Only events behind these heads, which `selene-store heads` wrote before
    #[arg(long, value_name = "HEADS")]
    from: Option<PathBuf>,
    /// The public half of the key that signed the heads (PEM)
    #[arg(long, value_name = "PEM", requires = "from")]
    public_key: Option<PathBuf>,
}

/// The standard output, locked and buffered.
type Out = BufWriter<std::io::StdoutLock<'static>>;

impl ShownExport {
    /// What is asked for.
    pub fn query(&self) -> Result<ExportQuery, Failure> {
        let saved = saved_heads::read(self.from.as_deref(), self.public_key.as_deref())?;
        Ok(ExportQuery {
            tenant_id: self.tenant.as_deref().map(Into::into),
            behind: saved.map(|saved| saved.heads).unwrap_or_default(),
        })
    }
}

/// Writes what a store exports to the standard output, and reports how much it is, or what is wrong with the store at this place. Where the
/// store did not answer, that is handed back.
pub fn write(
    place: &dyn Display,
    export: impl FnOnce(Out) -> Result<ExportSummary, ExportError>,
) -> Result<Result<Ending, StorageError>, Failure> {
    match export(BufWriter::new(std::io::stdout().lock())) {
        Ok(written) => {
            let (chains, events) = (count(written.chains, "chain"), count(written.events, "event"));
            let rows = count(written.rows + written.unsealed_rows, "ledger row");
            output::report_line(&format!("{place}: {chains}, {events}, {rows}"));
            Ok(Ok(Ending::Done))
        }
        Err(ExportError::Store(source)) => Ok(Err(source)),
        Err(ExportError::Output(source)) => Err(Failure::Output(source)),
        Err(error) => {
            output::report_damage(place, &error);
            Ok(Ok(Ending::Wrong))
        }
    }
}
