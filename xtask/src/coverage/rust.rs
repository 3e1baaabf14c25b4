//! What is written in Rust: the rules and rows of the store, and the functions of the tests. Sources are looked through as texts,
//! line by line, as rustfmt lays them out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::paths;

/// The file that names the reads and guards of which their contracts say the rows.
pub const KNOWN_READS: &str = "generated/src/engines.rs";

/// The mark of a body that nobody has written yet, before its name: `selene_contracts::skeleton!("AT-W-DB-01")`.
const SKELETON: &str = "skeleton!(\"";

/// What stands behind a sentence about rows of which it is not stated yet what keeps it.
const NOT_STATED: &str = "Beyond(\"\")";

/// A place in the Rust sources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RustPlace {
    /// The path below the workspace.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl RustPlace {
    /// A line of a file, counted from 0.
    fn at(file: &str, index: usize) -> Self {
        Self { file: file.to_owned(), line: index + 1 }
    }
}

/// The sources of the store and of the tests.
#[derive(Debug, Default)]
pub struct RustSources {
    /// Implementations by the type that they are for.
    implementations: BTreeMap<String, Vec<RustPlace>>,
    /// Bodies that nobody has written yet, by what they are named.
    skeletons: BTreeMap<String, RustPlace>,
    /// Functions of the tests by name.
    functions: BTreeMap<String, Vec<RustPlace>>,
    /// The first place of every word of the store.
    words: BTreeMap<String, RustPlace>,
    /// The first trigger of every table.
    triggers: BTreeMap<String, RustPlace>,
    /// Where every table is made.
    tables: BTreeMap<String, RustPlace>,
    /// The files of the store with their texts.
    store: Vec<(String, String)>,
    /// The files of the tests with their texts.
    tests: Vec<(String, String)>,
}

impl RustSources {
    /// Reads the sources of a workspace; a folder that is not there has none.
    #[must_use]
    pub fn read(workspace: &Path) -> Self {
        let mut sources = Self::default();
        for (path, text) in files(workspace, "storage/src", "rs") {
            sources.add_store(&path, &text);
            sources.store.push((path, text));
        }
        if let Ok(text) = fs::read_to_string(workspace.join(KNOWN_READS)) {
            sources.add_known_reads(&text);
        }
        for (path, text) in files(workspace, "storage/src", "sql") {
            sources.add_migration(&path, &text);
        }
        for (path, text) in files(workspace, "tests", "rs") {
            sources.add_tests(&path, &text);
        }
        sources
    }

    /// Where something is implemented for a type.
    #[must_use]
    pub fn implementations(&self, ty: &str) -> &[RustPlace] {
        self.implementations.get(ty).map_or(&[], Vec::as_slice)
    }

    /// The body that nobody has written yet for what goes by a name.
    #[must_use]
    pub fn skeleton(&self, name: &str) -> Option<&RustPlace> {
        self.skeletons.get(name)
    }

    /// The function of a test; those of the suites first.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&RustPlace> {
        let places = self.functions.get(name)?;
        let of_suites = places.iter().find(|place| place.file.contains("/suites/"));
        of_suites.or_else(|| places.first())
    }

    /// The Rust files of the store with their texts.
    pub fn store_files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.store.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every line of the store that names something, tests of it left out.
    #[must_use]
    pub fn lines_of(&self, word: &str) -> Vec<RustPlace> {
        let code = self.store.iter().filter(|(path, _)| !is_test(path));
        code.flat_map(|(path, text)| {
            let lines = text.lines().enumerate().filter(|(_, line)| words(line).any(|found| found == word));
            lines.map(|(index, _)| RustPlace::at(path, index))
        })
        .collect()
    }

    /// Where the store names something.
    #[must_use]
    pub fn word(&self, word: &str) -> Option<&RustPlace> {
        self.words.get(word)
    }

    /// Where the lock of a ledger stands.
    #[must_use]
    pub fn trigger(&self, table: &str) -> Option<&RustPlace> {
        self.triggers.get(table)
    }

    /// Where a migration makes a table.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&RustPlace> {
        self.tables.get(name)
    }

    /// Where the tests spell a text as a literal.
    #[must_use]
    pub fn literal(&self, text: &str) -> Option<RustPlace> {
        let literal = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        self.tests.iter().find_map(|(path, text)| {
            let line = text.lines().position(|line| line.contains(&literal) && !line.contains(NOT_STATED))?;
            Some(RustPlace::at(path, line))
        })
    }

    fn add_store(&mut self, path: &str, text: &str) {
        for (index, line) in text.lines().enumerate().filter(|_| !is_test(path)) {
            self.add_skeleton(path, index, line);
            let code = line.split("//").next().unwrap_or_default();
            if let Some(ty) = implemented(code) {
                self.implementations.entry(ty.to_owned()).or_default().push(RustPlace::at(path, index));
            }
            for word in words(code) {
                if !self.words.contains_key(word) {
                    self.words.insert(word.to_owned(), RustPlace::at(path, index));
                }
            }
        }
    }

    fn add_known_reads(&mut self, text: &str) {
        for (index, line) in text.lines().enumerate() {
            if let Some(ty) = known_read(line) {
                let place = RustPlace::at(KNOWN_READS, index);
                self.implementations.entry(ty.to_owned()).or_default().push(place);
            }
        }
    }

    fn add_migration(&mut self, path: &str, text: &str) {
        for (index, line) in text.lines().enumerate() {
            let (places, rest) = if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                (&mut self.tables, rest)
            } else if let Some((_, rest)) =
                line.split_once(" ON ").filter(|(start, _)| start.contains("TRIGGER"))
            {
                (&mut self.triggers, rest)
            } else {
                continue;
            };
            places
                .entry(words(rest).next().unwrap_or_default().to_owned())
                .or_insert_with(|| RustPlace::at(path, index));
        }
    }

    fn add_tests(&mut self, path: &str, text: &str) {
        for (index, line) in text.lines().enumerate() {
            self.add_skeleton(path, index, line);
            // A declaration of a trait has no body.
            if let Some(name) = function(line).filter(|_| !line.trim_end().ends_with(';')) {
                self.functions.entry(name.to_owned()).or_default().push(RustPlace::at(path, index));
            }
        }
        self.tests.push((path.to_owned(), text.to_owned()));
    }

    fn add_skeleton(&mut self, path: &str, index: usize, line: &str) {
        if let Some((name, _)) = line.split_once(SKELETON).and_then(|(_, rest)| rest.split_once('"')) {
            self.skeletons.entry(name.to_owned()).or_insert_with(|| RustPlace::at(path, index));
        }
    }
}

/// Whether a file of the store holds tests.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("tests.rs")
}

/// The type of `impl … for Type {`.
fn implemented(code: &str) -> Option<&str> {
    let code = code.trim_start();
    let (_, ty) = code.strip_prefix("impl")?.rsplit_once(" for ")?;
    words(ty).next()
}

/// The name of `fn name(`.
fn function(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let is_start = before.split_whitespace().all(|word| word.starts_with("pub") || word == "async");
    words(rest).next().filter(|name| is_start && rest.starts_with(name))
}

/// The input of `$by_key!($crate::ph1_f::Ph1fReadDeviceRow);`, a line of `for_every_known_read!`.
fn known_read(line: &str) -> Option<&str> {
    let (call, rest) = line.trim().strip_prefix('$')?.split_once("!($crate::")?;
    let input = rest.strip_suffix(");")?.rsplit("::").next();
    input.filter(|_| ["by_key", "by_start", "of_ledger"].contains(&call))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

/// Every file of a folder with this extension at any depth, by path below the workspace, in the order of paths. What is built is
/// left out.
fn files(workspace: &Path, folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut open = vec![workspace.join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && entry.file_name() != "target" => open.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.retain(|path| path.extension().is_some_and(|found| found == extension));
    found.sort();
    let read = |path: PathBuf| {
        let below = path.strip_prefix(workspace).unwrap_or(&path);
        Some((paths::slashed(below), fs::read_to_string(&path).ok()?))
    };
    found.into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = "\
impl WriteRule for Written {
    fn decide() {
        Code::Refused
    }
}

impl<S> StoredRead for Unwritten<S> {
    fn read() {
        selene_contracts::skeleton!(\"UNWRITTEN\")
    }
}
";

    const TESTS: &str = "\
trait Suite {
    fn declared(&self);
}
    #[test]
    fn written() {
        assert!(true);
    }

    pub fn unwritten() {
        skeleton!(\"AT-X-DB-01\")
    }
    [\"notes\"] \"kept\" => Beyond(RULES);
    [\"notes\"] \"left open\" => Beyond(\"\");
";

    fn sources() -> RustSources {
        let mut sources = RustSources::default();
        sources.add_store("store.rs", STORE);
        sources
            .add_migration("1.sql", "CREATE TABLE a;\nCREATE TRIGGER a_no_update BEFORE UPDATE ON a\nBEGIN");
        sources.add_tests("tests.rs", TESTS);
        sources
    }

    fn at(file: &str, line: usize) -> RustPlace {
        RustPlace { file: file.to_owned(), line }
    }

    #[test]
    fn what_is_written_is_found_by_its_name() {
        let sources = sources();
        assert_eq!(sources.implementations("Written"), [at("store.rs", 1)]);
        assert_eq!(sources.implementations("Unwritten"), [at("store.rs", 7)]);
        assert_eq!(sources.implementations("S"), []);
        assert_eq!(sources.function("declared"), None);
        assert_eq!(sources.function("written"), Some(&at("tests.rs", 5)));
        assert_eq!(sources.word("Refused"), Some(&at("store.rs", 3)));
        assert_eq!(sources.trigger("a"), Some(&at("1.sql", 2)));
        assert_eq!(sources.table("a"), Some(&at("1.sql", 1)));
        assert_eq!(sources.trigger("b"), None);
    }

    #[test]
    fn a_read_whose_rows_its_contract_says_is_written_there() {
        let mut sources = RustSources::default();
        sources.add_known_reads(
            "macro_rules! x {\n        $by_key!($crate::ph1_t::Ph1tReadNoteRow);\n    $each!(a, b);\n}\n",
        );
        assert_eq!(sources.implementations("Ph1tReadNoteRow"), [at(KNOWN_READS, 2)]);
        assert_eq!(sources.implementations.len(), 1);
    }

    #[test]
    fn a_written_body_is_no_skeleton() {
        let sources = sources();
        assert_eq!(sources.skeleton("UNWRITTEN"), Some(&at("store.rs", 9)));
        assert_eq!(sources.skeleton("AT-X-DB-01"), Some(&at("tests.rs", 10)));
        assert_eq!(sources.skeleton("WRITTEN"), None);
        assert_eq!(sources.literal("kept"), Some(at("tests.rs", 12)));
        assert_eq!(sources.literal("left open"), None);
    }
}
