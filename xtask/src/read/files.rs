//! Finding and opening files, in a fixed order on every system.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use super::overlay::Overlay;
use super::text::{self, FILE_START};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::paths;
use crate::source::{FileId, Sources};

/// The files of a specs folder.
#[derive(Debug, Default)]
pub struct SpecFiles {
    /// `ecm/*.md`, by name.
    pub ecm: Vec<FileId>,
    /// `db_wiring/*.md`, by name.
    pub db_wiring: Vec<FileId>,
    /// Documents that are there and could not be opened: `ecm/PH1_W.md`, or `ecm/*` for a whole folder.
    pub unread: Vec<String>,
    /// `lexicon.yaml`.
    pub lexicon: Option<FileId>,
    /// `reason_codes.yaml`.
    pub reason_codes: Option<FileId>,
}

/// Opens everything that a specs folder must hold. A text of the overlay is read in place of its file, which need not exist.
pub fn read_specs(
    root: &Path,
    overlay: &Overlay,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> SpecFiles {
    let mut files = SpecFiles::default();
    if !root.is_dir() {
        let path = paths::display(root);
        diagnostics.push(
            Diagnostic::outside(
                codes::MISSING_FOLDER,
                format!("`{path}` is not a folder"),
                &path,
                FILE_START,
            )
            .help("name the folder that holds `ecm/` and `db_wiring/` with `--specs DIR`"),
        );
        return files;
    }
    let mut reader = Reader { root, overlay, shown: paths::display, sources, diagnostics };
    files.ecm = reader.folder("ecm", &mut files.unread);
    files.db_wiring = reader.folder("db_wiring", &mut files.unread);
    if files.ecm.is_empty() && files.db_wiring.is_empty() && !reader.diagnostics.has_errors() {
        let path = paths::display(root);
        reader.diagnostics.push(
            Diagnostic::outside(codes::EMPTY_FOLDER, format!("`{path}` holds no spec"), &path, FILE_START)
                .help("add at least one document, such as `ecm/PH1_W.md` or `db_wiring/PH1_W.md`"),
        );
    }
    files.lexicon = reader.required("lexicon.yaml", "what the names in the specs mean");
    files.reason_codes = reader.required("reason_codes.yaml", "the permanent number of every reason code");
    files
}

/// A document that was found and is not opened yet.
#[derive(Debug, Clone)]
pub struct FoundDocument {
    /// The path that was given and led to it.
    root: PathBuf,
    /// The path of the document.
    path: PathBuf,
}

impl FoundDocument {
    /// The path of the document.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Size of the file in bytes; 0 where it is unknown.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.path.metadata().map_or(0, |metadata| metadata.len())
    }

    /// Opens it. `None` with a finding where it cannot be read as text.
    pub fn open(&self, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
        let overlay = &Overlay::default();
        Reader { root: &self.root, overlay, shown: paths::slashed, sources, diagnostics }.open(&self.path)
    }
}

/// Finds documents by path; folders are searched for `*.md` at any depth. Nothing is opened, so that whoever reads them
/// one by one never holds them all.
pub fn find_documents(given: &[PathBuf], diagnostics: &mut Diagnostics) -> Vec<FoundDocument> {
    let mut sources = Sources::default();
    let overlay = Overlay::default();
    let mut found = Vec::new();
    for path in given {
        let mut reader = Reader {
            root: path,
            overlay: &overlay,
            shown: paths::slashed,
            sources: &mut sources,
            diagnostics: &mut *diagnostics,
        };
        if path.is_dir() {
            let before = found.len();
            reader.walk(path, &mut found);
            if found.len() == before {
                let shown = paths::slashed(path);
                diagnostics.push(
                    Diagnostic::outside(
                        codes::EMPTY_FOLDER,
                        format!("`{shown}` holds no Markdown file"),
                        &shown,
                        FILE_START,
                    )
                    .help("name a file, or a folder with `*.md` files at any depth"),
                );
            }
        } else {
            found.push(FoundDocument { root: path.clone(), path: path.clone() });
        }
    }
    found
}

struct Reader<'a> {
    root: &'a Path,
    /// Texts that stand in for files.
    overlay: &'a Overlay,
    /// How a path is shown to people: below the workspace, or as it was given.
    shown: fn(&Path) -> String,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn folder(&mut self, name: &str, unread: &mut Vec<String>) -> Vec<FileId> {
        let folder = self.root.join(name);
        let mut paths: BTreeSet<PathBuf> = BTreeSet::new();
        if folder.exists() {
            let Some(entries) = self.entries(&folder) else {
                unread.push(format!("{name}/*"));
                return Vec::new();
            };
            paths.extend(entries.into_iter().map(|(path, _)| path));
        }
        paths.extend(self.overlay.names_in(name).map(|name| folder.join(name)));
        let mut found = Vec::new();
        for path in paths {
            if is_markdown(&path) {
                let opened = if self.refuse_link(&path) { None } else { self.open(&path) };
                match opened {
                    Some(id) => found.push(id),
                    None => unread.push(paths::slashed(path.strip_prefix(self.root).unwrap_or(&path))),
                }
            } else if !is_hidden(&path) {
                let shown = (self.shown)(&path);
                self.diagnostics.push(
                    Diagnostic::outside(
                        codes::UNKNOWN_FILE,
                        format!("`{shown}` is not a Markdown file and is not read"),
                        &shown,
                        FILE_START,
                    )
                    .help("give it the extension `.md`, or move it out of the specs"),
                );
            }
        }
        found
    }

    fn walk(&mut self, folder: &Path, found: &mut Vec<FoundDocument>) {
        for (path, kind) in self.entries(folder).unwrap_or_default() {
            if is_hidden(&path) {
                continue;
            }
            // What the listing says of an entry is asked first: it costs nothing.
            if kind.is_symlink() && (path.is_dir() || is_markdown(&path)) && self.refuse_link(&path) {
                continue;
            }
            if kind.is_dir() {
                self.walk(&path, found);
            } else if is_markdown(&path) {
                found.push(FoundDocument { root: self.root.to_owned(), path });
            }
        }
    }

    /// Entries of a folder by name: the system's own order differs from machine to machine. `None` with a finding where
    /// it cannot be listed.
    fn entries(&mut self, folder: &Path) -> Option<Vec<(PathBuf, FileType)>> {
        let listed = fs::read_dir(folder).and_then(|entries| {
            entries
                .map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))))
                .collect::<Result<Vec<_>, _>>()
        });
        match listed {
            Ok(mut entries) => {
                entries.sort_by(|(one, _), (other, _)| one.cmp(other));
                Some(entries)
            }
            Err(error) => {
                self.unreadable(folder, &error);
                None
            }
        }
    }

    fn required(&mut self, name: &str, purpose: &str) -> Option<FileId> {
        let path = self.root.join(name);
        if path.symlink_metadata().is_ok() || self.overlay.get(name).is_some() {
            return if self.refuse_link(&path) { None } else { self.open(&path) };
        }
        let shown = (self.shown)(&path);
        self.diagnostics.push(
            Diagnostic::outside(codes::MISSING_FILE, format!("`{shown}` is missing"), &shown, FILE_START)
                .help(format!("write it; it holds {purpose}")),
        );
        None
    }

    fn refuse_link(&mut self, path: &Path) -> bool {
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.file_type().is_symlink());
        if is_link {
            let shown = (self.shown)(path);
            self.diagnostics.push(
                Diagnostic::outside(
                    codes::SYMBOLIC_LINK,
                    format!("`{shown}` is a symbolic link and is not followed"),
                    &shown,
                    FILE_START,
                )
                .help("put the file itself here, so that the result depends on this folder only"),
            );
        }
        is_link
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        let shown = (self.shown)(path);
        // The kind is worded the same on every system, the full message is not.
        let message = format!("`{shown}` cannot be read: {}", error.kind());
        self.diagnostics.push(
            Diagnostic::outside(codes::UNREADABLE_FILE, message, &shown, FILE_START)
                .help("check that it exists, is a file, and may be read"),
        );
    }

    fn open(&mut self, path: &Path) -> Option<FileId> {
        let relative = paths::slashed(path.strip_prefix(self.root).unwrap_or(path));
        let (bytes, shown) = if let Some(text) = self.overlay.get(&relative) {
            (text.text.clone().into_bytes(), text.shown.clone())
        } else {
            match fs::read(path) {
                Ok(bytes) => (bytes, (self.shown)(path)),
                Err(error) => {
                    self.unreadable(path, &error);
                    return None;
                }
            }
        };
        text::add(bytes, shown, relative, self.sources, self.diagnostics)
    }
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}
