//! No files of a crate import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::imports::{Edges, add_edges};
use super::modules;
use super::tree::{Texts, crate_roots, rust_files};

/// The edges of all crates.
pub fn edges_of(roots: &[&str], texts: &Texts) -> Edges {
    let mut edges = Edges::new();
    for root in roots {
        add_edges(&modules::read(root, texts), &mut edges);
    }
    edges
}

/// Files that reach each other, each circle once.
fn circles(edges: &Edges) -> Vec<BTreeSet<&str>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges.keys() {
        next.entry(from).or_default().push(to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        next.keys().map(|file| (*file, reach(file, &next))).collect();
    let mut found: Vec<BTreeSet<&str>> = Vec::new();
    for (file, files) in &reached {
        let back = |other: &&&str| reached.get(**other).is_some_and(|others| others.contains(file));
        let circle: BTreeSet<&str> = files.iter().filter(back).copied().collect();
        if !circle.is_empty() && !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

/// Every file that one leads to by one or more edges.
fn reach<'a>(file: &'a str, next: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        for other in next.get(file).into_iter().flatten() {
            if reached.insert(*other) {
                open.push(other);
            }
        }
    }
    reached
}

/// The files of a circle and its edges, as a failure shows them.
fn shown(circle: &BTreeSet<&str>, edges: &Edges) -> String {
    let files: Vec<&str> = circle.iter().copied().collect();
    let mut text = format!("a circle of {} files: {}\n", files.len(), files.join(", "));
    for ((from, to), names) in edges {
        if circle.contains(from.as_str()) && circle.contains(to.as_str()) {
            let names: Vec<String> =
                names.iter().map(|(line, name)| format!("{name} (line {line})")).collect();
            let _ = writeln!(text, "  {from} -> {to}: {}", names.join(", "));
        }
    }
    text
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let texts = rust_files();
    let edges = edges_of(&crate_roots(&texts), &texts);
    let found: Vec<String> = circles(&edges).iter().map(|circle| shown(circle, &edges)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A file that no crate reaches would not be measured.
#[test]
fn every_file_of_a_crate_is_measured() {
    let texts = rust_files();
    let roots = crate_roots(&texts);
    let crates = roots.iter().map(|root| modules::read(root, &texts));
    let read: BTreeSet<String> = crates.flatten().map(|module| module.file).collect();
    // What a test hands to a compiler of its own, or puts into a copy of the workspace, is no module.
    let is_input = |file: &str| {
        file.contains("/ui/") || file.contains("/fixtures/") || file.ends_with("/column/round_trip.rs")
    };
    let unread: Vec<&String> = texts.keys().filter(|file| !is_input(file) && !read.contains(*file)).collect();
    assert!(unread.is_empty(), "no crate has these as modules: {unread:?}");
}

/// Small crates with and without circles.
mod tests {
    use super::*;

    /// The circles of a crate with the root `src/lib.rs`, as texts.
    fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
        let texts: Texts =
            files.iter().map(|(name, text)| (format!("src/{name}"), (*text).to_owned())).collect();
        let edges = edges_of(&["src/lib.rs"], &texts);
        circles(&edges).iter().map(|circle| shown(circle, &edges)).collect()
    }

    #[test]
    fn a_circle_of_three_is_found_and_shown_with_its_edges() {
        let found = circles_of(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B;\npub struct A(B);"),
            ("b.rs", "pub struct B;\nfn f() { super::c::g(); }"),
            ("c.rs", "use super::a;\npub fn g() -> a::A { todo!() }"),
        ]);
        assert_eq!(
            found,
            ["a circle of 3 files: src/a.rs, src/b.rs, src/c.rs\n  \
              src/a.rs -> src/b.rs: B (line 1)\n  \
              src/b.rs -> src/c.rs: g (line 2)\n  \
              src/c.rs -> src/a.rs: A (line 2)\n"]
        );
    }

    #[test]
    fn two_circles_are_two() {
        let found = circles_of(&[
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            ("a.rs", "use crate::b::B; use crate::c::C; pub struct A;"),
            ("b.rs", "use crate::a::A; pub struct B;"),
            ("c.rs", "use crate::d::D; pub struct C;"),
            ("d.rs", "use crate::c::C; pub struct D;"),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn a_parent_and_its_child_are_tied_only_by_imports_both_ways() {
        let child = ("a/child.rs", "use super::A; pub fn f(_: A) {}");
        let declares = ("a.rs", "mod child; pub struct A;");
        let uses = ("a.rs", "mod child; pub struct A; fn g() { child::f(A); }");
        assert_eq!(circles_of(&[("lib.rs", "mod a;"), declares, child]), Vec::<String>::new());
        assert_eq!(circles_of(&[("lib.rs", "mod a;"), uses, child]).len(), 1);
        assert_eq!(circles_of(&[("lib.rs", "mod a;"), uses, ("a/child.rs", "pub fn f() {}")]).len(), 0);
    }

    #[test]
    fn a_re_export_leads_to_what_declares() {
        let found = circles_of(&[
            ("lib.rs", "mod a; mod b; mod error; pub use error::Error; pub use a::A; pub use b::*;"),
            ("a.rs", "use crate::Error; pub struct A;"),
            ("b.rs", "use super::{A, Error}; pub struct B;"),
            ("error.rs", "pub struct Error;"),
        ]);
        assert_eq!(found, Vec::<String>::new());
        let through_a_glob = circles_of(&[
            ("lib.rs", "mod a; mod b; pub use a::*; pub use b::*;"),
            ("a.rs", "use crate::B; pub struct A;"),
            ("b.rs", "use crate::A; pub struct B;"),
        ]);
        assert_eq!(through_a_glob.len(), 1);
    }

    #[test]
    fn tests_count_but_may_take_all_of_what_they_test() {
        let lib = ("lib.rs", "mod a; mod b;");
        let b = ("b.rs", "use crate::a::A; pub struct B;");
        let inline = "pub struct A; #[cfg(test)] mod tests { use super::*; use crate::b::B; }";
        assert_eq!(circles_of(&[lib, ("a.rs", inline), b]).len(), 1);
        let in_a_file = ("a.rs", "pub struct A; #[cfg(test)] use tests::help; #[cfg(test)] mod tests;");
        let tests = ("a/tests.rs", "use super::*; pub fn help() {}");
        assert_eq!(circles_of(&[("lib.rs", "mod a;"), in_a_file, tests]), Vec::<String>::new());
    }

    #[test]
    fn paths_in_macro_calls_attributes_and_aliases_of_the_crate_count() {
        let a = ("a.rs", "pub struct A; fn f() { println!(\"{}\", crate::b::g()); }");
        let lib = ("lib.rs", "extern crate self as whole; mod a; mod b;");
        assert_eq!(circles_of(&[lib, a, ("b.rs", "use whole::a::A; pub fn g() {}")]).len(), 1);
        let by_text = (
            "b.rs",
            "struct S { #[serde(with = \"super::a\", default = \"super::a::f\")] s: u8 } pub fn g() {}",
        );
        assert_eq!(circles_of(&[lib, a, by_text]).len(), 1);
        let emitted = ("b.rs", "pub fn g() { quote! { use super::a::A; $crate::a::A } }");
        assert_eq!(circles_of(&[lib, a, emitted]), Vec::<String>::new());
        let foreign = ("b.rs", "use ::whole::a::A; pub(in crate::a) fn g() { std::mem::drop(1); }");
        assert_eq!(circles_of(&[lib, a, foreign]), Vec::<String>::new());
    }
}
