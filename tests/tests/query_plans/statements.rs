//! Every statement of the store: those that stand in its sources, and those that contracts give each table.
//!
//! What must not live here: what a database does for a statement.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Group, TokenStream, TokenTree};
use selene_acceptance::place;
use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::row::{Selection, Writes, bare_name, selections, tables};
use selene_codegen::{naming, statement, yaml};

/// The folders of `storage/src` whose files hold statements: each of them does, and no other one.
const FOLDERS: [&str; 5] = ["audit", "check", "commit", "rows", "sqlite"];

/// Statements that are put together from parts while running. A new one fails the test until its parts are known here.
const TEMPLATES: [&str; 8] = [
    "UPDATE {} SET {other} = {other} WHERE {condition}",
    "DELETE FROM {} WHERE {condition}",
    "REPLACE INTO {0} ({columns}) SELECT {columns} FROM {0} WHERE {condition}",
    FIRST_PAGE,
    NEXT_PAGE,
    GROUP,
    ROWS,
    BY_KEY,
];

/// How a table is read page by page. `Contracts::pages` puts both together for every table.
const FIRST_PAGE: &str = "SELECT {columns} FROM {table} ORDER BY {key} LIMIT {rows}";
const NEXT_PAGE: &str = "SELECT {columns} FROM {table} WHERE ({key}) > ({after}) ORDER BY {key} LIMIT {rows}";

/// How the rows of a table are read whose key starts with given values. `Contracts::groups` puts it together for every table.
const GROUP: &str = "SELECT {columns} FROM {table} WHERE {group} ORDER BY {key}";

/// How the rows of a table are counted, and how one is read by its key. `Contracts::whole` puts both together for every table.
const ROWS: &str = "SELECT count(*) FROM {table}";
const BY_KEY: &str = "SELECT {columns} FROM {table} WHERE {condition}";

const VERBS: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];

/// What only a part of a statement begins with.
const INNER: [&str; 4] = ["WHERE ", "ORDER BY ", "GROUP BY ", "HAVING "];

/// Statements by their text, each with the place that it comes from.
pub type Statements = BTreeMap<String, String>;

/// Every statement in the sources of the store, and every one that contracts give a table.
pub fn all() -> Statements {
    let contracts = Contracts::read();
    let mut sources = Sources::new(contracts.column_lists());
    let root = place::workspace().join("storage/src");
    for path in rust_files(&root) {
        let place = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        sources.read(&place, &fs::read_to_string(&path).expect("UTF-8"));
    }
    sources.check_folders();
    sources.check_templates();
    let mut statements = sources.statements;
    statements.extend(contracts.statements());
    statements
}

fn rust_files(root: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !is_exempt(&path) {
                files.push(path);
            }
        }
    }
    files
}

/// Tests, and what rebuilds a table: it walks the table whole, and asks SQLite about schemas.
fn is_exempt(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "migration" || stem.to_string_lossy().ends_with("tests"))
}

/// The contracts of every engine.
struct Contracts {
    engines: Vec<Contract>,
    shared: SharedContract,
}

impl Contracts {
    fn read() -> Self {
        let folder = place::workspace().join("generated/contracts");
        let (mut engines, mut shared) = (Vec::new(), None);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).expect("UTF-8");
            if path.ends_with("shared.yaml") {
                shared = Some(yaml::from_str(&text).unwrap());
            } else {
                engines.push(yaml::from_str(&text).unwrap());
            }
        }
        Self { engines, shared: shared.expect("a contract that engines share") }
    }

    fn selections(&self) -> impl Iterator<Item = (String, Selection<'_>)> {
        self.engines.iter().flat_map(|contract| selections(contract, &self.shared))
    }

    /// The column list of every row and record, by the name of its type.
    fn column_lists(&self) -> BTreeMap<String, String> {
        let mut lists = BTreeMap::new();
        for (name, selection) in self.selections() {
            let list = selection.column_list();
            let other = lists.insert(name.clone(), list.clone()).filter(|other| *other != list);
            assert_eq!(other, None, "two engines have a {name}, with other columns than {list}");
        }
        lists
    }

    /// The statements that the contracts give each table and each type that is read from one.
    fn statements(&self) -> Statements {
        let reads = self.selections().map(|(name, selection)| (selection.select_by_key(), name));
        let tables = self.engines.iter().flat_map(tables);
        let writes = tables.flat_map(|table| {
            let Writes { insert, updates } = Writes::of(table);
            let updates = updates.into_iter().flat_map(|updates| [updates.insert_or_update, updates.update]);
            std::iter::once(insert).chain(updates).map(|sql| (sql, table.name.clone())).collect::<Vec<_>>()
        });
        reads.chain(writes).chain(self.pages()).chain(self.groups()).chain(self.whole()).collect()
    }

    /// The statements that read each table page by page.
    fn pages(&self) -> impl Iterator<Item = (String, String)> {
        self.engines.iter().flat_map(tables).flat_map(|table| {
            let columns = Selection::of(table, &table.columns).column_list();
            let after: Vec<String> =
                (1..=table.primary_key.len()).map(|number| format!("${number}")).collect();
            [FIRST_PAGE, NEXT_PAGE].map(|template| {
                let sql = template
                    .replace("{columns}", &columns)
                    .replace("{table}", bare_name(table))
                    .replace("{key}", &table.primary_key.join(", "))
                    .replace("{after}", &after.join(", "))
                    .replace("{rows}", "2");
                (sql, format!("pages of {}", table.name))
            })
        })
    }

    /// The statements that count the rows of each table, and that read one of them.
    fn whole(&self) -> impl Iterator<Item = (String, String)> {
        self.engines.iter().flat_map(tables).flat_map(|table| {
            let columns = Selection::of(table, &table.columns).column_list();
            let key = table.primary_key.iter().zip(1..);
            let key: Vec<String> =
                key.map(|(column, place): (_, usize)| format!("{column} = ${place}")).collect();
            [ROWS, BY_KEY].map(|template| {
                let sql = template
                    .replace("{columns}", &columns)
                    .replace("{table}", bare_name(table))
                    .replace("{condition}", &key.join(" AND "));
                (sql, format!("all and one of {}", table.name))
            })
        })
    }

    /// The statements that read the rows of each table by the start of its key, of every length.
    fn groups(&self) -> impl Iterator<Item = (String, String)> {
        self.engines.iter().flat_map(tables).flat_map(|table| {
            let columns = Selection::of(table, &table.columns).column_list();
            (1..table.primary_key.len()).map(move |given| {
                let group: Vec<String> = table.primary_key[..given]
                    .iter()
                    .zip(1..)
                    .map(|(column, place): (_, usize)| format!("{column} = ${place}"))
                    .collect();
                let sql = GROUP
                    .replace("{columns}", &columns)
                    .replace("{table}", bare_name(table))
                    .replace("{group}", &group.join(" AND "))
                    .replace("{key}", &table.primary_key.join(", "));
                (sql, format!("groups of {}", table.name))
            })
        })
    }
}

/// The statements of sources, and what of them was found.
struct Sources {
    column_lists: BTreeMap<String, String>,
    statements: Statements,
    folders: BTreeSet<String>,
    templates: BTreeSet<String>,
}

impl Sources {
    const fn new(column_lists: BTreeMap<String, String>) -> Self {
        Self {
            column_lists,
            statements: BTreeMap::new(),
            folders: BTreeSet::new(),
            templates: BTreeSet::new(),
        }
    }

    /// Adds the statements of one file; `place` is its path from `storage/src`.
    fn read(&mut self, place: &str, source: &str) {
        let mut texts = Vec::new();
        collect(source.parse().expect("Rust"), &mut texts);
        for text in texts {
            match text {
                Text::Statement(text) => {
                    let columns_of = |name: &str| self.column_lists.get(name).cloned();
                    // The stored text is the one that a variant is named by.
                    let value_of = |_: &str, variant: &str| Some(naming::upper_snake(variant));
                    let sql = statement::text(&text, columns_of, value_of);
                    self.add(place, sql.unwrap_or_else(|error| panic!("{place}: {text}\n{error}")));
                }
                Text::Plain(text) => self.read_plain(place, text.trim()),
            }
        }
    }

    /// Adds a string literal, if it is a statement.
    fn read_plain(&mut self, place: &str, text: &str) {
        assert!(
            !INNER.iter().any(|start| text.starts_with(start)),
            "{place}: {text:?} is a part of a statement, which cannot be checked alone"
        );
        let is_statement =
            text.split_once(char::is_whitespace).is_some_and(|(verb, _)| VERBS.contains(&verb));
        if !is_statement {
            return;
        }
        if text.contains('{') {
            assert!(TEMPLATES.contains(&text), "{place}: the parts of {text:?} are not known here");
            self.templates.insert(text.to_owned());
        } else {
            self.add(place, text.to_owned());
        }
    }

    fn add(&mut self, place: &str, sql: String) {
        self.folders.insert(place.split_once('/').map_or(place, |(folder, _)| folder).to_owned());
        self.statements.insert(sql, place.to_owned());
    }

    fn check_folders(&self) {
        let found: Vec<&str> = self.folders.iter().map(String::as_str).collect();
        assert_eq!(found, FOLDERS, "the folders of `src` that hold statements");
    }

    fn check_templates(&self) {
        let unused: Vec<&str> =
            TEMPLATES.into_iter().filter(|template| !self.templates.contains(*template)).collect();
        assert!(unused.is_empty(), "no source has {unused:?} any more");
    }
}

/// A string literal.
#[derive(Debug, PartialEq, Eq)]
enum Text {
    /// The argument of `sql!`.
    Statement(String),
    /// Any other one.
    Plain(String),
}

/// Every string literal, also inside of macros, in order; without attributes, which comments are, and modules of tests.
fn collect(tokens: TokenStream, texts: &mut Vec<Text>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    while let [first, after @ ..] = rest {
        rest = match rest {
            [TokenTree::Punct(hash), TokenTree::Group(attribute), item @ ..] if hash.as_char() == '#' => {
                if is_of_tests(attribute) {
                    without_module(item)
                } else {
                    item
                }
            }
            // An attribute or a comment of the whole module.
            [TokenTree::Punct(hash), TokenTree::Punct(mark), TokenTree::Group(_), after @ ..]
                if hash.as_char() == '#' && mark.as_char() == '!' =>
            {
                after
            }
            [TokenTree::Ident(name), TokenTree::Punct(mark), TokenTree::Group(argument), after @ ..]
                if name == "sql" && mark.as_char() == '!' =>
            {
                let literal = syn::parse2::<syn::LitStr>(argument.stream());
                texts.push(Text::Statement(literal.expect("`sql!` takes one text").value()));
                after
            }
            _ => {
                match first {
                    TokenTree::Group(group) => collect(group.stream(), texts),
                    TokenTree::Literal(literal) => {
                        let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
                        texts.extend(text.ok().map(|text| Text::Plain(text.value())));
                    }
                    TokenTree::Ident(_) | TokenTree::Punct(_) => {}
                }
                after
            }
        };
    }
}

fn is_of_tests(attribute: &Group) -> bool {
    attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// What follows a `mod name { … }`, if there is one.
fn without_module(item: &[TokenTree]) -> &[TokenTree] {
    match item {
        [TokenTree::Ident(word), TokenTree::Ident(_), TokenTree::Group(_), after @ ..] if word == "mod" => {
            after
        }
        _ => item,
    }
}

#[test]
fn statements_are_found_where_they_stand() {
    let source = r##"
        //! SELECT 1 FROM modules
        /// SELECT 1 FROM comments
        const A: &str = "SELECT a FROM b WHERE c = ?1";
        fn f(db: &impl Session) {
            db.all(sql!("SELECT {*Row}, {d.x} FROM {@devices d} WHERE {d.y} = $1"), &[y]);
            db.first(selene_contracts::sql!("SELECT {c} FROM {@t}"), &[]);
            error(vec!["UPDATE", "DELETE FROM b WHERE c = $1"]);
        }
        #[cfg(test)]
        mod tests {
            const B: &str = "DELETE FROM tests";
        }
        const C: &str = r#"INSERT INTO b VALUES (1)"#;
    "##;
    let mut sources = Sources::new(BTreeMap::from([("Row".to_owned(), "v, w".to_owned())]));
    sources.read("rows/file.rs", source);
    let found: Vec<&str> = sources.statements.keys().map(String::as_str).collect();
    assert_eq!(
        found,
        [
            "DELETE FROM b WHERE c = $1",
            "INSERT INTO b VALUES (1)",
            "SELECT a FROM b WHERE c = ?1",
            "SELECT c FROM t",
            "SELECT v, w, d.x FROM devices AS d WHERE d.y = $1",
        ]
    );
    assert_eq!(sources.folders, BTreeSet::from(["rows".to_owned()]));
}

#[test]
#[should_panic(expected = "the folders of `src` that hold statements")]
fn a_folder_without_statements_is_not_passed_over() {
    let mut sources = Sources::new(BTreeMap::new());
    for place in ["check/a.rs", "commit/a.rs", "sqlite/a.rs"] {
        sources.read(place, r#"const A: &str = "SELECT 1 FROM a";"#);
    }
    sources.read("rows/a.rs", "");
    sources.check_folders();
}

#[test]
#[should_panic(expected = "are not known here")]
fn a_statement_of_unknown_parts_is_not_passed_over() {
    Sources::new(BTreeMap::new()).read("rows/a.rs", r#"fn f() { format!("SELECT 1 FROM {table}") }"#);
}

#[test]
#[should_panic(expected = "is a part of a statement")]
fn a_part_of_a_statement_is_not_passed_over() {
    Sources::new(BTreeMap::new()).read("rows/a.rs", r#"const A: &str = "WHERE a = ?1";"#);
}

#[test]
#[should_panic(expected = "is not understood")]
fn a_type_without_columns_is_not_passed_over() {
    Sources::new(BTreeMap::new()).read("rows/a.rs", r#"fn f() { sql!("SELECT {*Nothing} FROM {@a}") }"#);
}
