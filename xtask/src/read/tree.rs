//! Specs that need not lie in the file system as they are: a folder or a revision, as bytes by path.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::files::SpecFiles;
use super::text;
use super::trees::{SpecTrees, trees_of};
use crate::diagnostics::Diagnostics;
use crate::paths;
use crate::source::Sources;

/// The files of a specs folder that are read, by their path below it.
#[derive(Debug, Default)]
pub struct Tree {
    /// What stands before the path of a file where people are shown it: `main:specs/`.
    pub label: String,
    /// The bytes of every file that [`is_read`] names.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The two files that explain the pages.
const LEXICON: &str = "lexicon.yaml";
const REGISTER: &str = "reason_codes.yaml";

/// Whether a file of a specs folder is read, by its path below it.
#[must_use]
pub fn is_read(path: &str) -> bool {
    let is_hidden = path.split('/').any(|part| part.starts_with('.'));
    let is_markdown =
        Path::new(path).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"));
    !is_hidden && (is_markdown || path == LEXICON || path == REGISTER)
}

impl Tree {
    /// The files of a folder, at any depth. Links are not followed.
    ///
    /// # Errors
    ///
    /// A folder or a file that cannot be read.
    pub fn of_folder(folder: &Path) -> io::Result<Self> {
        let mut tree = Self { label: format!("{}/", paths::display(folder)), files: BTreeMap::new() };
        let mut open = vec![folder.to_path_buf()];
        while let Some(current) = open.pop() {
            for entry in fs::read_dir(&current)? {
                let entry = entry?;
                let path = entry.path();
                let relative = paths::slashed(path.strip_prefix(folder).unwrap_or(&path));
                let kind = entry.file_type()?;
                if kind.is_dir() && !relative.split('/').any(|part| part.starts_with('.')) {
                    open.push(path);
                } else if kind.is_file() && is_read(&relative) {
                    tree.files.insert(relative, fs::read(path)?);
                }
            }
        }
        Ok(tree)
    }

    /// Reads the files as a specs folder. Where there is neither `ecm/` nor `db_wiring/`, every page counts.
    pub fn read(self, sources: &mut Sources, diagnostics: &mut Diagnostics) -> SpecTrees {
        let mut files = SpecFiles::default();
        let is_in =
            |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|name| !name.contains('/'));
        let has_folders = self.files.keys().any(|path| is_in(path, "ecm/") || is_in(path, "db_wiring/"));
        for (path, bytes) in self.files {
            let list = match path.as_str() {
                LEXICON | REGISTER => None,
                page if is_in(page, "db_wiring/") => Some(&mut files.db_wiring),
                page if is_in(page, "ecm/") || !has_folders => Some(&mut files.ecm),
                _ => continue,
            };
            let shown = format!("{}{path}", self.label);
            let file = text::add(bytes, shown, path.clone(), sources, diagnostics);
            match (list, file) {
                (Some(list), Some(file)) => list.push(file),
                (Some(_), None) => files.unread.push(path),
                (None, file) if path == LEXICON => files.lexicon = file,
                (None, file) => files.reason_codes = file,
            }
        }
        trees_of(files, sources, diagnostics)
    }
}
