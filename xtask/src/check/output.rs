//! The output folder itself, before anything in it is compared or deleted.

use std::path::Path;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::paths;
use crate::source::Position;

/// `contracts/` is the one folder in which files are deleted, so that it must lie where it seems to lie.
pub fn check_output(out: &Path, diagnostics: &mut Diagnostics) {
    let folder = out.join("contracts");
    if folder.symlink_metadata().is_ok_and(|metadata| metadata.file_type().is_symlink()) {
        let shown = paths::display(&folder);
        let message = format!("`{shown}` is a symbolic link and is not followed");
        diagnostics.push(
            Diagnostic::outside(codes::SYMBOLIC_LINK, message, &shown, Position { line: 1, column: 1 })
                .help("put the folder itself here; files that no spec gives are deleted in it"),
        );
    }
}
