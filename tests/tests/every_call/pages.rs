//! A list, page by page: all pages together are the whole list, and every page is admitted, audited and bounded by tenants as the
//! whole read is.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use selene_acceptance::{Backend, Harness};
use selene_contracts::{
    CallContext, CallMode, Caller, Cursor, Effect, Page, PageRequest, ReadScope, StorageError, pages,
};
use serde_json::{Value, json};

use crate::dispatch;
use crate::reads::{Form, events, names};
use crate::scene::{Scene, Tenant, context};

/// Every read that gives a list.
fn lists() -> impl Iterator<Item = Form> {
    let forms = Form::all().filter(|form| dispatch::PAGED.contains(&form.capability.id));
    assert_eq!(forms.count(), dispatch::PAGED.len(), "each list has one form");
    Form::all().filter(|form| dispatch::PAGED.contains(&form.capability.id))
}

fn ask(
    store: &impl Backend,
    context: &CallContext,
    form: Form,
    call: &Value,
    page: PageRequest,
) -> Result<Page<Value>, StorageError> {
    dispatch::page(store, context, form.capability.id, call, page).expect("a list")
}

/// Every page of a list, of so many rows.
fn all(store: &impl Backend, form: Form, call: &Value, limit: u32) -> Vec<Page<Value>> {
    let context = context(90_000, 9);
    let all = pages(limit, |page| ask(store, &context, form, call, page)).collect::<Result<Vec<_>, _>>();
    all.unwrap_or_else(|error| panic!("{form}: {error}"))
}

fn rows(pages: Vec<Page<Value>>) -> Vec<Value> {
    pages.into_iter().flat_map(|page| page.rows).collect()
}

/// Two tenants that made every write, and those of lists more than once.
fn scene<B: Backend>(harness: &impl Harness<Store = B>) -> Scene<B> {
    let scene = Scene::new(harness);
    for (tenant, first) in scene.tenants.iter().zip([1, 11]) {
        (first..first + 4).for_each(|number| add(scene.store(), tenant, number));
    }
    scene
}

/// What is wrong with the fields of a call.
fn violations<T: std::fmt::Debug>(answer: Result<T, StorageError>) -> Vec<String> {
    match answer.expect_err("it is refused") {
        StorageError::ContractViolation { violations, .. } => {
            violations.iter().map(ToString::to_string).collect()
        }
        other => panic!("{other}"),
    }
}

pub fn all_pages_of_a_list_are_the_list(harness: &impl Harness) {
    let scene = scene(harness);
    let mut several = 0;
    for form in lists() {
        for tenant in &scene.tenants {
            let (id, call) = (form.capability.id, form.input(Some(tenant), tenant));
            let read = || dispatch::read(scene.store(), &context(90_000, 9), id, &call).expect("a read");
            let whole = read().unwrap_or_else(|error| panic!("{form}: {error}"));
            for limit in [1, 2, 3, PageRequest::MAX_LIMIT] {
                let pages = all(scene.store(), form, &call, limit);
                several += usize::from(pages.len() > 1);
                for (place, page) in pages.iter().enumerate() {
                    let is_last = place + 1 == pages.len();
                    assert_eq!(page.next.is_none(), is_last, "{form}");
                    let full = usize::try_from(limit).unwrap();
                    let fits = if is_last { page.rows.len() <= full } else { page.rows.len() == full };
                    assert!(fits && !page.rows.is_empty(), "{form}: {} rows of {limit}", page.rows.len());
                }
                assert_eq!(dispatch::whole(id, rows(pages)), Some(whole.clone()), "{form}, by {limit}");
            }
            let shown = dispatch::shown(scene.store(), &context(90_000, 9), id, &call).expect("a list");
            let shown = shown.unwrap_or_else(|error| panic!("{form}: {error}"));
            assert_eq!(dispatch::whole(id, shown), Some(whole), "{form}, row by row");
        }
    }
    assert!(several >= 50, "{several} lists had more than one page");
    // Whoever gives a list gives it in pages.
    for form in Form::all().filter(|form| form.capability.effect == Effect::Read) {
        let is_list = ["Vec<", "Map<"].iter().any(|list| form.capability.output.starts_with(list));
        assert_eq!(is_list, dispatch::PAGED.contains(&form.capability.id), "{form}");
    }
}

pub fn a_page_shows_rows_of_no_other_tenant(harness: &impl Harness) {
    let scene = scene(harness);
    let [a, b] = &scene.tenants;
    for form in lists() {
        for (us, them) in [(a, b), (b, a)] {
            let own = rows(all(scene.store(), form, &form.input(Some(us), us), 1));
            let text = Value::Array(own).to_string();
            assert!(names(&text, us).is_some(), "{form} gives nothing of its own tenant: {text}");
            let theirs = names(&text, them);
            match form.capability.read_scope {
                Some(ReadScope::WholeLedger) => assert!(theirs.is_some(), "{form}"),
                _ => assert_eq!(theirs, None, "{form} names a row of another tenant: {text}"),
            }
            let foreign = match form.capability.read_scope {
                Some(ReadScope::Tenant) => form.input(Some(them), us),
                Some(ReadScope::Row) => form.input(Some(them), them),
                _ => continue,
            };
            let text = Value::Array(rows(all(scene.store(), form, &foreign, 1))).to_string();
            assert_eq!(names(&text, us), None, "{form} was asked {foreign} and gives: {text}");
        }
    }
}

/// The cursors that lists of a tenant gave, each with its list and its call.
fn cursors(scene: &Scene<impl Backend>, tenant: &Tenant) -> Vec<(Form, Value, Cursor)> {
    let mut found = Vec::new();
    for form in lists() {
        let call = form.input(Some(tenant), tenant);
        let first = ask(scene.store(), &context(90_000, 9), form, &call, PageRequest::first(1)).unwrap();
        found.extend(first.next.map(|next| (form, call, next)));
    }
    found
}

pub fn a_cursor_leads_on_in_its_own_call_only(harness: &impl Harness) {
    let scene = scene(harness);
    let [a, b] = &scene.tenants;
    let context = context(90_000, 9);
    let [ours, theirs] = [a, b].map(|tenant| cursors(&scene, tenant));
    assert!(ours.len() >= 9, "{} lists have more than one row", ours.len());
    let mut refused = 0;
    for (form, call, cursor) in &ours {
        for (_, _, other) in ours.iter().chain(&theirs) {
            let answer = ask(scene.store(), &context, *form, call, PageRequest::behind(other.clone(), 1));
            if other == cursor {
                assert!(answer.is_ok(), "{form}: {answer:?}");
                continue;
            }
            assert_eq!(
                violations(answer),
                [
                    "page.after belongs to another call: a cursor leads on only with the capability and the input that gave it"
                ],
                "{form}"
            );
            refused += 1;
        }
        // The text of a cursor with another end, cut, doubled, and what was never one.
        let text = cursor.as_str();
        let flipped = if text.ends_with('A') { "Q" } else { "A" };
        let damaged = [
            format!("{}{flipped}", &text[..text.len() - 1]),
            text[..text.len() - 4].to_owned(),
            format!("{text}{text}"),
            text.to_lowercase(),
            String::new(),
            "1".to_owned(),
            "nonsense é \0 ' OR 1 = 1".to_owned(),
            "A".repeat(100_000),
        ];
        for damaged in damaged {
            let page = PageRequest::behind(Cursor::new(damaged.clone()), 1);
            assert_eq!(
                violations(ask(scene.store(), &context, *form, call, page)),
                [
                    "page.after is no cursor: hand `next` of the page before back as it is, or leave it out to begin anew"
                ],
                "{form}: {damaged}"
            );
        }
    }
    assert!(refused >= 80, "{refused} cursors of other calls were tried");
}

pub fn a_page_is_admitted_as_the_whole_read_is(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let tenant = &scene.tenants[0];
    for form in lists() {
        let call = form.input(Some(tenant), tenant);
        let asked = |context: &CallContext, limit| {
            ask(scene.store(), context, form, &call, PageRequest::first(limit))
        };
        let context = context(90_000, 9);
        for caller in [Caller::SeleneOs, Caller::Engine, Caller::Operator] {
            let mut context = context.clone();
            context.caller = caller;
            // Before the bounds of the page are looked at.
            let answer = asked(&context, 0);
            let is_refused = matches!(answer, Err(StorageError::CallerNotAllowed { .. }));
            assert_eq!(is_refused, !form.capability.allowed_callers.contains(&caller), "{form}: {answer:?}");
        }
        for limit in [0, PageRequest::MAX_LIMIT + 1, u32::MAX] {
            assert_eq!(violations(asked(&context, limit)), ["page.limit is not within 1..=1000"], "{form}");
        }
        let mut nobody = context.clone();
        nobody.turn_id = selene_contracts::shared::TurnId::new(0);
        assert_eq!(violations(asked(&nobody, 1)), ["turn_id must be greater than zero"], "{form}");
    }
}

pub fn the_event_of_an_audited_page_is_that_of_the_read(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let tenant = &scene.tenants[0];
    for form in lists() {
        let call = form.input(Some(tenant), tenant);
        let audited = context(90_000, 9).with_mode(CallMode::Diagnostic);
        let added = |act: &dyn Fn()| {
            let before = events(&scene);
            act();
            let mut added = events(&scene);
            added.retain(|event| !before.contains(event));
            added
        };
        let of_read = added(&|| {
            dispatch::read(scene.store(), &audited, form.capability.id, &call).expect("a read").unwrap();
        });
        let of_page = added(&|| {
            ask(scene.store(), &audited, form, &call, PageRequest::first(2)).unwrap();
        });
        let of_rows = added(&|| {
            dispatch::shown(scene.store(), &audited, form.capability.id, &call).expect("a list").unwrap();
        });
        let [read] = of_read.as_slice() else { panic!("{form}: {of_read:?}") };
        for other in [of_page, of_rows] {
            let [other] = other.as_slice() else { panic!("{form}: {other:?}") };
            for field in ["engine", "event_type", "reason_code", "tenant_id", "user_id", "payload_min"] {
                assert_eq!(other[field], read[field], "{form}");
            }
        }
        // A refused page leaves none.
        let refused = added(&|| {
            ask(scene.store(), &audited, form, &call, PageRequest::first(0)).unwrap_err();
        });
        assert_eq!(refused, Vec::<Value>::new(), "{form}");
        // Two rows at a time are more than the event that each page leaves, so the pages of its own chain come to an end.
        let pages = pages(2, |page| ask(scene.store(), &audited, form, &call, page));
        let pages: Vec<Page<Value>> = pages.take(5_000).collect::<Result<_, _>>().unwrap();
        assert_eq!(pages.last().expect("a page").next, None, "{form}");
    }
}

/// Adds an event to the chain of a tenant, and rows to the ledgers of its person.
fn add(store: &impl Backend, tenant: &Tenant, number: u64) {
    for id in [
        "PH1J_AUDIT_APPEND_COMMIT_ROW",
        "PH1F_MEMORY_APPEND_COMMIT_ROW",
        "PH1F_CONVERSATION_APPEND_COMMIT_ROW",
        "PH1W_RUNTIME_EVENT_COMMIT_ROW",
        "PH1PERSONA_PROFILE_COMMIT_ROW",
        "PH1WRITE_FORMAT_COMMIT_ROW",
    ] {
        let mut input = tenant.applied[id].clone();
        for field in ["idempotency_key", "wake_event_id", "memory_key"] {
            if input.get(field).is_some() {
                input[field] = json!(format!("{}_{id}_{number}", tenant.keys["user_id"].as_str().unwrap()));
            }
        }
        let context = context(200_000 + number, 1_000 + number);
        let done = dispatch::write(store, &context, id, &input).expect("a write");
        assert!(done.unwrap_or_else(|error| panic!("{id}: {error}")).is_applied, "{id}");
    }
}

pub fn rows_that_are_there_are_neither_left_out_nor_doubled_while_others_write(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let store = scene.store();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = scene
            .tenants
            .iter()
            .zip([0, 500_000])
            .map(|(tenant, first)| {
                let (store, is_over) = (store.clone(), &is_over);
                scope.spawn(move || {
                    let mut number = first;
                    while !is_over.load(Ordering::Acquire) && number < first + 1_500 {
                        number += 1;
                        add(&store, tenant, number);
                    }
                    number - first
                })
            })
            .collect();
        // Ended also where a check fails, or the writers would go on.
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for form in lists() {
                for (tenant, limit) in scene.tenants.iter().zip([7, 20]) {
                    holds_what_was_there(store, form, &form.input(Some(tenant), tenant), limit);
                }
            }
        }));
        is_over.store(true, Ordering::Release);
        for writer in writers {
            assert!(writer.join().expect("the writer ends well") > 0);
        }
        checked.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// Reads a list page by page, and compares the pages with what was there before the first one.
fn holds_what_was_there(store: &impl Backend, form: Form, call: &Value, limit: u32) {
    let context = context(90_000, 9);
    let was_there = dispatch::shown(store, &context, form.capability.id, call).expect("a list").unwrap();
    let mut expected = was_there.iter().peekable();
    let mut came = BTreeSet::new();
    for page in pages(limit, |page| ask(store, &context, form, call, page)) {
        for row in page.unwrap_or_else(|error| panic!("{form}: {error}")).rows {
            expected.next_if(|expected| **expected == row);
            assert!(came.insert(row.to_string()), "{form} gives a row twice: {row}");
        }
        // Writers may be faster than pages of a few rows.
        if expected.peek().is_none() {
            break;
        }
    }
    assert_eq!(expected.next(), None, "{form} left a row out, or gave it out of its order");
}

pub fn turn_numbers_are_in_their_order_whatever_columns_keep_of_them(harness: &impl Harness) {
    let scene = Scene::new(harness);
    let tenant = &scene.tenants[0];
    let half = 1_u64 << 63;
    let turns = [half + 1, 2_000, u64::MAX, half - 1, half, u64::MAX - 1, 3_000];
    for turn in turns {
        let mut input = tenant.applied["PH1F_CONVERSATION_APPEND_COMMIT_ROW"].clone();
        input["idempotency_key"] = json!(format!("turn_{turn}"));
        let context = context(300_000, turn);
        dispatch::write(scene.store(), &context, "PH1F_CONVERSATION_APPEND_COMMIT_ROW", &input)
            .expect("a write")
            .unwrap();
    }
    let form = lists().find(|form| form.capability.id == "PH1F_READ_CONVERSATION_ROWS").expect("a list");
    let call = form.input(Some(tenant), tenant);
    for limit in 1..=9 {
        let rows = rows(all(scene.store(), form, &call, limit));
        let found: Vec<u64> = rows.iter().map(|row| row["turn_id"].as_u64().unwrap()).collect();
        assert_eq!(
            found[found.len() - 7..],
            [2_000, 3_000, half - 1, half, half + 1, u64::MAX - 1, u64::MAX],
            "by {limit}"
        );
        assert!(found.is_sorted(), "by {limit}");
    }
}
