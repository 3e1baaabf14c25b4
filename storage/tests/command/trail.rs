//! The events of a chain of work, a person, a device or a tenant.

use serde_json::Value;

use crate::common::{World, count, populate};
use crate::program::{Run, on};

fn events(run: &Run) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of(world: &World, about: &[&str]) -> Vec<Value> {
    events(&on("trail", &world.path(), &[about, &["--format", "json", "--limit", "0"]].concat()).ends_with(0))
}

fn scenario() -> World {
    let world = World::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/migrations/released/v6/store.db");
    std::fs::copy(file, world.path()).unwrap();
    world
}

#[test]
fn each_way_of_asking_gives_the_events_for_which_it_holds() {
    let world = scenario();
    let all: i64 = count(&world.path(), "audit_events");
    let raw = world.raw();
    for (option, column) in [("--user", "user_id"), ("--device", "device_id"), ("--tenant", "tenant_id")] {
        let sql =
            format!("SELECT {column}, count(*) FROM audit_events WHERE {column} IS NOT NULL GROUP BY 1");
        let mut statement = raw.prepare(&sql).unwrap();
        let rows =
            statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).unwrap();
        for row in rows {
            let (value, expected) = row.unwrap();
            let found = of(&world, &[option, &value]);
            let direct = found.iter().filter(|event| event[column] == value.as_str()).count();
            assert_eq!(i64::try_from(direct).unwrap(), expected, "{option} {value}");
            let is_about = |event: &Value| {
                event[column] == value.as_str()
                    || option == "--user" && event["payload_min"]["actor_user_id"] == value.as_str()
            };
            assert!(found.iter().all(is_about), "{option} {value}");
            assert!(i64::try_from(found.len()).unwrap() <= all);
        }
    }
}

#[test]
fn a_person_who_did_something_to_another_one_has_that_in_the_trail() {
    let world = scenario();
    let raw = world.raw();
    let mut actors = raw
        .prepare("SELECT json_extract(payload_min, '$.actor_user_id') FROM audit_events WHERE payload_min LIKE '%actor_user_id%'")
        .unwrap()
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap()
        .map(Result::unwrap)
        .collect::<Vec<_>>();
    actors.dedup();
    let actor = actors.first().expect("somebody acts for another one");
    let found = of(&world, &["--user", actor]);
    assert!(found.iter().any(|event| event["user_id"] != actor.as_str()), "{actor}");
}

#[test]
fn a_table_is_read_from_top_to_bottom_and_says_when_there_is_more() {
    let world = World::new();
    populate(&world.open());
    let run = on("trail", &world.path(), &["--correlation", "1"]).ends_with(0);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], "6 events");
    assert!(lines[2].contains("engine") && lines[2].contains("user"), "{}", run.out);
    assert!(!lines[2].contains("tenant"), "no event has one: {}", run.out);
    let of_ada = on("trail", &world.path(), &["--correlation", "1", "--user", "ada"]).ends_with(0);
    assert!(of_ada.out.contains("3 events\n") && !of_ada.out.contains("bob"), "{}", of_ada.out);
    let cut = on("trail", &world.path(), &["--correlation", "1", "--limit", "2"]).ends_with(0);
    assert!(cut.out.starts_with("2 events\n") && cut.err.contains("--limit 20"), "{}{}", cut.out, cut.err);
    on("trail", &world.path(), &["--correlation", "1", "--limit", "6"]).ends_with(0);
    on("trail", &world.path(), &["--user", "nobody"]).ends_with(0).says("0 events");
    on("trail", &world.path(), &[]).ends_with(2).says("--correlation");
    on("trail", &world.path(), &["--correlation", "x"]).ends_with(2);
}

#[test]
fn an_event_that_cannot_be_read_is_named_behind_those_before_it() {
    let world = World::new();
    populate(&world.open());
    world.tamper("UPDATE audit_events SET reason_code = 'NO_SUCH_\x1b' WHERE chain_sequence = 3");
    let run = on("trail", &world.path(), &["--user", "ada"]).ends_with(1);
    assert!(run.out.starts_with("2 events\n"), "{}", run.out);
    let run = run.says("chain without a tenant, event 3: ").says("audit_events.reason_code").says("help: ");
    assert!(!run.err.contains('\x1b'), "{}", run.err);
    on("export", &world.path(), &[]).ends_with(0);
}
