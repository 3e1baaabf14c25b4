//! The schema of contracts: what is built from them, in which order, and what is refused.

use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::schema::{Dialect, Domain, Schema, SchemaError};
use selene_codegen::yaml;

const HEAD: &str = "engine: { id: PH1.T, purpose: p, version: v, status: s }\n";

fn shared() -> SharedContract {
    let text = "types:\n- { name: Id, kind: text, min_len: 1, max_len: 64 }\n";
    yaml::from_str(text).expect("the shared contract can be read")
}

fn schema(text: &str) -> Result<Schema, SchemaError> {
    let contract: Contract = yaml::from_str(&format!("{HEAD}{text}")).expect("the contract can be read");
    Schema::of(&[contract], &shared())
}

fn names(schema: &Schema) -> Vec<&str> {
    schema.tables.iter().map(|table| table.name.as_str()).collect()
}

/// Two tables, the first of which refers to the second.
const TABLES: &str = "
tables:
- name: app.child
  truth_type: CURRENT
  primary_key: [id]
  columns:
  - { name: id, type: Id }
  - { name: parent_id, type: Option<Id> }
- name: app.parent
  truth_type: CURRENT
  primary_key: [id]
  columns:
  - { name: id, type: Id }
  - { name: child_id, type: Option<Id> }
";

#[test]
fn a_table_is_made_behind_what_it_refers_to() {
    let schema = schema(&format!(
        "{TABLES}relations:\n  foreign_keys:\n  - {{ from: child.parent_id, to: parent.id }}\n"
    ))
    .unwrap();
    assert_eq!(names(&schema), ["parent", "child"]);
}

#[test]
fn a_circle_is_closed_at_the_end_where_a_database_needs_it() {
    let schema = schema(&format!(
        "{TABLES}relations:\n  foreign_keys:\n  - {{ from: child.parent_id, to: parent.id }}\n  \
         - {{ from: parent.child_id, to: child.id }}\n"
    ))
    .unwrap();
    assert_eq!(names(&schema), ["child", "parent"]);
    let tables: Vec<_> = schema.tables.iter().collect();
    let statements = Dialect::Postgres.statements(&tables);
    let last = statements.last().expect("there are statements");
    assert_eq!(last, "ALTER TABLE child ADD FOREIGN KEY (parent_id) REFERENCES parent (id);");
    assert!(!statements[0].contains("REFERENCES"), "{}", statements[0]);
    assert!(statements[1].contains("REFERENCES child (id)"), "{}", statements[1]);
    let statements = Dialect::Sqlite.statements(&tables);
    assert!(statements[0].contains("REFERENCES parent (id)"), "{}", statements[0]);
}

#[test]
fn columns_that_refer_to_one_row_do_so_together_in_the_order_of_its_key() {
    let schema = schema(
        "
tables:
- name: app.place
  truth_type: CURRENT
  primary_key: [town, street]
  columns: [{ name: street, type: Id }, { name: town, type: Id }]
- name: app.letter
  truth_type: CURRENT
  primary_key: [id]
  columns:
  - { name: id, type: Id }
  - { name: to_street, type: Id }
  - { name: to_town, type: Id }
  - { name: from_person, type: Id }
  - { name: to_person, type: Id }
relations:
  foreign_keys:
  - { from: letter.to_street, to: place.street }
  - { from: letter.to_town, to: place.town }
  - { from: letter.from_person, to: people.id }
  - { from: letter.to_person, to: people.id }
",
    )
    .unwrap();
    let keys: Vec<(Vec<String>, Vec<String>)> = schema
        .table("letter")
        .expect("the table is there")
        .foreign_keys
        .iter()
        .map(|key| (key.columns.clone(), key.to.clone()))
        .collect();
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        keys,
        [
            (list(&["to_town", "to_street"]), list(&["town", "street"])),
            (list(&["from_person"]), list(&["id"])),
            (list(&["to_person"]), list(&["id"])),
        ]
    );
}

#[test]
fn an_index_that_a_key_or_a_longer_index_serves_is_not_made() {
    let reads = |indices: &str| {
        let text = format!("{TABLES}reads:\n- title: r\n  required_indices: [{indices}]\n");
        let schema = schema(&text).unwrap();
        let indices = &schema.table("child").expect("the table is there").indices;
        indices.iter().map(|index| index.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(reads("child(id)"), Vec::<String>::new());
    let longer = ["child_by_parent_id_id".to_owned()];
    assert_eq!(reads("'child(parent_id)', 'child(parent_id, id)'"), longer);
    assert_eq!(reads("'child(parent_id, id)', 'child(parent_id)', 'other(x)'"), longer);
}

/// The statement that makes the table, in a dialect, with one space between words.
fn create(schema: &Schema, dialect: Dialect) -> String {
    let tables: Vec<_> = schema.tables.iter().collect();
    let statements = dialect.statements(&tables);
    let create = statements.iter().find(|statement| statement.starts_with("CREATE TABLE "));
    create.expect("a table is made").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A ledger of letters, with what else is stated of it.
fn letters(rest: &str) -> String {
    format!(
        "
tables:
- name: app.letters
  truth_type: LEDGER
  primary_key: [id]
  unique_keys: [[town, seq]]
  columns: [{{ name: id, type: Id }}, {{ name: town, type: Id }}, {{ name: seq, type: u64 }}]
{rest}"
    )
}

#[test]
fn rows_lie_in_the_order_of_a_key_of_several_columns() {
    let schema = schema(&letters("  clustered_by: [town, seq]\n")).unwrap();
    assert_eq!(
        create(&schema, Dialect::Sqlite),
        "CREATE TABLE letters ( id TEXT NOT NULL UNIQUE, town TEXT NOT NULL, seq INTEGER NOT NULL, \
         PRIMARY KEY (town, seq) ) STRICT, WITHOUT ROWID;"
    );
    let made = create(&schema, Dialect::Postgres);
    assert!(made.contains("id text COLLATE \"C\" NOT NULL PRIMARY KEY,"), "{made}");
    assert!(made.ends_with("UNIQUE (town, seq) );"), "{made}");
    let wrong = self::schema(&letters("  clustered_by: [town, street]\n"));
    assert!(matches!(wrong, Err(SchemaError::UnknownColumn { .. })), "{wrong:?}");
}

#[test]
fn a_private_row_number_is_given_by_sqlite_and_may_be_absent_elsewhere() {
    let number = "  private: [{ column: { name: number, type: Option<u64> } }]\n  clustered_by: [number]\n";
    let schema = schema(&letters(number)).unwrap();
    assert_eq!(
        create(&schema, Dialect::Sqlite),
        "CREATE TABLE letters ( id TEXT NOT NULL UNIQUE, town TEXT NOT NULL, seq INTEGER NOT NULL, \
         number INTEGER NOT NULL PRIMARY KEY, UNIQUE (town, seq) ) STRICT;"
    );
    let made = create(&schema, Dialect::Postgres);
    assert!(made.contains(" number bigint, UNIQUE (town, seq) );"), "{made}");
    // A row can be replaced by its number, too.
    let tables: Vec<_> = schema.tables.iter().collect();
    let statements = Dialect::Sqlite.statements(&tables);
    let lock = statements.iter().find(|statement| statement.contains("letters_no_replace"));
    let lock = lock.expect("a ledger has its lock");
    for key in ["id = NEW.id", "town = NEW.town AND seq = NEW.seq", "number = NEW.number"] {
        assert!(lock.contains(&format!("EXISTS (SELECT 1 FROM letters WHERE {key})")), "{lock}");
    }
}

#[test]
fn rows_that_change_count_their_writes() {
    let table = |truth: &str| {
        let text = letters("").replace("LEDGER", truth);
        schema(&text).unwrap().tables.remove(0)
    };
    let current = table("CURRENT");
    let version = current.column("row_version").expect("the column is there");
    assert!(version.is_private && !version.is_optional && version.default.is_some());
    assert_eq!(version.domain, Domain::Integer { min: 0, max: i64::MAX.cast_unsigned() });
    assert!(table("LEDGER").column("row_version").is_none());
}

#[test]
fn a_counter_can_be_ordered_and_a_default_lies_within_its_domain() {
    let table = |constraints: &str| {
        format!(
            "
tables:
- name: app.notes
  truth_type: LEDGER
  primary_key: [id]
  columns: [{{ name: id, type: Id }}, {{ name: seq, type: u64 }}]
{constraints}"
        )
    };
    let made = schema(&table("  constraints: [{ counter: seq, checks: ['seq > 1'] }]\n")).unwrap();
    let seq = made.table("notes").and_then(|table| table.column("seq")).expect("the column is there");
    assert_eq!(seq.domain, Domain::Integer { min: 1, max: i64::MAX.cast_unsigned() });
    assert_eq!(made.ledgers().count(), 1);
    let wrong = schema(&table("  constraints: [{ checks: ['seq > 1'] }]\n"));
    assert!(matches!(wrong, Err(SchemaError::Condition { .. })), "{wrong:?}");
    let wrong = schema(&table("  constraints: [{ fixed: [sequence] }]\n"));
    assert!(matches!(wrong, Err(SchemaError::UnknownColumn { .. })), "{wrong:?}");
    let private = |default: &str| {
        table(&format!(
            "  private: [{{ column: {{ name: shard, type: u8, range: [0, 7] }}, default: '{default}' }}]\n"
        ))
    };
    let made = schema(&private("7")).unwrap();
    assert!(
        made.table("notes").and_then(|table| table.column("shard")).is_some_and(|shard| shard.is_private)
    );
    assert!(matches!(schema(&private("8")), Err(SchemaError::Default { .. })));
    let wrong = schema(&table("relations: { foreign_keys: [{ from: notes, to: people.id }] }\n"));
    assert_eq!(wrong, Err(SchemaError::Malformed("notes".to_owned())));
}

#[test]
fn a_column_is_added_with_its_bounds_and_the_conditions_that_name_it() {
    let schema = schema(
        "
tables:
- name: app.child
  truth_type: CURRENT
  primary_key: [id]
  columns:
  - { name: id, type: Id }
  - { name: parent_id, type: Option<Id> }
  - { name: age, type: Option<u8>, range: [1, 99] }
  - { name: height, type: Option<u8> }
  - { name: name, type: Id }
  constraints:
  - { keeps: an age comes with a height, checks: [\"age IS NULL OR height IS NOT NULL\"] }
- name: app.parent
  truth_type: CURRENT
  primary_key: [id]
  columns:
  - { name: id, type: Id }
relations:
  foreign_keys:
  - { from: child.parent_id, to: parent.id }
",
    )
    .unwrap();
    let child = schema.table("child").expect("the table is there");
    let added = |dialect: Dialect, name: &str| {
        dialect.add_column(child, child.column(name).expect("the column is there"))
    };
    let sqlite = added(Dialect::Sqlite, "age").expect("it can be added");
    assert!(
        sqlite.starts_with("ALTER TABLE child ADD COLUMN age INTEGER CHECK (age BETWEEN 1 AND 99) CHECK ("),
        "{sqlite}"
    );
    assert!(sqlite.contains("height IS NOT NULL") && sqlite.ends_with(");"), "{sqlite}");
    let postgres = added(Dialect::Postgres, "parent_id").expect("it can be added");
    assert_eq!(postgres, "ALTER TABLE child ADD COLUMN parent_id text COLLATE \"C\" REFERENCES parent (id);");
    let version = added(Dialect::Sqlite, "row_version").expect("it has a default");
    assert!(
        version.starts_with("ALTER TABLE child ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0"),
        "{version}"
    );
    // Rows from before have no value, and no key.
    assert_eq!((added(Dialect::Sqlite, "name"), added(Dialect::Postgres, "id")), (None, None));
}
