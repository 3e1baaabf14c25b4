//! What is measured beside the calls on one machine: a network between store and server, and the rows of `commit_keys`.

use std::cell::RefCell;
use std::time::Duration;

use selene_storage_postgres::PostgresStore;

use crate::arguments::Arguments;
use crate::cases::MANY;
use crate::database::Database;
use crate::far::Far;
use crate::fleet::{Fleet, TOGETHER};
use crate::floor::{Beside, Floor};
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed};

/// The time of a way there and back through the network.
const THERE_AND_BACK: Duration = Duration::from_micros(600);
/// Events of one tenant that are to be committed in a second through it.
const A_SECOND: f64 = 5_000.0;

const NETWORK: &str = "tickets of 100 from 16 callers on 1 tenant, 0.6 ms of network";
const KEYS: &str = "rows of commit_keys";

/// The lines of both, where they are asked for.
pub fn measure(database: &Database, arguments: &Arguments) -> Vec<Line> {
    let mut lines = Vec::new();
    if arguments.asks_for(NETWORK) {
        eprintln!("measuring {NETWORK}");
        lines.extend(network(arguments));
    }
    if arguments.asks_for(KEYS) {
        eprintln!("measuring {KEYS}");
        lines.extend([1, MANY].map(|connections| keys(database, connections, arguments)));
    }
    lines
}

/// Tickets of one tenant, against the floor through the same network, and in parts of so many a second.
fn network(arguments: &Arguments) -> Vec<Line> {
    let database = Database::empty();
    let Some(far) = Far::to(&database.superuser_address(), THERE_AND_BACK) else {
        eprintln!("the server is on no socket of this machine: the network is not measured");
        return Vec::new();
    };
    let store = PostgresStore::open(&far.address(&database.address()));
    let fleet = RefCell::new(Fleet::new(store.unwrap_or_else(|error| panic!("{error}")), 1));
    let address = far.address(&database.superuser_address());
    let floor = RefCell::new(Floor::new(&database, &address, "far", MANY, Beside::Nothing));
    let count = (6_400 / arguments.share).next_multiple_of(MANY * TOGETHER);
    let mut contestants = [
        Contestant::new(count, || floor.borrow_mut().commit(count)),
        Contestant::new(count, || fleet.borrow_mut().commit_tickets(MANY, count)),
    ];
    rounds::run(&mut contestants, arguments.rounds);
    let [floor, ours] = &contestants;
    let (floor_ns, ours_ns) = (floor.nanoseconds(), ours.nanoseconds());
    let parts = format!("{NETWORK}: parts of {A_SECOND} a second");
    vec![
        Line::new(NETWORK, Aim::None, speed(ours, floor), ours_ns, floor_ns),
        Line::new(parts, Aim::AtLeast(1.0), 1e9 / ours_ns / A_SECOND, ours_ns, 1e9 / A_SECOND),
    ]
}

/// Commits of one row with the row of a key beside it, against those without.
fn keys(database: &Database, connections: usize, arguments: &Arguments) -> Line {
    let address = database.superuser_address();
    let floor = |name: &str, beside| {
        let name = format!("{name}_{connections}");
        RefCell::new(Floor::new(database, &address, &name, connections, beside))
    };
    let (without, with) = (floor("without_key", Beside::Nothing), floor("with_key", Beside::Key));
    let count = 3_200 / arguments.share;
    let mut contestants =
        [&without, &with].map(|floor| Contestant::new(count, move || floor.borrow_mut().commit(count)));
    rounds::run(&mut contestants, arguments.rounds);
    let [without, with] = &contestants;
    let name = format!("{KEYS}: time of a commit of one row with a key, without, {connections} connections");
    Line::new(name, Aim::None, speed(without, with), with.nanoseconds(), without.nanoseconds())
}
