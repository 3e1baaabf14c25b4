//! Parts of the rows, and what fits.

use serde_json::json;

use super::*;

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
fn a_part_covers_the_rows_from_the_one_before_it_to_its_last() {
    let place = |table, key: &str| (table, vec![Part::Text(key.to_owned())]);
    let rows = BTreeMap::from([(place(1, "d"), Vec::new()), (place(2, "f"), Vec::new())]);
    let mut part = PartOfRows { after: Some(place(1, "b")), rows, is_last: false };
    let covered = |part: &PartOfRows| {
        [place(1, "b"), place(1, "c"), place(1, "z"), place(2, "f"), place(2, "g")].map(|p| part.covers(&p))
    };
    assert_eq!(covered(&part), [false, true, true, true, false]);
    part.is_last = true;
    assert_eq!(covered(&part), [false, true, true, true, true]);
    part.after = None;
    assert!(part.covers(&place(0, "a")));
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
