//! Single commits from the quickest to the slowest, with the checkpoints that fall among them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use selene_contracts::Disposition;
use selene_storage::SqliteStore;

use crate::bed::Template;
use crate::event::Event;
use crate::raw::{Chain, Raw};
use crate::report::{Aim, Line};
use crate::workload::{calls, context, input};

/// How many callers commit at once.
const CALLERS: [usize; 3] = [1, 16, 64];
/// How long one contestant commits before the next one does.
const SLICE: Duration = Duration::from_secs(1);
/// No commit takes longer than so many medians.
const LONGEST: f64 = 20.0;

/// Commits of each number of callers, and of plain statements, for so many seconds each, in turns of one.
pub fn measure(template: &Template, seconds: usize) -> Vec<Line> {
    let mut raw = template.raw("tail-raw", Chain::Hashed);
    let mut next = template.events;
    let mut of_raw = Vec::new();
    let mut stores = CALLERS.map(|callers| {
        let store = template.store(&format!("tail-{callers}"));
        (callers, store, AtomicUsize::new(template.events), Vec::new())
    });
    for _ in 0..seconds {
        commit_raw(&mut raw, &mut next, &mut of_raw);
        for (callers, store, next, times) in &mut stores {
            times.extend(commit_from(store, *callers, next));
        }
    }
    let mut lines = lines("plain statements", seconds, of_raw, false);
    for (callers, _, _, times) in stores {
        let who = format!("{callers} caller{}", if callers == 1 { "" } else { "s" });
        lines.extend(self::lines(&who, seconds, times, true));
    }
    lines
}

/// Times of single commits of plain statements, for a slice.
fn commit_raw(raw: &mut Raw, next: &mut usize, times: &mut Vec<Duration>) {
    let end = Instant::now() + SLICE;
    while Instant::now() < end {
        let event = Event::of(&calls(*next..*next + 1)[0]);
        *next += 1;
        let began = Instant::now();
        raw.commit_together(std::slice::from_ref(&event)).expect("plain statements commit");
        times.push(began.elapsed());
    }
}

/// Times of the commits of so many callers, for a slice.
fn commit_from(store: &SqliteStore, callers: usize, next: &AtomicUsize) -> Vec<Duration> {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let callers = (0..callers).map(|_| {
            scope.spawn(|| {
                let mut times = Vec::new();
                while !is_over.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let (context, input) = (context(number), input(number));
                    let began = Instant::now();
                    let answer = store.submit(&context, input).wait().expect("the call is allowed");
                    times.push(began.elapsed());
                    assert_eq!(answer.disposition, Disposition::Applied);
                }
                times
            })
        });
        let callers: Vec<_> = callers.collect();
        std::thread::sleep(SLICE);
        is_over.store(true, Ordering::Relaxed);
        callers.into_iter().flat_map(|caller| caller.join().expect("every call is answered")).collect()
    })
}

/// The slow ones beside the median.
fn lines(who: &str, seconds: usize, mut times: Vec<Duration>, has_aim: bool) -> Vec<Line> {
    times.sort_unstable();
    let per_mille =
        |part: usize| times[(times.len() * part / 1_000).min(times.len() - 1)].as_secs_f64() * 1e9;
    let median = per_mille(500);
    let aim = if has_aim { Aim::AtMost(LONGEST) } else { Aim::None };
    let of = [("p99", 990, Aim::None), ("p99.9", 999, Aim::None), ("the longest", 1_000, aim)];
    of.into_iter()
        .map(|(name, part, aim)| {
            let time = per_mille(part);
            let case = format!("{name} of {} commits of {who} in {seconds} s, against p50", times.len());
            Line::new(case, aim, time / median, time, median)
        })
        .collect()
}
