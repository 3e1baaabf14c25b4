//! Every statement of the store: those that stand in its sources, and those that contracts give each table.
//!
//! What must not live here: what a database does for a statement.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use selene_acceptance::place;
use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::listing::Listing;
use selene_codegen::row::{Key, Known, Selection, Writes, all_keys, bare_name, keys, selections, tables};
use selene_contracts::ph1_f::DeviceRecord;
use selene_contracts::ph1_position::{CompanyState, TenantCompanyRecord};
use selene_contracts::row::Column as _;
use selene_contracts::shared::{CompanyId, DeviceId, MonotonicTimeNs, TenantId};
use selene_contracts::update;

use super::sources::{
    BY_KEY, BY_NUMBER, BY_ORDER, COUNT, EVERY_ROW, FIRST_PAGE, GROUP, NEXT_PAGE, ROWS, Sources, Statements,
};

/// Every statement in the sources of the store, and every one that contracts give a table.
pub fn all() -> Statements {
    let contracts = Contracts::read();
    let mut statements = sources(&contracts).statements;
    statements.extend(contracts.statements());
    statements
}

/// The statements of the pages of every list in the sources and of every one that contracts give, each with the place that it comes from.
pub fn pages() -> Statements {
    let contracts = Contracts::read();
    let mut pages = sources(&contracts).pages;
    pages.extend(contracts.known_pages());
    pages
}

/// The keys of every table, by its name: the primary key, and those that are unique beside it.
pub fn table_keys() -> BTreeMap<String, Vec<Vec<String>>> {
    let contracts = Contracts::read();
    let tables = contracts.engines.iter().flat_map(tables);
    let keys = tables.map(|table| {
        let keys = std::iter::once(&table.primary_key).chain(&table.unique_keys);
        (bare_name(table).to_owned(), keys.cloned().collect())
    });
    keys.collect()
}

fn sources(contracts: &Contracts) -> Sources<'_> {
    let mut sources = Sources::new(contracts.types());
    let root = place::workspace().join("storage/src");
    for path in rust_files(&root) {
        let place = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        sources.read(&place, &fs::read_to_string(&path).expect("UTF-8"));
    }
    sources.check_folders();
    sources.check_templates();
    sources
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

/// Tests and what only they ask, in a file or a folder of theirs, and what rebuilds a table: it walks the table whole, and asks SQLite about
/// schemas.
fn is_exempt(path: &Path) -> bool {
    let is_of_tests = |stem: &str| stem.ends_with("tests") || stem == "test_support";
    let name = |path: &Path| path.file_stem().is_some_and(|stem| is_of_tests(&stem.to_string_lossy()));
    name(path) || path.parent().is_some_and(name) || path.file_stem().is_some_and(|stem| stem == "migration")
}

/// The contracts of every engine.
struct Contracts {
    engines: Vec<Contract>,
    shared: SharedContract,
}

impl Contracts {
    /// Reads those of the workspace.
    fn read() -> Self {
        let selene_acceptance::Contracts { engines, shared } =
            selene_acceptance::Contracts::read(&place::workspace());
        Self { engines, shared }
    }

    fn selections(&self) -> impl Iterator<Item = (String, Selection<'_>)> {
        self.engines.iter().flat_map(|contract| selections(contract, &self.shared))
    }

    /// Every row and record by the name of its type.
    fn types(&self) -> BTreeMap<String, Selection<'_>> {
        let mut types = BTreeMap::new();
        for (name, selection) in self.selections() {
            let columns = selection.columns.clone();
            let other =
                types.insert(name.clone(), selection).filter(|other: &Selection| other.columns != columns);
            assert_eq!(other, None, "two engines have a {name}, with other columns than {columns:?}");
        }
        types
    }

    /// The statements that the contracts give each table and each type that is read from one.
    fn statements(&self) -> Statements {
        let reads = self.selections().flat_map(|(name, selection)| {
            let of_key = |key: Key<'_>| {
                let count = if key.lists() { key.columns.len() } else { 0 };
                let lists = (0..count).map(|given| key.select_list(&selection, given));
                std::iter::once(key.select(&selection)).chain(lists).collect::<Vec<_>>()
            };
            let found: Vec<String> = keys(selection.table).into_iter().flat_map(of_key).collect();
            found.into_iter().map(move |sql| (sql, name.clone()))
        });
        let keys = self.engines.iter().flat_map(all_keys).flat_map(|key| {
            let of_key: Vec<String> = std::iter::once(key.exists()).chain(key.highest()).collect();
            of_key.into_iter().map(move |sql| (sql, key.name.clone()))
        });
        let tables = self.engines.iter().flat_map(tables);
        let writes = tables.flat_map(|table| {
            // SQLite has no arrays; each row of one is what the other insert is.
            let Writes { insert, insert_many: _, updates } = Writes::of(table);
            let updates = updates.into_iter().flat_map(|updates| [updates.insert_or_update, updates.update]);
            std::iter::once(insert).chain(updates).map(|sql| (sql, table.name.clone())).collect::<Vec<_>>()
        });
        reads
            .chain(keys)
            .chain(writes)
            .chain(self.known_pages())
            .chain(self.pages())
            .chain(self.groups())
            .chain(self.whole())
            .chain(self.copies())
            .collect()
    }

    /// The statements of the pages of every list of which its contract says the rows.
    fn known_pages(&self) -> Vec<(String, String)> {
        let mut pages = Vec::new();
        for contract in &self.engines {
            let records = || contract.records.iter().chain(&self.shared.records);
            let types = || contract.types.iter().chain(&self.shared.types);
            for capability in contract.served() {
                let record_of = |name: &str| records().find(|record| record.name == name);
                let kind_of = |name: &str| types().find(|ty| ty.name == name).map(|ty| &ty.kind);
                if let Some(Known::List(list)) = Known::of(contract, capability, record_of, kind_of) {
                    let Listing { first, after, .. } = list.listing();
                    pages.extend([first, after].map(|sql| (sql, capability.id.clone())));
                }
            }
        }
        pages
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

    /// The statements by which a copy reads a file.
    fn copies(&self) -> impl Iterator<Item = (String, String)> {
        self.engines.iter().flat_map(tables).flat_map(|table| {
            let columns = Selection::of(table, &table.columns).column_list();
            let number = table.private.first().map(|private| private.column.name.as_str());
            let (read, all) = match number {
                Some(number) => (BY_NUMBER.replace("{number}", number), format!("{columns}, {number}")),
                None => (BY_ORDER.replace("{key}", &table.primary_key.join(", ")), columns.clone()),
            };
            let read = read.replace("{all}", &all);
            [read, EVERY_ROW.replace("{columns}", &columns), COUNT.replace("{}", "{name}")]
                .map(|sql| (sql.replace("{name}", bare_name(table)), format!("copies of {}", table.name)))
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

#[test]
fn an_update_is_the_statement_that_its_macro_makes() {
    let (tenant_id, at) = (TenantId::new("acme"), MonotonicTimeNs::new(7));
    let device_id = DeviceId::new("phone");
    let (company_id, state) = (CompanyId::new("acme_de"), CompanyState::Closed);
    let bound = update!(DeviceRecord set { tenant_id: &tenant_id } where { device_id: &device_id });
    let closed = update!(TenantCompanyRecord
        set { updated_at: &at, company_state: &state } where { tenant_id: &tenant_id, company_id: &company_id });
    let source = "fn f() {
        update!(DeviceRecord set { tenant_id: &tenant_id } where { device_id: &device_id });
        update!(TenantCompanyRecord
            set { updated_at: &at, company_state: &state } where { tenant_id: &tenant_id, company_id: &company_id });
    }";
    let contracts = Contracts::read();
    let mut sources = Sources::new(contracts.types());
    sources.read("rows/a.rs", source);
    let found: BTreeSet<&str> = sources.statements.keys().map(String::as_str).collect();
    assert_eq!(found, BTreeSet::from([bound.sql(), closed.sql()]));
    let parameters = [at.value(), state.value(), tenant_id.value(), company_id.value()];
    assert_eq!(closed.values(), parameters);
}
