//! A list that is longer than memory: pages and a visitor take no more of it for a longer list, and each sees one state.

use std::ops::ControlFlow;
use std::process::Command;

use selene_contracts::ph1_f::{
    MemoryLedgerRecord, Ph1fFoundationRepo as _, Ph1fReadMemoryCurrentRows, Ph1fReadMemoryLedgerRows,
};
use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadTenantRows};
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_contracts::row::Value;
use selene_contracts::{
    AdmittedPage, CallMode, CursorProblem, PageRequest, PagedRead, Problem, StorageError, pages,
};
use selene_storage::SqliteStore;

use crate::common::{World, context, memory, populate, profile, raw};

/// Names the database of the child; without it the child does nothing.
const DATABASE: &str = "SELENE_PAGES_DATABASE";

/// Rows of the list that warms the store up, and of the one that is watched.
const FEW: usize = 50_000;
const MANY: usize = 200_000;

/// By so much may the peak grow. The list as a whole takes ten times that.
const SLACK_KB: u64 = 6_144;

fn list(user: &str) -> Ph1fReadMemoryLedgerRows {
    Ph1fReadMemoryLedgerRows { user_id: user.into() }
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_length_of_a_list() {
    let world = World::new();
    drop(world.open());
    for (user, rows) in [("few", FEW), ("many", MANY)] {
        let sql = "WITH RECURSIVE numbers (number) AS
                (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?2)
            INSERT INTO memory_ledger
                (user_id, memory_seq, memory_key, memory_operation, memory_value_ref, created_at)
            SELECT ?1, number, printf('%0100d', number), 'STORE', printf('%0100d', number), 1 FROM numbers";
        let added = raw(&world.path()).execute(sql, (user, i64::try_from(rows).unwrap())).unwrap();
        assert_eq!(added, rows);
    }
    // A process of its own has a peak of its own.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "pages::child_that_reads_the_lists"])
        .env(DATABASE, world.path())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "run by the test above, as a process of its own"]
fn child_that_reads_the_lists() {
    let Some(database) = std::env::var_os(DATABASE) else { return };
    let store = SqliteStore::open(database).unwrap();
    let paged = |user: &str| {
        let input = list(user);
        let read = |page| store.ph1f_read_memory_ledger_rows_page(&context(1), input.clone(), page);
        pages(PageRequest::MAX_LIMIT, read).rows().map(Result::unwrap).count()
    };
    let visited = |user: &str| {
        let mut rows = 0;
        let answer = store.each_row(&context(1), list(user), |_row| {
            rows += 1;
            ControlFlow::Continue(())
        });
        answer.unwrap();
        rows
    };
    assert_eq!([paged("few"), visited("few")], [FEW, FEW]);
    let warm = peak_kb();
    assert_eq!(paged("many"), MANY);
    let by_pages = peak_kb();
    assert!(by_pages - warm < SLACK_KB, "{warm} kB before, {by_pages} kB after all pages");
    assert_eq!(visited("many"), MANY);
    let by_rows = peak_kb();
    assert!(by_rows - warm < SLACK_KB, "{warm} kB before, {by_rows} kB after every row");
    // What is watched would show a whole list.
    assert_eq!(store.ph1f_read_memory_ledger_rows(&context(1), list("many")).unwrap().len(), MANY);
    assert!(peak_kb() - warm > 10 * SLACK_KB, "{warm} kB before, {} kB after the whole list", peak_kb());
}

/// The most memory that this process has had.
#[cfg(target_os = "linux")]
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// A store whose person remembered so many things.
fn remembered(store: &SqliteStore, rows: usize) {
    populate(store);
    for number in 0..rows {
        let key = format!("key_{number:04}");
        store.ph1f_memory_append_commit_row(&context(1), memory("ada", &key, &key)).unwrap();
    }
}

#[test]
fn a_visitor_sees_one_state_while_it_writes_itself() {
    let world = World::new();
    let store = world.open();
    remembered(&store, 30);
    let mut shown: Vec<MemoryLedgerRecord> = Vec::new();
    let answer = store.each_row(&context(1), list("ada"), |row| {
        let key = format!("later_{}", shown.len());
        store.ph1f_memory_append_commit_row(&context(1), memory("ada", &key, &key)).unwrap();
        shown.push(row);
        ControlFlow::Continue(())
    });
    assert_eq!((answer, shown.len()), (Ok(()), 30));
    assert_eq!(store.ph1f_read_memory_ledger_rows(&context(1), list("ada")).unwrap().len(), 60);
}

#[test]
fn a_visitor_stops_where_it_says_and_one_that_panics_leaves_the_store_in_use() {
    let store = SqliteStore::open_in_memory().unwrap();
    remembered(&store, 5);
    let mut shown = 0;
    let answer = store.each_row(&context(1), list("ada"), |_row| {
        shown += 1;
        if shown == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((answer, shown), (Ok(()), 2));
    let panicking = std::panic::AssertUnwindSafe(|| {
        store.each_row(&context(1), list("ada"), |_row| panic!("in the middle of a list"))
    });
    assert!(std::panic::catch_unwind(panicking).is_err());
    remembered_again(&store);
    assert_eq!(store.ph1f_read_memory_ledger_rows(&context(1), list("ada")).unwrap().len(), 6);
}

fn remembered_again(store: &SqliteStore) {
    store.ph1f_memory_append_commit_row(&context(1), memory("ada", "again", "again")).unwrap();
}

#[test]
fn the_next_page_of_an_audited_read_of_its_own_chain_ends_with_the_events_of_the_pages_before() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    for number in 0..5 {
        store.ph1persona_profile_commit_row(&context(1), profile("t", &format!("k{number}"))).unwrap();
    }
    let diagnostic = context(9).with_mode(CallMode::Diagnostic);
    let input = Ph1jReadTenantRows { tenant_id: "t".into() };
    let before = store.ph1j_read_tenant_rows(&context(1), input.clone()).unwrap();
    let read = |page| store.ph1j_read_tenant_rows_page(&diagnostic, input.clone(), page);
    let mut events: Vec<_> = pages(2, read).rows().collect::<Result<_, _>>().unwrap();
    let of_pages = events.split_off(before.len());
    assert_eq!(events, before);
    assert!(of_pages.iter().all(|event| event.reason_code.as_str() == "J_READ_AUDITED"), "{of_pages:?}");
    assert!(of_pages.iter().map(|event| event.chain_sequence).is_sorted());
}

/// The problem of the cursor that a page was asked for by.
fn problem<T: std::fmt::Debug>(answer: Result<T, StorageError>) -> Problem {
    match answer {
        Err(StorageError::ContractViolation { violations, .. }) => {
            assert_eq!((violations.len(), violations[0].field), (1, "page.after"));
            violations[0].problem.clone()
        }
        other => panic!("{other:?}"),
    }
}

/// The request of a page behind an order that no page gave, with a hash that fits.
fn made_up<C: PagedRead>(input: C, order: &[Value<'_>]) -> PageRequest {
    let call = AdmittedPage::admit(&context(1), input, &PageRequest::first(1)).unwrap();
    PageRequest::behind(call.page(Vec::new(), Some(order)).next.unwrap(), 10)
}

#[test]
fn a_cursor_that_somebody_made_up_is_refused_or_leads_into_the_same_list() {
    let store = SqliteStore::open_in_memory().unwrap();
    remembered(&store, 3);
    let of_ledger = |order: &[Value<'_>]| {
        store.ph1f_read_memory_ledger_rows_page(&context(1), list("ada"), made_up(list("ada"), order))
    };
    let number = Value::Integer;
    for order in [
        &[][..],
        &[Value::Null],
        &[Value::Text("2".into())],
        &[Value::Real(2.0)],
        &[Value::Wide([0; 16])],
        &[number(1), number(1)],
    ] {
        assert_eq!(problem(of_ledger(order)), Problem::Cursor(CursorProblem::Damaged), "{order:?}");
    }
    // A place is all that a cursor says: whoever makes one up begins somewhere else in what the call may see anyway.
    for (from, rows) in [(i64::MIN, 3), (-1, 3), (1, 2), (3, 0), (i64::MAX, 0)] {
        let page = of_ledger(&[number(from)]).unwrap();
        assert!(page.rows.len() == rows && page.next.is_none(), "{from}: {page:?}");
        assert!(page.rows.iter().all(|row| row.user_id.as_str() == "ada"));
    }
    let current = Ph1fReadMemoryCurrentRows { user_id: "ada".into() };
    let order = [Value::Text("key_0001' OR '1' = '1".into())];
    let page = made_up(current.clone(), &order);
    let page = store.ph1f_read_memory_current_rows_page(&context(1), current, page).unwrap();
    assert_eq!(page.rows.len(), 1, "{page:?}");
}
