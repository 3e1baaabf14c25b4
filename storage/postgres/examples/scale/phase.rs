//! One load: callers for a bounded time, what each call took, and what the server did meanwhile.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::arguments::Arguments;
use crate::contention::{Contention, Counters};
use crate::database::Database;
use crate::fleet::Fleet;
use crate::tenants::{CLASSES, Choice, Chooser, class_of, class_title};

/// What a load came to.
pub struct Phase {
    choice: Choice,
    /// Calls per second that were to be made; none where every caller goes on at once.
    pace: Option<f64>,
    tenants: usize,
    seconds: f64,
    /// What each call took, in microseconds, by the class of its tenant; sorted.
    taken_us: Vec<Vec<u64>>,
    counters: Counters,
    contention: Contention,
}

/// Numbers of calls, never the same twice in one run.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Runs one load. A paced call counts from the moment at which it was to be made, so that one that waits for another is not left out.
pub fn run(
    fleet: &Fleet,
    database: &Database,
    arguments: &Arguments,
    choice: Choice,
    pace: Option<f64>,
) -> Phase {
    let chooser = Chooser::new(choice, fleet.tenants());
    let before = Counters::of(database);
    let (begun, lasting) = (Instant::now(), Duration::from_secs(arguments.seconds));
    let (taken, contention) = thread::scope(|scope| {
        let callers: Vec<_> = (0..arguments.callers)
            .map(|caller| {
                let chooser = &chooser;
                let pause = pace.map(|pace| Duration::from_secs_f64(to_real(arguments.callers) / pace));
                // Not all at the same moment.
                let first = pause.unwrap_or_default().mul_f64(to_real(caller) / to_real(arguments.callers));
                scope.spawn(move || calls(fleet, chooser, caller, begun + first, begun + lasting, pause))
            })
            .collect();
        let contention = Contention::watch(database, begun + lasting);
        let taken: Vec<_> =
            callers.into_iter().map(|caller| caller.join().expect("calls are answered")).collect();
        (taken, contention)
    });
    let seconds = begun.elapsed().as_secs_f64();
    let mut taken_us: Vec<Vec<u64>> = vec![Vec::new(); CLASSES.len()];
    for (class, us) in taken.into_iter().flatten() {
        taken_us[class].push(us);
    }
    for taken in &mut taken_us {
        taken.sort_unstable();
    }
    let counters = Counters::of(database).since(&before);
    Phase { choice, pace, tenants: fleet.tenants(), seconds, taken_us, counters, contention }
}

/// The calls of one caller: the class of the tenant, and what each took in microseconds.
fn calls(
    fleet: &Fleet,
    chooser: &Chooser,
    caller: usize,
    first: Instant,
    end: Instant,
    pause: Option<Duration>,
) -> Vec<(usize, u64)> {
    let (mut taken, mut next) = (Vec::new(), first);
    while next < end {
        if let Some(early) = next.checked_duration_since(Instant::now()) {
            thread::sleep(early);
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let rank = chooser.tenant(number);
        fleet.call(caller, rank, number);
        let us = u64::try_from(next.elapsed().as_micros()).unwrap_or(u64::MAX);
        taken.push((class_of(rank), us));
        next = pause.map_or_else(Instant::now, |pause| next + pause);
    }
    taken
}

impl Phase {
    pub fn title(&self) -> String {
        match self.pace {
            None => format!("Tenants {}", self.choice.title()),
            Some(pace) => format!("Tenants {}, {pace:.0} calls a second", self.choice.title()),
        }
    }

    pub fn is_of_many_tenants(&self) -> bool {
        self.choice == Choice::Skewed
    }

    pub fn commits_per_second(&self) -> f64 {
        to_real(self.commits()) / self.seconds
    }

    pub fn commits(&self) -> usize {
        self.taken_us.iter().map(Vec::len).sum()
    }

    pub const fn wal_bytes(&self) -> u64 {
        self.counters.wal_bytes
    }

    /// A table of the classes of tenants.
    pub fn classes(&self) -> String {
        let mut text =
            "| tenants by rank | share of calls | p50, ms | p99, ms |\n| --- | ---: | ---: | ---: |\n"
                .to_owned();
        for (class, taken) in self.taken_us.iter().enumerate() {
            let Some(title) = class_title(class, self.tenants).filter(|_| !taken.is_empty()) else {
                continue;
            };
            let share = 100.0 * to_real(taken.len()) / to_real(self.commits());
            let [p50, p99] = [50, 99].map(|percent| milliseconds(taken, percent));
            let _ = writeln!(text, "| {title} | {share:.0} % | {p50} | {p99} |");
        }
        text
    }

    fn line(&self) -> String {
        let mut all: Vec<u64> = self.taken_us.iter().flatten().copied().collect();
        all.sort_unstable();
        let [p50, p99] = [50, 99].map(|percent| milliseconds(&all, percent));
        let together = to_real(self.commits()) / self.counters.transactions.max(1.0);
        let load = match self.pace {
            None => self.choice.title().to_owned(),
            Some(_) => format!("{}, half as fast", self.choice.title()),
        };
        format!(
            "| {load} | {:.0} | {p50} | {p99} | {together:.1} | {:.0} % | {} |\n",
            self.commits_per_second(),
            100.0 * self.counters.busiest_lane,
            self.contention,
        )
    }
}

/// A table with a line for each load.
pub fn overview(phases: &[Phase]) -> String {
    let mut text = "| calls of | commits/s | p50, ms | p99, ms | calls in a transaction | transactions of the busiest lane | sessions that \
                    wait for a lock, for the disk, run |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    for phase in phases {
        text.push_str(&phase.line());
    }
    text
}

/// A percentile of sorted microseconds, in milliseconds.
fn milliseconds(sorted_us: &[u64], percent: usize) -> String {
    let place = (sorted_us.len() * percent / 100).min(sorted_us.len().saturating_sub(1));
    let us = sorted_us.get(place).copied().unwrap_or_default();
    format!("{:.1}", Duration::from_micros(us).as_secs_f64() * 1_000.0)
}

#[expect(clippy::cast_precision_loss, reason = "a number of calls")]
fn to_real(number: usize) -> f64 {
    number as f64
}
