//! How long files and functions may be.

use syn::spanned::Spanned;
use syn::visit::Visit;

use super::tree::rust_files;

/// Lines that a file may have.
const MAX_FILE_LINES: usize = 400;
/// Lines that a function may have, from its signature to its last brace.
const MAX_FUNCTION_LINES: usize = 70;

/// A function that is longer than the bound.
#[derive(Debug, PartialEq, Eq)]
struct Long {
    name: String,
    /// Line of the signature, from 1.
    line: usize,
    /// Length in lines, without documentation and attributes.
    lines: usize,
}

/// Finds functions that are longer than a bound, wherever they stand. What stands inside a function is part of it too.
struct LongFunctions {
    max_lines: usize,
    found: Vec<Long>,
}

impl LongFunctions {
    fn look_at(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let line = signature.span().start().line;
        let lines = body.span().end().line - line + 1;
        if lines > self.max_lines {
            self.found.push(Long { name: signature.ident.to_string(), line, lines });
        }
    }
}

impl<'ast> Visit<'ast> for LongFunctions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.look_at(&item.sig, &item.block);
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.look_at(&item.sig, &item.block);
        syn::visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.look_at(&item.sig, body);
        }
        syn::visit::visit_trait_item_fn(self, item);
    }
}

fn long_functions(file: &str, text: &str, max_lines: usize) -> Vec<Long> {
    let mut visitor = LongFunctions { max_lines, found: Vec::new() };
    visitor.visit_file(&syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}")));
    visitor.found
}

#[test]
fn files_and_functions_are_short() {
    let mut problems = Vec::new();
    for (file, text) in rust_files() {
        let lines = text.lines().count();
        if lines > MAX_FILE_LINES {
            problems.push(format!("{file}: {lines} lines, at most {MAX_FILE_LINES}"));
        }
        if file.contains("/ui/") {
            continue;
        }
        for Long { name, line, lines } in long_functions(&file, &text, MAX_FUNCTION_LINES) {
            problems.push(format!("{file}:{line}: `{name}` has {lines} lines, at most {MAX_FUNCTION_LINES}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_function_is_measured_from_its_signature_wherever_it_stands() {
    let text = "\
trait T {
    fn declared(&self);

    /// Documentation is not counted.
    #[inline]
    fn default(
        &self,
        other: u8,
    ) -> u8 {
        other
    }
}

impl S {
    fn method() {
        let closure = || {
            1
        };
        closure();
    }
}

fn short() {
    mod inner {
        fn nested() {
            let _ = 1;
            let _ = 2;
        }
    }
}
";
    let found = |max_lines| {
        let long = long_functions("made up", text, max_lines);
        long.into_iter().map(|long| (long.name, long.line, long.lines)).collect::<Vec<_>>()
    };
    let [default, method, short, nested] =
        [("default", 6, 6), ("method", 15, 6), ("short", 23, 8), ("nested", 25, 4)]
            .map(|(name, line, lines)| (name.to_owned(), line, lines));
    assert_eq!(found(3), [default.clone(), method.clone(), short.clone(), nested]);
    assert_eq!(found(5), [default, method, short.clone()]);
    assert_eq!(found(7), [short]);
    assert_eq!(found(8), []);
}
