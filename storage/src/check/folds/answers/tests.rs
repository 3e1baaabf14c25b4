//! Parts of the rows, and what fits.

use selene_contracts::row::Value;
use serde_json::json;

use super::fits::fits;
use super::place::{Part, Place};
use super::tables::TABLES;
use crate::check::spill::{Reader, Spill};

#[test]
fn a_value_fits_where_the_answer_has_the_same() {
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
        assert!(fits(&cell, &answered), "{cell:?} {answered}");
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
        assert!(!fits(&cell, &answered), "{cell:?} {answered}");
    }
}

#[test]
fn a_row_and_an_answer_about_it_come_into_the_same_part() {
    let key = vec![Part::Text("t".to_owned()), Part::Number(-1)];
    let place = Place { table: 2, key };
    let mut spill = Spill::new(7);
    spill.push(place.hash(), |record| place.write(record)).unwrap();
    let mut found = Vec::new();
    for part in 0..spill.parts() {
        let mut take = |record: &mut Reader<'_>| {
            found.push((part, Place::read(record)?));
            Ok(())
        };
        spill.visit(part, &mut take).unwrap();
    }
    assert_eq!(found, [(usize::try_from(place.hash() % 7).unwrap(), place)]);
}

#[test]
fn what_is_not_held_is_a_column_beside_the_key() {
    for table in TABLES.iter() {
        for column in table.not_held {
            assert!(table.columns.contains(column), "{} has no {column}", table.name);
            assert!(!table.key.contains(column), "{column} is a key of {}", table.name);
        }
        for (field, _) in table.later {
            assert!(table.fields().any(|held| held == *field), "{}.{field} is not held", table.name);
        }
        assert!(!table.by.is_empty(), "no answer has fields of {}", table.name);
    }
}
