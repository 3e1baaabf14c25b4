//! The modules of one crate: which file each lies in, what it declares, and which paths it names.
//!
//! What lives here: reading texts with syn. What must not: what a path leads to (`imports`), reading files from disk.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::Visit;

use super::tree::Texts;

/// Macros whose tokens are code of another crate.
const QUOTING: [&str; 4] = ["quote", "quote_spanned", "parse_quote", "parse_quote_spanned"];

/// One module; a file holds one or more.
#[derive(Default)]
pub struct Module {
    /// Path of the file from the workspace.
    pub file: String,
    /// The module around it; the root of a crate has none.
    pub parent: Option<usize>,
    /// Modules inside, by name.
    pub children: BTreeMap<String, usize>,
    /// Names of everything that it declares itself.
    pub items: BTreeSet<String>,
    /// Names that a `use` brings, with the path that each stands for.
    pub bindings: BTreeMap<String, Vec<String>>,
    /// Paths before `::*`.
    pub globs: Vec<Vec<String>>,
    /// Every path that stands in it.
    pub mentions: Vec<Mention>,
    /// Whether it is compiled for tests only.
    pub is_for_tests: bool,
}

/// A path that stands in a module.
pub struct Mention {
    /// `["super", "scope", "Scope"]`; of a glob, what stands before `::*`.
    pub path: Vec<String>,
    /// Line in the file, from 1.
    pub line: usize,
    /// What the path is there for.
    pub role: Role,
}

/// What a path is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `use a::b;`
    Import,
    /// `use a::*;`
    Glob,
    /// `a::b` in code.
    Inline,
}

/// Reads the modules of a crate, the root first. A `mod` whose file is absent is left out.
pub fn read(root: &str, texts: &Texts) -> Vec<Module> {
    let mut modules = Vec::new();
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    read_file(root, folder, None, false, texts, &mut modules);
    modules
}

/// Reads one file; `folder` is where the files of its children lie.
fn read_file(
    file: &str,
    folder: &str,
    parent: Option<usize>,
    is_for_tests: bool,
    texts: &Texts,
    modules: &mut Vec<Module>,
) -> Option<usize> {
    let text = texts.get(file)?;
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let module = Module { file: file.to_owned(), parent, is_for_tests, ..Module::default() };
    modules.push(module);
    let index = modules.len() - 1;
    read_items(&parsed.items, index, folder, texts, modules);
    Some(index)
}

fn read_items(items: &[syn::Item], index: usize, folder: &str, texts: &Texts, modules: &mut Vec<Module>) {
    for item in items {
        if let syn::Item::Mod(child) = item {
            let name = child.ident.to_string();
            if let Some(found) = read_child(child, index, folder, texts, modules) {
                modules[index].children.insert(name, found);
            }
        } else {
            modules[index].items.extend(declared(item));
            Paths { module: &mut modules[index] }.visit_item(item);
        }
    }
}

/// A `mod` with a body or with a file.
fn read_child(
    child: &syn::ItemMod,
    parent: usize,
    folder: &str,
    texts: &Texts,
    modules: &mut Vec<Module>,
) -> Option<usize> {
    let name = child.ident.to_string();
    let is_for_tests = modules[parent].is_for_tests || child.attrs.iter().any(is_cfg_test);
    let inner = join(folder, &name);
    if let Some((_, items)) = &child.content {
        let file = modules[parent].file.clone();
        modules.push(Module { file, parent: Some(parent), is_for_tests, ..Module::default() });
        let index = modules.len() - 1;
        read_items(items, index, &inner, texts, modules);
        return Some(index);
    }
    if let Some(path) = child.attrs.iter().find_map(path_attribute) {
        // Such a path starts at the folder of the file that says it.
        let here = modules[parent].file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let file = join(here, &path);
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        return read_file(&file, &folder, Some(parent), is_for_tests, texts, modules);
    }
    let files = [format!("{inner}.rs"), format!("{inner}/mod.rs")];
    let file = files.iter().find(|file| texts.contains_key(*file))?;
    read_file(file, &inner, Some(parent), is_for_tests, texts, modules)
}

/// Joins a folder and a relative path, and goes up for every `..`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Path>().is_ok_and(|what| what.is_ident("test"))
}

/// The file of `#[path = "…"]`.
fn path_attribute(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else { return None };
    pair.path.is_ident("path").then(|| text.value())
}

/// The name that an item declares in its module.
fn declared(item: &syn::Item) -> Option<String> {
    let name = match item {
        syn::Item::Const(item) => &item.ident,
        syn::Item::Enum(item) => &item.ident,
        syn::Item::Fn(item) => &item.sig.ident,
        syn::Item::Macro(item) => item.ident.as_ref()?,
        syn::Item::Static(item) => &item.ident,
        syn::Item::Struct(item) => &item.ident,
        syn::Item::Trait(item) => &item.ident,
        syn::Item::TraitAlias(item) => &item.ident,
        syn::Item::Type(item) => &item.ident,
        syn::Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Collects the paths of one item. Names that a `use` within a function brings count for the whole module.
struct Paths<'a> {
    module: &'a mut Module,
}

impl Paths<'_> {
    fn mention(&mut self, path: Vec<String>, line: usize, role: Role) {
        self.module.mentions.push(Mention { path, line, role });
    }

    fn import(&mut self, tree: &syn::UseTree, mut before: Vec<String>) {
        let line = tree.span().start().line;
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before);
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.import(tree, before.clone()));
            }
            syn::UseTree::Glob(_) => {
                self.module.globs.push(before.clone());
                self.mention(before, line, Role::Glob);
            }
            syn::UseTree::Name(name) => self.bind(before, &name.ident, &name.ident, line),
            syn::UseTree::Rename(rename) => self.bind(before, &rename.ident, &rename.rename, line),
        }
    }

    fn bind(&mut self, mut path: Vec<String>, name: &syn::Ident, bound: &syn::Ident, line: usize) {
        let mut bound = bound.to_string();
        if name == "self" {
            let last = path.last().cloned().unwrap_or_default();
            bound = if bound == "self" { last } else { bound };
        } else {
            path.push(name.to_string());
        }
        self.module.bindings.insert(bound, path.clone());
        self.mention(path, line, Role::Import);
    }

    /// Paths in the tokens of a macro call: names with `::` between them.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let start = at;
            at += 1;
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let mut path = vec![first.to_string()];
                    while is_separator(&tokens[at..])
                        && let Some(TokenTree::Ident(next)) = tokens.get(at + 2)
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    // `$crate::a` is a path of the caller's crate, `::a::b` and `T::<U>::a::b` are none of ours.
                    let is_continued = start > 0
                        && matches!(&tokens[start - 1], TokenTree::Punct(before) if [':', '$'].contains(&before.as_char()))
                        && (start < 2 || is_separator(&tokens[start - 2..]) || is_dollar(&tokens[start - 1]));
                    if path.len() > 1 && !is_continued {
                        self.mention(path, first.span().start().line, Role::Inline);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// Whether tokens start with `::`.
fn is_separator(tokens: &[TokenTree]) -> bool {
    matches!(
        tokens,
        [TokenTree::Punct(first), TokenTree::Punct(second), ..]
            if first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':'
    )
}

fn is_dollar(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '$')
}

/// Paths that attributes hold as texts: `#[serde(with = "super::bound")]`.
fn paths_in_texts(tokens: TokenStream, found: &mut Vec<Vec<String>>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => {
                paths_in_texts(group.stream(), found);
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let path = syn::parse_str::<syn::Path>(text.trim_matches('"')).ok();
                let path = path.filter(|path| path.leading_colon.is_none());
                found.extend(path.map(|path| names(&path)).filter(|names| names.len() > 1));
            }
            _ => {}
        }
    }
}

fn names(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.import(&item.tree, Vec::new());
        }
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        if let (true, Some((_, name))) = (item.ident == "self", &item.rename) {
            self.module.bindings.insert(name.to_string(), vec!["crate".to_owned()]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            self.mention(names(path), path.span().start().line, Role::Inline);
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.visit_path(&item.path);
        let name = item.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if !QUOTING.contains(&name.as_str()) {
            self.tokens(item.tokens.clone());
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            let mut found = Vec::new();
            paths_in_texts(list.tokens.clone(), &mut found);
            let line = attribute.span().start().line;
            for path in found {
                self.mention(path, line, Role::Inline);
            }
        }
    }

    /// `pub(in crate::a)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}
