//! A line of a new file in an existing one: at a place that is recognised, else as something to do by hand.

use std::collections::BTreeMap;

use super::tree::Tree;

/// An existing file with the lines that register what is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its path below the workspace, with `/`.
    pub path: String,
    /// The text as it is.
    pub old: String,
    /// The text with the lines.
    pub new: String,
}

/// Lines that are added to existing files.
pub(super) struct Registrations<'a> {
    tree: &'a Tree,
    texts: BTreeMap<String, String>,
    to_do: Vec<String>,
}

impl<'a> Registrations<'a> {
    pub(super) const fn new(tree: &'a Tree) -> Self {
        Self { tree, texts: BTreeMap::new(), to_do: Vec::new() }
    }

    /// The file as it will be.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str).or_else(|| self.tree.text(path))
    }

    /// Adds a module to a file: among its other modules by name, else behind what the file says of itself.
    pub(super) fn module(&mut self, path: &str, line: &str) {
        if self.text(path).is_some_and(|text| text.lines().any(|known| known == line)) {
            return;
        }
        self.edit(path, line, |text| Some(with_module(text, line)));
    }

    /// Adds lines before the end of a list, which is the first line that is `end` after the one that starts with `head`.
    pub(super) fn entry(&mut self, path: &str, (head, end): (&str, &str), lines: &str) {
        self.edit(path, lines, |text| {
            let start = line_starts(text).find(|at| text[*at..].starts_with(head))?;
            let end = line_starts(&text[start..])
                .map(|at| start + at)
                .find(|at| text[*at..].lines().next() == Some(end))?;
            Some(format!("{}{lines}{}", &text[..end], &text[end..]))
        });
    }

    /// Adds lines at the end of a file.
    pub(super) fn append(&mut self, path: &str, lines: &str) {
        self.edit(path, lines, |text| {
            let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            Some(format!("{text}{gap}{lines}"))
        });
    }

    fn edit(&mut self, path: &str, lines: &str, change: impl FnOnce(&str) -> Option<String>) {
        if let Some(text) = self.text(path).and_then(change) {
            self.texts.insert(path.to_owned(), text);
        } else {
            let lines = lines.trim_end();
            self.to_do.push(format!(
                "add to {path}, whose list is not recognised:
{lines}"
            ));
        }
    }

    /// Every file with its lines, and what had no place.
    pub(super) fn finish(self) -> (Vec<Registration>, Vec<String>) {
        let tree = self.tree;
        let made = self.texts.into_iter().map(|(path, new)| {
            let old = tree.text(&path).unwrap_or_default().to_owned();
            Registration { path, old, new }
        });
        (made.collect(), self.to_do)
    }
}

/// Where lines start, in bytes.
fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1))
}

/// The name of a `mod` line without a body.
fn module_name(line: &str) -> Option<&str> {
    let declared = line.strip_suffix(';')?;
    let declared =
        declared.strip_prefix("pub(crate) ").or_else(|| declared.strip_prefix("pub ")).unwrap_or(declared);
    declared.strip_prefix("mod ")
}

/// The text with one more module.
fn with_module(text: &str, line: &str) -> String {
    let name = module_name(line).unwrap_or(line);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_module = |line: &&str| module_name(line.trim_end()).is_some();
    // A module that is compiled for some builds only has an attribute before it; nothing goes between the two.
    let has_attribute = |index: usize| index > 0 && lines[index - 1].starts_with("#[");
    let modules: Vec<usize> = (0..lines.len()).filter(|index| is_module(&lines[*index])).collect();
    let before = modules.iter().copied().find(|index| {
        !has_attribute(*index) && module_name(lines[*index].trim_end()).is_some_and(|other| other > name)
    });
    let behind = modules.last().map(|last| last + 1);
    let (at, gap) = before.or(behind).map_or_else(
        || {
            let head = lines.iter().take_while(|line| line.starts_with("//!")).count();
            let has_blank = lines.get(head).is_some_and(|line| line.trim().is_empty());
            (head + usize::from(has_blank), "\n")
        },
        |at| (at, ""),
    );
    format!("{}{line}\n{gap}{}", lines[..at].concat(), lines[at..].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_goes_among_the_others_by_name() {
        let text = "//! Rows.\n\nmod a;\npub(crate) mod c;\n#[cfg(test)]\nmod d;\n\nfn f() {}\n";
        assert_eq!(
            with_module(text, "mod b;"),
            "//! Rows.\n\nmod a;\nmod b;\npub(crate) mod c;\n#[cfg(test)]\nmod d;\n\nfn f() {}\n"
        );
        assert_eq!(
            with_module(text, "mod e;"),
            "//! Rows.\n\nmod a;\npub(crate) mod c;\n#[cfg(test)]\nmod d;\nmod e;\n\nfn f() {}\n"
        );
    }

    #[test]
    fn the_first_module_goes_behind_what_the_file_says_of_itself() {
        assert_eq!(with_module("//! Rows.\n\nuse a;\n", "mod b;"), "//! Rows.\n\nmod b;\n\nuse a;\n");
    }

    #[test]
    fn what_has_no_place_is_reported() {
        let tree =
            Tree::new(BTreeMap::from([("a.rs".to_owned(), "const B: &[u8] = &[\n    1,\n];\n".to_owned())]));
        let mut registrations = Registrations::new(&tree);
        registrations.entry("a.rs", ("const B", "];"), "    2,\n");
        registrations.entry("a.rs", ("const C", "];"), "    3,\n");
        registrations.append("gone.txt", "4\n");
        let (made, to_do) = registrations.finish();
        assert_eq!(made[0].new, "const B: &[u8] = &[\n    1,\n    2,\n];\n");
        assert_eq!(to_do.len(), 2, "{to_do:?}");
    }
}
