//! What only shows when it is tried: bounds, enums, keys of some rows, invariants and append-only locks.
//!
//! A value is altered within a row that the table takes, so that nothing else can be the reason of a refusal.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rusqlite::types::Value;
use selene_codegen::schema::Domain;
use xtask::coverage::record::Seen;

use crate::difference::{Difference, Kind};
use crate::live::{Live, LiveTable};
use crate::rows::{Bench, Compared, Values, bits, longest};
use crate::stated::{Stated, StatedTable};
use crate::structure::Findings;
use crate::tried::{Answer, Tried};
use crate::{invariants, keys, locks};

/// Tries every table that both sides have. The connection keeps no foreign keys and ends as it was.
///
/// Gives what was tried and held.
pub fn compare(
    stated: &Stated,
    live: &Live,
    connection: &dyn Tried,
    differences: &mut Vec<Difference>,
) -> Seen {
    // What is found depends on the table's statements and its contract alone, and most alterations leave most tables as
    // they are.
    static FOUND: Mutex<BTreeMap<String, (Vec<Difference>, Seen)>> = Mutex::new(BTreeMap::new());
    connection.leave_references_out();
    let mut seen = Seen::default();
    for (name, table) in &stated.tables {
        let Some(live) = live.tables.get(name) else { continue };
        let key = format!("{name} {:?} {table:?}", live.statements);
        let known = FOUND.lock().expect("no test dies with it").get(&key).cloned();
        let (found, held) = known.unwrap_or_else(|| {
            let mut found = Vec::new();
            let held = compare_table((name, table), live, connection, &mut found);
            FOUND.lock().expect("no test dies with it").insert(key, (found.clone(), held.clone()));
            (found, held)
        });
        differences.extend(found);
        seen.sentences.extend(held.sentences);
        seen.locks.extend(held.locks);
    }
    seen
}

fn compare_table(
    (name, table): (&str, &StatedTable),
    live: &LiveTable,
    connection: &dyn Tried,
    differences: &mut Vec<Difference>,
) -> Seen {
    let bench = Bench::new(connection, name, table, live);
    let mut findings = Findings::about(name, &table.source, differences);
    let rows = match bench.rows_of_all_kinds() {
        Ok(rows) => rows,
        Err(answer) => {
            let text = format!("no row that fits the contract is taken: {answer:?}");
            findings.missing(Kind::Bound, "", text, &table.source);
            return findings.into_seen();
        }
    };
    let extremes = bench.with_extremes(&rows);
    for index in 0..bench.columns.len() {
        compare_bounds(&bench, live, index, &extremes, &mut findings);
    }
    let compared = Compared { bench, table, live };
    keys::compare(&compared, &extremes, &mut findings);
    invariants::compare(&compared, &rows, &mut findings);
    locks::compare(&compared, &rows, &mut findings);
    findings.into_seen()
}

/// Values that the contract allows and that it forbids, at the very bounds.
fn edges(domain: &Domain) -> (Vec<Value>, Vec<Value>) {
    const SIGN: u64 = 1 << 63;
    match domain {
        Domain::Text { longest: length } => (vec![longest(*length)], Vec::new()),
        Domain::OneOf(values) => {
            (values.iter().cloned().map(Value::Text).collect(), vec![Value::Text("NO_SUCH_VALUE".to_owned())])
        }
        Domain::Bool => (vec![Value::Integer(0), Value::Integer(1)], vec![Value::Integer(2)]),
        Domain::Integer { min, max } => {
            // Where all bits are a number, those of the largest ones look negative.
            let middle = [SIGN - 1, SIGN].into_iter().filter(|number| number < max);
            let within = [*min, *max].into_iter().chain(middle).map(bits).collect();
            let is_whole = *max == u64::MAX;
            // Below zero lie the bits of the largest number.
            let below = (*min > 0 || !is_whole).then(|| min.wrapping_sub(1));
            let above = (!is_whole).then(|| max + 1);
            (within, below.into_iter().chain(above).map(bits).collect())
        }
        Domain::Wide { min } => {
            let too_small = (*min > 0).then(|| Value::Blob(vec![0; 16]));
            let wrong = [Value::Blob(vec![1; 15]), Value::Blob(vec![1; 17])];
            (vec![Value::Blob(vec![255; 16])], wrong.into_iter().chain(too_small).collect())
        }
        Domain::Real { min, max } => {
            let ends = [min.unwrap_or(f32::MIN.into()), max.unwrap_or(f32::MAX.into())];
            // What is no finite 32-bit number is larger than all of them, or infinite.
            let below = min.map_or(vec![f64::NEG_INFINITY, 2.0 * ends[0]], |min| vec![min.next_down()]);
            let above = max.map_or(vec![f64::INFINITY, 2.0 * ends[1]], |max| vec![max.next_up()]);
            (ends.map(Value::Real).to_vec(), below.into_iter().chain(above).map(Value::Real).collect())
        }
        Domain::Digest => {
            (vec![Value::Blob(vec![255; 32])], vec![Value::Blob(vec![1; 31]), Value::Blob(vec![1; 33])])
        }
    }
}

/// `rows` are those that are taken, whatever the column; where it is optional, others have a value in it.
fn compare_bounds(
    bench: &Bench<'_>,
    live: &LiveTable,
    index: usize,
    rows: &[Values],
    findings: &mut Findings<'_>,
) {
    /// The row numbers that SQLite gives by itself.
    const GIVEN: Domain = Domain::Integer { min: 1, max: i64::MAX.cast_unsigned() };
    let (column, source) = (bench.columns[index], bench.sources[index]);
    let name = &column.name;
    // Nobody else writes a private row number, so no other ones need to be taken, and none needs to be refused.
    let is_given = column.is_private && live.is_row_number(name);
    let (allowed, forbidden) = if is_given { (edges(&GIVEN).0, Vec::new()) } else { edges(&column.domain) };
    let kind = if matches!(column.domain, Domain::OneOf(_)) { Kind::Enum } else { Kind::Bound };
    let with_value;
    let rows = if column.is_optional {
        // Nothing but the length is asked of a text, so one row of it is enough.
        let at_most = if matches!(column.domain, Domain::Text { .. }) { 1 } else { usize::MAX };
        match bench.accepted_rows(Some(index), at_most) {
            Ok(rows) => with_value = bench.with_extremes(&rows),
            Err(answer) => {
                let text = format!("no row with a value in it is taken: {answer:?}");
                return findings.missing(kind, name, text, source);
            }
        }
        with_value.as_slice()
    } else {
        rows
    };
    let with = |row: &Values, value: &Value| {
        let mut row = row.clone();
        row[index] = value.clone();
        row
    };
    for value in &forbidden {
        let slips = |row: &Values| bench.try_insert(&with(row, value)) == Answer::Accepted;
        if rows.iter().any(slips) {
            let text = format!("{} is taken, which is out of the bounds", shown(value));
            findings.missing(kind, name, text, source);
        }
    }
    for value in &allowed {
        // A value may need another choice of columns beside it, so rows that bring it count as well.
        let is_taken = rows
            .iter()
            .any(|row| row[index] == *value || bench.try_insert(&with(row, value)) == Answer::Accepted);
        if !is_taken {
            let text = format!("{} is refused, though it is within the contract's bounds", shown(value));
            findings.unstated(kind, name, text);
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => format!("{value:?}"),
        Value::Text(value) if value.len() > 32 => format!("a text of {} bytes", value.len()),
        Value::Text(value) => format!("'{value}'"),
        Value::Blob(value) => format!("a blob of {} bytes, the first one {}", value.len(), value[0]),
    }
}
