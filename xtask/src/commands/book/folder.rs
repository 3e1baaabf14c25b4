//! The folder of a site: files whose text changed are written, and what an earlier book left is deleted.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::book::File;
use crate::paths;

/// Names the files of a book, so that only they are ever deleted.
const LIST: &str = ".book-files";

/// Writes a site.
///
/// # Errors
/// The folder holds something that no book wrote, or cannot be written.
pub(super) fn write(folder: &Path, files: &[File]) -> Result<(), String> {
    let shown = paths::display(folder);
    let known: BTreeSet<String> =
        fs::read_to_string(folder.join(LIST)).unwrap_or_default().lines().map(str::to_owned).collect();
    let is_empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if known.is_empty() && !is_empty {
        return Err(format!(
            "`{shown}` holds files that no book wrote\nhelp: name an empty or a new folder with --out"
        ));
    }
    let problem = |error: std::io::Error| {
        format!("`{shown}` cannot be written: {}\nhelp: name another folder with --out", error.kind())
    };
    let list: String = files.iter().flat_map(|file| [file.path.as_str(), "\n"]).collect();
    fs::create_dir_all(folder).map_err(problem)?;
    // What is about to be written is listed first, so that a book that was cut short can be written again.
    let both: BTreeSet<&str> = known.iter().map(String::as_str).chain(list.lines()).collect();
    let both: String = both.into_iter().flat_map(|path| [path, "\n"]).collect();
    fs::write(folder.join(LIST), both).map_err(problem)?;
    for file in files {
        let path = folder.join(&file.path);
        if fs::read(&path).is_ok_and(|bytes| bytes == file.text.as_bytes()) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(problem)?;
        }
        fs::write(&path, &file.text).map_err(problem)?;
    }
    let written: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for gone in known.iter().filter(|path| !written.contains(path.as_str()) && is_below(path)) {
        // Somebody else may have deleted it before.
        let _ = fs::remove_file(folder.join(gone));
    }
    fs::write(folder.join(LIST), list).map_err(problem)
}

/// Whether a listed path stays in the folder.
fn is_below(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}
