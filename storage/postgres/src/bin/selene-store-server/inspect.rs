//! `selene-store inspect ADDRESS`: what a database holds.

use std::fmt::Write as _;

use selene_storage::command::ending;
use selene_storage::command::failure::Ending;
use selene_storage::command::output::{self, Format, bytes};
use selene_storage::command::shown_contents;
use selene_storage_postgres::Inspection;
use serde::Serialize;

use crate::cli::InspectArgs;
use crate::commands::open;
use crate::refused::Refused;

#[derive(Serialize)]
struct Inspected<'a> {
    file: String,
    #[serde(flatten)]
    inspection: &'a Inspection,
}

/// Shows what a database holds.
pub fn run(args: &InspectArgs) -> Result<Ending, Refused> {
    let (store, place) = open(&args.source)?;
    let inspection = store.inspect().map_err(|source| Refused::Store { place: place.clone(), source })?;
    let printed = match args.format {
        Format::Text => output::print_for_people(&format!("{place}\n{}", text(&inspection))),
        Format::Json => output::print_json(&Inspected { file: place.to_string(), inspection: &inspection }),
    };
    Ok(ending::of_reading(true, printed)?)
}

fn text(of: &Inspection) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "  schema    version {}, that of this build", of.schema_version);
    let _ = writeln!(text, "  size      {}", bytes(of.database_bytes));
    text.push_str(&shown_contents::events(&of.contents));
    let settings = of.settings.iter().map(|(name, value)| match value.as_str() {
        "" => format!("{name} is empty"),
        value => format!("{name} {value}"),
    });
    let _ = writeln!(text, "  settings  {}\n", settings.collect::<Vec<_>>().join(", "));
    text.push_str(&shown_contents::tables(&of.contents, Some(&of.table_bytes)));
    text
}
