//! Comparison of values, and partitions of rows.

use selene_contracts::row::Value;
use serde_json::json;

use super::comparison::equals_answer;
use super::row_key::{KeyValue, RowKey};
use super::tables::TABLES;
use crate::check::spill::{Reader, Spill};

#[test]
fn a_value_equals_an_answer_of_the_same_value_in_any_form() {
    for (cell, answered) in [
        (Value::Null, json!(null)),
        (Value::Integer(1), json!(true)),
        (Value::Integer(1), json!("true")),
        (Value::Integer(-1), json!(u64::MAX.to_string())),
        (Value::Integer(-1), json!(u64::MAX)),
        (Value::Text("a".into()), json!("a")),
        (Value::Text("[\"a\"]".into()), json!(["a"])),
        (Value::Bytes(vec![7; 32].into()), json!("07".repeat(32))),
    ] {
        assert!(equals_answer(&cell, &answered), "{cell:?} {answered}");
    }
    for (cell, answered) in [
        (Value::Null, json!(0)),
        (Value::Integer(0), json!(null)),
        (Value::Integer(0), json!(true)),
        (Value::Integer(0), json!("true")),
        (Value::Integer(2), json!("1")),
        (Value::Integer(-1), json!(-1)),
        (Value::Text("a".into()), json!("b")),
        (Value::Text("[\"a\"]".into()), json!([])),
        (Value::Bytes(vec![7; 31].into()), json!("07".repeat(32))),
    ] {
        assert!(!equals_answer(&cell, &answered), "{cell:?} {answered}");
    }
}

#[test]
fn a_row_and_an_answer_about_it_come_into_the_same_partition() {
    let key = vec![KeyValue::Text("t".to_owned()), KeyValue::Number(-1)];
    let row = RowKey { table: 2, key };
    let mut spill = Spill::new(7);
    spill.push(row.hash(), |record| row.write(record)).unwrap();
    let mut found = Vec::new();
    for partition in 0..spill.partitions() {
        let mut take = |record: &mut Reader<'_>| {
            found.push((partition, RowKey::read(record)?));
            Ok(())
        };
        spill.visit(partition, &mut take).unwrap();
    }
    assert_eq!(found, [(usize::try_from(row.hash() % 7).unwrap(), row)]);
}

#[test]
fn what_is_not_compared_is_a_column_beside_the_key() {
    for table in TABLES.iter() {
        for column in table.not_compared {
            assert!(table.columns.contains(column), "{} has no {column}", table.name);
            assert!(!table.key.contains(column), "{column} is a key of {}", table.name);
        }
        for (field, _) in table.later {
            assert!(
                table.fields().any(|compared| compared == *field),
                "{}.{field} is not compared",
                table.name
            );
        }
        assert!(!table.by.is_empty(), "no answer has fields of {}", table.name);
    }
}
