//! Where everything lies in the site: paths from its root. One place, so that every page and every link agrees.

use std::fmt::Write as _;

use selene_codegen::contract::AcceptanceTest;
use selene_codegen::naming::{module_name, without_schema};

/// A name as a part of a path and as an anchor. Letters, digits and `_.-` stay; others become their bytes.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.-".contains(&byte) {
            slug.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(slug, "~{byte:02x}");
        }
    }
    slug
}

pub(super) fn engine(id: &str) -> String {
    format!("engines/{}.html", slug(&module_name(id)))
}

pub(super) fn capability(id: &str) -> String {
    format!("capabilities/{}.html", slug(id))
}

pub(super) fn table(name: &str) -> String {
    format!("tables/{}.html", slug(without_schema(name)))
}

pub(super) fn code(name: &str) -> String {
    format!("codes.html#{}", slug(name))
}

pub(super) fn test(id: &str) -> String {
    format!("tests.html#{}", slug(id))
}

/// The anchor of an entry among the tests of an engine. A test that several functions prove has an entry for each, and its id leads
/// to the first.
pub(super) fn test_entry(tests: &[AcceptanceTest], place: usize) -> String {
    let AcceptanceTest { id, test_fn, .. } = &tests[place];
    let is_first = !tests[..place].iter().any(|test| test.id == *id);
    if is_first { slug(id) } else { slug(&format!("{id}.{test_fn}")) }
}

/// The page of the types of an engine, or of all engines.
pub(super) fn types(module: &str) -> String {
    format!("types/{}.html", slug(module))
}

pub(super) fn ty(module: &str, name: &str) -> String {
    format!("{}#{}", types(module), slug(name))
}

/// A machine by its table and column.
pub(super) fn machine(table: &str) -> String {
    format!("machines.html#{}", slug(table))
}

/// The page of a spec by its path below the folder of specs.
pub(super) fn spec(relative: &str) -> String {
    let parts: Vec<String> = relative.split('/').map(slug).collect();
    format!("specs/{}.html", parts.join("/"))
}

pub(super) fn spec_line(relative: &str, line: usize) -> String {
    format!("{}#L{line}", spec(relative))
}
