//! A page of a list costs as much as the page, wherever in the list it lies, and begins behind one row and no other.

use std::collections::BTreeSet;

use crate::plan::compared;
use crate::{planner, statements};

/// Lists whose pages are sorted: by the table and a column that leads to their rows. No index has both that column and the order, since
/// one more would cost every commit; a page looks at the rows of one correlation chain, and keeps no more of them than it gives.
const SORTED: (&str, &str) = ("FROM audit_events", "WHERE correlation_id = $1");

#[test]
fn a_page_is_read_in_the_order_of_an_index() {
    let planner = planner();
    let (mut sorted, mut pages) = (0, 0);
    for (sql, place) in &statements::pages() {
        let plan = planner.plan(sql);
        pages += 1;
        let is_sorted = plan.iter().any(|step| step.detail.contains("TEMP B-TREE"));
        let (table, lookup) = SORTED;
        if sql.contains(table) && sql.contains(lookup) {
            assert!(is_sorted, "{place}: {sql} needs no exception any more");
            sorted += 1;
            continue;
        }
        assert!(!is_sorted, "{place}: {sql} sorts\n{plan:#?}");
        // Behind a key the index is searched for it: nothing that was given before is walked again.
        if let Some((_, behind)) = sql.split_once(" > ") {
            assert!(behind.starts_with(['$', '(']), "{sql}");
            assert!(
                plan.iter().any(|step| step.detail.starts_with("SEARCH") && step.detail.contains('>')),
                "{place}: {sql} walks over what was given before\n{plan:#?}"
            );
        }
    }
    assert_eq!((sorted, pages), (4, 20), "the pages of lists");
}

#[test]
fn the_order_of_a_list_distinguishes_all_rows() {
    let keys = statements::table_keys();
    for (sql, place) in &statements::pages() {
        let (_, from) = sql.split_once(" FROM ").expect("a table");
        let table = from.split(char::is_whitespace).next().expect("a table");
        let (_, order) = sql.rsplit_once("ORDER BY ").expect("an order");
        let (order, _) = order.split_once(" LIMIT ").expect("a limit");
        // The events of a tenant, and those of none, form one chain each.
        let named = |column| if column == "coalesce(tenant_id, '')" { "chain_id" } else { column };
        let known: BTreeSet<&str> = compared(sql).into_iter().map(named).chain(order.split(", ")).collect();
        let is_known = keys[table].iter().any(|key| key.iter().all(|column| known.contains(column.as_str())));
        assert!(is_known, "{place}: {sql}: {known:?} is no key of {table}: {:?}", keys[table]);
    }
}
