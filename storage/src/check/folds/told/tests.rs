//! Parts of the rows, and what fits.

use serde_json::json;

use super::*;
use crate::sqlite::schema;

#[test]
fn a_value_fits_where_the_answer_told_the_same() {
    for (cell, told) in [
        (Value::Null, json!(null)),
        (Value::Integer(1), json!(true)),
        (Value::Integer(1), json!("true")),
        (Value::Integer(-1), json!(u64::MAX.to_string())),
        (Value::Integer(-1), json!(u64::MAX)),
        (Value::Text("a".to_owned()), json!("a")),
        (Value::Text("[\"a\"]".to_owned()), json!(["a"])),
        (Value::Blob(vec![7; 32]), json!("07".repeat(32))),
    ] {
        assert!(fits(&cell, &told), "{cell:?} {told}");
    }
    for (cell, told) in [
        (Value::Null, json!(0)),
        (Value::Integer(0), json!(null)),
        (Value::Integer(0), json!(true)),
        (Value::Integer(0), json!("true")),
        (Value::Integer(2), json!("1")),
        (Value::Integer(-1), json!(-1)),
        (Value::Text("a".to_owned()), json!("b")),
        (Value::Text("[\"a\"]".to_owned()), json!([])),
        (Value::Blob(vec![7; 31]), json!("07".repeat(32))),
    ] {
        assert!(!fits(&cell, &told), "{cell:?} {told}");
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

/// A company whose insert was answered with a name.
fn told(number: u32, name: &str) -> String {
    format!(
        "INSERT INTO audit_events VALUES ('e{number}', {number}, 1, 't', NULL, NULL, NULL, NULL, 'PH1.POSITION',
             'STATE_TRANSITION', 'R', 'INFO', x'{number:032}', 1, NULL, '{{}}', NULL, NULL, 't', {number},
             zeroblob(32), zeroblob(32));
         INSERT INTO idempotency_records VALUES ({number}, x'{number:064}', 's', 'PH1.POSITION',
             'PH1POSITION_COMPANY_INSERT_ROW', 't', zeroblob(32),
             '{{\"tenant_id\":\"t\",\"company_id\":\"c{number}\",\"legal_name\":\"{name}\",\"company_state\":\"ACTIVE\",
               \"created_at\":1,\"updated_at\":1}}');"
    )
}

fn company(number: u32, name: &str) -> String {
    format!("INSERT INTO tenant_companies VALUES ('t', 'c{number}', '{name}', 'ACTIVE', 1, 1);")
}

#[test]
fn the_faults_are_the_same_however_many_rows_are_held_at_once() {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection).unwrap();
    // The second and the ninth are gone, the fourth and the last were never told, the sixth was changed.
    for number in 1..=9 {
        let name = if number == 6 { "Changed" } else { "Clinic" };
        let is_told = ![4, 8].contains(&number);
        let sql = [(is_told, told(number, "Clinic")), (![2, 9].contains(&number), company(number, name))];
        for (_, sql) in sql.iter().filter(|(is_there, _)| *is_there) {
            connection.execute_batch(sql).unwrap();
        }
    }
    for at_once in [1, 2, 3, 7, 8, 100] {
        let mut report = FoldReport::default();
        check_parts(&connection, &mut report, at_once).unwrap();
        let mut faults: Vec<String> = report
            .faults
            .iter()
            .map(|fault| format!("{} {} {:?}", fault.row, fault.field, fault.kind))
            .collect();
        faults.sort();
        let expected = [
            "t, c2 company_id Missing",
            "t, c4 company_id Unfounded",
            "t, c6 legal_name Differs",
            "t, c8 company_id Unfounded",
            "t, c9 company_id Missing",
        ];
        assert_eq!(faults, expected, "{at_once} at once");
        assert_eq!((report.rows, report.ledger_rows), (7, 7), "{at_once} at once");
    }
}
