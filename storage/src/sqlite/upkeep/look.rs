//! Opening a file of any schema version that this build knows.

use std::path::Path;

use rusqlite::Connection;

use crate::sqlite::open_error::OpenError;
use crate::sqlite::place::Place;
use crate::sqlite::store::StoreOptions;

/// Opens a file of this or of an earlier schema version for reading only.
pub(super) fn look_into(path: &Path, options: &StoreOptions) -> Result<(Place, Connection), OpenError> {
    let place = Place::of_any_version(path, options.busy_timeout)?;
    let connection = place.open_reader()?;
    Ok((place, connection))
}
