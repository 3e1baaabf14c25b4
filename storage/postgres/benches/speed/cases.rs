//! What is measured: each case beside the floor with as many connections.

use std::cell::RefCell;
use std::time::Duration;

use selene_storage_postgres::PostgresStore;

use crate::arguments::Arguments;
use crate::database::Database;
use crate::fleet::{Fleet, TOGETHER};
use crate::floor::{Beside, Floor};
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed};

/// Events that are in a table before anything is measured.
const EVENTS: usize = 10_000;
/// Callers and connections of all cases but the first.
pub const MANY: usize = 16;

/// One way to make events.
struct Case {
    name: &'static str,
    aim: Aim,
    callers: usize,
    tenants: usize,
    is_handed_over: bool,
    /// Events of a slice.
    count: usize,
}

const fn case(name: &'static str, aim: Aim, callers: usize, tenants: usize, handed_over: bool) -> Case {
    let count = if handed_over { 6_400 } else { 3_200 };
    Case {
        name,
        aim,
        callers,
        tenants,
        is_handed_over: handed_over,
        count: if callers == 1 { count / 4 } else { count },
    }
}

const CASES: [Case; 6] = [
    case("1 caller", Aim::AtLeast(0.35), 1, 64, false),
    case("16 callers on 1 tenant", Aim::AtLeast(0.15), MANY, 1, false),
    case("16 callers on 64 tenants", Aim::AtLeast(0.40), MANY, 64, false),
    case("tickets of 100 from 16 callers on 64 tenants", Aim::AtLeast(0.65), MANY, 64, true),
    case("tickets of 100 from 16 callers on 1 tenant", Aim::None, MANY, 1, true),
    case("tickets of 100 from 1 caller on 64 tenants", Aim::None, 1, 64, true),
];

/// The fleets of a database.
struct Fleets {
    one: RefCell<Fleet>,
    many: RefCell<Fleet>,
}

impl Fleets {
    fn fill(database: &Database, events: usize) -> Self {
        eprintln!("filling a table of {events} wake events");
        let store = PostgresStore::open(&database.address()).unwrap_or_else(|error| panic!("{error}"));
        let (mut one, mut many) = (Fleet::new(store.clone(), 1), Fleet::new(store, 64));
        one.commit_tickets(4, events / 2);
        many.commit_tickets(4, events / 2);
        // What a server does by itself sooner or later is done before anything is measured.
        for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
            database.raw().run(statement).unwrap_or_else(|error| panic!("{error}"));
        }
        Self { one: RefCell::new(one), many: RefCell::new(many) }
    }

    fn run(&self, case: &Case, count: usize) -> Duration {
        let mut fleet = if case.tenants == 1 { &self.one } else { &self.many }.borrow_mut();
        if case.is_handed_over {
            fleet.commit_tickets(case.callers, count)
        } else {
            fleet.commit_from(case.callers, count)
        }
    }
}

/// Every case that is asked for, in the small table and in the large one.
pub fn measure(small: &Database, arguments: &Arguments) -> Vec<Line> {
    let cases: Vec<&Case> = CASES.iter().filter(|case| arguments.asks_for(case.name)).collect();
    if cases.is_empty() {
        return Vec::new();
    }
    let floor = |connections: usize| {
        let name = connections.to_string();
        Floor::new(small, &small.superuser_address(), &name, connections, Beside::Nothing)
    };
    let floors = [1, MANY].map(|connections| RefCell::new(floor(connections)));
    let large = arguments.events.map(|events| (events, Database::empty()));
    let fleets = Fleets::fill(small, EVENTS);
    let large = large.as_ref().map(|(events, database)| (*events, Fleets::fill(database, *events)));
    let mut lines = Vec::new();
    for case in cases {
        eprintln!("measuring {}", case.name);
        let floor = &floors[usize::from(case.callers == MANY)];
        lines.extend(one(case, floor, &fleets, large.as_ref(), arguments));
    }
    lines
}

fn one(
    case: &Case,
    floor: &RefCell<Floor>,
    fleets: &Fleets,
    large: Option<&(usize, Fleets)>,
    arguments: &Arguments,
) -> Vec<Line> {
    let count = (case.count / arguments.share).next_multiple_of(MANY * TOGETHER);
    let count =
        if case.callers == 1 { (case.count / arguments.share).next_multiple_of(TOGETHER) } else { count };
    let mut contestants = vec![
        Contestant::new(count, || floor.borrow_mut().commit(count)),
        Contestant::new(count, || fleets.run(case, count)),
    ];
    if let Some((_, fleets)) = large {
        contestants.push(Contestant::new(count, || fleets.run(case, count)));
    }
    rounds::run(&mut contestants, arguments.rounds);
    let (floor, ours) = (&contestants[0], &contestants[1]);
    let mut lines =
        vec![Line::new(case.name, case.aim, speed(ours, floor), ours.nanoseconds(), floor.nanoseconds())];
    if let (Some((events, _)), Some(grown)) = (large, contestants.get(2)) {
        let name = format!("{}: time in a table of {events} events, of {EVENTS}", case.name);
        let growth = 1.0 / speed(grown, ours);
        lines.push(Line::new(name, Aim::AtMost(1.5), growth, grown.nanoseconds(), floor.nanoseconds()));
    }
    lines
}
