//! How long files and functions may be.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
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

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        long_in_macro(item.tokens.clone(), self.max_lines, &mut self.found);
    }
}

/// A macro's functions are tokens: `fn`, a name, and all up to the next braces.
fn long_in_macro(tokens: TokenStream, max_lines: usize, found: &mut Vec<Long>) {
    let mut open: Option<(usize, Option<String>)> = None;
    for tree in tokens {
        match tree {
            TokenTree::Ident(word) if word == "fn" => open = Some((word.span().start().line, None)),
            TokenTree::Ident(word) => {
                if let Some((_, name @ None)) = &mut open {
                    *name = Some(word.to_string());
                }
            }
            TokenTree::Group(group) => {
                if let (Delimiter::Brace, Some((line, name))) = (group.delimiter(), &open) {
                    let lines = group.span_close().end().line - line + 1;
                    if lines > max_lines {
                        let name = name.clone().unwrap_or_else(|| "fn $name".to_owned());
                        found.push(Long { name, line: *line, lines });
                    }
                    open = None;
                }
                long_in_macro(group.stream(), max_lines, found);
            }
            // A declaration without a body, or `fn` as a type.
            TokenTree::Punct(mark)
                if matches!(mark.as_char(), ';' | ',' | '=')
                    && open.as_ref().is_some_and(|(_, name)| name.is_none() || mark.as_char() == ';') =>
            {
                open = None;
            }
            _ => {}
        }
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

#[test]
fn a_function_in_a_macro_is_measured() {
    let text = "\
macro_rules! handle {
    ($name:ident) => {
        impl $name {
            fn first(&self) -> Result<(), Error> {
                let _ = 1;
                let _ = 2;
            }
            fn declared(&self);
            fn $name(f: fn(u8) -> u8) {
                let _ = 1;
            }
        }
    };
}
";
    let long: Vec<_> =
        long_functions("made up", text, 2).into_iter().map(|long| (long.line, long.lines)).collect();
    assert_eq!(long, [(4, 4), (9, 3)]);
    assert_eq!(long_functions("made up", text, 4), []);
}
