//! Which file imports from which: every path of a module is followed to the file that declares what it names.
//!
//! A re-export is followed, so that `super::Error` leads to the file that declares `Error`. Importing a module is no
//! edge; the paths through it are. Calls of methods and what macros make are not seen.

use std::collections::{BTreeMap, BTreeSet};

use super::modules::{Mention, Module, Role};

/// Edges between files, each with the names that the first takes from the second and the line where it does.
pub type Edges = BTreeMap<(String, String), BTreeSet<(usize, String)>>;

/// Where a path leads.
#[derive(Clone, Copy)]
enum Target {
    Module(usize),
    /// Something that the module declares.
    Item(usize),
}

/// Adds the edges of one crate.
pub fn add_edges(modules: &[Module], edges: &mut Edges) {
    let tree = Tree { modules };
    for (index, module) in modules.iter().enumerate() {
        for mention in &module.mentions {
            let Some(target) = tree.file_of(index, mention) else { continue };
            if target != module.file {
                let mut name = mention.path.last().cloned().unwrap_or_default();
                if mention.role == Role::Glob {
                    name.push_str("::*");
                }
                let edge = (module.file.clone(), target.to_owned());
                edges.entry(edge).or_default().insert((mention.line, name));
            }
        }
    }
}

struct Tree<'a> {
    modules: &'a [Module],
}

/// Names that are being looked up, so that re-exports which lead back to themselves end.
type Open = Vec<(usize, String)>;

impl<'a> Tree<'a> {
    /// The file that a path takes something from.
    fn file_of(&self, from: usize, mention: &Mention) -> Option<&'a str> {
        let target = self.resolve(from, &mention.path, &mut Open::new())?;
        match (target, mention.role) {
            (Target::Module(_), Role::Import) => None,
            // Tests take all of what they test.
            (Target::Module(module), Role::Glob) if self.tests(from, module) => None,
            // Inline, only an attribute ends at a module: `with = "super::bound"` calls what it declares.
            (Target::Module(module) | Target::Item(module), _) => Some(&self.modules[module].file),
        }
    }

    /// Whether `from` is a test module somewhere inside `tested`.
    fn tests(&self, from: usize, tested: usize) -> bool {
        let around = std::iter::successors(Some(from), |module| self.modules[*module].parent);
        self.modules[from].is_for_tests && around.skip(1).any(|module| module == tested)
    }

    /// Whether a name stands for the whole crate: `extern crate self as name;` in its root.
    fn is_alias(&self, name: &str) -> bool {
        self.modules[0].bindings.get(name).is_some_and(|path| path == &["crate"])
    }

    fn resolve(&self, from: usize, path: &[String], open: &mut Open) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(from),
            "super" => Target::Module(self.modules[from].parent?),
            name if self.is_alias(name) => Target::Module(0),
            name => self.look_up(from, name, !rest.is_empty(), open)?,
        };
        for (index, name) in rest.iter().enumerate() {
            let Target::Module(module) = at else { break };
            let is_inner = index + 1 < rest.len();
            at = match name.as_str() {
                "super" => Target::Module(self.modules[module].parent?),
                // What is not seen was made by a macro there.
                name => self.look_up(module, name, is_inner, open).unwrap_or(Target::Item(module)),
            };
        }
        Some(at)
    }

    /// A name of a module: a module or item of its own, or one that a `use` brings.
    fn look_up(&self, module: usize, name: &str, wants_module: bool, open: &mut Open) -> Option<Target> {
        let here = &self.modules[module];
        let child = here.children.get(name).map(|child| Target::Module(*child));
        if let Some(child) = child.filter(|_| wants_module) {
            return Some(child);
        }
        if here.items.contains(name) {
            return Some(Target::Item(module));
        }
        if child.is_some() {
            return child;
        }
        let asked = (module, name.to_owned());
        if open.contains(&asked) {
            return None;
        }
        open.push(asked);
        let bound = here.bindings.get(name).and_then(|path| self.resolve(module, path, open));
        let found = bound.or_else(|| {
            here.globs.iter().find_map(|path| match self.resolve(module, path, open)? {
                Target::Module(taken) => self.look_up(taken, name, wants_module, open),
                Target::Item(_) => None,
            })
        });
        open.pop();
        found
    }
}
