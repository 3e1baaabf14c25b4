//! The statements in Rust sources: string literals, and the arguments of `sql!`, `listing!` and `update!`.
//!
//! What must not live here: what contracts give each table.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Group, TokenStream, TokenTree};
use selene_codegen::contract::Table;
use selene_codegen::listing::Listing;
use selene_codegen::row::{Selection, bare_name, update_of};
use selene_codegen::{naming, statement, yaml};
use selene_storage::backend::transfer::Mark;

/// Statements by their text, each with the place that it comes from.
pub type Statements = BTreeMap<String, String>;

/// The folders of `storage/src` whose files hold statements: each of them does, and no other one.
const FOLDERS: [&str; 5] = ["audit", "check", "commit", "rows", "sqlite"];

/// Statements that are put together from parts while running. A new one fails the test until its parts are known here.
const TEMPLATES: [&str; 16] = [
    "UPDATE {table} SET {other} = {other} WHERE {condition}",
    "DELETE FROM {table} WHERE {condition}",
    "REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {condition}",
    UPSERT,
    FIRST_PAGE,
    NEXT_PAGE,
    GROUP,
    ROWS,
    BY_KEY,
    BY_ORDER,
    BY_NUMBER,
    EVERY_ROW,
    COUNT,
    // On a server alone, where a number is no order.
    "SELECT {all} FROM {name} WHERE {number} IS NOT NULL ORDER BY {number}",
    "SELECT {all} FROM {name} WHERE {number} IS NULL ORDER BY {place}",
    "INSERT INTO {name} ({columns}) VALUES ({places})",
];

/// The mark of an unfinished copy is a table of one row that no contract has, and no store: there is nothing to plan.
const OF_THE_MARK: [&str; 3] = [Mark::INSERT, Mark::SELECT, Mark::ADD_ROWS];

/// What a guard tries beside an update, a removal and a replacement.
const UPSERT: &str = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE {condition} \
    ON CONFLICT ({key}) DO UPDATE SET {other} = excluded.{other}";

/// How a table is read page by page. `Contracts::pages` puts both together for every table.
pub const FIRST_PAGE: &str = "SELECT {columns} FROM {table} ORDER BY {key} LIMIT {rows}";
pub const NEXT_PAGE: &str =
    "SELECT {columns} FROM {table} WHERE ({key}) > ({after}) ORDER BY {key} LIMIT {rows}";

/// How the rows of a table are read whose key starts with given values. `Contracts::groups` puts it together for every table.
pub const GROUP: &str = "SELECT {columns} FROM {table} WHERE {group} ORDER BY {key}";

/// How the rows of a table are counted, and how one is read by its key. `Contracts::whole` puts both together for every table.
pub const ROWS: &str = "SELECT count(*) FROM {table}";
pub const BY_KEY: &str = "SELECT {columns} FROM {table} WHERE {condition}";

/// How a check reads a table, and how a copy reads it, in the order of its key or of SQLite's own number of its rows, and counts it.
/// `Contracts::copies` puts them together for every table.
pub const BY_ORDER: &str = "SELECT {all} FROM {name} ORDER BY {key}";
pub const BY_NUMBER: &str = "SELECT {all} FROM {name} ORDER BY {number}";
pub const EVERY_ROW: &str = "SELECT {columns} FROM {name}";
pub const COUNT: &str = "SELECT count(*) FROM {}";

/// The folder whose files hold statements as plain texts: what only this database has is in no contract.
const DRIVER: &str = "sqlite/";

const VERBS: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];

/// What only a part of a statement begins with.
const INNER: [&str; 4] = ["WHERE ", "ORDER BY ", "GROUP BY ", "HAVING "];

/// The statements of sources, and what of them was found.
pub struct Sources<'a> {
    types: BTreeMap<String, Selection<'a>>,
    pub statements: Statements,
    /// Those of them that give a page of a list.
    pub pages: Statements,
    folders: BTreeSet<String>,
    templates: BTreeSet<String>,
}

impl<'a> Sources<'a> {
    /// Before the first file; `types` are the rows and records that statements name.
    pub const fn new(types: BTreeMap<String, Selection<'a>>) -> Self {
        Self {
            types,
            statements: BTreeMap::new(),
            pages: BTreeMap::new(),
            folders: BTreeSet::new(),
            templates: BTreeSet::new(),
        }
    }

    /// Adds the statements of one file; `place` is its path from `storage/src`.
    pub fn read(&mut self, place: &str, source: &str) {
        let mut texts = Vec::new();
        collect(source.parse().expect("Rust"), &mut texts);
        for text in texts {
            match text {
                Text::Statement(text) => {
                    let sql = self.sql(place, &text);
                    self.add(place, sql);
                }
                Text::List(text) => {
                    let Listing { whole, first, after } =
                        Listing::of(&text).unwrap_or_else(|error| panic!("{place}: {text}\n{error}"));
                    let whole = self.sql(place, &whole);
                    self.add(place, whole);
                    for page in [first, after] {
                        let sql = self.sql(place, &page);
                        self.pages.insert(sql.clone(), place.to_owned());
                        self.add(place, sql);
                    }
                }
                Text::Update { of, columns } => {
                    let row = self.types.get(&of).unwrap_or_else(|| panic!("{place}: {of} is no row"));
                    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
                    self.add(place, update_of(row.table, &columns));
                }
                Text::Plain(text) => self.read_plain(place, text.trim()),
            }
        }
    }

    /// A statement as a database reads it.
    fn sql(&self, place: &str, text: &str) -> String {
        let columns_of = |name: &str| self.types.get(name).map(Selection::column_list);
        // The stored text is the one that a variant is named by.
        let value_of = |_: &str, variant: &str| Some(naming::upper_snake(variant));
        let key_of = |table: &str| {
            let mut rows = self.types.values().map(|row| row.table);
            rows.find(|row| bare_name(row) == table).map(|row| row.primary_key.clone())
        };
        statement::text(text, columns_of, key_of, value_of)
            .unwrap_or_else(|error| panic!("{place}: {text}\n{error}"))
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
        if OF_THE_MARK.contains(&text) {
            return;
        }
        if text.contains('{') {
            assert!(TEMPLATES.contains(&text), "{place}: the parts of {text:?} are not known here");
            self.templates.insert(text.to_owned());
        } else {
            assert!(
                place.starts_with(DRIVER),
                "{place}: {text:?} names its columns itself: write it with `sql!`, which names them through contracts"
            );
            self.add(place, text.to_owned());
        }
    }

    fn add(&mut self, place: &str, sql: String) {
        self.folders.insert(place.split_once('/').map_or(place, |(folder, _)| folder).to_owned());
        self.statements.insert(sql, place.to_owned());
    }

    pub fn check_folders(&self) {
        let found: Vec<&str> = self.folders.iter().map(String::as_str).collect();
        assert_eq!(found, FOLDERS, "the folders of `src` that hold statements");
    }

    pub fn check_templates(&self) {
        let unused: Vec<&str> =
            TEMPLATES.into_iter().filter(|template| !self.templates.contains(*template)).collect();
        assert!(unused.is_empty(), "no source has {unused:?} any more");
    }
}

/// A statement, or a text that may be one.
#[derive(Debug, PartialEq, Eq)]
enum Text {
    /// The argument of `sql!`.
    Statement(String),
    /// The argument of `listing!`.
    List(String),
    /// The row and the columns of an `update!`.
    Update {
        /// The row as Rust names it: `DeviceRecord`.
        of: String,
        /// The columns behind `set`.
        columns: Vec<String>,
    },
    /// Any other string literal.
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
                if (name == "sql" || name == "listing") && mark.as_char() == '!' =>
            {
                let literal = syn::parse2::<syn::LitStr>(argument.stream());
                let text = literal.expect("the macros of statements take one text").value();
                texts.push(if name == "sql" { Text::Statement(text) } else { Text::List(text) });
                after
            }
            [TokenTree::Ident(name), TokenTree::Punct(mark), TokenTree::Group(argument), after @ ..]
                if name == "update" && mark.as_char() == '!' =>
            {
                texts.push(named_update(argument).expect("`update!` takes `Row set { … } where { … }`"));
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

/// The row and the columns of `update!(Row set { column: value, … } where { … })`.
fn named_update(argument: &Group) -> Option<Text> {
    let argument: Vec<TokenTree> = argument.stream().into_iter().collect();
    let [TokenTree::Ident(of), TokenTree::Ident(_), TokenTree::Group(set), ..] = argument.as_slice() else {
        return None;
    };
    let set: Vec<TokenTree> = set.stream().into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
    let columns = set.split(is_comma).filter_map(|field| field.first());
    let columns = columns.map(|column| column.to_string().trim_start_matches("r#").to_owned()).collect();
    Some(Text::Update { of: of.to_string(), columns })
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
            changes.update_columns(&update!(Row set { w: &at } where { v: &f("SELECT", v) }));
            error(vec!["UPDATE", "DELETE FROM b WHERE c = $1"]);
        }
        #[cfg(test)]
        mod tests {
            const B: &str = "DELETE FROM tests";
        }
        const C: &str = r#"INSERT INTO b VALUES (1)"#;
    "##;
    let columns = "[{name: v, type: u64}, {name: w, type: u64}]";
    let table = format!("{{name: os.t, truth_type: CURRENT, primary_key: [v], columns: {columns}}}");
    let table: Table = yaml::from_str(&table).unwrap();
    let row = Selection::of(&table, &table.columns);
    let mut sources = Sources::new(BTreeMap::from([("Row".to_owned(), row)]));
    sources.read("sqlite/file.rs", source);
    let found: Vec<&str> = sources.statements.keys().map(String::as_str).collect();
    assert_eq!(
        found,
        [
            "DELETE FROM b WHERE c = $1",
            "INSERT INTO b VALUES (1)",
            "SELECT a FROM b WHERE c = ?1",
            "SELECT c FROM t",
            "SELECT v, w, d.x FROM devices AS d WHERE d.y = $1",
            "UPDATE t SET w = $1, row_version = row_version + 1 WHERE v = $2 RETURNING v, w, row_version",
        ]
    );
    assert_eq!(sources.folders, BTreeSet::from(["sqlite".to_owned()]));
}

#[test]
#[should_panic(expected = "the folders of `src` that hold statements")]
fn a_folder_without_statements_is_not_passed_over() {
    let mut sources = Sources::new(BTreeMap::new());
    for place in ["check/a.rs", "commit/a.rs", "sqlite/a.rs"] {
        sources.read(place, r#"fn f() { sql!("SELECT 1 FROM {@a}") }"#);
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
#[should_panic(expected = "names its columns itself")]
fn a_plain_statement_belongs_to_the_driver() {
    Sources::new(BTreeMap::new()).read("rows/a.rs", r#"const A: &str = "SELECT 1 FROM a WHERE b = $1";"#);
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
